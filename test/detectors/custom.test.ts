import { describe, expect, it } from "vitest";
import { literalOf, patternFault } from "../../src/core/custom-pattern.ts";
import { findingsBetween, type Tree } from "./fixture.ts";

const tree = (files: Readonly<Record<string, string>>): Tree =>
  new Map(Object.entries(files).map(([path, text]) => [path, { bytes: Buffer.from(text), mode: "100644" }]));

const RULE = `version: 1
detect:
  custom:
    - id: model/acme-gateway
      class: model
      paths: ["gateway/*.yml"]
      pattern: '^route:\\s*(?<value>\\S+)'
`;
const GATEWAY = "gateway/eu.yml";

async function found(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>, policy = RULE) {
  const findings = await findingsBetween(tree(before), tree(after), policy);
  return findings.filter(({ rule }) => rule === "model/acme-gateway");
}

describe("a rule of a policy", () => {
  it("compares what its group holds on both sides", async () => {
    const [finding, ...more] = await found(
      { [GATEWAY]: "# EU\nroute: alpha\nregion: eu\n" },
      { [GATEWAY]: "# EU\n\nroute: beta\nregion: eu\n" },
    );
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      class: "model",
      direction: "changed",
      severity: "material",
      confidence: "likely",
      before: "alpha",
      after: "beta",
      place: { before: { path: GATEWAY, line: 2 }, after: { path: GATEWAY, line: 3 } },
    });
  });

  it.each([
    ["a value that comes", {}, { [GATEWAY]: "route: alpha\n" }, "added"],
    ["a value that goes", { [GATEWAY]: "route: alpha\n" }, { [GATEWAY]: "region: eu\n" }, "removed"],
    [
      "a value on a line of many",
      { [GATEWAY]: `route: a\n${"x: y\n".repeat(60_000)}` },
      { [GATEWAY]: `route: b\n${"x: y\n".repeat(60_000)}` },
      "changed",
    ],
    [
      "a value after CRLF",
      { [GATEWAY]: "a: b\r\nroute: alpha\r\n" },
      { [GATEWAY]: "a: b\r\nroute: beta\r\n" },
      "changed",
    ],
    [
      "upper case where the pattern folds it",
      { [GATEWAY]: "ROUTE: alpha\n" },
      { [GATEWAY]: "ROUTE: beta\n" },
      "changed",
      RULE.replace("'^route", "'(?i)^route"),
    ],
  ])("finds %s", async (_, before, after, direction, policy?: string) => {
    expect((await found(before, after, policy ?? RULE)).map((finding) => finding.direction)).toEqual([direction]);
  });

  it.each([
    ["a file that its globs leave out", { "other/eu.yml": "route: a\n" }, { "other/eu.yml": "route: b\n" }],
    ["the line moved and indented elsewhere", { [GATEWAY]: "route: a\nb: c\n" }, { [GATEWAY]: "b: c\nroute:   a\n" }],
    ["another line changed", { [GATEWAY]: "route: a\nb: c\n" }, { [GATEWAY]: "route: a\nb: d\n" }],
    ["the file moved within its globs", { [GATEWAY]: "route: a\nb: c\n" }, { "gateway/us.yml": "route: a\nb: d\n" }],
  ])("is silent about %s", async (_, before, after) => {
    expect(await found(before, after)).toEqual([]);
  });

  it("tells long values apart that begin alike", async () => {
    const long = "a".repeat(600);
    const findings = await found({ [GATEWAY]: `route: ${long}b\n` }, { [GATEWAY]: `route: ${long}c\n` });
    expect(findings.map(({ after }) => after?.length)).toEqual([201]);
  });

  it("sees a change behind more matches than it lists", async () => {
    const many = "route: a\n".repeat(6_000);
    expect(await found({ [GATEWAY]: many }, { [GATEWAY]: `${many}route: b\n` })).toHaveLength(1);
  });

  it("takes its severity, and off, from the policy", async () => {
    const sides = [{ [GATEWAY]: "route: a\n" }, { [GATEWAY]: "route: b\n" }] as const;
    const major = RULE.replace("class: model\n", "class: model\n      severity: major\n");
    expect((await found(...sides, major)).map(({ severity }) => severity)).toEqual(["major"]);
    expect(await found(...sides, `${RULE}  rules: { model/acme-gateway: off }\n`)).toEqual([]);
  });
});

describe("the literal of a pattern", () => {
  it.each([
    ["^model:\\s*(?<value>\\S+)", "model:"],
    ["gateway\\.model=(?<value>\\w+)", "gateway.model="],
    ["ab+cdef(?<value>x)", "cdef"],
    ["abcd?(?<value>x)", "abc"],
    ["abcd{0,3}(?<value>x)", "abc"],
    ["(?:foo|bar)gateway(?<value>x)", "gateway"],
    ["[]gateway]abc(?<value>x)", "abc"],
    ["[[:alpha:]gateway]abc(?<value>x)", "abc"],
    ["\\x41BCDE(?<value>x)", "bcde"],
    ["\\p{Greek}abc(?<value>x)", "abc"],
    ["(?i)models(?<value>x)", "model"],
    ["模型：(?<value>\\S+)", "模型："],
  ])("of %s is %s", (pattern, literal) => {
    expect(literalOf(pattern)).toBe(literal);
    expect(patternFault(pattern)).toBeNull();
  });

  it.each([
    "gateway|(?<value>x)",
    "a.b.c(?<value>x)",
    "(?<value>gateway)",
    "[gateway](?<value>x)",
    "(?i)kks(?<value>x)",
    "ÄÖÜ(?<value>x)",
  ])("of %s is not certain", (pattern) => {
    expect(literalOf(pattern)).toBeNull();
  });
});
