import { describe } from "vitest";
import type { Identity, Provider, Registry } from "../../src/core/registry.ts";
import { type Changed, POLICY, type Situation, system, table } from "./situation.ts";

const reviews = ["wendy", "olga", "ida", "sam", "vera", "rita"];
const key: Identity = { id: "key", type: "api-key", owner: "@ida", references: ["API_KEY"], state: "active" };
const using = system({ identities: ["key"] });
const referring: Changed = { class: "credential", references: ["API_KEY"] };
const disclosures: Provider["disclosures"] = [
  { type: "lifecycle-controls", ref: "a", expires: "2027-01-10" },
  { type: "incident-escalation", ref: "b", expires: "2027-01-10" },
  { type: "ongoing-oversight", ref: "c", expires: "2027-01-10" },
];
const provider: Provider = {
  id: "acme-ai",
  owner: "@vera",
  hosts: ["new"],
  approval: { status: "approved" },
  disclosures,
};
const hosted: Changed = { class: "provider", severity: "major" };
const registry = (fields: Omit<Registry, "version">): Registry => ({ version: 1, ...fields });
const critical = (fields: Partial<Situation>): Situation => ({
  ...fields,
  policy: { ...fields.policy, tiers: { critical: { statement: false, rollback: "planned" } } },
});

describe("a dated duty warns before its grace ends", () => {
  // Due on 2026-11-10, with 30 days of grace.
  const due = { every: "P30D", last: "2026-10-10" };
  table([
    [
      "a review",
      { systems: [system({ review: due })], reviews },
      "approved",
      "high",
      [
        "met: record/review-overdue (a warning until 2026-12-10T00:00:00.000Z): system bot was due for review on 2026-11-10",
      ],
    ],
    [
      "and blocks at the end of it",
      {
        systems: [system({ review: due })],
        reviews,
        now: "2026-12-10T00:00:00.000Z",
        policy: { tiers: { high: { validFor: "P60D" } } },
      },
      "blocked",
      "high",
      ["failed: record/review-overdue: system bot was due for review on 2026-11-10"],
    ],
    [
      "a rotation, with the grace of the policy",
      {
        changes: [referring],
        identities: [{ ...key, rotation: { every: "P30D", last: "2026-10-24" } }],
        policy: { limits: { rotationGrace: "PT36H" } },
        reviews,
      },
      "approved",
      "high",
      ["met: record/rotation-overdue (a warning until 2026-11-25T12:00:00.000Z)"],
    ],
    [
      "an access review",
      { changes: [referring], identities: [{ ...key, accessReview: due }], reviews },
      "approved",
      "high",
      ["met: record/access-review-overdue (a warning until 2026-12-10"],
    ],
    [
      "a cadence longer than the limit counts as the limit",
      {
        systems: [system({ review: { every: "P900D", last: "2026-10-10" } })],
        policy: { limits: { reviewMax: "P30D" } },
        reviews,
      },
      "approved",
      "high",
      ["due for review on 2026-11-10"],
    ],
    [
      "what was never done blocks at once",
      { changes: [referring], identities: [{ ...key, rotation: { every: "P30D" } }], reviews },
      "blocked",
      "high",
      ["failed: record/rotation-overdue: identity key has no rotation on record"],
    ],
    [
      "below high an expired disclosure only warns",
      {
        systems: [system({ tier: "medium", providers: ["acme-ai"] })],
        providers: [{ ...provider, disclosures: disclosures.map((entry) => ({ ...entry, expires: "2026-11-01" })) }],
        reviews,
      },
      "approved",
      "medium",
      ["met: record/disclosure-expired (a warning below high)"],
    ],
  ]);
});

