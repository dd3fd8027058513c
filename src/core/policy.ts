import { z } from "zod";
import { Glob } from "./glob.ts";
import { Duration, IsoDate, PersonLogin, PersonOrTeam } from "./scalars.ts";

export const TIERS = ["none", "low", "medium", "high", "critical"] as const;
/** The risk of one change; `none` is not governed. */
export type Tier = (typeof TIERS)[number];
export const GOVERNED_TIERS = ["low", "medium", "high", "critical"] as const;
/** A tier that asks for something. */
export type GovernedTier = (typeof GOVERNED_TIERS)[number];

/** How widely an approval binds (security rule S05). */
export const BINDS = ["facts", "files", "change-set"] as const;
export type Bind = (typeof BINDS)[number];
export const ROLLBACKS = ["none", "planned", "rehearsed"] as const;
/** What a tier asks of the rollback plan. */
export type RollbackDuty = (typeof ROLLBACKS)[number];

const TierName = z.enum(GOVERNED_TIERS);
const ClassName = z.enum(["model", "prompt", "credential", "tool", "guardrail", "provider", "governance"]);
const Role = z.string().regex(/^[a-z][a-z0-9-]*$/, "expected a role name: lower-case letters, digits and dashes");

/** One approval a tier asks for; `when` limits it to changes that touch one of the classes. */
export const Approval = z.strictObject({
  role: Role.describe("system-owner, identity-owner, provider-owner, or a role of `roles`."),
  count: z.int().min(1).max(20).optional().describe("How many people; default 1."),
  when: z.array(ClassName).min(1).optional().describe("Only when the change touches one of these classes."),
});
export type Approval = z.infer<typeof Approval>;

const TierPolicy = z.strictObject({
  approvals: z.array(Approval).max(20).optional(),
  distinctPeople: z.int().min(1).max(20).optional().describe("How many different people must approve in all."),
  rollback: z.enum(ROLLBACKS).optional(),
  statement: z.boolean().optional().describe("A written risk acceptance by command."),
  bind: z.enum(BINDS).optional().describe("What an approval covers."),
  validFor: Duration.optional().describe("How long an approval lives."),
});

const RevalidationCheck = z
  .strictObject({
    name: z.string().min(1).max(200).describe("The check's name as GitHub shows it."),
    app: z.string().min(1).describe("The slug of the App that reports it."),
    workflow: z.string().optional().describe("The workflow file; needed when app is github-actions."),
    inputs: z.array(Glob).optional().describe("Globs of what the check reads: scripts, configuration, data."),
    when: z.array(ClassName).min(1).optional(),
    from: TierName.optional().describe("The lowest tier that needs it; default medium."),
    maxAge: Duration.optional(),
    passRate: z
      .number()
      .gt(0)
      .max(1)
      .optional()
      .describe("The share of cases that must pass, where the Action's command report reads its result; default 1."),
    onGroup: z.boolean().optional().describe("Also required on a merge group."),
  })
  .refine((check) => check.app !== "github-actions" || check.workflow !== undefined, {
    message: "expected `workflow`: a result of github-actions is read from the named workflow's run",
    path: ["workflow"],
  });
export type RevalidationCheck = z.infer<typeof RevalidationCheck>;

const CustomRule = z.strictObject({
  id: z.string().regex(/^(model|prompt|credential|tool|guardrail|provider)\/[a-z0-9-]+$/, "expected class/name"),
  class: ClassName,
  paths: z.array(Glob).min(1),
  pattern: z.string().min(3).max(500).describe("A linear-time (RE2) pattern with the named group `value`."),
  severity: z.enum(["trivial", "minor", "material", "major"]).optional(),
});
export type CustomRule = z.infer<typeof CustomRule>;

const Review = z.strictObject({ every: Duration, last: IsoDate.optional() });

const AdjustableRule = z
  .string()
  .regex(
    /^(?!governance\/|record\/|credential\/secret-value$|tool\/permission$)[a-z]+\/[a-z0-9-]+$/,
    "expected a rule such as model/id; governance/*, record/*, credential/secret-value and tool/permission stay as they are",
  );

