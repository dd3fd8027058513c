import { describe, expect, it } from "vitest";
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
      rehearsals: new Map([["bot", at]]),
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
      ["needs a rehearsal on record (declared: 2026-11-01); a declared date alone is no record"],
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
  it("never goes back to a retired model", () => {
    const models = [{ id: "m", ref: "old", retires: "2026-11-01" }];
    const [plan] = plansOf({ systems: [system({ models })] });
    expect(plan).toMatchObject({ strategy: "disable-agent", previous: null });
    expect(plan?.steps).toContain("choose an approved model that is not retired");
    const flagged = system({ models, rollback: { strategy: "flag-off" } });
    expect(plansOf({ systems: [flagged] })).toMatchObject([{ strategy: "flag-off", previous: null }]);
  });
  it("rolls a credential forward, revoking first when it is compromised", () => {
    const changes = [{ class: "credential" as const, references: ["API_KEY"] }];
    const identity = { id: "key", type: "api-key" as const, references: ["API_KEY"] };
    const systems = [system({ identities: ["key"] })];
    expect(plansOf({ changes, systems, identities: [identity] })).toMatchObject([
      { strategy: "credential-rotate", previous: null, steps: ["create", "deploy", "verify", "revoke"] },
    ]);
    expect(plansOf({ changes, systems, identities: [{ ...identity, state: "compromised" }] })).toMatchObject([
      { steps: ["revoke", "create", "deploy", "verify"] },
    ]);
  });
  it("stands once for each system and class, with the first value that is known", () => {
    const plans = plansOf({
      changes: [{ old: null }, { path: "bot/b.py" }, { path: "bot/c.py", class: "prompt" }],
    });
    expect(plans.map(({ kind, previous }) => [kind, previous])).toEqual([
      ["model", { value: "old" }],
      ["prompt", { value: "old" }],
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
