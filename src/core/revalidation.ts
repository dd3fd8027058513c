import type { Assessment } from "./assessment.ts";
import type { Case } from "./case.ts";
import type { CheckResult } from "./facts.ts";
import type { RevalidationCheck } from "./policy.ts";
import type { Requirement } from "./requirement.ts";
import { plus } from "./scalars.ts";
import { atLeast, enforced } from "./tier.ts";

/** The revalidation checks that this change needs, with their results. */
export function revalidation(matter: Case): readonly Requirement[] {
  const needed = neededChecks(matter.assessment);
  return [...needed.map((check) => resultOf(check, matter)), ...uncovered(needed, matter)];
}

/** The checks of the policy that ask for this tier and class of change. */
export function neededChecks({ policy, tier, classes }: Assessment): readonly RevalidationCheck[] {
  return Object.values(policy.checks).filter(
    ({ from, when }) => atLeast(tier.value, from ?? "medium") && (!when || when.some((name) => classes.includes(name))),
  );
}

/** At high and critical somebody must have evaluated a model or prompt change. */
function uncovered(needed: readonly RevalidationCheck[], { assessment, policy }: Case): Requirement[] {
  const { tier, classes } = assessment;
  const bare = (["model", "prompt"] as const).filter(
    (name) => classes.includes(name) && !needed.some(({ when }) => !when || when.includes(name)),
  );
  if (!atLeast(tier.value, "high") || bare.length === 0) return [];
  const blocks = enforced(policy, tier.value);
  const reason = `no check of the policy covers ${bare.join(" and ")} changes at ${tier.value}; add one under checks in .github/countersign.yml`;
  if (blocks) return [{ kind: "check", state: "failed", reason }];
  return [{ kind: "check", state: "met", reason: `${reason} (a warning while observed)`, warning: true }];
}

const NOT_YET = "9999-01-01";

/** The newest result that counts; of two at one instant the worse. */
function newest(check: RevalidationCheck, { assessment, facts }: Case): CheckResult | undefined {
  const good = ({ conclusion }: CheckResult) => (conclusion === "success" ? 1 : 0);
  return facts.checks
    .filter(
      (result) => result.name === check.name && result.head === assessment.changeSet.head && comesFrom(result, check),
    )
    .sort(
      (a, b) => Date.parse(b.completedAt ?? NOT_YET) - Date.parse(a.completedAt ?? NOT_YET) || good(a) - good(b),
    )[0];
}

function comesFrom(result: CheckResult, check: RevalidationCheck): boolean {
  if (result.app !== check.app) return false;
  return check.app !== "github-actions" || result.workflow === check.workflow;
}

function resultOf(check: RevalidationCheck, matter: Case): Requirement {
  const { name, maxAge } = check;
  const result = (state: Requirement["state"], text: string): Requirement => ({
    kind: "check",
    check: name,
    state,
    ...(state === "failed" ? { rule: "record/check-failed" } : {}),
    reason: `${name} ${text}`,
  });
  const found = newest(check, matter);
  if (!found) return missing(check, matter, result);
  if (found.status !== "completed") return result("waiting", `is ${found.status}`);
  if (found.conclusion !== "success")
    return result("failed", `ended with ${found.conclusion ?? "nothing"}; only success counts`);
  if (maxAge !== undefined && (found.completedAt === null || matter.clock.reached(plus(found.completedAt, maxAge))))
    return result("waiting", `is older than ${maxAge}; run it again`);
  return result("met", "succeeded on this head");
}

function missing(
  { app, workflow }: RevalidationCheck,
  { assessment, facts }: Case,
  result: (state: Requirement["state"], text: string) => Requirement,
): Requirement {
  const runs = facts.workflowRuns.filter((run) => run.path === workflow && run.head === assessment.changeSet.head);
  if (runs.length > 0 && runs.every((run) => run.status === "completed"))
    return result("failed", `is missing: ${workflow} ended without it`);
  return result("waiting", `(${workflow ?? `app ${app}`}) has not reported on this head`);
}