/** `.github/countersign.yml`, as written. */
export const Policy = z.strictObject({
  version: z.literal(1),
  mode: z.enum(["observe", "enforce"]).optional().describe("observe (default) reports only; enforce blocks."),
  enforceFrom: TierName.optional().describe("Tiers below it are advisory."),
  enforceIn: z.array(z.string().min(1)).optional().describe("Baseline only: the repositories that enforce."),
  branches: z
    .array(z.string().min(1))
    .min(1)
    .max(50)
    .optional()
    .describe("Governed branches; ~DEFAULT_BRANCH by default."),
  contact: PersonOrTeam.optional().describe("Printed wherever somebody is blocked."),
  aiPolicy: z
    .strictObject({
      document: z.string().min(1),
      owner: PersonLogin,
      approvedBy: PersonOrTeam.optional(),
      review: Review.optional(),
    })
    .optional(),
  unregisteredTier: TierName.optional().describe("Inherent tier of governed changes outside every system."),
  unregisteredOwner: Role.optional().describe("The role that stands in for system-owner there."),
  roles: z.record(Role, z.array(PersonOrTeam).max(100)).optional(),
  tiers: z
    .strictObject({ low: TierPolicy, medium: TierPolicy, high: TierPolicy, critical: TierPolicy })
    .partial()
    .optional(),
  checks: z.record(z.string().regex(/^[a-z0-9][a-z0-9-]*$/), RevalidationCheck).optional(),
  selfApproval: z.enum(["never", "recorded"]).optional(),
  breakGlass: z.strictObject({ by: z.array(PersonOrTeam).min(1), reviewWithin: Duration.optional() }).optional(),
  delegations: z
    .array(z.strictObject({ from: PersonLogin, to: PersonLogin, roles: z.array(Role).min(1), until: IsoDate }))
    .optional(),
  limits: z
    .strictObject({
      exceptionMax: Duration,
      rotationMax: Duration,
      rotationGrace: Duration,
      reviewMax: Duration,
      reviewGrace: Duration,
      rehearsalMaxAge: Duration,
      quickRevert: Duration,
    })
    .partial()
    .optional(),
  detect: z
    .strictObject({
      credentials: z.enum(["connected", "all"]),
      ignore: z.array(Glob),
      rules: z.record(
        AdjustableRule,
        z.union([z.literal("off"), z.strictObject({ severity: z.enum(["trivial", "minor", "material", "major"]) })]),
      ),
      custom: z.array(CustomRule).max(500),
    })
    .partial()
    .optional(),
  notify: z
    .strictObject({ channel: z.enum(["none", "slack", "teams"]), escalateAfter: Duration.optional() })
    .optional(),
});
export type Policy = z.infer<typeof Policy>;

/** A tier's duties with nothing left out. */
export interface TierDuties {
  readonly approvals: readonly Approval[];
  readonly distinctPeople: number;
  readonly rollback: RollbackDuty;
  readonly statement: boolean;
  readonly bind: Bind;
  readonly validFor: string;
}

/** The built-in tiers, which hold where a policy is silent. */
export const BUILT_IN_TIERS: Readonly<Record<GovernedTier, TierDuties>> = {
  low: {
    approvals: [{ role: "ai-reviewer" }],
    distinctPeople: 1,
    rollback: "none",
    statement: false,
    bind: "facts",
    validFor: "P90D",
  },
  medium: {
    approvals: [{ role: "system-owner" }, { role: "ai-reviewer" }],
    distinctPeople: 2,
    rollback: "planned",
    statement: false,
    bind: "facts",
    validFor: "P30D",
  },
  high: {
    approvals: [
      { role: "system-owner" },
      { role: "risk-owner" },
      { role: "security", when: ["credential", "tool", "provider"] },
    ],
    distinctPeople: 2,
    rollback: "planned",
    statement: false,
    bind: "files",
    validFor: "P14D",
  },
  critical: {
    approvals: [{ role: "system-owner" }, { role: "risk-owner" }, { role: "security" }],
    distinctPeople: 3,
    rollback: "rehearsed",
    statement: true,
    bind: "change-set",
    validFor: "P7D",
  },
};

