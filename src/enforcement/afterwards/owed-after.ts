import type { Assessment } from "../../core/assessment.ts";
import type { EffectivePolicy } from "../../core/policy.ts";
import { type Instant, plus } from "../../core/scalars.ts";
import { inherentTier, maxTier } from "../../core/tier.ts";
import type { EvidenceRecord, OwedKind } from "../../evidence/record.ts";

/** Why something is owed: the glass was broken, a merge was taken back the quick way, or the gate was passed by. */
export type OwedFor = "break-glass" | "quick-revert" | "bypass";

const OWED: Readonly<Record<OwedFor, readonly OwedKind[]>> = {
  "break-glass": ["retrospective-approval", "corrective-action"],
  bypass: ["retrospective-approval", "corrective-action"],
  "quick-revert": ["retrospective-approval"],
};

/** What a landing leaves to be done, by whom and by when (security rules S08 and S14). */
export function owedAfter(
  why: OwedFor,
  assessment: Pick<Assessment, "systems" | "index" | "policy">,
  landedAt: Instant,
): NonNullable<EvidenceRecord["owed"]> {
  const dueAt = plus(landedAt, assessment.policy.breakGlass.reviewWithin);
  const owner = ownerOf(assessment);
  return OWED[why].map((kind) => ({ kind, owner, dueAt }));
}

/** Who sees to it: the owner of the system with the most at stake, else who answers for what is not registered. */
export function ownerOf({ systems, index, policy }: Pick<Assessment, "systems" | "index" | "policy">): string {
  const owned = systems.filter(({ owner }) => owner !== undefined);
  const tiers = owned.map((system) => inherentTier(system, index.identities).value);
  const most = tiers.reduce((a, b) => maxTier(a, b), "none" as (typeof tiers)[number]);
  return owned[tiers.indexOf(most)]?.owner ?? keeperOf(policy);
}

/** Who answers for the rules themselves and for what no system holds; empty where the policy names nobody. */
export function keeperOf({ roles, unregisteredOwner, contact }: EffectivePolicy): string {
  return roles[unregisteredOwner]?.[0] ?? contact ?? "";
}
