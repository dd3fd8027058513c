import { z } from "zod";
import type { Evaluation } from "../core/evaluation.ts";
import { CLASSES, SEVERITIES } from "../core/finding.ts";
import { GOVERNED_TIERS, TIERS } from "../core/policy.ts";
import type { RollbackPlan } from "../core/rollback-plan.ts";
import { MATRIX } from "../core/tier.ts";
import type { OwnRules } from "./own-rules.ts";
import { rollbackSteps } from "./rollback-text.ts";
import { ruleDifferenceText } from "./rule-difference.ts";

const Place = z.strictObject({ path: z.string(), line: z.int().min(1), key: z.string().optional() });
const Nullable = z.string().nullable();

/** The published JSON of an evaluation, version 1. */
export const EvaluationJson = z
  .strictObject({
    version: z.literal(1),
    base: z.string().describe("The merge base commit."),
    head: z.string().describe("The head commit, or index or worktree."),
    mode: z.enum(["observe", "enforce"]),
    decision: z.strictObject({
      state: z.enum(["not-governed", "approved", "waiting", "blocked"]),
      basis: z.enum(["votes", "break-glass", "observe"]).nullable(),
      validUntil: Nullable.describe("The first instant at which time alone would change the decision."),
    }),
    tier: z.strictObject({ value: z.enum(TIERS), reasons: z.array(z.string()) }),
    findings: z.array(
      z.strictObject({
        rule: z.string(),
        class: z.enum(CLASSES),
        direction: z.enum(["added", "removed", "changed", "widened", "narrowed"]),
        surface: z.enum(["production", "ci", "test", "example", "docs", "comment"]),
        severity: z.enum(SEVERITIES),
        confidence: z.enum(["certain", "likely"]),
        connected: z.boolean(),
        place: z.strictObject({ before: Place.optional(), after: Place.optional() }),
        before: Nullable,
        after: Nullable,
        remedy: z.string(),
      }),
    ),
    systems: z.array(z.string()).describe("Ids of the touched systems."),
    requirements: z.array(
      z.strictObject({
        kind: z.enum(["approval", "check", "rollback", "statement", "record"]),
        state: z.enum(["met", "waiting", "failed", "excepted"]),
        role: z.string().optional(),
        check: z.string().optional(),
        rule: z.string().optional(),
        reason: z.string(),
        subject: z.string().optional().describe("For whom or what an approval is asked."),
        missing: z.int().min(1).optional().describe("How many approvals are still missing."),
        people: z.array(z.string()).optional().describe("Logins of those whose word is awaited."),
        warning: z.literal(true).optional().describe("Met only for now, or only because nothing is enforced."),
      }),
    ),
    votes: z.array(
      z.strictObject({
        person: z.string(),
        role: z.string().optional(),
        basis: z.enum(["direct", "team", "stand-in", "delegation", "none"]),
        counted: z.boolean(),
        reason: z.string(),
      }),
    ),
    rollback: z.array(
      z.strictObject({
        kind: z.enum(CLASSES),
        system: Nullable,
        owner: Nullable,
        backup: z.array(z.string()),
        strategy: z.string(),
        previous: z.strictObject({ value: z.string(), retires: Nullable }).nullable(),
        stale: z
          .strictObject({ value: z.string(), why: z.string() })
          .nullable()
          .describe("What stood there before, where that is no way back."),
        revert: z.strictObject({
          base: z.string(),
          conflicts: z
            .array(z.strictObject({ path: z.string(), why: z.string() }))
            .nullable()
            .describe("Where taking the change back would not go by itself; null where that was not tried."),
        }),
        revoke: z.enum(["first", "last"]).nullable().describe("When a credential is revoked while it is replaced."),
        cleanUp: z.boolean().describe("Whether an index or a memory has to be cleaned up as well."),
        trigger: z.array(z.string()),
        steps: z.array(z.string()),
        runbook: Nullable,
        verification: z.array(z.string()),
        reason: Nullable.describe("Why there is no way back, where that is so."),
        maxTimeToRestore: Nullable,
        lastRehearsal: Nullable.describe("The newest rehearsal on record."),
        declaredRehearsal: Nullable.describe("What the registry says, which is no record."),
      }),
    ),
    governedDigest: Nullable.describe("SHA-256 of what the tier binds approvals to; null when nothing is governed."),
    notes: z.array(z.string()).describe("What was left out or only assumed."),
    ownRules: z
      .strictObject({
        edited: z.enum(["policy", "registry"]),
        decision: z
          .strictObject({
            state: z.enum(["not-governed", "approved", "waiting", "blocked"]),
            basis: z.enum(["votes", "break-glass", "observe"]).nullable(),
            tier: z.enum(TIERS),
          })
          .nullable()
          .describe("Null where it cannot be told."),
        problems: z.array(z.string()).describe("Why it cannot be told: `file:line:column: ...`."),
        differences: z.array(
          z.strictObject({ path: z.string(), effect: z.enum(["looser", "tighter", "other"]), text: z.string() }),
        ),
      })
      .optional()
      .describe("Only where the change edits policy or registry: how it would be judged by what it leaves of them."),
    explanation: z
      .strictObject({
        rules: z.array(z.string()).describe("Every rule that was tried, as `id: summary`."),
        matrix: z.record(z.enum(GOVERNED_TIERS), z.record(z.enum(SEVERITIES), z.enum(TIERS))),
      })
      .optional()
      .describe("With --explain."),
  })
  .describe("One evaluation of a change by Countersign.");
