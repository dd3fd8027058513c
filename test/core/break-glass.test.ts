import { describe, expect, it } from "vitest";
import type { Facts, LedgerFacts } from "../../src/core/facts.ts";
import { decideSituation, HEAD, type Situation, system, table } from "./situation.ts";

const LEDGER: LedgerFacts = { rehearsals: new Map(), openBreakGlasses: [], notSecrets: [], lastMerge: null };
const policy = { breakGlass: { by: ["@gus", "@gwen"] } };

function broken(
  login: string,
  fields: { argument?: string; reason?: string; at?: string; facts?: Partial<Facts> } = {},
) {
  return {
    ledger: LEDGER,
    commands: [
      {
        name: "break-glass",
        argument: fields.argument ?? HEAD,
        reason: fields.reason ?? "customers are harmed",
        person: { login, type: "User" },
        createdAt: fields.at ?? "2026-11-24T10:00:00.000Z",
      },
    ],
    ...fields.facts,
  };
}
const refused = (why: string) => [`not counted @gus: may not break the glass: ${why}`];

describe("S14 break-glass", () => {
  table([
    [
      "lets one head through, and says what falls due",
      { policy, facts: broken("gus") },
      "approved",
      "high",
      [
        "counted @gus: broke the glass until 2026-11-24T14:00:00.000Z: customers are harmed; the tier's full approval falls due within P2D",
        "waiting: system-owner for system bot",
      ],
    ],
    [
      "not another head",
      { policy, facts: broken("gus", { argument: "d".repeat(40) }) },
      "waiting",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "waiting: system-owner for system bot: needs 1 approval of @wendy",
      ],
    ],
    [
      "S13 not fifteen digits",
      { policy, facts: broken("gus", { argument: HEAD.slice(0, 15) }) },
      "waiting",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "waiting: system-owner for system bot: needs 1 approval of @wendy",
      ],
    ],
    [
      "not without a reason",
      { policy, facts: broken("gus", { reason: "" }) },
      "waiting",
      "high",
      refused("gave no reason"),
    ],
    [
      "not for more than four hours",
      { policy, facts: broken("gus", { at: "2026-11-24T08:00:00.000Z" }) },
      "waiting",
      "high",
      refused("it held until 2026-11-24T12:00:00.000Z"),
    ],
    [
      "not by somebody else",
      { policy, facts: broken("olga") },
      "waiting",
      "high",
      ["not counted @olga: may not break the glass: is not named in breakGlass.by"],
    ],
    [
      "not where the policy names nobody",
      { facts: broken("gus") },
      "waiting",
      "high",
      refused("is not named in breakGlass.by"),
    ],
    [
      "not by the author",
      {
        policy,
        facts: broken("gus", {
          facts: { pullRequest: { author: { login: "gus", type: "User" }, body: "", draft: false } },
        }),
      },
      "waiting",
      "high",
      refused("is the author"),
    ],
    [
      "not by who pushed it to somebody else's pull request",
      { policy, facts: broken("gus", { facts: { pushers: ["Gus"] } }) },
      "waiting",
      "high",
      refused("pushed to this pull request"),
    ],
    [
      "S02 not by the author of another pull request with this head",
      {
        policy,
        facts: broken("gus", {
          facts: {
            pullRequest: {
              author: { login: "anna", type: "User" },
              body: "",
              draft: false,
              otherAuthors: [{ login: "gus", type: "User" }],
            },
          },
        }),
      },
      "waiting",
      "high",
      refused("is the author of another pull request with this head"),
    ],
    [
      "by the author where nobody else is named, marked as weak",
      {
        policy: { breakGlass: { by: ["@gus"], reviewWithin: "P1D" } },
        facts: broken("gus", {
          facts: { pullRequest: { author: { login: "gus", type: "User" }, body: "", draft: false } },
        }),
      },
      "approved",
      "high",
      ["by the author (weak)", "falls due within P1D"],
    ],
    [
      "S09 not with read access",
      { policy, facts: broken("gus", { facts: { access: new Map([["gus", "read"]]) } }) },
      "waiting",
      "high",
      refused("has only read access and is no known member of the organisation"),
    ],
    [
      "by a member of a team",
      {
        policy: { breakGlass: { by: ["@acme/on-call"] } },
        facts: broken("gus", { facts: { teams: new Map([["acme/on-call", ["gus", "gwen"]]]) } }),
      },
      "approved",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "counted @gus: broke the glass until 2026-11-24T14:00:00.000Z: customers are harmed; the tier's full approval falls due within P2D",
      ],
    ],
    [
      "not for a rule of governance",
      { policy, changes: [{ class: "governance" }], facts: broken("gus") },
      "waiting",
      "high",
      refused("it never covers governance/example"),
    ],
    [
      "not for a secret's value",
      { policy, changes: [{ class: "credential", severity: "major", secret: "certain" }], facts: broken("gus") },
      "blocked",
      "critical",
      refused("it never covers credential/secret-value"),
    ],
    [
      "not for a suspected secret",
      { policy, changes: [{ class: "credential", secret: "likely" }], facts: broken("gus") },
      "waiting",
      "high",
      refused("it never covers credential/secret-value"),
    ],
    [
      "not for a prohibited practice",
      { policy, systems: [system({ risk: { euAiAct: "prohibited" } })], facts: broken("gus") },
      "blocked",
      "high",
      refused("it never covers record/prohibited-practice"),
    ],
    [
      "not under a configuration that cannot be read",
      { policy, faults: [{ rule: "record/unreadable", reason: "line 3" }], facts: broken("gus") },
      "blocked",
      "high",
      refused("it never covers record/unreadable"),
    ],
    [
      "over another blocker",
      { policy, systems: [system({ monitoring: {} })], facts: broken("gus") },
      "approved",
      "high",
      ["failed: record/monitoring-missing"],
    ],
    [
      "not without a ledger",
      { policy, facts: { ...broken("gus"), ledger: undefined as never } },
      "waiting",
      "high",
      refused("no ledger can hold its retrospective approval"),
    ],
    [
      "not while one by this person is open",
      {
        policy,
        facts: broken("gus", {
          facts: { ledger: { ...LEDGER, openBreakGlasses: [{ person: "Gus", systems: [], what: "#7" }] } },
        }),
      },
      "waiting",
      "high",
      refused("an earlier one by this person or on this system is still open: #7"),
    ],
    [
      "not while one on this system is open",
      {
        policy,
        facts: broken("gus", {
          facts: {
            ledger: { ...LEDGER, openBreakGlasses: [{ person: "gwen", systems: ["else", "bot"], what: "#7" }] },
          },
        }),
      },
      "waiting",
      "high",
      refused("an earlier one by this person or on this system is still open: #7"),
    ],
    [
      "while one elsewhere is open",
      {
        policy,
        facts: broken("gus", {
          facts: { ledger: { ...LEDGER, openBreakGlasses: [{ person: "gwen", systems: ["else"], what: "#7" }] } },
        }),
      },
      "approved",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "counted @gus: broke the glass until 2026-11-24T14:00:00.000Z: customers are harmed; the tier's full approval falls due within P2D",
      ],
    ],
    [
      "S06 not after a retarget",
      {
        policy,
        facts: broken("gus", {
          facts: {
            pullRequest: {
              author: { login: "anna", type: "User" },
              body: "",
              draft: false,
              retargetedAt: "2026-11-24T11:00:00Z",
            },
          },
        }),
      },
      "waiting",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "waiting: system-owner for system bot: needs 1 approval of @wendy",
      ],
    ],
  ]);

  const at = (login: string, createdAt: string, reason = "customers are harmed") => ({
    ...{ name: "break-glass", argument: HEAD, reason, createdAt },
    person: { login, type: "User" },
  });
  const reasons = (given: Situation) => {
    const { votes, decision } = decideSituation(given);
    return [decision.basis, ...votes.map(({ person, reason }) => `${person} ${reason.slice(0, 90)}`)];
  };

  it("the oldest that holds counts, and one given beside it never does, whoever gave it", () => {
    const first = at("gus", "2026-11-24T09:00:00Z");
    const second = at("gwen", "2026-11-24T10:00:00Z");
    const gus = "gus broke the glass until 2026-11-24T13:00:00.000Z: customers are harmed";
    const early = "gwen may not break the glass: an earlier one on this head holds until 2026-11-24T13:00:00.000Z";
    expect(reasons({ policy, facts: { ledger: LEDGER, commands: [second, first] } })).toEqual([
      "break-glass",
      expect.stringContaining(gus),
      expect.stringContaining(early.slice(0, 80)),
    ]);
    const later = { policy, facts: { ledger: LEDGER, commands: [second, first] }, now: "2026-11-24T13:30:00Z" };
    expect(reasons(later)[0]).toBe("votes");
    const again = at("gwen", "2026-11-24T13:10:00Z");
    expect(reasons({ ...later, facts: { ledger: LEDGER, commands: [again, second, first] } })[0]).toBe("break-glass");
  });

  it("nobody takes its effect by a try of their own, however many there are", () => {
    const tries = Array.from({ length: 40 }, (_, minute) =>
      at("mallory", `2026-11-24T11:${String(10 + minute).padStart(2, "0")}:00Z`),
    );
    const found = reasons({
      policy,
      facts: { ledger: LEDGER, commands: [...tries, at("gus", "2026-11-24T11:00:00Z")] },
    });
    expect(found[0]).toBe("break-glass");
    expect(found).toHaveLength(2 + 5);
  });

  it("is no basis where the votes suffice, or where nothing is enforced", () => {
    const commands = [at("gus", "2026-11-24T11:00:00Z")];
    const observing = decideSituation({ policy: { ...policy, mode: "observe" }, facts: { ledger: LEDGER, commands } });
    expect(observing.decision.basis).toBe("observe");
    const full = decideSituation({ policy, facts: { ledger: LEDGER, commands }, reviews: ["wendy", "olga"] });
    expect(full.decision).toMatchObject({ basis: "votes", state: "approved" });
    expect(full.votes.some(({ role }) => role === "break-glass")).toBe(false);
  });

  it("is the basis of the decision, for four hours", () => {
    const given: Situation = { policy, facts: broken("gus") };
    expect(decideSituation(given).decision).toEqual({
      state: "approved",
      basis: "break-glass",
      validUntil: "2026-11-24T14:00:00.000Z",
    });
  });
});