describe("what a touched system uses is in order", () => {
  table([
    [
      "an identity that the system lists is judged without a reference in the change",
      { systems: [using], identities: [{ ...key, state: "revoked" }], reviews },
      "blocked",
      "high",
      ["record/identity-inactive: identity key is revoked and in use"],
    ],
    [
      "an inactive identity blocks at low too",
      { systems: [using], identities: [{ ...key, state: "suspended" }], changes: [{ severity: "minor" }], reviews },
      "blocked",
      "low",
      ["record/identity-inactive"],
    ],
    [
      "a provider that the system lists is judged too",
      {
        systems: [system({ providers: ["acme-ai"] })],
        providers: [{ ...provider, approval: { status: "suspended" } }],
        reviews,
      },
      "blocked",
      "high",
      ["record/provider-unapproved: provider acme-ai is suspended"],
    ],
    [
      "a static secret that the change does not refer to is not asked about",
      {
        systems: [using],
        identities: [{ ...key, authentication: "static-secret", owner: undefined as never }],
        reviews,
      },
      "approved",
      "high",
      ["met: system-owner for system bot: approved by @wendy"],
    ],
    [
      "a static secret is not asked about below high",
      {
        systems: [system({ tier: "medium" })],
        changes: [referring],
        identities: [{ ...key, authentication: "static-secret" }],
        reviews,
      },
      "approved",
      "medium",
      ["met: identity-owner for identity key: approved by @ida"],
    ],
    [
      "of two disclosures of one type one that holds is enough",
      {
        changes: [{ ...hosted, severity: "material" }],
        providers: [
          {
            ...provider,
            disclosures: [...disclosures, { type: "lifecycle-controls", ref: "old", expires: "2026-01-01" }],
          },
        ],
        reviews,
      },
      "approved",
      "high",
      ["met: provider-owner for provider acme-ai: approved by @vera"],
    ],
    [
      "a missing impact assessment is called missing",
      { systems: [system({ risk: {} })], reviews },
      "blocked",
      "high",
      ["failed: record/impact-overdue: system bot has no impact assessment"],
    ],
    [
      "an exception that names more than what is not in order does not apply",
      {
        changes: [referring],
        identities: [{ ...key, authentication: "static-secret" }],
        exceptions: [
          {
            id: "EX-1",
            rule: "record/static-secret",
            scope: { identity: "key", system: "bot" },
            reason: "r",
            compensatingControls: ["c"],
            acceptedBy: "@olga",
            created: "2026-10-01",
            expires: "2026-12-20",
          },
        ],
        reviews,
      },
      "blocked",
      "high",
      ["failed: record/static-secret"],
    ],
    [
      "a provider that nobody registered, once any is",
      { changes: [{ ...hosted, value: "elsewhere" }], providers: [provider], reviews },
      "blocked",
      "critical",
      ["record/provider-unapproved: major belongs to no provider of .github/ai-systems.yml"],
    ],
    [
      "not while none is registered",
      critical({ changes: [{ ...hosted, value: "elsewhere" }], reviews }),
      "approved",
      "critical",
      [
        "system bot is high (declared) -> major x high = critical",
        "met: system-owner for system bot: approved by @wendy",
        "counted @rita: holds ai-reviewer; counts towards the number of people",
      ],
    ],
    [
      "not when it goes",
      critical({ changes: [{ ...hosted, removed: true, old: "elsewhere" }], providers: [provider], reviews }),
      "approved",
      "critical",
      [
        "system bot is high (declared) -> major x high = critical",
        "met: system-owner for system bot: approved by @wendy",
        "counted @rita: holds ai-reviewer; counts towards the number of people",
      ],
    ],
    [
      "not another version of what was there",
      { changes: [{ ...hosted, severity: "minor", value: "elsewhere" }], providers: [provider], reviews },
      "approved",
      "low",
      [
        "system bot is high (declared) -> minor x high = low",
        "met: ai-reviewer for this tier: approved by @rita",
        "counted @sam: holds security; counts towards the number of people",
      ],
    ],
    [
      "a retired model of a touched system, whatever the change does",
      {
        systems: [system({ models: [{ id: "m", ref: "gone-1", retires: "2026-11-01" }] })],
        changes: [{ class: "prompt" }],
        reviews,
      },
      "blocked",
      "high",
      ["record/model-retired: model gone-1 of system bot retired on 2026-11-01"],
    ],
    [
      "a system that is not touched is not judged",
      { systems: [system(), system({ id: "far", paths: ["far/**"], lifecycle: "retired" })], reviews },
      "approved",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "met: system-owner for system bot: approved by @wendy",
        "counted @rita: holds ai-reviewer; counts towards the number of people",
      ],
    ],
    [
      "a trivial finding brings no obligations",
      { systems: [system({ lifecycle: "retired" })], changes: [{ severity: "trivial" }] },
      "not-governed",
      "none",
      [],
    ],
  ]);
});

