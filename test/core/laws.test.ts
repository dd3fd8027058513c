import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ChangeSet } from "../../src/core/change-set.ts";
import type { Fact } from "../../src/core/detector.ts";
import { compareFacts, type FileFacts } from "../../src/core/file-facts.ts";
import { governedDigests } from "../../src/core/governed-digest.ts";
import { BINDS, type Policy } from "../../src/core/policy.ts";
import type { Identity, Registry, System } from "../../src/core/registry.ts";
import { milliseconds } from "../../src/core/scalars.ts";
import { evaluationJson } from "../../src/reports/evaluation-json.ts";
import { markdownReport } from "../../src/reports/markdown.ts";
import { terminalReport } from "../../src/reports/terminal.ts";
import { type Changed, decideSituation, HEAD, NOW, type Situation, system } from "./situation.ts";

const changed: fc.Arbitrary<Changed> = fc.record(
  {
    path: fc.constantFrom("bot/agent.py", "bot/prompt.md", "other/x.py", "infra/main.tf"),
    class: fc.constantFrom("model", "prompt", "credential", "tool", "guardrail", "provider", "governance"),
    severity: fc.constantFrom("trivial", "minor", "material", "major"),
    value: fc.constantFrom("new", "newer"),
    removed: fc.constantFrom(false, false, true),
    references: fc.constantFrom([], ["API_KEY"]),
  },
  { requiredKeys: ["path", "class", "severity", "value"] },
);
const people = fc.constantFrom(
  "wendy",
  "dan",
  "olga",
  "omar",
  "rita",
  "ravi",
  "sam",
  "sara",
  "pia",
  "xeno",
  "anna",
  "ida",
  "dora",
);
const instant = fc
  .integer({ min: 0, max: 40 * 24 })
  .map((hours) => new Date(Date.parse(NOW) - hours * 3_600_000).toISOString());
