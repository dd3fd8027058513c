import { describe, expect, it } from "vitest";
import type { Finding } from "../../../src/core/finding.ts";
import { findingsBetween, type Tree } from "../fixture.ts";

const PATH = ".github/workflows/ci.yml";

function tree(text: string | null): Tree {
  return new Map(text === null ? [] : [[PATH, { bytes: Buffer.from(text), mode: "100644" }]]);
}

/** A workflow of two jobs with the given blocks in its top and in its second job. */
function workflow(top: string, job = "", on = "on: push", step = "- run: make"): string {
  return `name: ci\n${on}\n${top}jobs:\n  first:\n    runs-on: x\n    steps:\n      - run: make\n  second:\n    runs-on: x\n${job}    steps:\n      ${step}\n`;
}

async function permissions(before: string | null, after: string | null): Promise<readonly Finding[]> {
  const findings = await findingsBetween(tree(before), tree(after));
  return findings.filter(({ rule }) => rule === "credential/workflow-permission");
}

const READ = "permissions:\n  contents: read\n";
const WRITE = "permissions:\n  contents: write\n";
const job = (lines: string) => lines.replace(/^(?=.)/gm, "    ");

describe("the token of each job, from one set to another", () => {
  it.each<readonly [string, string, string, readonly string[]]>([
    ["read to write at the top", workflow(READ), workflow(WRITE), ["widened major", "widened major"]],
    ["write to read at the top", workflow(WRITE), workflow(READ), ["narrowed minor", "narrowed minor"]],
    [
      "another scope to write",
      workflow(READ),
      workflow(`${READ}  packages: write\n`),
      ["widened major", "widened major"],
    ],
    ["another scope to read", workflow(READ), workflow(`${READ}  issues: read\n`), ["widened major", "widened major"]],
    ["one job broadens", workflow(READ), workflow(READ, job(WRITE)), ["widened major"]],
    ["one job narrows", workflow(WRITE), workflow(WRITE, job(READ)), ["narrowed minor"]],
    [
      "a job's block takes the place of the top's",
      workflow(`${READ}  issues: write\n`),
      workflow(`${READ}  issues: write\n`, job(READ)),
      ["narrowed minor"],
    ],
    [
      "nothing declared to nothing granted",
      workflow(""),
      workflow("permissions: {}\n"),
      ["narrowed minor", "narrowed minor"],
    ],
    ["nothing declared to reading", workflow(""), workflow(READ), ["narrowed minor", "narrowed minor"]],
    ["nothing declared to writing", workflow(""), workflow(WRITE), ["changed major", "changed major"]],
    ["declared to nothing declared", workflow(READ), workflow(""), ["widened major", "widened major"]],
    [
      "read-all to write-all",
      workflow("permissions: read-all\n"),
      workflow("permissions: write-all\n"),
      ["widened major", "widened major"],
    ],
    [
      "write-all to nothing declared",
      workflow("permissions: write-all\n"),
      workflow(""),
      ["narrowed minor", "narrowed minor"],
    ],
    [
      "read-all to one scope",
      workflow("permissions: read-all\n"),
      workflow(READ),
      ["narrowed minor", "narrowed minor"],
    ],
    ["one scope to read-all", workflow(READ), workflow("permissions: read-all\n"), ["widened major", "widened major"]],
    [
      "read-all to one scope that writes",
      workflow("permissions: read-all\n"),
      workflow(WRITE),
      ["changed major", "changed major"],
    ],
    ["none of a scope is nothing", workflow("permissions: {}\n"), workflow("permissions:\n  contents: none\n"), []],
    ["id-token", workflow(READ), workflow(READ, job(`${READ}  id-token: write\n`)), ["widened major"]],
    [
      "an identity for signing given up",
      workflow(READ, job(`${READ}  id-token: write\n`)),
      workflow(READ),
      ["narrowed minor"],
    ],
    ["the same set in flow style", workflow(READ), workflow("permissions: { contents: read }\n"), []],
    [
      "the same set in every job",
      workflow(READ),
      workflow("", job(READ)).replace("  first:\n", `  first:\n${job(READ)}`),
      [],
    ],
    [
      "the same set by an anchor",
      workflow(READ, job(READ)),
      workflow("permissions: &set\n  contents: read\n", "    permissions: *set\n"),
      [],
    ],
    ["everything in one job", workflow(READ), workflow(READ, "    permissions: write-all\n"), ["widened major"]],
    [
      "a job's empty block in place of the top's",
      workflow(WRITE),
      workflow(WRITE, "    permissions: {} # none\n"),
      ["narrowed minor"],
    ],
    [
      "two jobs swap what they hold",
      workflow("", job(READ)).replace("  first:\n", `  first:\n${job(WRITE)}`),
      workflow("", job(WRITE)).replace("  first:\n", `  first:\n${job(READ)}`),
      ["narrowed minor", "widened major"],
    ],
  ])("%s", async (_, before, after, expected) => {
    const found = await permissions(before, after);
    expect(found.map(({ direction, severity }) => `${direction} ${severity}`).sort()).toEqual(expected);
  });

  it("asks for the top tier where a token may do everything", async () => {
    const found = await permissions(workflow(READ), workflow("permissions: write-all\n"));
    expect(found.map(({ floor }) => floor)).toEqual(["critical", "critical"]);
  });

  it("says nothing of new jobs that hold nothing or the default, and little of the first of those that read", async () => {
    const severities = async (text: string) => (await permissions(null, text)).map(({ severity }) => severity);
    expect(await severities(workflow("permissions: {}\n"))).toEqual(["trivial", "trivial"]);
    expect(await severities(workflow(""))).toEqual(["trivial", "trivial"]);
    expect(await severities(workflow(READ))).toEqual(["minor", "trivial"]);
    expect(await severities(workflow(WRITE))).toEqual(["major", "major"]);
  });
});

