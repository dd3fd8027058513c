import { describe } from "vitest";
import type { LedgerFacts } from "../../src/core/facts.ts";
import type { Identity } from "../../src/core/registry.ts";
import { POLICY, type Situation, system, table } from "./situation.ts";

const identity: Identity = {
  id: "key",
  type: "api-key",
  owner: "@ida",
  references: ["API_KEY"],
  state: "active",
  scopes: ["read", "write"],
};
const using = system({ identities: ["key"] });

/** Only the registry is edited. */
function edit(before: Partial<Situation>, head: Situation["head"], fields: Partial<Situation> = {}): Situation {
  return { changes: [], ...before, ...(head ? { head } : {}), ...fields };
}
const paused = { version: 1 as const, systems: [system({ lifecycle: "paused" })] };
const pausing = (fields: Partial<Situation>) => edit({}, paused, fields);

describe("pausing and taking scopes away", () => {
  const chain = "-> every finding only pauses or takes a scope away -> low";
  table([
    [
      "one person whom the system's tier would ask is enough",
      pausing({ reviews: ["wendy"] }),
      "approved",
      "low",
      [
        `governance/registry narrowed at .github/ai-systems.yml:1 ${chain}`,
        "met: eligible-person for the safe direction: approved by @wendy",
        "the owner's retrospective approval falls due after the merge",
      ],
    ],
    [
      "a risk owner is enough",
      pausing({ reviews: ["omar"] }),
      "approved",
      "low",
      [
        "every finding only pauses or takes a scope away -> low",
        "met: eligible-person for the safe direction: approved by @omar",
        "counted @omar: holds eligible-person for the safe direction",
      ],
    ],
    ["nobody is not", pausing({}), "waiting", "low", ["needs 1 approval of @wendy, @olga, @omar"]],
    [
      "somebody whom that tier would not ask is not",
      pausing({ reviews: ["rita"] }),
      "waiting",
      "low",
      ["needs 1 approval of"],
    ],
    [
      "somebody who may break the glass is",
      pausing({ policy: { breakGlass: { by: ["@gus"] } }, reviews: ["gus"] }),
      "approved",
      "low",
      ["counted @gus: holds eligible-person"],
    ],
    [
      "the author is not",
      pausing({
        facts: {
          pullRequest: { author: { login: "wendy", type: "User" }, body: "", draft: false },
          pushers: ["wendy"],
        },
        reviews: ["wendy"],
      }),
      "waiting",
      "low",
      ["not counted @wendy: is not independent: is the author"],
    ],
    [
      "S08 the author is not, where the policy records self-approval at low",
      pausing({
        policy: { selfApproval: "recorded" },
        facts: {
          pullRequest: { author: { login: "wendy", type: "User" }, body: "", draft: false },
          pushers: ["wendy"],
        },
        reviews: [{ person: { login: "wendy", type: "User" }, via: "command" }],
      }),
      "waiting",
      "low",
      ["not counted @wendy: is not independent: is the author"],
    ],
    [
      "not together with another change",
      pausing({ changes: [{ severity: "minor" }], reviews: ["wendy"] }),
      "waiting",
      "low",
      ["ai-reviewer for this tier: needs 1 approval"],
    ],
    [
      "taking a scope away",
      edit(
        { systems: [using], identities: [identity] },
        { version: 1, systems: [using], identities: [{ ...identity, scopes: ["read"] }] },
        { reviews: ["wendy"] },
      ),
      "approved",
      "low",
      [chain],
    ],
    [
      "taking one away and adding another is not the safe direction",
      edit(
        { systems: [using], identities: [identity] },
        { version: 1, systems: [using], identities: [{ ...identity, scopes: ["read", "admin"] }] },
        { reviews: ["wendy"] },
      ),
      "waiting",
      "critical",
      ["identity-owner for identity key: needs 1 approval of @ida"],
    ],
    [
      "calling an identity compromised is not blocked by its being compromised",
      edit(
        { systems: [using], identities: [identity] },
        { version: 1, systems: [using], identities: [{ ...identity, state: "compromised" }] },
        { reviews: ["olga"] },
      ),
      "approved",
      "low",
      [
        "every finding only pauses or takes a scope away -> low",
        "met: eligible-person for the safe direction: approved by @olga",
        "counted @olga: holds eligible-person for the safe direction",
      ],
    ],
    [
      "waking a paused system is not the safe direction",
      edit({ systems: [system({ lifecycle: "paused" })] }, { version: 1, systems: [system()] }, { reviews: ["wendy"] }),
      "waiting",
      "critical",
      ["governance/registry widened at .github/ai-systems.yml:1 is major"],
    ],
  ]);
});