export type EvaluationJson = z.infer<typeof EvaluationJson>;

/** The JSON value of an evaluation; `notes` are what the caller has to add, `rules` what was tried, where that is asked for. */
export function evaluationJson(
  evaluation: Evaluation,
  notes: readonly string[] = [],
  rules: readonly string[] | null = null,
  ownRules: OwnRules | null = null,
): EvaluationJson {
  const { assessment, decision, policy, requirements, votes, rollback, facts } = evaluation;
  const tier = assessment.tier.value;
  return {
    version: 1,
    base: assessment.changeSet.base,
    head: assessment.changeSet.head,
    mode: policy.mode,
    decision: { ...decision },
    tier: { value: tier, reasons: [...assessment.tier.reasons] },
    findings: assessment.findings.map(({ finding: { floor: _, ...finding } }) => ({
      ...finding,
      place: { ...finding.place },
    })),
    systems: assessment.systems.map((system) => system.id),
    requirements: requirements.map(({ people, ...requirement }) => ({
      ...requirement,
      ...(people ? { people: [...people] } : {}),
    })),
    votes: votes.map((vote) => ({ ...vote })),
    rollback: rollback.map(rollbackJson),
    governedDigest: tier === "none" ? null : assessment.digests[policy.tiers[tier].bind],
    notes: [...notes, ...facts.missing],
    ...(ownRules ? { ownRules: ownRulesJson(ownRules) } : {}),
    ...(rules ? { explanation: { rules: [...new Set(rules)], matrix: MATRIX } } : {}),
  };
}

/** A rollback plan as JSON, with its steps in words: the same in reports and in records. */
export function rollbackJson(plan: RollbackPlan): EvaluationJson["rollback"][number] {
  const { backup, previous, stale, revert, trigger, verification } = plan;
  return {
    ...plan,
    ...{ backup: [...backup], trigger: [...trigger], verification: [...verification] },
    previous: previous && { ...previous },
    stale: stale && { ...stale },
    revert: { base: revert.base, conflicts: revert.conflicts?.map((one) => ({ ...one })) ?? null },
    steps: [...rollbackSteps(plan)],
  };
}

function ownRulesJson({ edited, evaluation, problems, differences }: OwnRules): EvaluationJson["ownRules"] {
  return {
    edited,
    decision: evaluation && {
      state: evaluation.decision.state,
      basis: evaluation.decision.basis,
      tier: evaluation.assessment.tier.value,
    },
    problems: [...problems],
    differences: differences.map((one) => ({
      path: one.path.join("."),
      effect: one.effect,
      text: ruleDifferenceText(one),
    })),
  };
}
