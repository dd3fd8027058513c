import { type Assessment, governing } from "./assessment.ts";
import type { Clock } from "./clock.ts";
import { type Demand, demandsOf } from "./demand.ts";
import type { Facts, LastMerge } from "./facts.ts";
import type { Requirement } from "./requirement.ts";
import { plus } from "./scalars.ts";
import { described, inherentTier, maxTier } from "./tier.ts";
import { pathsOf } from "./touched-systems.ts";

/** Why a change may go the quick way (low, one eligible person), as a link of the tier's chain; null when it may not. */
export function safeDirection(assessment: Assessment, facts: Facts, clock: Clock): string | null {
  const findings = governing(assessment);
  const [first] = findings;
  if (!first) return null;
  if (findings.every(({ edit }) => edit?.safe === true))
    return `${described(first.finding)} -> every finding only pauses or takes a scope away -> low`;
  const merge = facts.ledger?.lastMerge;
  if (!merge || !reverts(assessment, merge, clock)) return null;
  return `${described(first.finding)} -> the change restores exactly what stood before the merge of ${merge.mergedAt} -> low`;
}

/**
 * Whether the change undoes the newest governed merge and nothing else (security rule S08): every governed path of that
 * merge gets back exactly its content before, which votes let in, soon enough, and no rule of governance is part of it.
 */
function reverts(assessment: Assessment, merge: LastMerge, clock: Clock): boolean {
  const after = new Map(
    assessment.changeSet.changes.flatMap((change) => [
      ...(change.before ? [[change.before.path, null] as const] : []),
      ...(change.after ? [[change.after.path, change.after] as const] : []),
    ]),
  );
  const restored = merge.before.every(({ path, entry }) => {
    const now = after.get(path);
    return (
      now !== undefined && (now?.id ?? null) === (entry?.id ?? null) && (now?.mode ?? null) === (entry?.mode ?? null)
    );
  });
  const paths = new Set(merge.before.map(({ path }) => path));
  const findings = governing(assessment);
  return (
    restored &&
    merge.restoredBasis === "votes" &&
    findings.every(
      ({ finding }) => finding.class !== "governance" && pathsOf(finding).every((path) => paths.has(path)),
    ) &&
    !clock.reached(plus(merge.mergedAt, assessment.policy.limits.quickRevert))
  );
}

const COMING_BACK: ReadonlySet<string> = new Set([
  "record/identity-inactive",
  "record/system-retired",
  "record/model-retired",
  "record/provider-unapproved",
]);

/** Whether nothing inactive, retired or unapproved comes back with it. */
export function bringsNothingBack(requirements: readonly Requirement[]): boolean {
  return !requirements.some(({ state, rule }) => state === "failed" && rule !== undefined && COMING_BACK.has(rule));
}

/** The one person it takes: whoever the ordinary tier of the change or its systems would ask, or who may break the glass. */
export function quickDemand(assessment: Assessment): Demand {
  const { policy, index, systems, tier } = assessment;
  const value = systems.reduce(
    (most, system) => maxTier(most, inherentTier(system, index.identities).value),
    tier.value,
  );
  const ordinary = value === "none" ? [] : demandsOf({ ...assessment, tier: { ...tier, value } }, policy.tiers[value]);
  return {
    role: "eligible-person",
    holders: [...new Set([...ordinary.flatMap(({ holders }) => holders), ...policy.breakGlass.by])],
    standIns: [policy.roles["risk-owner"] ?? []],
    alternatives: [],
    count: 1,
    subject: "the safe direction",
  };
}

/** What stays to be done after a quick change. */
export const RETROSPECTIVE: Requirement = {
  kind: "approval",
  state: "met",
  reason: "the safe direction: the owner's retrospective approval falls due after the merge",
};
