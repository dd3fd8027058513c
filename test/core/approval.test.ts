import { describe, expect, it } from "vitest";
import { decideSituation, POLICY, type Situation, system, table } from "./situation.ts";

const author = (login: string, pushers: readonly string[] = [login]) => ({
  pullRequest: { author: { login, type: "User" }, body: "", draft: false },
  pushers,
});
const review = (login: string, state: string, submittedAt = "2026-11-24T10:00:00Z") => ({
  person: { login, type: "User" },
  state,
  submittedAt,
});

describe("stand-ins", () => {
  table([
    [
      "deputies come before the risk owner",
      { facts: author("wendy"), reviews: ["olga", "omar"] },
      "waiting",
      "high",
      ["system-owner for system bot: needs 1 approval of @dan"],
    ],
    [
      "the risk owner comes when the deputies are not independent either",
      { facts: author("wendy", ["wendy", "dan"]), reviews: ["olga", "omar"] },
      "approved",
      "high",
      ["counted @olga: stands in for @wendy for system bot"],
    ],
    [
      "a missing owner is stood in for by the deputies",
      { systems: [system({ tier: "medium", owner: undefined as never })], reviews: ["dan", "rita"] },
      "approved",
      "medium",
      ["counted @dan: stands in for a missing owner for system bot"],
    ],
    [
      "nobody stands in for a role of the policy",
      { policy: { roles: { ...POLICY.roles, "risk-owner": ["@anna"] } }, reviews: ["wendy", "rita"] },
      "blocked",
      "high",
      ["risk-owner for this tier: nobody is left to fill it, @anna is the author; name more people"],
    ],
    [
      "a delegate of a team's member counts",
      {
        systems: [system({ tier: "low" })],
        policy: {
          roles: { ...POLICY.roles, "ai-reviewer": ["@acme/ml"] },
          delegations: [{ from: "@tom", to: "@dora", roles: ["ai-reviewer"], until: "2026-12-31" }],
        },
        facts: { teams: new Map([["acme/ml", ["tom"]]]) },
        reviews: ["dora"],
      },
      "approved",
      "low",
      ["counted @dora: stands in for @acme/ml for this tier"],
    ],
    [
      "an owner who is a team is any of its members",
      {
        changes: [{ class: "provider" }],
        providers: [
          {
            id: "acme-ai",
            owner: "@acme/vendors",
            hosts: ["new"],
            approval: { status: "approved" },
            disclosures: ["lifecycle-controls", "incident-escalation", "ongoing-oversight"].map((type) => ({
              type: type as "ongoing-oversight",
              ref: "r",
            })),
          },
        ],
        facts: { teams: new Map([["acme/vendors", ["Vic", "Val"]]]) },
        reviews: ["wendy", "olga", "sam", "val"],
      },
      "approved",
      "high",
      ["counted @val: holds provider-owner for provider acme-ai"],
    ],
  ]);
});

