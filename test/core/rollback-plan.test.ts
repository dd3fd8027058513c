import { describe, expect, it } from "vitest";
import { rollbackSteps } from "../../src/reports/rollback-text.ts";
import { decideSituation, HEAD, type Situation, system, table } from "./situation.ts";

const acceptance = {
  commands: [
    {
      name: "accept-risk",
      argument: HEAD,
      reason: "we need it",
      person: { login: "omar", type: "User" },
      createdAt: "2026-11-24T10:00:00.000Z",
    },
  ],
};

describe("a rehearsal", () => {
  const critical = system({ tier: "critical" });
  const rehearsed = (at: string) => ({
    ...acceptance,
    ledger: {
      rehearsals: new Map([["bot revert-commit", at]]),
      openBreakGlasses: [],
      notSecrets: [],
      lastMerge: null,
    },
  });
  const all = ["wendy", "olga", "sam"];
  table([
    [
      "on record meets the rehearsed plan of critical",
      { systems: [critical], facts: rehearsed("2026-10-01T00:00:00.000Z"), reviews: all },
      "approved",
      "critical",
      ["met: record/rollback-missing: rehearsed, revert-commit"],
    ],
    [
      "older than the limit does not",
      { systems: [critical], facts: rehearsed("2026-05-01T00:00:00.000Z"), reviews: all },
      "waiting",
      "critical",
      ["needs a rehearsal on record"],
    ],
    [
      "that is only declared does not",
      {
        systems: [system({ tier: "critical", rollback: { ...critical.rollback, lastRehearsal: "2026-11-01" } })],
        facts: acceptance,
        reviews: all,
      },
      "waiting",
      "critical",
      [
        "needs a rehearsal on record (declared: 2026-11-01; a date alone is no record): comment /countersign rehearse bot",
      ],
    ],
  ]);
});

