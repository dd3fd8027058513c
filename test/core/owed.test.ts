import { describe } from "vitest";
import type { LedgerFacts } from "../../src/core/facts.ts";
import { system, table } from "./situation.ts";

const NONE: LedgerFacts = { rehearsals: new Map(), openBreakGlasses: [], notSecrets: [], lastMerge: null };
const owing = (systems: readonly string[], dueAt = "2026-11-24T11:00:00.000Z") => ({
  ledger: { ...NONE, owed: [{ systems, dueAt, what: "the approval afterwards of #7, of @wendy, was due" }] },
});
const reviews = ["wendy", "olga"];
const exception = (rule: string) => [
  {
    ...{
      id: "EX-1",
      rule,
      scope: { system: "bot" },
      reason: "Everybody is on leave.",
      compensatingControls: ["a freeze"],
    },
    ...{ acceptedBy: "@olga", created: "2026-11-20", expires: "2026-12-20" },
  },
];
const BLOCKED = "failed: record/follow-up-overdue: the approval afterwards of #7, of @wendy, was due";

describe("what is still owed after an earlier change", () => {
  table([
    [
      "holds up the next change of its system once it is overdue",
      { facts: owing(["bot"]), reviews },
      "blocked",
      "high",
      [BLOCKED],
    ],
    [
      "at every tier",
      {
        facts: owing(["bot"]),
        systems: [system({ tier: "low" })],
        changes: [{ severity: "minor" }],
        reviews: ["rita"],
      },
      "blocked",
      "low",
      [BLOCKED],
    ],
    [
      "not before it is due, and then the decision ends by itself",
      { facts: owing(["bot"], "2026-11-24T13:00:00.000Z"), reviews },
      "approved",
      "high",
      ["system bot is high (declared) -> material x high = high"],
    ],
    ["not a change of another system", { facts: owing(["else"]), reviews }, "approved", "high", ["system bot is high"]],
    [
      "not where an approved exception takes its place",
      { facts: owing(["bot"]), exceptions: exception("record/follow-up-overdue"), reviews },
      "approved",
      "high",
      [
        "excepted: record/follow-up-overdue: the approval afterwards of #7, of @wendy, was due; exception EX-1 until 2026-12-20",
      ],
    ],
    [
      "still where the exception is for another rule",
      { facts: owing(["bot"]), exceptions: exception("record/owner-missing"), reviews },
      "blocked",
      "high",
      [BLOCKED],
    ],
    [
      "outside of every system it holds up what lies outside",
      { facts: owing([]), changes: [{ path: "elsewhere/agent.py" }], reviews: ["olga", "rita"] },
      "blocked",
      "medium",
      [BLOCKED],
    ],
    ["but nothing that lies in a system", { facts: owing([]), reviews }, "approved", "high", ["system bot is high"]],
    [
      "and never a change of the rules, which may be what it takes to end it",
      { facts: owing([]), changes: [{ class: "governance" }], reviews: ["olga", "rita"] },
      "waiting",
      "high",
      ["waiting: "],
    ],
  ]);
});
