import { describe, expect, it } from "vitest";
import { SEVERITIES } from "../../src/core/finding.ts";
import { GOVERNED_TIERS, type GovernedTier, TIERS, type Tier } from "../../src/core/policy.ts";
import type { Identity, Provider } from "../../src/core/registry.ts";
import { MATRIX } from "../../src/core/tier.ts";
import { decideSituation, explained, HEAD, POLICY, system, table } from "./situation.ts";

const low = system({ tier: "low" });
const medium = system({ tier: "medium" });
const critical = system({ tier: "critical" });
const identity: Identity = { id: "key", type: "api-key", owner: "@ida", references: ["API_KEY"], state: "active" };
const provider: Provider = {
  id: "acme-ai",
  owner: "@vera",
  hosts: ["new"],
  approval: { status: "approved" },
  disclosures: [
    { type: "lifecycle-controls", ref: "a", expires: "2027-01-10" },
    { type: "incident-escalation", ref: "b", expires: "2027-01-10" },
    { type: "ongoing-oversight", ref: "c", expires: "2027-01-10" },
  ],
};

describe("the tier walks the matrix", () => {
  const matrix: Readonly<Record<GovernedTier, readonly [Tier, Tier, Tier, Tier]>> = {
    low: ["none", "low", "low", "medium"],
    medium: ["none", "low", "medium", "high"],
    high: ["none", "low", "high", "critical"],
    critical: ["none", "medium", "critical", "critical"],
  };
  const cells = GOVERNED_TIERS.flatMap((inherent) =>
    SEVERITIES.map((severity, column) => [inherent, severity, matrix[inherent][column] as Tier] as const),
  );
  it.each(cells)("%s system, %s change: %s", (inherent, severity, expected) => {
    const { tier, text } = explained({ systems: [system({ tier: inherent })], changes: [{ severity }] });
    expect(tier).toBe(expected);
    if (severity !== "trivial")
      expect(text).toContain(
        `model/example changed at bot/agent.py:1 is ${severity} -> system bot is ${inherent} (declared) -> ${severity} x ${inherent} = ${expected}`,
      );
  });
  it.each(["high", "critical"] as const)("a floor of %s holds in every row", (floor) => {
    for (const inherent of GOVERNED_TIERS) {
      const { tier } = explained({ systems: [system({ tier: inherent })], changes: [{ severity: "minor", floor }] });
      expect(TIERS.indexOf(tier)).toBeGreaterThanOrEqual(TIERS.indexOf(floor));
    }
  });
  table([
    ["nothing found is not governed", { changes: [] }, "not-governed", "none", []],
    ["a trivial finding asks for nothing", { changes: [{ severity: "trivial" }] }, "not-governed", "none", []],
    [
      "the heaviest of two findings counts",
      { changes: [{ severity: "minor" }, { severity: "major", path: "bot/b.py" }] },
      "waiting",
      "critical",
      ["major x high = critical"],
    ],
    [
      "the highest of two systems counts",
      { systems: [low, system({ id: "vault", tier: "critical", paths: ["bot/agent.py"] })] },
      "waiting",
      "critical",
      ["system bot is low", "system vault is critical"],
    ],
    [
      "outside every system the unregistered tier is the row",
      { changes: [{ path: "elsewhere.py" }] },
      "waiting",
      "medium",
      ["no registered system is medium"],
    ],
    [
      "the unregistered tier can be raised",
      { changes: [{ path: "elsewhere.py" }], policy: { unregisteredTier: "critical" } },
      "blocked",
      "critical",
      [
        "record/rollback-missing: the plan of the unregistered system lacks an owner",
        "no registered system is critical (unregisteredTier)",
      ],
    ],
  ]);
});

describe("a system's inherent tier is raised by what it may do", () => {
  const money = { tools: [{ id: "refund", effects: ["money" as const] }] };
  const row = (
    name: string,
    fields: Parameters<typeof system>[0],
    expected: Tier,
  ): readonly [string, Parameters<typeof system>[0], Tier] => [name, fields, expected];
  it.each([
    row("money and autonomy", { ...money, risk: { autonomy: "autonomous" } }, "critical"),
    row("money under supervision", { ...money, risk: { autonomy: "supervised" } }, "medium"),
    row(
      "money beside reading, and autonomy",
      { tools: [{ id: "refund", effects: ["read", "money"] }], risk: { autonomy: "autonomous" } },
      "critical",
    ),
    row("reading and autonomy", { tools: [{ id: "t", effects: ["read"] }], risk: { autonomy: "autonomous" } }, "low"),
    row(
      "safety and autonomy",
      { tools: [{ id: "valve", effects: ["safety"] }], risk: { autonomy: "autonomous" } },
      "critical",
    ),
    row(
      "legal and autonomy",
      { tools: [{ id: "file", effects: ["legal"] }], risk: { autonomy: "autonomous" } },
      "critical",
    ),
    row("EU AI Act high", { risk: { euAiAct: "high" } }, "high"),
    row("special-category data", { risk: { data: ["special-category"] } }, "high"),
    row("payment data", { risk: { data: ["payment"] } }, "high"),
    row(
      "external users with write tools",
      { risk: { affects: ["external-users"] }, tools: [{ id: "t", effects: ["write"] }] },
      "high",
    ),
    row("personal data", { risk: { data: ["personal"] } }, "medium"),
    row("external users", { risk: { affects: ["external-users"] } }, "medium"),
    row("a tool that writes", { tools: [{ id: "t", effects: ["write"] }] }, "medium"),
    row("a tool that reads", { tools: [{ id: "t", effects: ["read"] }] }, "low"),
    row("internal users", { risk: { affects: ["internal"], data: ["none"] } }, "low"),
  ])("%s", (_, fields, expected) => {
    const { tier } = explained({ systems: [system({ tier: "low", ...fields })] });
    expect(tier).toBe(MATRIX[expected as "low"].material);
  });
  it.each(GOVERNED_TIERS)("and never lowered below %s as it is declared", (declared) => {
    const { tier, text } = explained({ systems: [system({ tier: declared, risk: { data: ["personal"] } })] });
    const expected = declared === "low" ? "medium" : declared;
    expect(tier).toBe(MATRIX[expected].material);
    expect(text).toContain(`system bot is ${expected} (${declared === "low" ? "personal data" : "declared"})`);
  });
  it("an admin identity", () => {
    const { tier } = explained({
      systems: [system({ tier: "low", identities: ["key"] })],
      identities: [{ ...identity, privilege: "admin" }],
    });
    expect(tier).toBe("high");
  });
});

