import { describe } from "vitest";
import type { Command } from "../../src/core/facts.ts";
import { HEAD, table } from "./situation.ts";

const policy = { tiers: { high: { statement: true } } };
const reviews = ["wendy", "olga"];
const accept = (login: string, fields: Partial<Command> = {}) => ({
  commands: [
    {
      name: "accept-risk",
      argument: HEAD,
      reason: "we need it",
      person: { login, type: "User" },
      createdAt: "2026-11-24T10:00:00.000Z",
      ...fields,
    },
  ],
});

describe("a risk acceptance", () => {
  table([
    [
      "S06 dies when the tier rises",
      { policy, reviews, facts: accept("omar", { tier: "medium" }) },
      "waiting",
      "high",
      ["@omar accepted the risk of medium, and the tier rose to high: a risk-owner comments"],
    ],
    [
      "S06 stands when the tier falls",
      { policy, reviews, facts: accept("omar", { tier: "critical" }) },
      "approved",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "met: system-owner for system bot: approved by @wendy",
        "counted @olga: holds risk-owner for this tier",
      ],
    ],
    [
      "stands at the tier it named",
      { policy, reviews, facts: accept("omar", { tier: "high" }) },
      "approved",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "met: system-owner for system bot: approved by @wendy",
        "counted @olga: holds risk-owner for this tier",
      ],
    ],
    [
      "lives as long as an approval",
      { policy, reviews: [], facts: accept("omar", { createdAt: "2026-11-10T12:00:00.000Z" }) },
      "waiting",
      "high",
      ["the acceptance of @omar expired: a risk-owner comments"],
    ],
    [
      "is not the author's",
      {
        policy,
        facts: {
          ...accept("omar"),
          pullRequest: { author: { login: "omar", type: "User" }, body: "", draft: false },
          pushers: ["omar"],
        },
        reviews,
      },
      "waiting",
      "high",
      ["/countersign accept-risk"],
    ],
    [
      "is not a pusher's",
      { policy, facts: { ...accept("omar"), pushers: ["anna", "omar"] }, reviews },
      "waiting",
      "high",
      ["/countersign accept-risk"],
    ],
    [
      "is not a bot's",
      { policy, facts: accept("omar", { person: { login: "omar", type: "Bot" } }), reviews },
      "waiting",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "waiting: a risk-owner comments /countersign accept-risk aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa <reason>",
      ],
    ],
    [
      "S09 is not a reader's",
      {
        policy,
        facts: {
          ...accept("omar"),
          access: new Map([
            ["omar", "read"],
            ["wendy", "write"],
            ["olga", "write"],
          ]),
        },
        reviews,
      },
      "waiting",
      "high",
      ["/countersign accept-risk"],
    ],
    [
      "may be a delegate's",
      {
        policy: {
          ...policy,
          delegations: [{ from: "@omar", to: "@dora", roles: ["risk-owner"], until: "2026-12-31" }],
        },
        facts: accept("dora"),
        reviews,
      },
      "approved",
      "high",
      ["@dora accepted the risk: we need it"],
    ],
    [
      "may be given again after it expired",
      {
        policy,
        facts: {
          commands: [
            ...accept("omar", { createdAt: "2026-11-01T12:00:00.000Z" }).commands,
            ...accept("olga", { reason: "again" }).commands,
          ],
        },
        reviews,
      },
      "approved",
      "high",
      ["@olga accepted the risk: again"],
    ],
    [
      "is never the text of the pull request",
      {
        policy,
        facts: {
          pullRequest: {
            author: { login: "anna", type: "User" },
            body: `/countersign accept-risk ${HEAD} we need it`,
            draft: false,
          },
        },
        reviews,
      },
      "waiting",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "waiting: a risk-owner comments /countersign accept-risk aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa <reason>",
      ],
    ],
  ]);
});