describe("S08 undoing the newest governed merge", () => {
  const before = (path: string, digit: string) => ({ path, entry: { mode: "100644", id: digit.repeat(40) } });
  const ledger = (merge: Partial<NonNullable<LedgerFacts["lastMerge"]>> = {}): { ledger: LedgerFacts } => ({
    ledger: {
      rehearsals: new Map(),
      openBreakGlasses: [],
      notSecrets: [],
      lastMerge: {
        mergedAt: "2026-11-20T12:00:00.000Z",
        before: [before("bot/agent.py", "2")],
        restoredBasis: "votes",
        ...merge,
      },
    },
  });
  const chain = "-> the change restores exactly what stood before the merge of 2026-11-20T12:00:00.000Z -> low";
  const reviews = ["wendy"];
  const major = [{ severity: "major" as const }];
  table([
    [
      "one eligible person is enough",
      { changes: major, facts: ledger(), reviews },
      "approved",
      "low",
      ["major x high = critical", `model/example changed at bot/agent.py:1 ${chain}`],
    ],
    ["nobody is not", { changes: major, facts: ledger() }, "waiting", "low", ["eligible-person"]],
    [
      "without a ledger it is an ordinary change",
      { changes: major, reviews },
      "waiting",
      "critical",
      [
        "system bot is high (declared) -> major x high = critical",
        "waiting: risk-owner for this tier: needs 1 approval of @olga, @omar",
      ],
    ],
    [
      "other content than before is an ordinary change",
      { changes: major, facts: ledger({ before: [before("bot/agent.py", "7")] }), reviews },
      "waiting",
      "critical",
      [
        "system bot is high (declared) -> major x high = critical",
        "waiting: risk-owner for this tier: needs 1 approval of @olga, @omar",
      ],
    ],
    [
      "another mode than before is an ordinary change",
      {
        changes: major,
        facts: ledger({ before: [{ path: "bot/agent.py", entry: { mode: "100755", id: "2".repeat(40) } }] }),
        reviews,
      },
      "waiting",
      "critical",
      [
        "system bot is high (declared) -> major x high = critical",
        "waiting: risk-owner for this tier: needs 1 approval of @olga, @omar",
      ],
    ],
    [
      "a path of that merge that is left out makes it an ordinary change",
      {
        changes: major,
        facts: ledger({ before: [before("bot/agent.py", "2"), before("bot/guard.py", "2")] }),
        reviews,
      },
      "waiting",
      "critical",
      [
        "system bot is high (declared) -> major x high = critical",
        "waiting: risk-owner for this tier: needs 1 approval of @olga, @omar",
      ],
    ],
    [
      "a finding beside it makes it an ordinary change",
      { changes: [...major, { path: "bot/other.py" }], facts: ledger(), reviews },
      "waiting",
      "critical",
      [
        "system bot is high (declared) -> major x high = critical",
        "waiting: risk-owner for this tier: needs 1 approval of @olga, @omar",
      ],
    ],
    [
      "a file that was not there before must be gone again",
      {
        changes: [{ removed: true, severity: "major" }],
        facts: ledger({ before: [{ path: "bot/agent.py", entry: null }] }),
        reviews,
      },
      "approved",
      "low",
      [chain],
    ],
    [
      "after the limit it is an ordinary change",
      { changes: major, facts: ledger({ mergedAt: "2026-11-10T12:00:00.000Z" }), reviews },
      "waiting",
      "critical",
      [
        "system bot is high (declared) -> major x high = critical",
        "waiting: risk-owner for this tier: needs 1 approval of @olga, @omar",
      ],
    ],
    [
      "the limit is the policy's",
      {
        changes: major,
        policy: { limits: { quickRevert: "P3D" } },
        facts: ledger(),
        reviews,
      },
      "waiting",
      "critical",
      [
        "system bot is high (declared) -> major x high = critical",
        "waiting: risk-owner for this tier: needs 1 approval of @olga, @omar",
      ],
    ],
    [
      "what a broken glass let in is not restored quickly",
      { changes: major, facts: ledger({ restoredBasis: "break-glass" }), reviews },
      "waiting",
      "critical",
      [
        "system bot is high (declared) -> major x high = critical",
        "waiting: risk-owner for this tier: needs 1 approval of @olga, @omar",
      ],
    ],
    [
      "a rule of governance is never reverted quickly",
      { changes: [{ class: "governance", severity: "major" }], facts: ledger(), reviews },
      "waiting",
      "critical",
      [
        "system bot is high (declared) -> major x high = critical",
        "waiting: risk-owner for this tier: needs 1 approval of @olga, @omar",
      ],
    ],
    [
      "a retired model does not come back quickly",
      {
        changes: major,
        systems: [system({ models: [{ id: "m", ref: "new", retires: "2026-11-01" }] })],
        facts: ledger(),
        reviews,
      },
      "blocked",
      "critical",
      ["record/model-retired: model new of system bot retired on 2026-11-01"],
    ],
    [
      "a suspended identity does not come back quickly",
      {
        changes: [{ class: "credential", references: ["API_KEY"], severity: "major" }],
        identities: [{ ...identity, state: "suspended" }],
        facts: ledger(),
        reviews,
      },
      "blocked",
      "critical",
      ["record/identity-inactive"],
    ],
    [
      "a file that moves elsewhere makes it an ordinary change",
      {
        changes: [{ severity: "major", from: "bot/agent.py", path: "bot/elsewhere.py" }],
        facts: ledger({ before: [{ path: "bot/agent.py", entry: null }] }),
        reviews,
      },
      "waiting",
      "critical",
      ["major x high = critical"],
    ],
    [
      "what was out of order before blocks it, and does not make it an ordinary change",
      { changes: major, systems: [system({ monitoring: {} })], facts: ledger(), reviews },
      "blocked",
      "low",
      ["failed: record/monitoring-missing: system bot names no monitoring"],
    ],
    [
      "a certain secret still blocks it",
      {
        changes: [{ class: "credential", severity: "major", secret: "certain" }],
        facts: ledger(),
        reviews,
      },
      "blocked",
      "low",
      ["failed: credential/secret-value: a secret's value stands at bot/agent.py:1"],
    ],
  ]);
});

describe("the other roles of the policy", () => {
  table([
    [
      "a role that the ordinary tier asks for this class is eligible",
      {
        changes: [{ class: "credential", severity: "major" }],
        policy: { roles: { ...POLICY.roles, security: ["@sam"] } },
        facts: {
          ledger: {
            rehearsals: new Map(),
            openBreakGlasses: [],
            notSecrets: [],
            lastMerge: {
              mergedAt: "2026-11-20T12:00:00.000Z",
              before: [{ path: "bot/agent.py", entry: { mode: "100644", id: "2".repeat(40) } }],
              restoredBasis: "votes",
            },
          },
        },
        reviews: ["sam"],
      },
      "approved",
      "low",
      ["counted @sam: holds eligible-person"],
    ],
  ]);
});
