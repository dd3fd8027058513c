import { z } from "zod";
import { CLASSES } from "../core/finding.ts";
import { type RollbackPlan, STRATEGIES } from "../core/rollback-plan.ts";
import type { Dossier } from "../evidence/record.ts";

const Words = z.string().nullable().catch(null);
const List = z.array(z.string()).catch([]);
const WHYS = ["content", "deleted", "moved", "mode", "kind", "binary", "too-large"] as const;

/** What is shown of a recorded plan; records of other versions may hold more, or less. */
const Plan = z.object({
  kind: z.enum(CLASSES).catch("governance"),
  system: Words,
  owner: Words,
  backup: List,
  strategy: z.enum(STRATEGIES).catch("revert-commit"),
  previous: z.object({ value: z.string(), retires: Words }).nullable().catch(null),
  stale: z.object({ value: z.string(), why: z.string() }).nullable().catch(null),
  revert: z
    .object({
      base: z.string(),
      conflicts: z.array(z.object({ path: z.string(), why: z.enum(WHYS) })).nullable(),
    })
    .catch({ base: "", conflicts: null }),
  revoke: z.enum(["first", "last"]).nullable().catch(null),
  cleanUp: z.boolean().catch(false),
  trigger: List,
  runbook: Words,
  verification: List,
  reason: Words,
  maxTimeToRestore: Words,
  lastRehearsal: Words,
  declaredRehearsal: Words,
});

/** The plans of a record, to be shown as those of a decision are. */
export function recordedPlans(plans: Dossier["rollback"]): readonly RollbackPlan[] {
  return plans.map((plan) => Plan.parse(plan));
}