describe("enough people", () => {
  const crowd = { tiers: { low: { distinctPeople: 9 } } };
  const low = system({ tier: "low" });
  table([
    [
      "a number of people that nobody could reach is an error at once",
      { policy: crowd, systems: [low], reviews: ["rita"] },
      "blocked",
      "low",
      ["1 of 9 different people approved, and only 7 could; name more people under roles"],
    ],
    [
      "as many as there are is no error",
      { policy: { tiers: { low: { distinctPeople: 7 } } }, systems: [low], reviews: ["rita"] },
      "waiting",
      "low",
      ["waiting: 1 of 7 different people approved"],
    ],
    [
      "somebody whom only a commit excludes is one who could",
      {
        policy: { tiers: { low: { distinctPeople: 7 } } },
        systems: [low],
        facts: { commits: [{ id: "c".repeat(40), logins: ["pia"], governed: true }] },
        reviews: ["rita"],
      },
      "waiting",
      "low",
      ["waiting: 1 of 7 different people approved"],
    ],
    [
      "somebody who pushed is not",
      {
        policy: { tiers: { low: { distinctPeople: 7 } } },
        systems: [low],
        facts: { pushers: ["anna", "pia"] },
        reviews: ["rita"],
      },
      "blocked",
      "low",
      ["1 of 7 different people approved, and only 6 could"],
    ],
    [
      "P24 an unreadable team waits while nobody has proposed the change",
      {
        policy: { roles: { ...POLICY.roles, "ai-reviewer": ["@acme/ml"] } },
        systems: [low],
        facts: { pullRequest: null },
      },
      "waiting",
      "low",
      ["waiting: ai-reviewer for this tier: the members of @acme/ml cannot be read"],
    ],
    [
      "a low tier that asks for the owner asks for the owner",
      { policy: { tiers: { low: { approvals: [{ role: "system-owner" }] } } }, systems: [low], reviews: ["rita"] },
      "waiting",
      "low",
      ["waiting: system-owner for system bot: needs 1 approval of @wendy"],
    ],
    [
      "a team that cannot be read might reach it",
      {
        policy: { ...crowd, roles: { ...POLICY.roles, ops: ["@acme/ops"] } },
        systems: [low],
        reviews: ["rita"],
      },
      "waiting",
      "low",
      ["1 of 9 different people approved"],
    ],
    [
      "S09 somebody who may only read is not one who could",
      {
        systems: [low],
        facts: {
          access: new Map([
            ["rita", "read"],
            ["ravi", "triage"],
          ]),
        },
      },
      "blocked",
      "low",
      [
        "nobody is left to fill it, @rita has only read access and is no known member of the organisation, @ravi has only triage access and is no known member of the organisation; name more people in .github/countersign.yml under roles.ai-reviewer",
      ],
    ],
    [
      "S09 somebody whose access was not asked for yet is",
      { systems: [low], facts: { access: new Map([["rita", "read"]]) } },
      "waiting",
      "low",
      ["needs 1 approval of @ravi"],
    ],
    [
      "S09 an active member of a team votes without write access",
      {
        systems: [low],
        facts: { access: new Map([["rita", "read"]]), teams: new Map([["acme/ml", ["Zoe", "Rita"]]]) },
        reviews: ["rita"],
      },
      "approved",
      "low",
      [
        "system bot is low (declared) -> material x low = low",
        "met: ai-reviewer for this tier: approved by @rita",
        "counted @rita: holds ai-reviewer for this tier",
      ],
    ],
    [
      "S09 an active member of the organisation votes without write access",
      {
        systems: [low],
        facts: { access: new Map([["rita", "read"]]), teams: new Map([["acme", ["rita"]]]) },
        reviews: ["rita"],
      },
      "approved",
      "low",
      ["counted @rita: holds ai-reviewer for this tier"],
    ],
    [
      "S09 a name that no account has is said to be none",
      { systems: [low], facts: { access: new Map(["rita", "ravi"].map((login) => [login, "unknown"])) } },
      "blocked",
      "low",
      ["nobody is left to fill it, @rita is no account that GitHub shows (it may have another name now), @ravi is no"],
    ],
    [
      "S09 a custom role is no write access",
      { systems: [low], facts: { access: new Map([["rita", "ai-approver"]]) }, reviews: ["rita"] },
      "waiting",
      "low",
      ["not counted @rita: has only ai-approver access and is no known member of the organisation"],
    ],
  ]);
});