describe("who must approve", () => {
  table([
    [
      "nobody approved",
      {},
      "waiting",
      "high",
      [
        "waiting: system-owner for system bot: needs 1 approval of @wendy",
        "waiting: risk-owner for this tier",
        "0 of 2 different people",
      ],
    ],
    [
      "owner and risk owner approved",
      { reviews: ["wendy", "olga"] },
      "approved",
      "high",
      ["met: system-owner for system bot: approved by @wendy", "counted @olga: holds risk-owner"],
    ],
    ["only the owner", { reviews: ["wendy"] }, "waiting", "high", ["1 of 2 different people"]],
    ["only the risk owner", { reviews: ["olga"] }, "waiting", "high", ["needs 1 approval of @wendy"]],
    ["two who hold no role", { reviews: ["xeno", "yan"] }, "waiting", "high", ["not counted @xeno: holds no role"]],
    [
      "logins compare without case",
      { reviews: ["Wendy", "OLGA"] },
      "approved",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "met: system-owner for system bot: approved by @Wendy",
        "counted @OLGA: holds risk-owner for this tier",
      ],
    ],
    [
      "low asks one reviewer",
      { systems: [low], reviews: ["rita"] },
      "approved",
      "low",
      ["met: ai-reviewer for this tier: approved by @rita"],
    ],
    ["low without a reviewer", { systems: [low] }, "waiting", "low", ["needs 1 approval of @rita, @ravi"]],
    [
      "low is not filled by the owner",
      { systems: [low], reviews: ["wendy"] },
      "waiting",
      "low",
      [
        "system bot is low (declared) -> material x low = low",
        "waiting: ai-reviewer for this tier: needs 1 approval of @rita, @ravi",
      ],
    ],
    [
      "medium asks owner and reviewer",
      { systems: [medium], reviews: ["wendy", "rita"] },
      "approved",
      "medium",
      [
        "system bot is medium (declared) -> material x medium = medium",
        "met: system-owner for system bot: approved by @wendy",
        "counted @rita: holds ai-reviewer for this tier",
      ],
    ],
    [
      "medium without the reviewer",
      { systems: [medium], reviews: ["wendy", "olga"] },
      "waiting",
      "medium",
      ["ai-reviewer for this tier: needs 1 approval"],
    ],
    [
      "critical also asks security, a statement and a rehearsal",
      { systems: [critical], reviews: ["wendy", "olga", "sam"] },
      "waiting",
      "critical",
      ["met: security", "/countersign accept-risk", "needs a rehearsal on record"],
    ],
    [
      "high asks security for a credential",
      { changes: [{ class: "credential" }], reviews: ["wendy", "olga"] },
      "waiting",
      "high",
      ["security for this tier: needs 1 approval"],
    ],
    [
      "and security approves it",
      { changes: [{ class: "credential" }], reviews: ["wendy", "olga", "sara"] },
      "approved",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "met: system-owner for system bot: approved by @wendy",
        "counted @sara: holds security for this tier",
      ],
    ],
    [
      "high asks security for a tool",
      { changes: [{ class: "tool" }], reviews: ["wendy", "olga"] },
      "waiting",
      "high",
      ["security for this tier"],
    ],
    [
      "high asks security for a provider",
      { changes: [{ class: "provider" }], reviews: ["wendy", "olga"] },
      "waiting",
      "high",
      ["security for this tier"],
    ],
    [
      "high asks no security for a prompt",
      { changes: [{ class: "prompt" }], reviews: ["wendy", "olga"] },
      "approved",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "met: system-owner for system bot: approved by @wendy",
        "counted @olga: holds risk-owner for this tier",
      ],
    ],
    [
      "every touched system's owner",
      { systems: [system(), system({ id: "b", owner: "@bea" })], reviews: ["wendy", "olga"] },
      "waiting",
      "high",
      ["system-owner for system b: needs 1 approval of @bea"],
    ],
    [
      "one owner of two systems is asked once",
      { systems: [system(), system({ id: "b" })], reviews: ["wendy", "olga"] },
      "approved",
      "high",
      ["system-owner for system b, system bot: approved by @wendy"],
    ],
    [
      "a system's own approvers from medium up",
      { systems: [system({ approvers: ["privacy"] })], reviews: ["wendy", "olga"] },
      "waiting",
      "high",
      ["privacy for system bot: needs 1 approval of @pia"],
    ],
    [
      "not below medium",
      { systems: [system({ tier: "low", approvers: ["privacy"] })], reviews: ["rita"] },
      "approved",
      "low",
      [
        "system bot is low (declared) -> material x low = low",
        "met: ai-reviewer for this tier: approved by @rita",
        "counted @rita: holds ai-reviewer for this tier",
      ],
    ],
    [
      "a changed identity's owner",
      {
        changes: [{ class: "credential", references: ["API_KEY"] }],
        identities: [identity],
        reviews: ["wendy", "olga", "sam"],
      },
      "waiting",
      "high",
      ["identity-owner for identity key: needs 1 approval of @ida"],
    ],
    [
      "and the identity's owner approves",
      {
        changes: [{ class: "credential", references: ["API_KEY"] }],
        identities: [identity],
        reviews: ["wendy", "olga", "sam", "ida"],
      },
      "approved",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "met: system-owner for system bot: approved by @wendy",
        "counted @sam: holds security for this tier",
      ],
    ],
    [
      "a changed provider's owner",
      { changes: [{ class: "provider" }], providers: [provider], reviews: ["wendy", "olga", "sam"] },
      "waiting",
      "high",
      ["provider-owner for provider acme-ai: needs 1 approval of @vera"],
    ],
    [
      "unregistered: the policy's role stands in for the owner",
      { changes: [{ path: "x.py" }], reviews: ["olga", "rita"] },
      "approved",
      "medium",
      ["risk-owner stands in"],
    ],
    [
      "unregistered, and the reviewer alone is not enough",
      { changes: [{ path: "x.py" }], reviews: ["rita", "ravi"] },
      "waiting",
      "medium",
      ["an unregistered system"],
    ],
    [
      "one person may fill several roles, heads are counted",
      { systems: [system({ owner: "@olga" })], reviews: ["olga"] },
      "waiting",
      "high",
      ["met: system-owner", "met: risk-owner", "1 of 2 different people"],
    ],
    [
      "a second person of any role completes the heads",
      { systems: [system({ owner: "@olga" })], reviews: ["olga", "pia"] },
      "approved",
      "high",
      ["counts towards the number of people"],
    ],
    [
      "a count of two",
      { policy: { tiers: { high: { approvals: [{ role: "risk-owner", count: 2 }] } } }, reviews: ["wendy", "olga"] },
      "waiting",
      "high",
      ["risk-owner for this tier: needs 1 approval"],
    ],
    [
      "a count of two met",
      {
        policy: { tiers: { high: { approvals: [{ role: "risk-owner", count: 2 }] } } },
        reviews: ["wendy", "olga", "omar"],
      },
      "approved",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "met: system-owner for system bot: approved by @wendy",
        "counted @omar: holds risk-owner for this tier",
      ],
    ],
    [
      "a role with nobody is an error at once",
      { policy: { roles: { ...POLICY.roles, "risk-owner": [] } }, reviews: ["wendy"] },
      "blocked",
      "high",
      ["nobody holds the role", "roles.risk-owner"],
    ],
    [
      "a count above the people there are",
      { policy: { tiers: { high: { approvals: [{ role: "risk-owner", count: 3 }] } } } },
      "blocked",
      "high",
      ["only 2 of 3 could"],
    ],
    [
      "a role filled by a team",
      {
        policy: { roles: { ...POLICY.roles, "ai-reviewer": ["@acme/ml"] } },
        systems: [low],
        reviews: ["Tom"],
        facts: { teams: new Map([["acme/ml", ["tom"]]]) },
      },
      "approved",
      "low",
      ["holds ai-reviewer"],
    ],
    [
      "P24 an unreadable team blocks",
      { policy: { roles: { ...POLICY.roles, "ai-reviewer": ["@acme/ml"] } }, systems: [low], reviews: ["tom"] },
      "blocked",
      "low",
      ["the members of @acme/ml cannot be read"],
    ],
    [
      "an unreadable team does not matter where a named person approved",
      {
        policy: { roles: { ...POLICY.roles, "ai-reviewer": ["@acme/ml", "@rita"] } },
        systems: [low],
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
      "an empty team has nobody",
      {
        policy: { roles: { ...POLICY.roles, "ai-reviewer": ["@acme/ml"] } },
        systems: [low],
        facts: { teams: new Map([["acme/ml", []]]) },
      },
      "blocked",
      "low",
      ["nobody is left"],
    ],
    [
      "without an author nothing is approved",
      { reviews: ["wendy", "olga"], facts: { pullRequest: null } },
      "waiting",
      "high",
      ["the author is not known"],
    ],
    [
      "S11 unknown pushers ask one person more",
      { reviews: ["wendy", "olga"], facts: { pushers: null } },
      "waiting",
      "high",
      ["2 of 3 different people", "not known who pushed"],
    ],
    [
      "S11 pushers of whom some are unknown ask one person more, and those who are known stay excluded",
      { reviews: ["wendy", "olga"], facts: { pushers: ["wendy"], pushersIncomplete: true } },
      "waiting",
      "high",
      ["1 of 3 different people", "pushed to this pull request", "not known who pushed some of its commits"],
    ],
  ]);
});

