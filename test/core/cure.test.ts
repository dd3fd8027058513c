import { describe, expect, it } from "vitest";
import type { LedgerFacts } from "../../src/core/facts.ts";
import { EXCEPTABLE } from "../../src/core/obligation.ts";
import type { Identity, Provider, Registry, System } from "../../src/core/registry.ts";
import { type Changed, decideSituation, type Situation, system } from "./situation.ts";

const key: Identity = { id: "key", type: "api-key", owner: "@ida", references: ["API_KEY"], state: "active" };
const vendor: Provider = {
  id: "acme-ai",
  owner: "@vera",
  hosts: ["new"],
  approval: { status: "approved" },
  disclosures: ["lifecycle-controls", "incident-escalation", "ongoing-oversight"].map((type) => ({
    type: type as "ongoing-oversight",
    ref: type,
    expires: "2027-01-10",
  })),
};
const referring: Changed = { class: "credential", references: ["API_KEY"] };
const hosted: Changed = { class: "provider", severity: "major" };

/** A rule that blocks, what breaks it, and a change that puts it right. */
interface Cure {
  readonly rule: string;
  /** A change under the broken state: it is blocked. */
  readonly broken: Situation;
  /** What the curing pull request changes in its place, or in addition. */
  readonly cure: Situation;
}

const ofSystem = (rule: string, fields: Partial<System>, change: Changed = {}): Cure => ({
  rule,
  broken: { systems: [system(fields)], changes: [change] },
  cure: { head: { version: 1, systems: [system()] } },
});
const ofIdentity = (rule: string, fields: Partial<Identity>, cured: Partial<Identity> = {}): Cure => ({
  rule,
  broken: { identities: [{ ...key, ...fields }], changes: [referring] },
  cure: { head: { version: 1, systems: [system()], identities: [{ ...key, ...cured }] } },
});
const ofProvider = (rule: string, fields: Partial<Provider>): Cure => ({
  rule,
  broken: { providers: [{ ...vendor, ...fields }], changes: [hosted] },
  cure: { head: { version: 1, systems: [system()], providers: [vendor] } },
});

const OWED: LedgerFacts = {
  ...{ rehearsals: new Map(), openBreakGlasses: [], notSecrets: [], lastMerge: null },
  owed: [{ systems: ["bot"], dueAt: "2026-11-23T00:00:00Z", what: "the approval afterwards for #7 was due" }],
};

