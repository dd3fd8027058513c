import { type Assessment, governing } from "../core/assessment.ts";
import type { Evaluation } from "../core/evaluation.ts";
import type { EffectivePolicy } from "../core/policy.ts";
import { neededChecks } from "../core/revalidation.ts";
import type { StoredHead } from "../stores/store.ts";

/** The teams that a policy names, `org/team` in lower case. */
export function teamsOfRoles({ roles, breakGlass }: EffectivePolicy): readonly string[] {
  return teamsAmong([...Object.values(roles).flat(), ...breakGlass.by]);
}

/** The teams whose members decide about a change, `org/team` in lower case: those of the policy, and owners of what it touches. */
export function teamsOf(assessment: Assessment): readonly string[] {
  const { policy, systems } = assessment;
  const touched = governing(assessment);
  const entries = [...systems, ...touched.flatMap(({ identities, providers }) => [...identities, ...providers])];
  const named = entries.flatMap((entry) => [entry.owner ?? "", ...("deputies" in entry ? (entry.deputies ?? []) : [])]);
  return [...new Set([...teamsOfRoles(policy), ...teamsAmong(named)])].sort();
}

function teamsAmong(named: readonly string[]): readonly string[] {
  return [...new Set(named.filter((name) => name.includes("/")).map((name) => name.slice(1).toLowerCase()))];
}

/** What a decision rests on beside the change itself, so that events which cannot change it cost nothing. */
export function dependenciesOf({ assessment, decision }: Evaluation): NonNullable<StoredHead["depends"]> {
  if (decision.state === "not-governed") return { governed: false, checks: [], teams: [] };
  if (assessment.tier.value === "none") return { governed: true, checks: [], teams: [] };
  const checks = neededChecks(assessment).flatMap(({ name, workflow }) => [name, ...(workflow ? [workflow] : [])]);
  return { governed: true, checks: [...new Set(checks)], teams: teamsOf(assessment) };
}