describe("stand-ins and delegations", () => {
  const delegated = { delegations: [{ from: "@olga", to: "@dora", roles: ["risk-owner"], until: "2026-12-31" }] };
  const author = (login: string) => ({
    pullRequest: { author: { login, type: "User" }, body: "", draft: false },
    pushers: [login],
  });
  table([
    [
      "the deputy stands in for an owner who is the author",
      { facts: author("wendy"), reviews: ["dan", "olga"] },
      "approved",
      "high",
      ["stands in for @wendy"],
    ],
    [
      "the risk owner stands in after the deputies",
      { systems: [system({ deputies: [] })], facts: author("wendy"), reviews: ["olga", "omar"] },
      "approved",
      "high",
      ["stands in for @wendy"],
    ],
    [
      "a deputy does not count while the owner is independent",
      { reviews: ["dan", "olga"] },
      "waiting",
      "high",
      ["needs 1 approval of @wendy"],
    ],
    [
      "the owner's own approval does not count for the author",
      { facts: author("wendy"), reviews: ["wendy", "olga"] },
      "waiting",
      "high",
      ["not counted @wendy: is not independent: is the author"],
    ],
    [
      "a current delegation counts",
      { policy: delegated, reviews: ["wendy", "dora"] },
      "approved",
      "high",
      ["stands in for @olga"],
    ],
    [
      "an ended delegation does not",
      { policy: delegated, reviews: ["wendy", "dora"], now: "2027-01-01T00:00:00Z" },
      "waiting",
      "high",
      ["not counted @dora"],
    ],
    [
      "a delegate who is the author does not count",
      { policy: delegated, facts: author("dora"), reviews: ["wendy", "dora"] },
      "waiting",
      "high",
      ["not counted @dora"],
    ],
    [
      "a delegation of another role does not count",
      {
        policy: { delegations: [{ from: "@olga", to: "@dora", roles: ["security"], until: "2026-12-31" }] },
        reviews: ["wendy", "dora"],
      },
      "waiting",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "waiting: risk-owner for this tier: needs 1 approval of @olga, @omar",
      ],
    ],
    [
      "a delegation counts for an owner too",
      {
        policy: { delegations: [{ from: "@wendy", to: "@dora", roles: ["system-owner"], until: "2026-12-31" }] },
        reviews: ["dora", "olga"],
      },
      "approved",
      "high",
      ["stands in for @wendy"],
    ],
    [
      "both owner and deputy are not independent and the risk owner is",
      { facts: { ...author("wendy"), pushers: ["wendy", "dan"] }, reviews: ["omar", "olga"] },
      "approved",
      "high",
      ["stands in for @wendy"],
    ],
    [
      "a system without an owner falls to the risk owner",
      {
        systems: [system({ tier: "medium", owner: undefined as never, deputies: [] })],
        reviews: ["olga", "rita"],
      },
      "approved",
      "medium",
      [
        "system bot is medium (declared) -> material x medium = medium",
        "met: system-owner for system bot: approved by @olga",
        "counted @rita: holds ai-reviewer for this tier",
      ],
    ],
    [
      "an author of every role leaves nobody",
      {
        policy: { roles: { "risk-owner": ["@olga"], "ai-reviewer": ["@rita"] } },
        systems: [system({ owner: "@olga", deputies: [] })],
        facts: author("olga"),
      },
      "blocked",
      "high",
      ["nobody is left to fill it"],
    ],
  ]);
});

