import type { Requirement } from "./approval.ts";
import type { Assessment } from "./assessment.ts";
import type { Clock } from "./clock.ts";
import type { CheckResult, Facts } from "./facts.ts";
import type { EffectivePolicy, RevalidationCheck } from "./policy.ts";
import { plus } from "./scalars.ts";
import { atLeast } from "./tier.ts";

/** The revalidation checks that this change needs, with their results. */
export function revalidation(
  assessment: Assessment,
  facts: Facts,
  policy: EffectivePolicy,
  clock: Clock,
): readonly Requirement[] {
  const tier = assessment.tier.value;
  const needed = Object.values(policy.checks).filter(
    (check) =>
      atLeast(tier, check.from ?? "medium") &&
      (!check.when || check.when.some((name) => assessment.classes.includes(name))),
  );
  const requirements = needed.map((check) => resultOf(check, facts, assessment, clock));
  const uncovered = (["model", "prompt"] as const).filter(
    (name) => assessment.classes.includes(name) && !needed.some((check) => !check.when || check.when.includes(name)),
  );
  if (atLeast(tier, "high") && uncovered.length > 0) {
    requirements.push({
      kind: "check",
      state: "failed",
      reason: `no check of the policy covers ${uncovered.join(" and ")} changes at ${tier}; add one under checks in .github/countersign.yml`,
    });
  }
  return requirements;
}

function resultOf(check: RevalidationCheck, facts: Facts, assessment: Assessment, clock: Clock): Requirement {
  const base = { kind: "check" as const, check: check.name };
  const head = assessment.changeSet.head;
  const found = facts.checks
    .filter((result) => result.name === check.name && result.head === head && comesFrom(result, check))
    .sort((a, b) => Date.parse(b.completedAt ?? "9999-01-01") - Date.parse(a.completedAt ?? "9999-01-01"))[0];
  if (!found) return missing(check, facts, head, base);
  if (found.status !== "completed") return { ...base, state: "waiting", reason: `${check.name} is ${found.status}` };
  if (found.conclusion !== "success")
    return {
      ...base,
      state: "failed",
      reason: `${check.name} ended with ${found.conclusion ?? "nothing"}; only success counts`,
    };
  if (check.maxAge !== undefined && found.completedAt !== null) {
    const expires = plus(found.completedAt, check.maxAge);
    if (clock.reached(expires))
      return { ...base, state: "waiting", reason: `${check.name} is older than ${check.maxAge}; run it again` };
  }
  return { ...base, state: "met", reason: `${check.name} succeeded on this head` };
}

function comesFrom(result: CheckResult, check: RevalidationCheck): boolean {
  if (result.app !== check.app) return false;
  return check.app !== "github-actions" || result.workflow === check.workflow;
}

function missing(
  check: RevalidationCheck,
  facts: Facts,
  head: string,
  base: { readonly kind: "check"; readonly check: string },
): Requirement {
  const runs = facts.workflowRuns.filter((run) => run.path === check.workflow && run.head === head);
  if (runs.length > 0 && runs.every((run) => run.status === "completed")) {
    return { ...base, state: "failed", reason: `${check.workflow} ended without ${check.name}` };
  }
  const source = check.workflow === undefined ? `app ${check.app}` : check.workflow;
  return { ...base, state: "waiting", reason: `${check.name} (${source}) has not reported on this head` };
}