describe("a cure is never blocked by what it cures", () => {
  const spare = { id: "s", ref: "spare" };
  const retired = system({ models: [{ id: "m", ref: "old", retires: "2026-11-01" }, spare] });
  table([
    [
      "replacing a retired model",
      { systems: [retired], reviews },
      "approved",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "met: system-owner for system bot: approved by @wendy",
        "counted @rita: holds ai-reviewer; counts towards the number of people",
      ],
    ],
    [
      "removing what a retired system runs",
      { systems: [system({ lifecycle: "retired" })], changes: [{ removed: true }], reviews },
      "approved",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "met: system-owner for system bot: approved by @wendy",
        "counted @rita: holds ai-reviewer; counts towards the number of people",
      ],
    ],
    [
      "removing what a prohibited practice runs",
      {
        systems: [system({ risk: { euAiAct: "prohibited", impactAssessment: { ref: "x", expires: "2027-01-01" } } })],
        changes: [{ removed: true }],
        reviews,
      },
      "approved",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "met: system-owner for system bot: approved by @wendy",
        "counted @rita: holds ai-reviewer; counts towards the number of people",
      ],
    ],
    [
      "but not editing it",
      {
        systems: [system({ risk: { euAiAct: "prohibited", impactAssessment: { ref: "x", expires: "2027-01-01" } } })],
        changes: [{ removed: true }, { path: "bot/b.py" }],
        reviews,
      },
      "blocked",
      "high",
      ["record/prohibited-practice: system bot is declared a prohibited practice; it may only be removed"],
    ],
    [
      "recording an overdue rotation together with the change",
      {
        changes: [referring],
        identities: [{ ...key, rotation: { every: "P30D", last: "2026-08-01" } }],
        head: registry({
          systems: [system()],
          identities: [{ ...key, rotation: { every: "P30D", last: "2026-11-20", evidence: "#7" } }],
        }),
        reviews,
      },
      "approved",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "met: system-owner for system bot: approved by @wendy",
        "counted @rita: holds ai-reviewer; counts towards the number of people",
      ],
    ],
    [
      "recording an overdue rotation alone is low, and asks one reviewer",
      {
        changes: [],
        systems: [using],
        identities: [{ ...key, rotation: { every: "P30D", last: "2026-08-01" } }],
        head: registry({
          systems: [using],
          identities: [{ ...key, rotation: { every: "P30D", last: "2026-11-20", evidence: "#7" } }],
        }),
        reviews: ["rita"],
      },
      "approved",
      "low",
      ["a small edit of the registry is low (by its effect)"],
    ],
    [
      "adding missing monitoring together with the change",
      { systems: [system({ monitoring: {} })], head: registry({ systems: [system()] }), reviews },
      "approved",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "met: system-owner for system bot: approved by @wendy",
        "counted @rita: holds ai-reviewer; counts towards the number of people",
      ],
    ],
    [
      "naming a missing owner, who is then asked",
      {
        systems: [system({ owner: undefined as never })],
        head: registry({ systems: [system()] }),
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
      "detaching a revoked identity",
      {
        changes: [],
        systems: [using],
        identities: [{ ...key, state: "revoked" }],
        head: registry({ systems: [system()], identities: [{ ...key, state: "revoked" }] }),
        reviews,
      },
      "approved",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "met: system-owner for system bot: approved by @wendy",
        "counted @rita: holds ai-reviewer; counts towards the number of people",
      ],
    ],
    [
      "approving a provider that was only proposed",
      critical({
        changes: [hosted],
        providers: [{ ...provider, approval: { status: "proposed" } }],
        head: registry({ systems: [system()], providers: [provider] }),
        reviews,
      }),
      "approved",
      "critical",
      [
        "system bot is high (declared) -> major x high = critical",
        "met: system-owner for system bot: approved by @wendy",
        "counted @rita: holds ai-reviewer; counts towards the number of people",
      ],
    ],
    [
      "a pull request that only moves the date forward past one of two overdue duties is not blocked by the other",
      {
        changes: [],
        systems: [
          system({
            review: { every: "P30D", last: "2026-01-01" },
            risk: { impactAssessment: { ref: "a", expires: "2026-01-01" } },
          }),
        ],
        head: registry({
          systems: [
            system({
              review: { every: "P30D", last: "2026-01-01" },
              risk: { impactAssessment: { ref: "b", expires: "2027-01-01" } },
            }),
          ],
        }),
        reviews: ["wendy", "rita", "olga"],
      },
      "approved",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "met: system-owner for system bot: approved by @wendy",
        "counted @rita: holds ai-reviewer; counts towards the number of people",
      ],
    ],
  ]);
});