describe("whose approval counts", () => {
  const commit = (logins: readonly string[], governed: boolean) => ({
    commits: [{ id: "c".repeat(40), logins, governed }],
  });
  const review = (fields: object) => ({ person: { login: "olga", type: "User" }, ...fields });
  table([
    [
      "P26 a pusher does not",
      { facts: { pushers: ["anna", "olga"] }, reviews: ["wendy", "olga"] },
      "waiting",
      "high",
      ["not counted @olga: is not independent: pushed"],
    ],
    [
      "S11 who committed governed content does not",
      { facts: commit(["olga"], true), reviews: ["wendy", "olga"] },
      "waiting",
      "high",
      ["committed governed content in cccccccccccc"],
    ],
    [
      "S11 who committed something else does",
      { facts: commit(["olga"], false), reviews: ["wendy", "olga"] },
      "approved",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "met: system-owner for system bot: approved by @wendy",
        "counted @olga: holds risk-owner for this tier",
      ],
    ],
    [
      "P23 a bot does not",
      { reviews: ["wendy", review({ person: { login: "olga", type: "Bot" } })] },
      "waiting",
      "high",
      ["is not a person (Bot)"],
    ],
    [
      "a [bot] of type User does not",
      {
        policy: { roles: { ...POLICY.roles, "risk-owner": ["@olga", "@omar", "@x"] } },
        reviews: ["wendy", review({ person: { login: "olga[bot]", type: "User" } })],
      },
      "waiting",
      "high",
      ["is not a person"],
    ],
    [
      "P23 a ghost does not",
      { reviews: ["wendy", review({ person: null })] },
      "waiting",
      "high",
      ["is a deleted account"],
    ],
    [
      "P21 a comment is no vote",
      { reviews: ["wendy", review({ state: "COMMENTED" })] },
      "waiting",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "waiting: risk-owner for this tier: needs 1 approval of @olga, @omar",
      ],
    ],
    [
      "P21 a later comment withdraws nothing",
      { reviews: ["wendy", "olga", review({ state: "COMMENTED", submittedAt: "2026-11-24T10:00:00Z" })] },
      "approved",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "met: system-owner for system bot: approved by @wendy",
        "counted @olga: holds risk-owner for this tier",
      ],
    ],
    [
      "P21 a dismissal withdraws",
      { reviews: ["wendy", "olga", review({ state: "DISMISSED", submittedAt: "2026-11-24T10:00:00Z" })] },
      "waiting",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "waiting: risk-owner for this tier: needs 1 approval of @olga, @omar",
      ],
    ],
    [
      "S10 requested changes keep it waiting",
      { reviews: ["wendy", "olga", review({ person: { login: "omar", type: "User" }, state: "CHANGES_REQUESTED" })] },
      "waiting",
      "high",
      ["@omar (risk-owner) requested changes"],
    ],
    [
      "S10 not those of somebody without a role",
      { reviews: ["wendy", "olga", review({ person: { login: "xeno", type: "User" }, state: "CHANGES_REQUESTED" })] },
      "approved",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "met: system-owner for system bot: approved by @wendy",
        "counted @olga: holds risk-owner for this tier",
      ],
    ],
    [
      "S10 changed to an approval",
      { reviews: ["wendy", review({ state: "CHANGES_REQUESTED", submittedAt: "2026-11-24T08:00:00Z" }), "olga"] },
      "approved",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "met: system-owner for system bot: approved by @wendy",
        "counted @olga: holds risk-owner for this tier",
      ],
    ],
    [
      "an approval of other content is stale",
      { reviews: ["wendy", review({ binding: { facts: "x", files: "x", "change-set": "x" } })] },
      "waiting",
      "high",
      ["the governed content (files) changed since"],
    ],
    [
      "S05 at medium only facts bind",
      { systems: [medium], reviews: ["wendy", "rita"], policy: { tiers: { medium: { bind: "facts" } } } },
      "approved",
      "medium",
      [
        "system bot is medium (declared) -> material x medium = medium",
        "met: system-owner for system bot: approved by @wendy",
        "counted @rita: holds ai-reviewer for this tier",
      ],
    ],
    [
      "an approval whose content cannot be known is stale",
      { reviews: ["wendy", review({ binding: null, unbound: "the commit is gone" })] },
      "waiting",
      "high",
      ["the commit is gone"],
    ],
    [
      "an approval expires",
      { reviews: ["wendy", review({ submittedAt: "2026-11-10T12:00:00Z" })] },
      "waiting",
      "high",
      ["expired at 2026-11-24T12:00:00.000Z"],
    ],
    [
      "and lives until then",
      { reviews: ["wendy", review({ submittedAt: "2026-11-10T12:00:01Z" })] },
      "approved",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "met: system-owner for system bot: approved by @wendy",
        "counted @olga: holds risk-owner for this tier",
      ],
    ],
    [
      "S09 read access is not enough",
      {
        reviews: ["wendy", "olga"],
        facts: {
          access: new Map([
            ["wendy", "write"],
            ["olga", "read"],
          ]),
        },
      },
      "waiting",
      "high",
      ["has only read access"],
    ],
    [
      "S09 access that is not listed is none",
      { reviews: ["wendy", "olga"], facts: { access: new Map([["wendy", "write"]]) } },
      "waiting",
      "high",
      ["has no access"],
    ],
    [
      "S09 maintain and admin are enough",
      {
        reviews: ["wendy", "olga"],
        facts: {
          access: new Map([
            ["wendy", "maintain"],
            ["olga", "admin"],
          ]),
        },
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
      "self approval is never by default",
      {
        systems: [low],
        facts: { pullRequest: { author: { login: "rita", type: "User" }, body: "", draft: false }, pushers: ["rita"] },
        reviews: [{ person: { login: "rita", type: "User" }, via: "command" }],
      },
      "waiting",
      "low",
      ["is the author"],
    ],
    [
      "self approval recorded, by command, at low",
      {
        policy: { selfApproval: "recorded" },
        systems: [low],
        facts: { pullRequest: { author: { login: "rita", type: "User" }, body: "", draft: false }, pushers: ["rita"] },
        reviews: [{ person: { login: "rita", type: "User" }, via: "command" }],
      },
      "approved",
      "low",
      [
        "system bot is low (declared) -> material x low = low",
        "met: ai-reviewer for this tier: approved by @rita",
        "counted @rita: holds ai-reviewer for this tier, by self-approval (weak)",
      ],
    ],
    [
      "self approval by review is none",
      {
        policy: { selfApproval: "recorded" },
        systems: [low],
        facts: { pullRequest: { author: { login: "rita", type: "User" }, body: "", draft: false }, pushers: ["rita"] },
        reviews: ["rita"],
      },
      "waiting",
      "low",
      [
        "system bot is low (declared) -> material x low = low",
        "waiting: ai-reviewer for this tier: needs 1 approval of @rita, @ravi",
      ],
    ],
    [
      "self approval at high is none",
      {
        policy: { selfApproval: "recorded" },
        facts: { pullRequest: { author: { login: "olga", type: "User" }, body: "", draft: false }, pushers: ["olga"] },
        reviews: ["wendy", { person: { login: "olga", type: "User" }, via: "command" }],
      },
      "waiting",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "waiting: risk-owner for this tier: needs 1 approval of @omar",
      ],
    ],
  ]);
});

