import { governing } from "./assessment.ts";
import type { Case } from "./case.ts";
import type { Obligation } from "./obligation.ts";
import type { System } from "./registry.ts";

/** The rule of what is still owed after an earlier change: an approval afterwards, or a cause with its action. */
export const OVERDUE = "record/follow-up-overdue";

/** What is owed and overdue of the systems that a change touches; what touches none is held against the like. */
export function owed(systems: readonly System[], { assessment, facts, clock }: Case): Obligation[] {
  const touched = systems.map(({ id }) => id);
  const outside = governing(assessment).some(
    ({ finding, systems: own }) => own.length === 0 && finding.class !== "governance",
  );
  return (facts.ledger?.owed ?? []).flatMap(({ systems: of, dueAt, what }): Obligation[] => {
    const ids = of.length === 0 ? (outside ? [null] : []) : touched.filter((id) => of.includes(id));
    if (ids.length === 0 || !clock.reached(dueAt)) return [];
    return ids.map((id) => ({ rule: OVERDUE, reason: what, scope: id === null ? {} : { system: id } }));
  });
}