describe("a rollback plan", () => {
  const plansOf = (situation: Situation) => decideSituation(situation).rollback;

  it("names the previous value and the way the registry declares", () => {
    expect(plansOf({})).toMatchObject([
      { kind: "model", system: "bot", owner: "@wendy", strategy: "revert-commit", previous: { value: "old" } },
    ]);
  });
  it("pins the previous model where nothing is declared", () => {
    expect(plansOf({ systems: [system({ rollback: {} })] })).toMatchObject([{ strategy: "pin-model" }]);
  });
  const models = [{ id: "m", ref: "old", retires: "2026-11-01" }];
  const failing = (situation: Situation) =>
    decideSituation(situation).requirements.filter(({ kind, state }) => kind === "rollback" && state === "failed");

  it("never goes back to a retired model, and fails where nothing else is named", () => {
    const retired = system({ models });
    const [plan] = plansOf({ systems: [retired] });
    expect(plan).toMatchObject({ previous: null, stale: { value: "old", why: "retired on 2026-11-01" } });
    expect(failing({ systems: [retired] })).toMatchObject([
      { reason: expect.stringContaining("goes back to old, which retired on 2026-11-01; name another model") },
    ]);
    // What is enough at medium is not enough without a way back.
    const medium = system({ tier: "medium", models, rollback: {} });
    expect(failing({ systems: [medium] })).toHaveLength(1);
    expect(failing({ systems: [{ ...medium, models: [] }] })).toEqual([]);
  });
  it.each(["flag-off", "disable-agent"] as const)(
    "of a retired model may be %s, by registry or by body",
    (strategy) => {
      const declared = system({ models, rollback: { strategy, runbook: "docs/run.md", owner: "@wendy" } });
      expect(plansOf({ systems: [declared] })).toMatchObject([{ strategy, previous: null }]);
      expect(failing({ systems: [declared] })).toEqual([]);
      const body = `## Rollback\nStrategy: ${strategy}`;
      const facts = { pullRequest: { author: { login: "anna", type: "User" }, body, draft: false } };
      expect(plansOf({ systems: [system({ models })], facts })).toMatchObject([{ strategy }]);
      expect(failing({ systems: [system({ models })], facts })).toEqual([]);
    },
  );
  it("of a retired model may be another registered one that is not retired", () => {
    const others = [
      ...models,
      { id: "s", ref: "spare", retires: "2027-01-01" },
      { id: "x", ref: "gone", retires: "2026-01-01" },
    ];
    const situation = { systems: [system({ models: others })] };
    expect(plansOf(situation)).toMatchObject([
      { strategy: "pin-model", previous: { value: "spare", retires: "2027-01-01" }, stale: { value: "old" } },
    ]);
    expect(failing(situation)).toEqual([]);
    const named = [{ id: "m", ref: "new", previous: "spare" }, ...models];
    expect(plansOf({ systems: [system({ models: named })] })).toMatchObject([{ previous: { value: "spare" } }]);
    // What the change brings is not what it goes back to.
    expect(failing({ systems: [system({ models: [...models, { id: "n", ref: "new" }] })] })).toHaveLength(1);
  });
  it("is decided again on the day its model retires", () => {
    const soon = [{ id: "m", ref: "old", retires: "2026-11-25" }];
    const { decision, rollback } = decideSituation({ systems: [system({ models: soon })], reviews: ["wendy", "olga"] });
    expect(rollback).toMatchObject([{ previous: { value: "old", retires: "2026-11-25" }, stale: null }]);
    expect(decision).toMatchObject({ state: "approved", validUntil: "2026-11-26T00:00:00.000Z" });
  });
  it("never goes back to a provider that was suspended", () => {
    const provider = { id: "acme", hosts: ["old"], owner: "@pat", approval: { status: "suspended" as const } };
    const situation = { changes: [{ class: "provider" as const }], providers: [provider] };
    expect(plansOf(situation)).toMatchObject([{ stale: { why: "belongs to acme, which is suspended" } }]);
    expect(failing(situation)).toHaveLength(1);
  });
  it("without any way back needs a reason and a risk owner who approves it", () => {
    const rollback = { strategy: "irreversible" as const, runbook: "docs/run.md", owner: "@wendy" };
    const silent = { systems: [system({ rollback })], reviews: ["wendy", "olga"] };
    expect(failing(silent)).toMatchObject([{ reason: expect.stringContaining("no way back and no reason for it") }]);
    const told = { systems: [system({ tier: "medium", rollback: { ...rollback, reason: "sent mail stays sent" } })] };
    const state = (situation: Situation) =>
      decideSituation(situation).requirements.filter(({ kind }) => kind === "rollback");
    expect(state({ ...told, reviews: ["wendy", "rita"] })).toMatchObject([
      {
        state: "waiting",
        reason: expect.stringContaining("no way back (sent mail stays sent)"),
        people: ["olga", "omar"],
      },
    ]);
    expect(state({ ...told, reviews: ["wendy", "omar"] })).toMatchObject([{ state: "met" }]);
  });
  it("asks people's part at medium as well where taking it back conflicts", () => {
    const bare = system({ tier: "medium", rollback: {}, deputies: [] });
    const tried = (conflicts: readonly { path: string; why: "content" }[]) => ({
      trialRevert: { onto: HEAD, conflicts },
    });
    expect(failing({ systems: [bare], facts: tried([]) })).toEqual([]);
    const facts = tried([{ path: "bot/agent.py", why: "content" }]);
    expect(failing({ systems: [bare], facts })).toMatchObject([
      {
        reason: expect.stringContaining(
          "taking this back conflicts in bot/agent.py, and the plan of bot lacks a trigger and a verification",
        ),
      },
    ]);
    expect(plansOf({ systems: [bare], facts })).toMatchObject([{ revert: { conflicts: [{ path: "bot/agent.py" }] } }]);
  });
  it("names what of people's part is missing at high", () => {
    const bare = system({ rollback: {} });
    expect(failing({ systems: [bare] })).toMatchObject([
      {
        reason: expect.stringContaining(
          'the plan of bot lacks a trigger and a verification; fill rollback in .github/ai-systems.yml, or under "## Rollback"',
        ),
      },
    ]);
    const measured = system({
      rollback: { verification: ["run evals"] },
      monitoring: { metrics: [{ name: "errors", threshold: "< 0.02" }] },
    });
    expect(plansOf({ systems: [measured] })).toMatchObject([
      { trigger: ["errors is not < 0.02 any more"], backup: ["@dan"] },
    ]);
    expect(failing({ systems: [measured] })).toEqual([]);
  });
  it("rolls a credential forward, revoking first when it is compromised or leaked", () => {
    const changes = [{ class: "credential" as const, references: ["API_KEY"] }];
    const identity = { id: "key", type: "api-key" as const, references: ["API_KEY"] };
    const systems = [system({ identities: ["key"] })];
    const steps = (situation: Situation) =>
      plansOf(situation).map((plan) => [plan.strategy, plan.previous, rollbackSteps(plan)]);
    expect(steps({ changes, systems, identities: [identity] })).toEqual([
      ["credential-rotate", null, ["create", "deploy", "verify", "revoke"]],
    ]);
    const first = [["credential-rotate", null, ["revoke", "create", "deploy", "verify"]]];
    expect(steps({ changes, systems, identities: [{ ...identity, state: "compromised" }] })).toEqual(first);
    expect(steps({ changes: [{ class: "credential", secret: "certain" }], systems })).toEqual(first);
    // Another identity of the same system says nothing of this one.
    const other = { id: "other", type: "api-key" as const, references: ["OTHER"], state: "compromised" as const };
    const both = [system({ identities: ["key", "other"] })];
    expect(steps({ changes, systems: both, identities: [identity, other] })).toMatchObject([
      ["credential-rotate", null, ["create", "deploy", "verify", "revoke"]],
    ]);
  });
  it("stands once for each system and class, with the first value that is known", () => {
    const plans = plansOf({
      changes: [{ old: null }, { path: "bot/b.py" }, { path: "bot/c.py", class: "prompt" }],
    });
    expect(plans.map(({ kind, previous }) => [kind, previous])).toEqual([
      ["model", { value: "old", retires: null }],
      ["prompt", { value: "old", retires: null }],
    ]);
  });
  it("takes people's part from the body where the registry is silent, and the registry's first", () => {
    const body =
      "Why\n\n## Rollback\nOwner: @bea\n- Trigger: errors above 2 %\nVerification: run evals\n\n## Else\nOwner: @eve";
    const facts = { pullRequest: { author: { login: "anna", type: "User" }, body, draft: false } };
    expect(plansOf({ systems: [], facts })).toMatchObject([
      { owner: "@bea", trigger: ["errors above 2 %"], verification: ["run evals"] },
    ]);
    expect(plansOf({ facts })).toMatchObject([{ owner: "@wendy" }]);
  });
});
