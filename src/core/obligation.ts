import type { Case } from "./case.ts";
import type { Exception, Registry } from "./registry.ts";
import type { Requirement } from "./requirement.ts";
import { endOf, plus } from "./scalars.ts";
import { atLeast } from "./tier.ts";

/** Something about a registered entry that is not in order. */
export interface Obligation {
  readonly rule: string;
  readonly reason: string;
  /** What an exception's scope must name. */
  readonly scope: { readonly system?: string; readonly identity?: string; readonly provider?: string };
  /** For one that depends on a date: from when it blocks, at high and critical; before, and below, it warns. */
  readonly dated?: { readonly blocksFrom: string | null };
  /** For one that people can put right on this pull request: what is awaited. */
  readonly awaits?: string;
}

/** Rules of which an approved, unexpired exception may take the place. */
export const EXCEPTABLE: ReadonlySet<string> = new Set(
  [
    "disclosure-missing",
    "disclosure-expired",
    "owner-missing",
    "rotation-overdue",
    "access-review-overdue",
    "review-overdue",
    "impact-overdue",
    "monitoring-missing",
    "static-secret",
    "cross-environment-reuse",
    "follow-up-overdue",
  ].map((name) => `record/${name}`),
);

/** An obligation as a requirement: excepted, a warning, awaited or blocking. Exceptions count from the base only (S04). */
export function settle(obligation: Obligation, { exceptions = [] }: Registry, matter: Case): Requirement {
  const { rule, reason, dated, awaits } = obligation;
  const result = (state: Requirement["state"], text: string): Requirement => ({
    kind: "record",
    state,
    rule,
    reason: `${rule}${text}`,
  });
  const exception = EXCEPTABLE.has(rule) ? exceptions.find((entry) => applies(entry, obligation, matter)) : undefined;
  if (exception) return result("excepted", `: ${reason}; exception ${exception.id} until ${exception.expires}`);
  if (awaits !== undefined) return result("waiting", `: ${reason}; ${awaits}`);
  if (dated && !atLeast(matter.assessment.tier.value, "high"))
    return { ...result("met", ` (a warning below high): ${reason}`), warning: true };
  const { blocksFrom } = dated ?? { blocksFrom: null };
  if (blocksFrom !== null && !matter.clock.reached(blocksFrom))
    return { ...result("met", ` (a warning until ${blocksFrom}): ${reason}`), warning: true };
  return result("failed", `: ${reason}`);
}

function applies(exception: Exception, obligation: Obligation, { policy, clock }: Case): boolean {
  const scope = Object.entries(exception.scope);
  const same = scope.every(([kind, id]) => obligation.scope[kind as keyof Obligation["scope"]] === id);
  if (exception.rule !== obligation.rule || !same) return false;
  const accepted = (policy.roles["risk-owner"] ?? []).some(
    (person) => person.toLowerCase() === exception.acceptedBy.toLowerCase(),
  );
  const cap = plus(`${exception.created}T00:00:00Z`, policy.limits.exceptionMax);
  return accepted && !clock.reached(endOf(exception.expires)) && !clock.reached(cap);
}