describe("revalidation", () => {
  const approved = ["wendy", "olga"] as const;
  const result = (fields: object) => ({
    checks: [
      {
        name: "evals",
        app: "acme-evals",
        workflow: null,
        head: HEAD,
        status: "completed",
        conclusion: "success",
        completedAt: "2026-11-24T10:00:00Z",
        ...fields,
      },
    ],
  });
  const actions = {
    checks: {
      evals: { name: "evals", app: "github-actions", workflow: ".github/workflows/evals.yml", from: "high" as const },
    },
  };
  const aged = { checks: { evals: { name: "evals", app: "acme-evals", maxAge: "PT1H" } } };
  table([
    ["a check that ran well", { reviews: approved, facts: result({}) }, "approved", "high", ["met: evals succeeded"]],
    [
      "a check that is missing",
      { reviews: approved, facts: { checks: [] } },
      "waiting",
      "high",
      ["evals (app acme-evals) has not reported"],
    ],
    [
      "P12 skipped does not count",
      { reviews: approved, facts: result({ conclusion: "skipped" }) },
      "blocked",
      "high",
      ["ended with skipped"],
    ],
    [
      "P12 neutral does not count",
      { reviews: approved, facts: result({ conclusion: "neutral" }) },
      "blocked",
      "high",
      ["ended with neutral"],
    ],
    [
      "a failed check blocks",
      { reviews: approved, facts: result({ conclusion: "failure" }) },
      "blocked",
      "high",
      ["ended with failure"],
    ],
    [
      "a running check waits",
      { reviews: approved, facts: result({ status: "in_progress", conclusion: null, completedAt: null }) },
      "waiting",
      "high",
      ["evals is in_progress"],
    ],
    [
      "P11 another app's check of that name is none",
      { reviews: approved, facts: result({ app: "forger" }) },
      "waiting",
      "high",
      ["has not reported"],
    ],
    [
      "P09 a check of another head is none",
      { reviews: approved, facts: result({ head: "d".repeat(40) }) },
      "waiting",
      "high",
      ["has not reported"],
    ],
    [
      "an old result waits",
      { reviews: approved, policy: aged, facts: result({}) },
      "waiting",
      "high",
      ["older than PT1H"],
    ],
    [
      "S16 of Actions only the named workflow's job counts",
      {
        reviews: approved,
        policy: actions,
        facts: result({ app: "github-actions", workflow: ".github/workflows/forged.yml" }),
      },
      "waiting",
      "high",
      [".github/workflows/evals.yml"],
    ],
    [
      "S16 and it counts",
      {
        reviews: approved,
        policy: actions,
        facts: result({ app: "github-actions", workflow: ".github/workflows/evals.yml" }),
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
      "S16 a workflow that ended without the job blocks",
      {
        reviews: approved,
        policy: actions,
        facts: { checks: [], workflowRuns: [{ path: ".github/workflows/evals.yml", head: HEAD, status: "completed" }] },
      },
      "blocked",
      "high",
      ["evals is missing: .github/workflows/evals.yml ended without it"],
    ],
    [
      "a check below its tier is not asked",
      { systems: [low], reviews: ["rita"], facts: { checks: [] } },
      "approved",
      "low",
      [
        "system bot is low (declared) -> material x low = low",
        "met: ai-reviewer for this tier: approved by @rita",
        "counted @rita: holds ai-reviewer for this tier",
      ],
    ],
    [
      "a check of other classes is not asked",
      { changes: [{ class: "guardrail" }], reviews: approved, facts: { checks: [] } },
      "approved",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "met: system-owner for system bot: approved by @wendy",
        "counted @olga: holds risk-owner for this tier",
      ],
    ],
    [
      "a model change no check covers blocks at high",
      { policy: { checks: {} }, reviews: approved },
      "blocked",
      "high",
      ["no check of the policy covers model changes"],
    ],
    [
      "and is fine at medium",
      { policy: { checks: {} }, systems: [medium], reviews: ["wendy", "rita"] },
      "approved",
      "medium",
      [
        "system bot is medium (declared) -> material x medium = medium",
        "met: system-owner for system bot: approved by @wendy",
        "counted @rita: holds ai-reviewer for this tier",
      ],
    ],
  ]);
});

