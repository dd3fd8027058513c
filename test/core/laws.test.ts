import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ChangeSet } from "../../src/core/change-set.ts";
import type { Fact } from "../../src/core/detector.ts";
import { compareFacts, type FileFacts } from "../../src/core/file-facts.ts";
import { governedDigests } from "../../src/core/governed-digest.ts";
import { BINDS } from "../../src/core/policy.ts";
import { milliseconds } from "../../src/core/scalars.ts";
import { evaluationJson } from "../../src/reports/evaluation-json.ts";
import { markdownReport } from "../../src/reports/markdown.ts";
import { terminalReport } from "../../src/reports/terminal.ts";
import { type Changed, decideSituation, NOW, type Situation, system } from "./situation.ts";

const changed: fc.Arbitrary<Changed> = fc.record({
  path: fc.constantFrom("bot/agent.py", "bot/prompt.md", "other/x.py", "infra/main.tf"),
  class: fc.constantFrom("model", "prompt", "credential", "tool", "guardrail", "provider"),
  severity: fc.constantFrom("trivial", "minor", "material", "major"),
  value: fc.constantFrom("new", "newer"),
});
const people = fc.constantFrom("wendy", "dan", "olga", "omar", "rita", "ravi", "sam", "sara", "pia", "xeno", "anna");
const instant = fc
  .integer({ min: 0, max: 40 * 24 })
  .map((hours) => new Date(Date.parse(NOW) - hours * 3_600_000).toISOString());
const review = fc.record({
  person: people.map((login) => ({ login, type: "User" })),
  state: fc.constantFrom("APPROVED", "APPROVED", "CHANGES_REQUESTED", "DISMISSED", "COMMENTED"),
  submittedAt: instant,
});
const situation: fc.Arbitrary<Situation> = fc.record({
  changes: fc.uniqueArray(changed, { maxLength: 4, selector: (change) => change.path }),
  systems: fc.constantFrom(
    [],
    [system()],
    [system({ tier: "low" })],
    [system({ tier: "medium", models: [{ id: "m", ref: "new", retires: "2026-12-01" }] })],
  ),
  reviews: fc.array(review, { maxLength: 6 }),
});

describe("laws of the decision", () => {
  it("the order of files and reviews does not matter", () => {
    fc.assert(
      fc.property(situation, (given) => {
        const turned = { ...given, changes: [...(given.changes ?? [])].reverse() };
        const lines = (value: Situation) => {
          const { findings, ...json } = evaluationJson(decideSituation(value));
          // A finding's line comes from its position in the situation; everything else must be equal.
          return {
            ...json,
            findings: findings.map(({ place: _, ...finding }) => JSON.stringify(finding)).sort(),
            tier: json.tier.value,
          };
        };
        expect(lines(turned)).toEqual(lines(given));
      }),
    );
  });

  it("adding an independent approval never turns approved into waiting", () => {
    fc.assert(
      fc.property(situation, people, (given, login) => {
        if (decideSituation(given).decision.state !== "approved" || login === "anna") return;
        const more = [...(given.reviews ?? []), { person: { login, type: "User" }, submittedAt: NOW }];
        expect(decideSituation({ ...given, reviews: more }).decision.state).toBe("approved");
      }),
      { numRuns: 500 },
    );
  });

  it("time moves a decision only at validUntil", () => {
    fc.assert(
      fc.property(situation, fc.integer({ min: 1, max: 200 * 24 }), (given, hours) => {
        const now = decideSituation(given);
        const later = new Date(Date.parse(NOW) + hours * 3_600_000).toISOString();
        const until = now.decision.validUntil;
        if (until !== null && Date.parse(until) <= Date.parse(later)) return;
        const then = decideSituation({ ...given, now: later });
        expect(evaluationJson(then)).toEqual(evaluationJson(now));
      }),
      { numRuns: 500 },
    );
  });

  it("every reason of a tier names a rule, every requirement says something", () => {
    fc.assert(
      fc.property(situation, (given) => {
        const { assessment, requirements } = decideSituation(given);
        const rules = assessment.findings.map(({ finding }) => finding.rule);
        for (const reason of assessment.tier.reasons) expect(rules.some((rule) => reason.includes(rule))).toBe(true);
        for (const requirement of requirements) expect(requirement.reason.length).toBeGreaterThan(10);
      }),
    );
  });

  it("no report holds a control character of what it shows", () => {
    const hostile: Situation = {
      changes: [{ path: "bot/\u001b[31m\n::error::x`@acme/all`|<b>.py", value: "\u202e`|\u0007" }],
    };
    const evaluation = decideSituation(hostile);
    const texts = [terminalReport(evaluation, { color: false, explain: true, rules: [] }), markdownReport(evaluation)];
    for (const text of texts) {
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
      expect(text).not.toMatch(/^::error/m);
    }
    expect(texts[1]).not.toContain("@acme/all`|<b>");
  });
});

