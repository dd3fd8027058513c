import { governing } from "./assessment.ts";
import type { Case } from "./case.ts";
import { overdue } from "./due-date.ts";
import type { Obligation } from "./obligation.ts";
import type { System } from "./registry.ts";
import { endOf } from "./scalars.ts";
import { atLeast, inherentTier } from "./tier.ts";

/** What is not in order with a system; `changed` says whether the merge leaves something new in it, not only less. */
export function systemObligations(system: System, changed: boolean, matter: Case): Obligation[] {
  const { assessment, policy, clock } = matter;
  const scope = { system: system.id };
  const subject = `system ${system.id}`;
  const found: Obligation[] = [];
  const add = (rule: string, reason: string): void => {
    found.push({ rule: `record/${rule}`, reason: `${subject} ${reason}`, scope });
  };
  if (changed && system.risk?.euAiAct === "prohibited")
    add("prohibited-practice", "is declared a prohibited practice; it may only be removed");
  if (changed && system.lifecycle === "retired") add("system-retired", "is retired; it may only be removed");
  if (!atLeast(inherentTier(system, assessment.index.identities).value, "high")) return found;
  if (!system.owner) add("owner-missing", "has no owner");
  const { logs = [], metrics = [] } = system.monitoring ?? {};
  if (logs.length + metrics.length === 0) add("monitoring-missing", "names no monitoring");
  const { reviewMax: max, reviewGrace: grace } = policy.limits;
  found.push(
    ...overdue(system.review, { rule: "record/review-overdue", what: "review", max, grace }, subject, scope, matter),
  );
  const impact = system.risk?.impactAssessment?.expires;
  if (impact === undefined || clock.reached(endOf(impact))) {
    const reason =
      impact === undefined ? "has no impact assessment" : `has an impact assessment that expired on ${impact}`;
    found.push({ rule: "record/impact-overdue", scope, dated: { blocksFrom: null }, reason: `${subject} ${reason}` });
  }
  return found;
}

/** Models that a touched system still uses after their retirement. */
export function retiredModels(systems: readonly System[], { assessment, clock }: Case): Obligation[] {
  const findings = governing(assessment).filter(({ finding }) => finding.class === "model");
  const replaced = new Set(findings.map(({ finding }) => finding.before));
  const added = new Set(findings.map(({ finding }) => finding.after));
  return systems.flatMap((system) =>
    (system.models ?? [])
      .filter(
        ({ ref, retires }) =>
          retires !== undefined && (added.has(ref) || !replaced.has(ref)) && clock.reached(endOf(retires)),
      )
      .map(({ ref, retires }) => ({
        rule: "record/model-retired",
        reason: `model ${ref} of system ${system.id} retired on ${retires}`,
        scope: { system: system.id },
      })),
  );
}
