import { describe } from "vitest";
import { HEAD, POLICY, system, table } from "./situation.ts";

const COMMIT = "c".repeat(40);
const OTHER = "d".repeat(40);
const low = system({ tier: "low" });
const by = (login: string, name: string, argument: string, createdAt = "2026-11-24T10:00:00Z") => ({
  name,
  argument,
  reason: "because",
  person: { login, type: "User" },
  createdAt,
});
const committed = (logins: readonly string[], governed = true) => ({ commits: [{ id: COMMIT, logins, governed }] });
const request = (author: object, fields: object = {}) => ({
  pullRequest: { author: { login: "anna", type: "User", ...author }, body: "", draft: false, ...fields },
});

describe("an exclusion that rests on a commit's own words", () => {
  table([
    [
      "S11 moves the role to no stand-in",
      { facts: committed(["wendy"]), reviews: ["dan", "olga"] },
      "waiting",
      "high",
      [
        "waiting: system-owner for system bot: needs another holder, or @wendy to lift their exclusion with /countersign not-mine",
        "not counted @dan",
      ],
    ],
    [
      "S11 says how to lift it",
      { facts: committed(["wendy"]), reviews: ["wendy", "olga"] },
      "waiting",
      "high",
      [
        "not counted @wendy: is not independent: committed governed content in cccccccccccc; if that commit is not theirs",
      ],
    ],
    [
      "S11 is lifted by the person it names",
      { facts: { ...committed(["wendy"]), commands: [by("wendy", "not-mine", COMMIT)] }, reviews: ["wendy", "olga"] },
      "approved",
      "high",
      ["met: system-owner for system bot: approved by @wendy"],
    ],
    [
      "S13 is lifted with sixteen digits of the commit",
      {
        facts: { ...committed(["wendy"]), commands: [by("Wendy", "not-mine", COMMIT.slice(0, 16))] },
        reviews: ["wendy", "olga"],
      },
      "approved",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "met: system-owner for system bot: approved by @wendy",
        "counted @olga: holds risk-owner for this tier",
      ],
    ],
    [
      "S13 is not lifted with fifteen",
      {
        facts: { ...committed(["wendy"]), commands: [by("wendy", "not-mine", COMMIT.slice(0, 15))] },
        reviews: ["wendy", "olga"],
      },
      "waiting",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "waiting: system-owner for system bot: needs another holder, or @wendy to lift their exclusion with /countersign not-mine <commit>",
      ],
    ],
    [
      "S11 is not lifted for another commit",
      { facts: { ...committed(["wendy"]), commands: [by("wendy", "not-mine", OTHER)] }, reviews: ["wendy", "olga"] },
      "waiting",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "waiting: system-owner for system bot: needs another holder, or @wendy to lift their exclusion with /countersign not-mine <commit>",
      ],
    ],
    [
      "S11 is not lifted by somebody else",
      { facts: { ...committed(["wendy"]), commands: [by("olga", "not-mine", COMMIT)] }, reviews: ["wendy", "olga"] },
      "waiting",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "waiting: system-owner for system bot: needs another holder, or @wendy to lift their exclusion with /countersign not-mine <commit>",
      ],
    ],
    [
      "S11 stays while one of two commits is not lifted",
      {
        facts: {
          commits: [
            { id: COMMIT, logins: ["wendy"], governed: true },
            { id: OTHER, logins: ["wendy"], governed: true },
          ],
          commands: [by("wendy", "not-mine", COMMIT)],
        },
        reviews: ["wendy", "olga"],
      },
      "waiting",
      "high",
      ["committed governed content in dddddddddddd"],
    ],
    [
      "S11 another holder of the role is enough",
      { systems: [low], facts: committed(["rita"]), reviews: ["ravi"] },
      "approved",
      "low",
      [
        "system bot is low (declared) -> material x low = low",
        "met: ai-reviewer for this tier: approved by @ravi",
        "counted @ravi: holds ai-reviewer for this tier",
      ],
    ],
    [
      "P26 co-author framing of the owner leaves the decision waiting, never with the framer's choice",
      { facts: committed(["wendy", "dan", "olga", "omar"]), reviews: ["dan", "omar"] },
      "waiting",
      "high",
      ["system-owner for system bot: needs another holder", "risk-owner for this tier: needs another holder"],
    ],
  ]);
});