describe("what else a workflow hands out", () => {
  const uses = (name: string, inputs: string) =>
    `- uses: ${name}\n        with:\n${inputs.replace(/^(?=.)/gm, "          ")}`;
  const base = workflow(READ);
  const step = (text: string) => workflow(READ, "", "on: push", text);
  const app = (inputs: string) => step(uses("actions/create-github-app-token@v2", `app-id: 1\n${inputs}`));

  it.each<readonly [string, string, string, readonly string[]]>([
    [
      "a secret to somebody's action",
      base,
      step(uses("somebody/x@v1", `token: \${{ secrets.X }}\n`)),
      ["X to somebody/x"],
    ],
    [
      "the token to somebody's action",
      base,
      step(uses("somebody/x@v1", `token: \${{ github.token }}\n`)),
      ["GITHUB_TOKEN to somebody/x"],
    ],
    [
      "a secret by its quoted name",
      base,
      step(uses("somebody/x@v1", `token: \${{ secrets['X'] }}\n`)),
      ["X to somebody/x"],
    ],
    [
      "a secret to somebody's container",
      base,
      step(uses("docker://somebody/x:1", `token: \${{ secrets.X }}\n`)),
      ["X to somebody/x"],
    ],
    ["a secret to an action of GitHub", base, step(uses("actions/x@v1", `token: \${{ secrets.X }}\n`)), []],
    ["a secret to an action of the repository", base, step(uses("./x", `token: \${{ secrets.X }}\n`)), []],
    [
      "all secrets in an expression",
      base,
      step(`- run: x\n        env:\n          ALL: \${{ toJSON(secrets) }}`),
      ["all in one expression"],
    ],
    [
      "a secret by a computed name",
      base,
      step(`- run: x\n        env:\n          ONE: \${{ secrets[matrix.name] }}`),
      ["all in one expression"],
    ],
    ["one secret as JSON", base, step(`- run: x\n        env:\n          ONE: \${{ toJSON(secrets.one) }}`), []],
    ["an App's whole token", base, app(""), ["all that the App may do"]],
    ["an App's token with one scope", base, app("permission-issues: write\n"), ["issues: write"]],
    ["an App's token that loses its limits", app("permission-issues: write\n"), app(""), ["all that the App may do"]],
    [
      "a privileged trigger without a value",
      base,
      workflow(READ, "", "on:\n  push:\n  pull_request_target:"),
      ["pull_request_target"],
    ],
    [
      "a privileged trigger with an empty value",
      base,
      workflow(READ, "", "on:\n  push:\n  issue_comment: {}"),
      ["issue_comment"],
    ],
    [
      "a privileged trigger with types",
      base,
      workflow(READ, "", "on:\n  workflow_run:\n    workflows: [x]"),
      ["workflow_run"],
    ],
    [
      "a privileged trigger in a list",
      base,
      workflow(READ, "", "on: [push, pull_request_target]"),
      ["pull_request_target"],
    ],
    ["a privileged trigger alone", base, workflow(READ, "", "on: pull_request_target"), ["pull_request_target"]],
    ["an ordinary trigger", base, workflow(READ, "", "on: [push, pull_request]"), []],
  ])("%s", async (_, before, after, expected) => {
    const found = await permissions(before, after);
    expect(found.map((finding) => finding.after)).toEqual(expected);
    expect(found.every(({ direction, severity }) => direction === "widened" && severity === "major")).toBe(true);
  });

  it("narrows when a token gets limits or is taken back", async () => {
    const limited = await permissions(app(""), app("permission-issues: write\n"));
    const taken = await permissions(step(uses("somebody/x@v1", `token: \${{ secrets.X }}\n`)), base);
    for (const found of [limited, taken])
      expect(found).toEqual([expect.objectContaining({ direction: "narrowed", severity: "minor" })]);
  });

  it("gives the line that hands it out", async () => {
    const found = await permissions(base, step(uses("somebody/x@v1", `token: \${{ secrets.X }}\n`)));
    expect(found.map(({ place }) => place.after?.line)).toEqual([15]);
  });
});