describe("records that block, exceptions and cures", () => {
  const approved = ["wendy", "olga", "ida", "sam", "vera"];
  const exception = (rule: string, scope: object, fields: object = {}) => [
    {
      id: "EX-1",
      rule,
      scope,
      reason: "r",
      compensatingControls: ["c"],
      acceptedBy: "@olga",
      created: "2026-10-01",
      expires: "2026-12-20",
      ...fields,
    },
  ];
  const overdue = system({ review: { every: "P90D", last: "2026-01-01" } });
  const keyed = { changes: [{ class: "credential" as const, references: ["API_KEY"] }], reviews: approved };
  const provided = { changes: [{ class: "provider" as const }], reviews: approved };
  table([
    [
      "a prohibited practice",
      {
        systems: [system({ risk: { euAiAct: "prohibited", impactAssessment: { ref: "x", expires: "2027-01-01" } } })],
        reviews: approved,
      },
      "blocked",
      "high",
      ["record/prohibited-practice"],
    ],
    [
      "a retired system",
      { systems: [system({ lifecycle: "retired" })], reviews: approved },
      "blocked",
      "high",
      ["record/system-retired"],
    ],
    [
      "a system without an owner",
      { systems: [system({ owner: undefined as never })], reviews: approved },
      "blocked",
      "high",
      ["record/owner-missing"],
    ],
    [
      "a low system without an owner",
      { systems: [system({ tier: "low", owner: undefined as never })], reviews: ["rita"] },
      "approved",
      "low",
      [
        "system bot is low (declared) -> material x low = low",
        "met: ai-reviewer for this tier: approved by @rita",
        "counted @rita: holds ai-reviewer for this tier",
      ],
    ],
    [
      "no monitoring at high",
      { systems: [system({ monitoring: {} })], reviews: approved },
      "blocked",
      "high",
      ["record/monitoring-missing"],
    ],
    [
      "an overdue review",
      { systems: [overdue], reviews: approved },
      "blocked",
      "high",
      ["record/review-overdue: system bot was due for review on 2026-04-02"],
    ],
    [
      "no review at all",
      { systems: [system({ review: undefined as never })], reviews: approved },
      "blocked",
      "high",
      ["system bot has no review on record"],
    ],
    [
      "a review within its grace",
      { systems: [system({ review: { every: "P90D", last: "2026-08-01" } })], reviews: approved },
      "approved",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "met: system-owner for system bot: approved by @wendy",
        "counted @sam: holds security; counts towards the number of people",
      ],
    ],
    [
      "an overdue review warns where the change is low",
      { systems: [overdue], changes: [{ severity: "minor" }], reviews: ["rita"] },
      "approved",
      "low",
      ["a warning below high"],
    ],
    [
      "an expired impact assessment",
      { systems: [system({ risk: { impactAssessment: { ref: "x", expires: "2026-11-23" } } })], reviews: approved },
      "blocked",
      "high",
      ["record/impact-overdue"],
    ],
    [
      "an impact assessment that ends today holds all day",
      { systems: [system({ risk: { impactAssessment: { ref: "x", expires: "2026-11-24" } } })], reviews: approved },
      "approved",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "met: system-owner for system bot: approved by @wendy",
        "counted @sam: holds security; counts towards the number of people",
      ],
    ],
    [
      "a suspended identity",
      { ...keyed, identities: [{ ...identity, state: "suspended" }] },
      "blocked",
      "high",
      ["record/identity-inactive: identity key is suspended"],
    ],
    [
      "a compromised identity",
      { ...keyed, identities: [{ ...identity, state: "compromised" }] },
      "blocked",
      "high",
      ["is compromised"],
    ],
    [
      "a revoked identity",
      { ...keyed, identities: [{ ...identity, state: "revoked" }] },
      "blocked",
      "high",
      ["is revoked"],
    ],
    [
      "an expired identity",
      { ...keyed, identities: [{ ...identity, expires: "2026-11-01" }] },
      "blocked",
      "high",
      ["expired on 2026-11-01"],
    ],
    [
      "an overdue rotation",
      { ...keyed, identities: [{ ...identity, rotation: { every: "P30D", last: "2026-08-01" } }] },
      "blocked",
      "high",
      ["record/rotation-overdue"],
    ],
    [
      "a rotation within its grace",
      { ...keyed, identities: [{ ...identity, rotation: { every: "P30D", last: "2026-10-20" } }] },
      "approved",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "met: system-owner for system bot: approved by @wendy",
        "counted @sam: holds security for this tier",
      ],
    ],
    [
      "an overdue access review",
      { ...keyed, identities: [{ ...identity, accessReview: { every: "P30D", last: "2026-08-01" } }] },
      "blocked",
      "high",
      ["record/access-review-overdue"],
    ],
    [
      "a static secret at high",
      { ...keyed, identities: [{ ...identity, authentication: "static-secret" }] },
      "blocked",
      "high",
      ["record/static-secret"],
    ],
    [
      "one identity in two environments",
      { ...keyed, identities: [{ ...identity, environments: ["production", "staging"] }] },
      "blocked",
      "high",
      ["record/cross-environment-reuse"],
    ],
    [
      "a removed reference to a revoked identity is a cure",
      {
        ...keyed,
        changes: [{ class: "credential", references: ["API_KEY"], removed: true }],
        identities: [{ ...identity, state: "revoked" }],
      },
      "approved",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "met: system-owner for system bot: approved by @wendy",
        "counted @sam: holds security for this tier",
      ],
    ],
    [
      "an approved provider with its disclosures",
      { ...provided, providers: [provider] },
      "approved",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "met: system-owner for system bot: approved by @wendy",
        "counted @sam: holds security for this tier",
      ],
    ],
    [
      "a provider that is not approved",
      { ...provided, providers: [{ ...provider, approval: { status: "proposed" } }] },
      "blocked",
      "high",
      ["record/provider-unapproved"],
    ],
    [
      "a provider whose approval ended",
      { ...provided, providers: [{ ...provider, approval: { status: "approved", expires: "2026-11-01" } }] },
      "blocked",
      "high",
      ["only until 2026-11-01"],
    ],
    [
      "a missing disclosure",
      { ...provided, providers: [{ ...provider, disclosures: (provider.disclosures ?? []).slice(1) }] },
      "blocked",
      "high",
      ["lacks the disclosure lifecycle-controls"],
    ],
    [
      "an expired disclosure",
      {
        ...provided,
        providers: [
          {
            ...provider,
            disclosures: (provider.disclosures ?? []).map((entry) => ({ ...entry, expires: "2026-11-01" })),
          },
        ],
      },
      "blocked",
      "high",
      ["record/disclosure-expired"],
    ],
    [
      "a retired model",
      { systems: [system({ models: [{ id: "m", ref: "new", retires: "2026-11-01" }] })], reviews: approved },
      "blocked",
      "high",
      ["record/model-retired: model new"],
    ],
    [
      "a model that retires later",
      { systems: [system({ models: [{ id: "m", ref: "new", retires: "2027-11-01" }] })], reviews: approved },
      "approved",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "met: system-owner for system bot: approved by @wendy",
        "counted @sam: holds security; counts towards the number of people",
      ],
    ],
    [
      "a certain secret",
      { changes: [{ class: "credential", severity: "major", secret: "certain" }], reviews: approved },
      "blocked",
      "critical",
      ["remove it and rotate it"],
    ],
    [
      "a suspected secret asks security",
      { systems: [low], changes: [{ class: "credential", severity: "minor", secret: "likely" }], reviews: ["rita"] },
      "waiting",
      "low",
      ["/countersign not-a-secret 0123456789abcdef"],
    ],
    [
      "security clears it",
      {
        systems: [low],
        changes: [{ class: "credential", severity: "minor", secret: "likely" }],
        reviews: ["rita"],
        facts: {
          commands: [
            {
              name: "not-a-secret",
              argument: "0123456789abcdef",
              reason: "an example",
              person: { login: "sam", type: "User" },
              createdAt: "2026-11-24T10:00:00Z",
            },
          ],
        },
      },
      "approved",
      "low",
      ["says that 0123456789abcdef"],
    ],
    [
      "a word about another value clears nothing, nor does one without a reason",
      {
        systems: [low],
        changes: [{ class: "credential", severity: "minor", secret: "likely" }],
        reviews: ["rita"],
        facts: {
          commands: ["fedcba9876543210", "0123456789abcdef"].map((argument) => ({
            name: "not-a-secret",
            argument,
            reason: argument.startsWith("0") ? "" : "an example",
            person: { login: "sam", type: "User" },
            createdAt: "2026-11-24T10:00:00Z",
          })),
        },
      },
      "waiting",
      "low",
      ["waiting: credential/secret-value: a suspected secret at bot/agent.py:1"],
    ],
    [
      "nobody else clears it",
      {
        systems: [low],
        changes: [{ class: "credential", severity: "minor", secret: "likely" }],
        reviews: ["rita"],
        facts: {
          commands: [
            {
              name: "not-a-secret",
              argument: "0123456789abcdef",
              reason: "an example",
              person: { login: "rita", type: "User" },
              createdAt: "2026-11-24T10:00:00Z",
            },
          ],
        },
      },
      "waiting",
      "low",
      [
        "system bot is low (declared) -> minor x low = low",
        "waiting: credential/secret-value: a suspected secret at bot/agent.py:1: remove it, or security comments /countersign not-a-secret 0123456789abcdef <re",
      ],
    ],
    [
      "an exception for an overdue review",
      { systems: [overdue], reviews: approved, exceptions: exception("record/review-overdue", { system: "bot" }) },
      "approved",
      "high",
      ["excepted: record/review-overdue"],
    ],
    [
      "an exception of another system",
      { systems: [overdue], reviews: approved, exceptions: exception("record/review-overdue", { system: "other" }) },
      "blocked",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "failed: record/review-overdue: system bot was due for review on 2026-04-02",
      ],
    ],
    [
      "an expired exception",
      {
        systems: [overdue],
        reviews: approved,
        exceptions: exception("record/review-overdue", { system: "bot" }, { expires: "2026-11-23" }),
      },
      "blocked",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "failed: record/review-overdue: system bot was due for review on 2026-04-02",
      ],
    ],
    [
      "an exception longer than the limit",
      {
        systems: [overdue],
        reviews: approved,
        exceptions: exception("record/review-overdue", { system: "bot" }, { created: "2026-08-01" }),
      },
      "blocked",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "failed: record/review-overdue: system bot was due for review on 2026-04-02",
      ],
    ],
    [
      "an exception nobody who owns risk accepted",
      {
        systems: [overdue],
        reviews: approved,
        exceptions: exception("record/review-overdue", { system: "bot" }, { acceptedBy: "@rita" }),
      },
      "blocked",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "failed: record/review-overdue: system bot was due for review on 2026-04-02",
      ],
    ],
    [
      "a rule that takes no exception",
      {
        systems: [system({ lifecycle: "retired" })],
        reviews: approved,
        exceptions: exception("record/system-retired", { system: "bot" }),
      },
      "blocked",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "failed: record/system-retired: system bot is retired; it may only be removed",
      ],
    ],
    [
      "a pull request that records the review cures it",
      { systems: [overdue], reviews: approved, head: { version: 1, systems: [system()] } },
      "approved",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "met: system-owner for system bot: approved by @wendy",
        "counted @sam: holds security; counts towards the number of people",
      ],
    ],
    [
      "S04 an exception of the head does not work yet",
      {
        systems: [overdue],
        reviews: approved,
        head: {
          version: 1,
          systems: [overdue],
          exceptions: exception("record/review-overdue", { system: "bot" }) as never,
        },
      },
      "blocked",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "failed: record/review-overdue: system bot was due for review on 2026-04-02",
      ],
    ],
    [
      "S04 removing the entry cures nothing",
      { systems: [overdue], reviews: approved, head: { version: 1, systems: [] } },
      "blocked",
      "critical",
      ["record/review-overdue"],
    ],
    [
      "S04 a new system of the head adds its owner",
      {
        systems: [],
        head: { version: 1, systems: [system({ owner: "@newman", tier: "high" })] },
        reviews: ["newman", "omar"],
      },
      "approved",
      "high",
      ["system-owner for system bot: approved by @newman"],
    ],
    [
      "S04 and never replaces the unregistered owner",
      {
        systems: [],
        head: { version: 1, systems: [system({ owner: "@newman", tier: "high" })] },
        reviews: ["newman", "rita"],
      },
      "waiting",
      "high",
      ["a new entry of the registry, for which risk-owner stands in"],
    ],
    [
      "S04 a new system is at least of the unregistered tier",
      { systems: [], head: { version: 1, systems: [system({ owner: "@newman", tier: "low" })] } },
      "waiting",
      "medium",
      [
        "system bot is medium (new, so at least unregisteredTier) -> material x medium = medium",
        "waiting: system-owner for system bot: needs 1 approval of @newman",
      ],
    ],
    [
      "no rollback owner at high",
      { systems: [system({ rollback: {} })], reviews: approved },
      "blocked",
      "high",
      ["the plan of bot lacks a trigger and a verification"],
    ],
    [
      "no rollback owner at medium",
      { systems: [system({ tier: "medium", rollback: {} })], reviews: ["wendy", "rita"] },
      "approved",
      "medium",
      [
        "system bot is medium (declared) -> material x medium = medium",
        "met: system-owner for system bot: approved by @wendy",
        "counted @rita: holds ai-reviewer for this tier",
      ],
    ],
  ]);
});