describe("laws of the governed digest", () => {
  const id = fc.constantFrom(..."123456".split("")).map((digit) => digit.repeat(40));
  const entry = (path: string) =>
    fc.record({ path: fc.constant(path), mode: fc.constantFrom("100644", "100755", "120000"), id });
  const paths = ["a/governed.py", "a/near.py", "z/far.txt", "p/prompt.md"];
  const change = (path: string) =>
    fc.record({ before: fc.option(entry(path), { nil: undefined }), after: entry(path) });
  const changes = fc
    .tuple(...paths.map(change))
    .map((list) => list.map(({ before, after }) => ({ ...(before ? { before } : {}), after })));
  const digests = (list: ChangeSet["changes"], facts: readonly string[] = ["x"]) => {
    const side = (value: NonNullable<ChangeSet["changes"][number]["after"]>) => ({
      entry: value,
      surface: "production" as const,
      facts: facts.map((fact) => ({
        rule: value.path.startsWith("p/") ? "prompt/file" : "model/id",
        key: "k",
        value: fact,
        line: 1,
        confidence: "certain" as const,
      })),
    });
    const files: FileFacts[] = list.map(({ before, after }) => ({
      ...(before ? { before: side(before) } : {}),
      ...(after ? { after: side(after) } : {}),
    }));
    return governedDigests({
      changeSet: { base: "b", head: "h", changes: list },
      files,
      governedPaths: new Set(["a/governed.py", "p/prompt.md"]),
      wholeFileRules: new Set(["prompt/file"]),
      inTouchedSystem: (path) => path.startsWith("a/"),
    });
  };
  const edited = (list: ChangeSet["changes"], path: string, fields: object) =>
    list.map((one) =>
      one.after?.path === path ? { ...one, after: { ...one.after, ...fields } } : one,
    ) as ChangeSet["changes"];

  it("the order of files does not matter", () => {
    fc.assert(
      fc.property(changes, (list) => {
        expect(digests([...list].reverse())).toEqual(digests(list));
      }),
    );
  });
  it("S05 each width sees what it binds and nothing else", () => {
    fc.assert(
      fc.property(changes, (list) => {
        const own = digests(list);
        const differs = (path: string, fields: object) =>
          BINDS.filter((bind) => digests(edited(list, path, fields))[bind] !== own[bind]);
        const other = { id: "9".repeat(40) };
        expect(differs("z/far.txt", other)).toEqual(["change-set"]);
        expect(differs("a/near.py", other)).toEqual(["files", "change-set"]);
        expect(differs("p/prompt.md", other)).toEqual(["facts", "files", "change-set"]);
        const link = list[0]?.after?.mode === "120000" || list[0]?.before?.mode === "120000";
        expect(differs("a/governed.py", other)).toEqual(
          link ? ["facts", "files", "change-set"] : ["files", "change-set"],
        );
        expect(differs("a/governed.py", { mode: "160000" })).toEqual(["facts", "files", "change-set"]);
      }),
    );
  });
  it("a rename or removal of what is governed changes every width", () => {
    fc.assert(
      fc.property(changes, (list) => {
        const own = digests(list);
        const moved = digests(edited(list, "a/governed.py", { path: "p/prompt.md" }));
        const removed = digests(list.filter((one) => one.after?.path !== "p/prompt.md"));
        for (const bind of BINDS) {
          expect(moved[bind]).not.toBe(own[bind]);
          expect(removed[bind]).not.toBe(own[bind]);
        }
      }),
    );
  });
  it("a changed fact changes the narrowest width", () => {
    fc.assert(
      fc.property(changes, (list) => {
        const plain = list.map((one) => ({ after: { ...one.after, mode: "100644" } }));
        expect(digests(plain, ["y"]).facts).not.toBe(digests(plain, ["x"]).facts);
      }),
    );
  });
});

describe("laws of the comparison of facts", () => {
  const fact = fc.record({
    rule: fc.constant("model/id"),
    key: fc.constantFrom("a", "b"),
    value: fc.constantFrom("1", "2", "3"),
    line: fc.integer({ min: 1, max: 9 }),
    confidence: fc.constant("certain" as const),
  });
  const side = (path: string, facts: readonly Fact[]) => ({
    entry: { path, mode: "100644", id: "1" },
    surface: "production" as const,
    facts,
  });

  it("the same facts in another order or place are no change", () => {
    fc.assert(
      fc.property(fc.array(fact), (facts) => {
        const moved = [...facts].reverse().map((one) => ({ ...one, line: one.line + 5 }));
        expect(compareFacts([{ before: side("f", facts), after: side("f", moved) }], () => "")).toEqual([]);
      }),
    );
  });
  it("a renamed file is no change within one scope, and two changes across scopes", () => {
    fc.assert(
      fc.property(fc.array(fact, { minLength: 1 }), (facts) => {
        const files = [{ before: side("x/f", facts) }, { after: side("y/f", facts) }];
        expect(compareFacts(files, () => "")).toEqual([]);
        expect(compareFacts(files, (path) => path)).toHaveLength(2 * facts.length);
      }),
    );
  });
  it("models swapped between two systems are two changes", () => {
    const one = (value: string) => [{ rule: "model/id", key: "model", value, line: 1, confidence: "certain" as const }];
    const files = [
      { before: side("x/f", one("gpt")), after: side("x/f", one("claude")) },
      { before: side("y/f", one("claude")), after: side("y/f", one("gpt")) },
    ];
    expect(compareFacts(files, (path) => path)).toHaveLength(2);
  });
});

it("a duration is its length in milliseconds", () => {
  expect([milliseconds("P1D"), milliseconds("PT4H"), milliseconds("P2W"), milliseconds("P1DT1H1M1S")]).toEqual([
    86_400_000, 14_400_000, 1_209_600_000, 90_061_000,
  ]);
});