describe("where a token of a GitHub App is good", () => {
  const minted = (inputs: string) =>
    workflow(
      READ,
      "",
      "on: push",
      `- uses: actions/create-github-app-token@v2\n        with:\n          app-id: 1\n          permission-issues: write\n${inputs.replace(/^(?=.)/gm, "          ")}`,
    );
  const ALL = "owner: acme\n";
  const ONE = "owner: acme\nrepositories: one\n";
  const TWO = "owner: acme\nrepositories: |\n  two\n  one\n";

  it.each<readonly [string, string, string, readonly string[]]>([
    ["its own repository, then all of the owner", "", ALL, ["widened major every repository of acme"]],
    ["its own repository, then another", "", ONE, ["widened major acme/one"]],
    ["one repository, then all", ONE, ALL, ["widened major every repository of acme"]],
    ["one repository, then two", ONE, TWO, ["widened major acme/one, acme/two"]],
    ["all of one owner, then of another", ALL, "owner: other\n", ["widened major every repository of other"]],
    ["two repositories, then one", TWO, ONE, ["narrowed minor acme/one"]],
    ["all, then one", ALL, ONE, ["narrowed minor acme/one"]],
    ["all, then one of another owner", ALL, ONE.replace("acme", "other"), ["widened major other/one"]],
    ["one, then its namesake of another owner", ONE, ONE.replace("acme", "other"), ["widened major other/one"]],
    ["all, then its own", ALL, "", ["narrowed minor null"]],
    ["a name with its owner", ONE, "owner: acme\nrepositories: acme/one\n", []],
    ["another order", TWO, "owner: acme\nrepositories: one, two\n", []],
    ["another input of the step", ALL, `${ALL}skip-token-revoke: false\n`, []],
  ])("%s", async (_, before, after, expected) => {
    const found = await permissions(minted(before), minted(after));
    expect(found.map((finding) => `${finding.direction} ${finding.severity} ${finding.after}`)).toEqual(expected);
  });
});