describe("the statement and the mode", () => {
  const duties = { tiers: { high: { statement: true } } };
  const accept = (argument: string, reason = "we need it", login = "omar") => ({
    commands: [
      { name: "accept-risk", argument, reason, person: { login, type: "User" }, createdAt: "2026-11-24T10:00:00Z" },
    ],
  });
  const reviews = ["wendy", "olga"];
  table([
    ["a statement is missing", { policy: duties, reviews }, "waiting", "high", ["/countersign accept-risk"]],
    [
      "a risk owner accepts this head",
      { policy: duties, reviews, facts: accept(HEAD) },
      "approved",
      "high",
      ["@omar accepted the risk: we need it"],
    ],
    [
      "S13 sixteen digits are enough",
      { policy: duties, reviews, facts: accept(HEAD.slice(0, 16)) },
      "approved",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "met: system-owner for system bot: approved by @wendy",
        "counted @olga: holds risk-owner for this tier",
      ],
    ],
    [
      "S13 fifteen are not",
      { policy: duties, reviews, facts: accept(HEAD.slice(0, 15)) },
      "waiting",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "waiting: a risk-owner comments /countersign accept-risk aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa <reason>",
      ],
    ],
    [
      "another head is not",
      { policy: duties, reviews, facts: accept("d".repeat(40)) },
      "waiting",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "waiting: a risk-owner comments /countersign accept-risk aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa <reason>",
      ],
    ],
    [
      "without a reason is not",
      { policy: duties, reviews, facts: accept(HEAD, "") },
      "waiting",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "waiting: a risk-owner comments /countersign accept-risk aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa <reason>",
      ],
    ],
    [
      "by somebody else is not",
      { policy: duties, reviews, facts: accept(HEAD, "x", "rita") },
      "waiting",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "waiting: a risk-owner comments /countersign accept-risk aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa <reason>",
      ],
    ],
  ]);
  it("observe keeps the state and says that it does not block", () => {
    expect(decideSituation({ policy: { mode: "observe" } }).decision).toMatchObject({
      state: "waiting",
      basis: "observe",
    });
  });
  it("below enforceFrom a tier is advisory", () => {
    expect(decideSituation({ policy: { enforceFrom: "critical" } }).decision).toMatchObject({
      state: "waiting",
      basis: "observe",
    });
    expect(decideSituation({ policy: { enforceFrom: "high" } }).decision).toMatchObject({
      state: "waiting",
      basis: "votes",
    });
  });
});

describe("a configuration that is at fault", () => {
  const reviews = ["wendy", "olga"];
  const fault = { faults: [{ rule: "record/unreadable" as const, reason: ".github/countersign.yml:3:1: a tag" }] };
  table([
    [
      "blocks a governed change",
      { ...fault, reviews },
      "blocked",
      "high",
      ["failed: record/unreadable: .github/countersign.yml:3:1: a tag"],
    ],
    ["blocks a change that is not governed", { ...fault, changes: [] }, "blocked", "none", ["record/unreadable"]],
    [
      "S15 blocks while only observed, since a rule is refused",
      {
        policy: { mode: "observe" },
        faults: [{ rule: "governance/policy", reason: "it cannot switch to enforce yet: nobody holds security" }],
        reviews,
      },
      "blocked",
      "high",
      ["failed: governance/policy: it cannot switch to enforce yet"],
    ],
  ]);
});