const review = fc.record({
  person: people.map((login) => ({ login, type: "User" })),
  state: fc.constantFrom("APPROVED", "APPROVED", "APPROVED", "APPROVED", "CHANGES_REQUESTED", "DISMISSED", "COMMENTED"),
  submittedAt: instant,
});
const command = fc.record({
  name: fc.constantFrom("accept-risk", "break-glass", "not-mine", "not-a-secret"),
  argument: fc.constantFrom(HEAD, "c".repeat(40), "0123456789abcdef"),
  reason: fc.constantFrom("because", ""),
  person: people.map((login) => ({ login, type: "User" })),
  createdAt: instant,
});
const date = instant.map((text) => text.slice(0, 10));
const identity: fc.Arbitrary<Identity> = fc.record({
  id: fc.constant("key"),
  type: fc.constant("api-key"),
  owner: fc.constant("@ida"),
  references: fc.constant(["API_KEY"]),
  state: fc.constantFrom("active", "active", "active", "revoked"),
  scopes: fc.constant(["r", "w"]),
  rotation: date.map((last) => ({ every: "P20D", last })),
  expires: fc.constantFrom("2026-11-30", "2027-06-01"),
});
const registered: fc.Arbitrary<readonly System[]> = fc.oneof(
  fc.constant([]),
  fc
    .record({
      tier: fc.constantFrom("low", "medium", "high", "critical"),
      lifecycle: fc.constantFrom("deployed", "deployed", "deployed", "retired"),
      review: date.map((last) => ({ every: "P14D", last })),
      identities: fc.constantFrom<string[][]>([], ["key"]),
      models: fc.constantFrom<NonNullable<System["models"]>[]>([], [{ id: "m", ref: "new", retires: "2026-12-01" }]),
      risk: fc.constant({ impactAssessment: { ref: "x", expires: "2026-12-24" } }),
    })
    .map((fields) => [system(fields)]),
);
/** What a pull request may do to the registry it starts from. */
const EDITS: readonly ((from: Registry) => Registry)[] = [
  (from) => from,
  (from) => ({ ...from, systems: (from.systems ?? []).map((entry) => ({ ...entry, lifecycle: "paused" })) }),
  (from) => ({ ...from, identities: (from.identities ?? []).map((entry) => ({ ...entry, scopes: ["r"] })) }),
  (from) => ({ ...from, systems: [] }),
  (from) => ({
    ...from,
    systems: [...(from.systems ?? []), system({ id: "fresh", owner: "@dan", paths: ["other/**"] })],
  }),
];
const situation: fc.Arbitrary<Situation> = fc
  .record({
    changes: fc.uniqueArray(changed, { maxLength: 4, selector: (change) => change.path }),
    systems: registered,
    identities: fc.array(identity, { minLength: 1, maxLength: 1 }),
    reviews: fc.array(review, { maxLength: 14 }),
    commands: fc.array(command, { maxLength: 3 }),
    edit: fc.option(fc.constantFrom(...EDITS), { nil: null }),
    pushers: fc.constantFrom<(string[] | null)[]>(["anna"], ["anna"], ["anna", "wendy"], null),
    committers: fc.constantFrom<string[][]>([], [], ["wendy"], ["olga"]),
    baseChanges: fc.constantFrom([], [], [{ path: "bot/agent.py", wholeFile: false }]),
    merged: fc.option(instant, { nil: null }),
    policy: fc.constantFrom<Partial<Policy>>(
      {},
      { mode: "observe" },
      { tiers: { high: { statement: true } }, breakGlass: { by: ["@sara"] } },
      { delegations: [{ from: "@olga", to: "@dora", roles: ["risk-owner"], until: "2026-12-02" }] },
      { checks: { evals: { name: "evals", app: "acme-evals", maxAge: "P3D" } } },
    ),
  })
  .map(({ edit, commands, pushers, committers, baseChanges, merged, ...given }) => {
    const registry: Registry = { version: 1, systems: [...given.systems], identities: [...given.identities] };
    return {
      ...given,
      ...(edit ? { head: edit(registry) } : {}),
      facts: {
        commands,
        pushers,
        baseChanges,
        commits: [{ id: "c".repeat(40), logins: committers, governed: true }],
        ledger: {
          rehearsals: new Map([["bot", "2026-10-20T00:00:00.000Z"]]),
          openBreakGlasses: [],
          notSecrets: [],
          lastMerge:
            merged === null
              ? null
              : {
                  mergedAt: merged,
                  before: [{ path: "bot/agent.py", entry: { mode: "100644", id: "2".repeat(40) } }],
                  restoredBasis: "votes" as const,
                },
        },
      },
    };
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
    let approved = 0;
    fc.assert(
      fc.property(situation, people, (given, login) => {
        const { decision, assessment } = decideSituation(given);
        if (decision.state !== "approved" || assessment.tier.value === "none") return;
        const makers = ["anna", ...(given.facts?.pushers ?? []), ...(given.facts?.commits?.[0]?.logins ?? [])];
        if (makers.includes(login)) return;
        approved += 1;
        const more = [...(given.reviews ?? []), { person: { login, type: "User" }, submittedAt: NOW }];
        expect(decideSituation({ ...given, reviews: more }).decision.state).toBe("approved");
      }),
      { numRuns: 3_000 },
    );
    expect(approved).toBeGreaterThan(50);
  });

  it("time moves a decision only at validUntil", () => {
    let moved = 0;
    fc.assert(
      fc.property(situation, fc.integer({ min: 1, max: 60 * 24 }), (given, hours) => {
        const now = decideSituation(given);
        const later = new Date(Date.parse(NOW) + hours * 3_600_000).toISOString();
        const until = now.decision.validUntil;
        const then = evaluationJson(decideSituation({ ...given, now: later }));
        if (until !== null && Date.parse(until) <= Date.parse(later)) {
          if (JSON.stringify(then) !== JSON.stringify(evaluationJson(now))) moved += 1;
          return;
        }
        expect(then).toEqual(evaluationJson(now));
      }),
      { numRuns: 2_000 },
    );
    expect(moved).toBeGreaterThan(100);
  });

  it("every reason names a finding, a rule, a role or a check", () => {
    const general =
      /different people approved|the author is not known|update the branch: its base has changed|no check of the policy covers|retrospective approval/;
    fc.assert(
      fc.property(situation, (given) => {
        const { assessment, requirements, votes } = decideSituation(given);
        const rules = assessment.findings.map(({ finding }) => finding.rule);
        for (const reason of assessment.tier.reasons) expect(rules.some((rule) => reason.includes(rule))).toBe(true);
        for (const { reason, rule, role, check } of requirements) {
          const named = [rule, role, check].filter((name) => name !== undefined);
          const says = named.length === 0 ? general.test(reason) : named.some((name) => reason.includes(name));
          expect([reason, says]).toEqual([reason, true]);
        }
        for (const { reason, person } of votes) expect([person, reason.length > 10]).toEqual([person, true]);
      }),
      { numRuns: 2_000 },
    );
  });

  it("the state is that of the requirements, unless the glass was broken", () => {
    const worst = (states: readonly string[]) =>
      states.includes("failed") ? "blocked" : states.includes("waiting") ? "waiting" : "approved";
    fc.assert(
      fc.property(situation, (given) => {
        const { assessment, decision, requirements } = decideSituation(given);
        const governed = assessment.tier.value !== "none";
        const expected = governed ? worst(requirements.map(({ state }) => state)) : "not-governed";
        expect(decision.state).toBe(decision.basis === "break-glass" ? "approved" : expected);
      }),
    );
  });

  it("nobody who is not independent is ever counted", () => {
    fc.assert(
      fc.property(situation, (given) => {
        const { votes } = decideSituation(given);
        for (const vote of votes.filter(({ counted, role }) => counted && role !== "break-glass")) {
          expect(vote.person).not.toBe("anna");
          expect(given.facts?.pushers ?? []).not.toContain(vote.person);
        }
      }),
      { numRuns: 500 },
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
    const outsideOfCode = texts[1]?.replace(/(`+) ?[\s\S]*?[^`]\1(?!`)/g, "code");
    expect(outsideOfCode).not.toMatch(/@acme|<b>/);
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
  const digests = (
    list: ChangeSet["changes"],
    facts: readonly string[] = ["x"],
    commits: Pick<ChangeSet, "base" | "head"> = { base: "b", head: "h" },
  ) => {
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
      changeSet: { ...commits, changes: list },
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
  it("S05 rebases and merges from base leave every width alone: commits are not part of it", () => {
    fc.assert(
      fc.property(changes, fc.constantFrom("1", "2"), fc.constantFrom("3", "index"), (list, base, head) => {
        expect(digests(list, ["x"], { base, head })).toEqual(digests(list));
      }),
    );
  });
  it("every edit, rename, removal and change of mode of what a width binds changes it", () => {
    const bound: Readonly<Record<string, readonly string[]>> = {
      facts: ["p/prompt.md"],
      files: ["p/prompt.md", "a/governed.py", "a/near.py"],
      "change-set": paths,
    };
    fc.assert(
      fc.property(changes, (list) => {
        const own = digests(list);
        for (const bind of BINDS) {
          for (const path of bound[bind] ?? []) {
            const variants = [
              edited(list, path, { id: "8".repeat(40) }),
              edited(list, path, { mode: "160000" }),
              edited(list, path, { path: `${path}.moved` }),
              list.filter((one) => one.after?.path !== path),
              list.map((one) => (one.after?.path === path && one.before ? { before: one.before } : one)),
            ];
            for (const variant of variants)
              if (JSON.stringify(variant) !== JSON.stringify(list))
                expect([bind, path, digests(variant as typeof list)[bind] !== own[bind]]).toEqual([bind, path, true]);
          }
        }
      }),
    );
  });
  it("a file that did not parse is bound by its bytes at every width", () => {
    const one = (id: string, unparsed: boolean) => {
      const entry = { path: "a/governed.py", mode: "100644", id };
      const fact = { rule: "model/id", key: "k", value: "x", line: 1, confidence: "likely" as const };
      return governedDigests({
        changeSet: { base: "b", head: "h", changes: [{ after: entry }] },
        files: [{ after: { entry, surface: "production", facts: [fact], ...(unparsed ? { unparsed } : {}) } }],
        governedPaths: new Set(["a/governed.py"]),
        wholeFileRules: new Set(),
        inTouchedSystem: () => false,
      }).facts;
    };
    expect(one("1", true)).not.toBe(one("2", true));
    expect(one("1", false)).toBe(one("2", false));
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