/** The limits that hold where a policy is silent, ISO 8601 durations. */
export const BUILT_IN_LIMITS = {
  exceptionMax: "P90D",
  rotationMax: "P365D",
  rotationGrace: "P7D",
  reviewMax: "P365D",
  reviewGrace: "P30D",
  rehearsalMaxAge: "P180D",
  quickRevert: "P14D",
} as const;

/** A policy with every default filled in: what the decision reads. */
export interface EffectivePolicy {
  readonly mode: "observe" | "enforce";
  readonly enforceFrom: GovernedTier;
  readonly branches: readonly string[];
  readonly contact?: string;
  readonly aiPolicy?: NonNullable<Policy["aiPolicy"]>;
  readonly unregisteredTier: GovernedTier;
  readonly unregisteredOwner: string;
  readonly roles: Readonly<Record<string, readonly string[]>>;
  readonly tiers: Readonly<Record<GovernedTier, TierDuties>>;
  readonly checks: Readonly<Record<string, RevalidationCheck>>;
  readonly selfApproval: "never" | "recorded";
  readonly breakGlass: { readonly by: readonly string[]; readonly reviewWithin: string };
  readonly delegations: NonNullable<Policy["delegations"]>;
  readonly limits: Readonly<Record<keyof typeof BUILT_IN_LIMITS, string>>;
  readonly detect: {
    readonly credentials: "connected" | "all";
    readonly ignore: readonly string[];
    readonly rules: Readonly<Record<string, "off" | { readonly severity: "trivial" | "minor" | "material" | "major" }>>;
    readonly custom: readonly CustomRule[];
  };
  readonly notify: { readonly channel: "none" | "slack" | "teams"; readonly escalateAfter: string };
}

/** Fills in what a policy leaves out; without a policy the built-in one, which only observes. */
export function effectivePolicy(policy: Policy | null): EffectivePolicy {
  const written = policy?.tiers ?? {};
  const tier = (name: GovernedTier): TierDuties => ({ ...BUILT_IN_TIERS[name], ...defined(written[name] ?? {}) });
  const roles = policy?.roles ?? {};
  return {
    mode: policy?.mode ?? "observe",
    enforceFrom: policy?.enforceFrom ?? "low",
    branches: policy?.branches ?? ["~DEFAULT_BRANCH"],
    ...(policy?.contact === undefined ? {} : { contact: policy.contact }),
    ...(policy?.aiPolicy === undefined ? {} : { aiPolicy: policy.aiPolicy }),
    unregisteredTier: policy?.unregisteredTier ?? "medium",
    unregisteredOwner: policy?.unregisteredOwner ?? "risk-owner",
    roles: { ...roles, security: roles.security ?? roles["risk-owner"] ?? [] },
    tiers: { low: tier("low"), medium: tier("medium"), high: tier("high"), critical: tier("critical") },
    checks: policy?.checks ?? {},
    selfApproval: policy?.selfApproval ?? "never",
    breakGlass: { by: policy?.breakGlass?.by ?? [], reviewWithin: policy?.breakGlass?.reviewWithin ?? "P2D" },
    delegations: policy?.delegations ?? [],
    limits: { ...BUILT_IN_LIMITS, ...defined(policy?.limits ?? {}) },
    detect: {
      credentials: policy?.detect?.credentials ?? "connected",
      ignore: policy?.detect?.ignore ?? [],
      rules: policy?.detect?.rules ?? {},
      custom: policy?.detect?.custom ?? [],
    },
    notify: { channel: policy?.notify?.channel ?? "none", escalateAfter: policy?.notify?.escalateAfter ?? "P2D" },
  };
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Defined<T>;
}