describe("S10 requested changes", () => {
  table([
    [
      "of a role that this tier does not ask for are shown without effect",
      { reviews: ["wendy", "olga", review("sam", "CHANGES_REQUESTED")] },
      "approved",
      "high",
      ["not counted @sam: requested changes, without effect: no role of this tier"],
    ],
    [
      "of the same role count where the change asks for it",
      {
        changes: [{ class: "credential" }],
        reviews: ["wendy", "olga", "sara", review("sam", "CHANGES_REQUESTED")],
      },
      "waiting",
      "high",
      ["waiting: @sam (security) requested changes"],
    ],
    [
      "of a stand-in who is asked count",
      { facts: author("wendy"), reviews: ["olga", "omar", review("dan", "CHANGES_REQUESTED")] },
      "waiting",
      "high",
      ["waiting: @dan (system-owner) requested changes"],
    ],
    [
      "are over when a person dismisses them",
      { reviews: ["wendy", "olga", review("omar", "DISMISSED")] },
      "approved",
      "high",
      ["not counted @omar: their review was dismissed"],
    ],
    [
      "of a deleted account are nobody's",
      { reviews: ["wendy", "olga", { person: null, state: "CHANGES_REQUESTED" }] },
      "approved",
      "high",
      ["met: risk-owner for this tier: approved by @olga"],
    ],
    [
      "P21 of two reviews of one instant the later one counts",
      {
        reviews: [
          "wendy",
          review("olga", "APPROVED", "2026-11-24T10:00:00Z"),
          review("olga", "DISMISSED", "2026-11-24T10:00:00Z"),
        ],
      },
      "waiting",
      "high",
      ["not counted @olga: their review was dismissed"],
    ],
    [
      "survive a comment",
      {
        reviews: [
          "wendy",
          "olga",
          review("omar", "CHANGES_REQUESTED"),
          review("omar", "COMMENTED", "2026-11-24T11:00:00Z"),
        ],
      },
      "waiting",
      "high",
      ["@omar (risk-owner) requested changes"],
    ],
    [
      "P21 a dismissal revives no older approval",
      { reviews: ["wendy", "olga", review("olga", "DISMISSED")] },
      "waiting",
      "high",
      ["not counted @olga: their review was dismissed"],
    ],
  ]);
});

describe("S27 many systems", () => {
  const many = (count: number, tier: "low" | "medium" | "high", owner = (at: number) => `@own${at}`): Situation => ({
    systems: Array.from({ length: count }, (_, at) =>
      system({ id: `s${String(at).padStart(2, "0")}`, tier, owner: owner(at), deputies: [] }),
    ),
    changes: [{ severity: tier === "low" ? "major" : "material" }],
  });
  table([
    [
      "above ten a risk owner stands in for the owners of medium ones",
      { ...many(11, "medium"), reviews: ["olga", "rita"] },
      "approved",
      "medium",
      ["counted @olga: stands in for @own0 for system s00", "counted @olga: stands in for @own10 for system s10"],
    ],
    [
      "for the owners of low ones too",
      { ...many(11, "low"), reviews: ["olga", "rita"] },
      "approved",
      "medium",
      [
        "system s00 is low (declared) -> major x low = medium",
        "met: system-owner for system s00: approved by @olga",
        "counted @rita: holds ai-reviewer for this tier",
      ],
    ],
    [
      "up to ten nobody does",
      { ...many(10, "medium"), reviews: ["olga", "rita"] },
      "waiting",
      "medium",
      ["system-owner for system s00: needs 1 approval of @own0"],
    ],
    [
      "nobody does for high ones",
      { ...many(11, "high"), reviews: ["olga", "omar"] },
      "waiting",
      "high",
      ["system-owner for system s10: needs 1 approval of @own10"],
    ],
    [
      "one owner of ten is told all ten",
      { ...many(10, "medium", () => "@wendy"), reviews: ["wendy", "rita"] },
      "approved",
      "medium",
      ["system s08, system s09: approved by @wendy"],
    ],
    [
      "one owner of all of them is asked once, in one sentence",
      { ...many(14, "medium", () => "@wendy"), reviews: ["wendy", "rita"] },
      "approved",
      "medium",
      ["system s09 and 4 more (better split the pull request): approved by @wendy"],
    ],
  ]);
});

describe("votes", () => {
  it("say no more than they mean", () => {
    const { votes } = decideSituation({ reviews: ["wendy", "olga", review("omar", "CHANGES_REQUESTED")] });
    expect(votes).toEqual([
      {
        person: "wendy",
        role: "system-owner",
        basis: "direct",
        counted: true,
        reason: "holds system-owner for system bot",
      },
      { person: "olga", role: "risk-owner", basis: "direct", counted: true, reason: "holds risk-owner for this tier" },
      { person: "omar", basis: "none", counted: false, reason: "requested changes" },
    ]);
  });
});