const CURES: readonly Cure[] = [
  {
    rule: "record/follow-up-overdue",
    broken: { facts: { ledger: OWED } },
    // Taking back what nobody approved, the quick way.
    cure: {
      facts: {
        ledger: {
          ...OWED,
          lastMerge: {
            mergedAt: "2026-11-20T00:00:00Z",
            before: [{ path: "bot/agent.py", entry: { mode: "100644", id: "2".repeat(40) } }],
            restoredBasis: "votes",
          },
        },
      },
    },
  },
  ofSystem("record/system-retired", { lifecycle: "retired" }),
  ofSystem("record/owner-missing", { owner: undefined as never }),
  ofSystem("record/monitoring-missing", { monitoring: {} }),
  ofSystem("record/review-overdue", { review: { every: "P90D", last: "2026-01-01" } }),
  ofSystem("record/review-overdue", { review: undefined as never }),
  ofSystem("record/impact-overdue", { risk: {} }),
  ofSystem("record/rollback-missing", { rollback: {}, owner: undefined as never }),
  {
    rule: "record/prohibited-practice",
    broken: { systems: [system({ risk: { euAiAct: "prohibited" } })], changes: [{}] },
    cure: { changes: [{ removed: true }] },
  },
  {
    rule: "record/system-retired",
    broken: { systems: [system({ lifecycle: "retired" })], changes: [{}] },
    cure: { changes: [{ removed: true }] },
  },
  {
    rule: "record/model-retired",
    broken: { systems: [system({ models: [{ id: "m", ref: "new", retires: "2026-11-01" }] })], changes: [{}] },
    cure: { changes: [{ old: "new", value: "newer" }] },
  },
  ofIdentity("record/identity-inactive", { state: "suspended" }),
  ofIdentity("record/identity-inactive", { state: "compromised" }),
  ofIdentity("record/identity-inactive", { expires: "2026-11-01" }, { expires: "2027-11-01" }),
  {
    rule: "record/identity-inactive",
    broken: { identities: [{ ...key, state: "revoked" }], changes: [referring] },
    cure: { changes: [{ ...referring, removed: true }] },
  },
  ofIdentity("record/owner-missing", { owner: undefined as never }),
  ofIdentity(
    "record/rotation-overdue",
    { rotation: { every: "P30D", last: "2026-01-01" } },
    { rotation: { every: "P30D", last: "2026-11-20" } },
  ),
  ofIdentity(
    "record/access-review-overdue",
    { accessReview: { every: "P30D" } },
    { accessReview: { every: "P30D", last: "2026-11-20" } },
  ),
  ofIdentity("record/static-secret", { authentication: "static-secret" }, { authentication: "oidc-federation" }),
  ofIdentity(
    "record/cross-environment-reuse",
    { environments: ["production", "staging"] },
    { environments: ["production"] },
  ),
  ofProvider("record/provider-unapproved", { approval: { status: "proposed" } }),
  ofProvider("record/provider-unapproved", { approval: { status: "approved", expires: "2026-11-01" } }),
  ofProvider("record/disclosure-missing", { disclosures: [] }),
  ofProvider("record/disclosure-expired", {
    disclosures: (vendor.disclosures ?? []).map((entry) => ({ ...entry, expires: "2026-11-01" })),
  }),
  {
    rule: "credential/secret-value",
    broken: { changes: [{ class: "credential", secret: "certain" }] },
    cure: { changes: [{ class: "credential", removed: true }] },
  },
  {
    rule: "record/check-failed",
    broken: {
      changes: [{}],
      facts: {
        checks: [
          {
            name: "evals",
            app: "acme-evals",
            workflow: null,
            head: "a".repeat(40),
            status: "completed",
            conclusion: "failure",
            completedAt: null,
          },
        ],
      },
    },
    cure: {
      facts: {
        checks: [
          {
            name: "evals",
            app: "acme-evals",
            workflow: null,
            head: "a".repeat(40),
            status: "completed",
            conclusion: "success",
            completedAt: null,
          },
        ],
      },
    },
  },
];

const failures = (situation: Situation) =>
  decideSituation(situation).requirements.flatMap(({ state, rule }) => (state === "failed" ? [rule] : []));
const empty = (head: Registry | undefined): Situation => (head ? { changes: [], head } : {});

describe("a cure is never blocked by what it cures", () => {
  it.each(CURES)("$rule", ({ rule, broken, cure }) => {
    expect(failures(broken)).toContain(rule);
    expect(failures({ ...broken, ...cure })).not.toContain(rule);
    expect(failures({ ...broken, ...cure, ...empty(cure.head) })).not.toContain(rule);
  });

  it("every rule that takes an exception has one", () => {
    const cured = new Set(CURES.map(({ rule }) => rule));
    expect([...EXCEPTABLE].filter((rule) => !cured.has(rule))).toEqual([]);
  });

  it.each(CURES.filter(({ rule }) => EXCEPTABLE.has(rule)))(
    "$rule gives way to an exception of the base",
    ({ rule, broken }) => {
      const scope = broken.identities
        ? { identity: "key" }
        : broken.providers
          ? { provider: "acme-ai" }
          : { system: "bot" };
      const exceptions = [
        {
          id: "EX-1",
          rule,
          scope,
          reason: "r",
          compensatingControls: ["c"],
          acceptedBy: "@olga",
          created: "2026-10-01",
          expires: "2026-12-20",
        },
      ];
      expect(failures({ ...broken, exceptions })).not.toContain(rule);
      expect(
        failures({ ...broken, exceptions: [{ ...exceptions[0], scope: { system: "other" } } as never] }),
      ).toContain(rule);
    },
  );
});
