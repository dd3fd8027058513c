import type { Case } from "../core/case.ts";
import type { ObjectId } from "../core/change-set.ts";
import { clockAt } from "../core/clock.ts";
import { entriesLeft } from "../core/entries-left.ts";
import type { Evaluation } from "../core/evaluation.ts";
import { NO_FACTS } from "../core/facts.ts";
import { exclusionsOf } from "../core/independence.ts";
import type { RevalidationCheck } from "../core/policy.ts";
import type { Requirement } from "../core/requirement.ts";
import { neededChecks, revalidation } from "../core/revalidation.ts";
import type { HostedChecks } from "./hosting.ts";

/** The checks that a change needs on the head of its merge group, too (security rule S28). */
export function groupChecks({ assessment }: Pick<Evaluation, "assessment">): readonly RevalidationCheck[] {
  if (assessment.tier.value === "none") return [];
  return neededChecks(assessment).filter(({ onGroup }) => onGroup === true);
}

/** How they stand there, by the rules for the head of a pull request. */
export function groupRevalidation(
  { assessment, policy, ...evaluation }: Evaluation,
  { head, ...results }: HostedChecks & { readonly head: ObjectId },
  now: string,
): readonly Requirement[] {
  const wanted = new Set(groupChecks({ assessment }));
  if (wanted.size === 0) return [];
  const checks = Object.fromEntries(Object.entries(policy.checks).filter(([, check]) => wanted.has(check)));
  const asking = { ...policy, checks };
  const matter: Case = {
    assessment: { ...assessment, policy: asking, changeSet: { ...assessment.changeSet, head } },
    policy: asking,
    duties: policy.tiers[assessment.tier.value as keyof typeof policy.tiers],
    facts: { ...NO_FACTS, ...results },
    excluded: exclusionsOf(evaluation.facts),
    left: entriesLeft(null),
    clock: clockAt(now),
  };
  // That no check at all covers the change was said of the pull request.
  return revalidation(matter).filter(({ check }) => check !== undefined);
}