describe("S04 a removed entry is no cure", () => {
  const revoked = { ...key, state: "revoked" as const };
  table([
    [
      "of an identity that the change refers to",
      {
        changes: [referring],
        identities: [revoked],
        head: registry({ systems: [system()] }),
        reviews,
      },
      "blocked",
      "high",
      ["record/identity-inactive: identity key is revoked and in use"],
    ],
    [
      "of an identity that the system still used before",
      {
        changes: [{ class: "prompt" }],
        systems: [using],
        identities: [revoked],
        head: registry({ systems: [system()] }),
        reviews,
      },
      "blocked",
      "critical",
      ["record/identity-inactive"],
    ],
    [
      "under another id",
      {
        changes: [referring],
        identities: [revoked],
        head: registry({ systems: [system()], identities: [{ ...key, id: "key2" }] }),
        reviews,
      },
      "blocked",
      "high",
      ["identity key is revoked"],
    ],
    [
      "unless the reference goes with it",
      critical({
        changes: [{ ...referring, removed: true }],
        systems: [using],
        identities: [revoked],
        head: registry({ systems: [system()] }),
        reviews,
      }),
      "approved",
      "critical",
      [
        "system bot is high (declared) -> major x high = critical",
        "met: system-owner for system bot: approved by @wendy",
        "counted @rita: holds ai-reviewer; counts towards the number of people",
      ],
    ],
    [
      "of a provider that is not approved",
      {
        changes: [{ class: "prompt" }],
        systems: [system({ providers: ["acme-ai"] })],
        providers: [{ ...provider, approval: { status: "rejected" } }],
        head: registry({ systems: [system()] }),
        reviews,
      },
      "blocked",
      "critical",
      ["record/provider-unapproved: provider acme-ai is rejected"],
    ],
  ]);
});

describe("S04 a new provider", () => {
  const added = (fields: Partial<Situation>): Situation =>
    critical({
      changes: [hosted],
      systems: [system()],
      providers: [],
      head: registry({ systems: [system()], providers: [provider] }),
      ...fields,
    });
  table([
    [
      "is approved by the counted vote of unregisteredOwner",
      added({ reviews: ["wendy", "olga", "sam", "vera"] }),
      "approved",
      "critical",
      [
        "system bot is high (declared) -> major x high = critical",
        "met: system-owner for system bot: approved by @wendy",
        "counted @sam: holds security for this tier",
      ],
    ],
    [
      "not by its own entry",
      added({
        policy: { unregisteredOwner: "privacy" },
        reviews: ["wendy", "olga", "sam", "vera"],
      }),
      "waiting",
      "critical",
      [
        "waiting: record/provider-unapproved: provider acme-ai is new; the approval of privacy on this pull request approves it",
        "a new entry of the registry, for which privacy stands in: needs 1 approval of @pia",
      ],
    ],
    [
      "brings its disclosures",
      added({
        head: registry({ systems: [system()], providers: [{ ...provider, disclosures: disclosures.slice(1) }] }),
        reviews,
      }),
      "blocked",
      "critical",
      ["record/disclosure-missing: provider acme-ai lacks the disclosure lifecycle-controls"],
    ],
  ]);
});

describe("a secret", () => {
  const ledger = (path: string) => ({
    ledger: {
      rehearsals: new Map(),
      openBreakGlasses: [],
      lastMerge: null,
      notSecrets: [
        { path: "bot/first.py", fingerprint: "fedcba9876543210" },
        { path, fingerprint: "0123456789abcdef" },
      ],
    },
  });
  const suspected: Situation = {
    systems: [system({ tier: "low" })],
    changes: [{ class: "credential", severity: "minor", secret: "likely" }],
    reviews: ["rita"],
  };
  table([
    [
      "S24 that security called none stays none for its fingerprint and path",
      { ...suspected, facts: ledger("bot/agent.py") },
      "approved",
      "low",
      ["0123456789abcdef at bot/agent.py:1 is on record as no secret"],
    ],
    [
      "S24 and not on another path",
      { ...suspected, facts: ledger("bot/other.py") },
      "waiting",
      "low",
      [
        "system bot is low (declared) -> minor x low = low",
        "waiting: credential/secret-value: a suspected secret at bot/agent.py:1: remove it, or security comments /countersign not-a-secret 0123456789abcdef <re",
      ],
    ],
    [
      "takes no exception",
      {
        changes: [{ class: "credential", secret: "certain" }],
        exceptions: [
          {
            id: "EX-1",
            rule: "record/static-secret",
            scope: { system: "bot" },
            reason: "r",
            compensatingControls: ["c"],
            acceptedBy: "@olga",
            created: "2026-10-01",
            expires: "2026-12-20",
          },
        ],
        reviews,
      },
      "blocked",
      "high",
      ["credential/secret-value"],
    ],
    [
      "is judged on what the merge leaves: a removed one asks for nothing",
      {
        changes: [{ class: "credential", removed: true }],
        policy: { roles: POLICY.roles ?? {} },
        reviews,
      },
      "approved",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "met: system-owner for system bot: approved by @wendy",
        "counted @rita: holds ai-reviewer; counts towards the number of people",
      ],
    ],
  ]);
});