describe("an exclusion that the person cannot lift", () => {
  table([
    [
      "S11 a pusher stays one",
      {
        facts: { ...committed(["wendy"]), pushers: ["anna", "wendy"], commands: [by("wendy", "not-mine", COMMIT)] },
        reviews: ["wendy", "olga"],
      },
      "waiting",
      "high",
      ["not counted @wendy: is not independent: pushed to this pull request"],
    ],
    [
      "S11 and the deputy stands in",
      { facts: { ...committed(["wendy"]), pushers: ["anna", "wendy"] }, reviews: ["dan", "olga"] },
      "approved",
      "high",
      ["counted @dan: stands in for @wendy"],
    ],
    [
      "S11 an empty list of pushers is not known pushers",
      { facts: { pushers: [] }, reviews: ["wendy", "olga"] },
      "waiting",
      "high",
      ["2 of 3 different people approved (1 more than the tier asks, because it is not known who pushed)"],
    ],
    [
      "S12 whoever an agent's pull request was assigned to counts as its author",
      {
        facts: request({ login: "agent", type: "Bot" }, { assignees: [{ login: "wendy", type: "User" }] }),
        reviews: ["wendy", "olga"],
      },
      "waiting",
      "high",
      ["not counted @wendy: is not independent: stands behind the pull request of an agent"],
    ],
    [
      "S12 and the deputy stands in for them",
      {
        facts: request({ login: "agent", type: "Bot" }, { assignees: [{ login: "wendy", type: "User" }] }),
        reviews: ["dan", "olga"],
      },
      "approved",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "met: system-owner for system bot: approved by @dan",
        "counted @olga: holds risk-owner for this tier",
      ],
    ],
    [
      "S12 an assignee of a person's pull request is independent",
      { facts: request({}, { assignees: [{ login: "wendy", type: "User" }] }), reviews: ["wendy", "olga"] },
      "approved",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "met: system-owner for system bot: approved by @wendy",
        "counted @olga: holds risk-owner for this tier",
      ],
    ],
    [
      "S12 with nobody behind an agent one person more is asked",
      { facts: request({ login: "agent", type: "Bot" }), reviews: ["wendy", "olga"] },
      "waiting",
      "high",
      ["2 of 3 different people", "nobody is named behind the agent that opened it"],
    ],
    [
      "P23 S12 an agent whose login looks like a person's does not stand behind itself",
      {
        facts: { ...request({ login: "Copilot", type: "Bot" }), ...committed(["copilot"], true) },
        reviews: ["wendy", "olga"],
      },
      "waiting",
      "high",
      ["2 of 3 different people", "nobody is named behind the agent that opened it"],
    ],
    [
      "S12 a co-author of an agent is excluded, governed content or not",
      {
        facts: { ...request({ login: "agent", type: "Bot" }), ...committed(["olga"], false) },
        reviews: ["wendy", "olga", "omar"],
      },
      "approved",
      "high",
      ["not counted @olga: is not independent: took part in the agent's commit cccccccccccc"],
    ],
    [
      "S12 a bot among the agent's commits names nobody",
      {
        facts: { ...request({ login: "agent", type: "Bot" }), ...committed(["agent[bot]"], false) },
        reviews: ["wendy", "olga"],
      },
      "waiting",
      "high",
      ["nobody is named behind the agent"],
    ],
  ]);
});

describe("a retarget", () => {
  const moved = (retargetedAt: string) => request({}, { retargetedAt });
  const statement = { tiers: { high: { statement: true } } };
  table([
    [
      "S06 voids approvals given before it",
      { facts: moved("2026-11-24T09:30:00Z"), reviews: ["wendy", "olga"] },
      "waiting",
      "high",
      ["not counted @wendy: approved before the pull request was moved to another base branch"],
    ],
    [
      "S06 leaves approvals given after it",
      { facts: moved("2026-11-24T08:30:00Z"), reviews: ["wendy", "olga"] },
      "approved",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "met: system-owner for system bot: approved by @wendy",
        "counted @olga: holds risk-owner for this tier",
      ],
    ],
    [
      "S06 voids a risk acceptance given before it",
      {
        policy: statement,
        facts: {
          ...moved("2026-11-24T08:30:00Z"),
          commands: [by("omar", "accept-risk", HEAD, "2026-11-24T08:00:00Z")],
        },
        reviews: ["wendy", "olga"],
      },
      "waiting",
      "high",
      ["a risk-owner comments /countersign accept-risk"],
    ],
  ]);
});

describe("the author's own approval, where the policy records it", () => {
  const own = { selfApproval: "recorded" as const };
  const alone = { ...own, roles: { ...POLICY.roles, "ai-reviewer": ["@anna"] } };
  const command = { person: { login: "anna", type: "User" }, via: "command" as const };
  table([
    [
      "is asked for when nobody else holds the role",
      { policy: alone, systems: [low] },
      "waiting",
      "low",
      ["ai-reviewer for this tier: needs 1 approval of @anna"],
    ],
    [
      "is marked as weak",
      { policy: alone, systems: [low], reviews: [command] },
      "approved",
      "low",
      ["counted @anna: holds ai-reviewer for this tier, by self-approval (weak)"],
    ],
    [
      "still leaves medium asking two people",
      {
        policy: { ...own, roles: { ...POLICY.roles, "ai-reviewer": ["@anna"] } },
        systems: [system({ tier: "medium", owner: "@anna" })],
        reviews: [command],
      },
      "waiting",
      "medium",
      ["1 of 2 different people"],
    ],
    [
      "is never an agent's",
      {
        policy: { ...own, roles: { ...POLICY.roles, "ai-reviewer": ["@agent"] } },
        systems: [low],
        facts: request({ login: "agent", type: "Bot" }),
        reviews: [{ person: { login: "agent", type: "Bot" }, via: "command" }],
      },
      "blocked",
      "low",
      ["not counted @agent: is not a person (Bot)", "nobody is left to fill it"],
    ],
  ]);
});
