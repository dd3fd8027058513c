import { z } from "zod";
import { Glob } from "./glob.ts";
import { STRATEGIES } from "./rollback-plan.ts";
import { Duration, IsoDate, PersonLogin, PersonOrTeam } from "./scalars.ts";

const Id = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/, "expected an id: letters, digits, dots, dashes, underscores");
const Text = z.string().min(1).max(2000);
const Tier = z.enum(["low", "medium", "high", "critical"]);
const Review = z.strictObject({ every: Duration, last: IsoDate.optional() });
const Logs = z.array(Text);

/** An AI system: what is governed together, under one accountable owner. */
export const System = z.strictObject({
  id: Id,
  name: Text.optional(),
  intendedPurpose: Text.optional(),
  owner: PersonLogin.optional().describe("One accountable person."),
  deputies: z.array(PersonLogin).optional(),
  sponsor: PersonOrTeam.optional(),
  approvers: z.array(z.string()).optional().describe("Roles asked in addition from medium up."),
  lifecycle: z.enum(["planned", "deployed", "paused", "retired"]).optional(),
  tier: Tier.optional().describe("Declared tier; never below the computed floor."),
  risk: z
    .strictObject({
      autonomy: z.enum(["advisory", "supervised", "autonomous"]),
      affects: z.array(z.enum(["internal", "external-users"])),
      data: z.array(z.enum(["none", "personal", "payment", "special-category"])),
      euAiAct: z.enum(["minimal", "limited", "high", "prohibited"]),
      impactAssessment: z.strictObject({ ref: Text, expires: IsoDate }),
    })
    .partial()
    .optional(),
  paths: z.array(Glob).optional(),
  models: z
    .array(
      z.strictObject({
        id: Id,
        provider: Id.optional(),
        ref: Text,
        pin: z.enum(["snapshot", "floating"]).optional(),
        previous: Text.optional(),
        retires: IsoDate.optional(),
      }),
    )
    .optional(),
  prompts: z.array(z.strictObject({ id: Id, paths: z.array(Glob), guardrail: z.boolean().optional() })).optional(),
  tools: z
    .array(
      z.strictObject({
        id: Id,
        type: z.enum(["mcp", "function", "api", "agent", "other"]).optional(),
        effects: z.array(z.enum(["read", "write", "exec", "network", "money", "safety", "legal"])).optional(),
      }),
    )
    .optional(),
  identities: z.array(Id).optional(),
  providers: z.array(Id).optional(),
  monitoring: z
    .strictObject({
      logs: Logs.optional(),
      metrics: z
        .array(z.strictObject({ name: Text, threshold: Text, onBreach: z.enum(["notify", "pause"]).optional() }))
        .optional(),
    })
    .optional(),
  review: Review.optional(),
  rollback: z
    .strictObject({
      strategy: z.enum(STRATEGIES),
      reason: Text.describe("Why there is no way back, with strategy irreversible."),
      runbook: Text,
      owner: PersonLogin,
      trigger: z.array(Text),
      verification: z.array(Text),
      maxTimeToRestore: Duration,
      lastRehearsal: IsoDate,
    })
    .partial()
    .optional(),
});
export type System = z.infer<typeof System>;

/** A non-human identity; never a secret's value. */
export const Identity = z.strictObject({
  id: Id,
  type: z.enum([
    "service-account",
    "api-key",
    "oauth-app",
    "github-app",
    "pat",
    "deploy-key",
    "workload-identity",
    "certificate",
    "mcp-credential",
  ]),
  owner: PersonLogin.optional(),
  deputies: z.array(PersonLogin).optional(),
  references: z.array(z.string().min(1)).optional().describe("Names as code and workflows use them; never values."),
  environments: z.array(z.string()).optional(),
  secret: z.strictObject({ store: Text, location: Text }).optional(),
  authentication: z.enum(["static-secret", "oidc-federation", "spiffe-svid", "managed-identity"]).optional(),
  scopes: z.array(z.string()).optional(),
  privilege: z.enum(["read", "write", "admin"]).optional(),
  state: z.enum(["planned", "active", "suspended", "compromised", "revoked"]).optional(),
  expires: IsoDate.optional(),
  rotation: z.strictObject({ every: Duration, last: IsoDate.optional(), evidence: Text.optional() }).optional(),
  accessReview: z
    .strictObject({
      every: Duration,
      last: IsoDate.optional(),
      reviewer: PersonOrTeam.optional(),
      outcome: z.enum(["kept", "reduced", "revoked"]).optional(),
    })
    .optional(),
  monitoring: z.strictObject({ logs: Logs.optional() }).optional(),
});
export type Identity = z.infer<typeof Identity>;

/** A third-party AI provider with its disclosures. */
export const Provider = z.strictObject({
  id: Id,
  hosts: z.array(z.string().min(1)).optional(),
  packages: z.array(z.string().min(1)).optional(),
  owner: PersonOrTeam.optional(),
  approval: z
    .strictObject({ status: z.enum(["proposed", "approved", "suspended", "rejected"]), expires: IsoDate.optional() })
    .optional(),
  incidentEscalation: z.strictObject({ contact: Text, notifyWithin: Duration.optional() }).optional(),
  review: Review.optional(),
  disclosures: z
    .array(
      z.strictObject({
        type: z.enum(["lifecycle-controls", "incident-escalation", "ongoing-oversight"]),
        ref: Text,
        sha256: z.string().optional(),
        reviewedBy: PersonLogin.optional(),
        reviewedAt: IsoDate.optional(),
        expires: IsoDate.optional(),
      }),
    )
    .optional(),
});
export type Provider = z.infer<typeof Provider>;

/** An approved, expiring deviation from one rule. */
export const Exception = z.strictObject({
  id: Id,
  rule: z.string().regex(/^record\/[a-z-]+$/, "expected a rule such as record/static-secret"),
  scope: z
    .strictObject({ identity: Id, system: Id, provider: Id })
    .partial()
    .refine((scope) => Object.keys(scope).length > 0, "expected identity, system or provider"),
  reason: Text,
  compensatingControls: z.array(Text).min(1),
  acceptedBy: PersonLogin,
  created: IsoDate,
  expires: IsoDate,
});
export type Exception = z.infer<typeof Exception>;

/** `.github/ai-systems.yml`, as written. */
export const Registry = z.strictObject({
  version: z.literal(1),
  systems: z.array(System).max(20_000).optional(),
  identities: z.array(Identity).max(20_000).optional(),
  providers: z.array(Provider).max(20_000).optional(),
  exceptions: z.array(Exception).max(20_000).optional(),
});
export type Registry = z.infer<typeof Registry>;

/** A registry with nothing in it. */
export const EMPTY_REGISTRY: Registry = { version: 1 };
