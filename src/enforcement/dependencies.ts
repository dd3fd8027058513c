import { type Assessment, governing } from "../core/assessment.ts";
import { demandsOf } from "../core/demand.ts";
import type { Evaluation } from "../core/evaluation.ts";
import type { EffectivePolicy } from "../core/policy.ts";
import { neededChecks } from "../core/revalidation.ts";
import type { StoredHead } from "../stores/store.ts";
import type { Configuration } from "../work/configuration.ts";

/** More people than these are not asked about ahead of time: not all of them are going to be needed. */
const MOST_FORESEEN = 8;

/** Whom a decision is likely to ask about once something is governed: the policy's teams, and people whom the rules name. */
export function likelyAsked({ policy, registry }: Pick<Configuration, "policy" | "registry">): readonly string[] {
  const { systems = [] } = registry.base ?? {};
  const named = [...Object.values(policy.roles).flat(), ...systems.flatMap(({ owner }) => (owner ? [owner] : []))];
  const people = named.filter((name) => !name.includes("/")).map((name) => name.slice(1).toLowerCase());
  return [...teamsOfRoles(policy), ...[...new Set(people)].slice(0, MOST_FORESEEN)];
}

/** The teams that a policy names, `org/team` in lower case. */
function teamsOfRoles({ roles, breakGlass }: EffectivePolicy): readonly string[] {
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

/** More people than these are not asked about before one of them votes: each is a request. */
const MOST_NAMED = 20;

/** The people whom the roles of a change name one by one, logins in lower case: whoever lacks access could not approve. */
export function namedPeopleOf(assessment: Assessment): readonly string[] {
  const { policy, tier } = assessment;
  if (tier.value === "none") return [];
  const demands = demandsOf(assessment, policy.tiers[tier.value]);
  const named = demands.flatMap(({ holders, standIns, alternatives }) => [holders, standIns.flat(), alternatives]);
  const delegates = policy.delegations.map(({ to }) => to);
  const people = [...named.flat(), ...delegates].filter((name) => !name.includes("/"));
  return [...new Set(people.map((name) => name.slice(1).toLowerCase()))].slice(0, MOST_NAMED);
}

/** What a decision rests on beside the change itself, so that events which cannot change it cost nothing. */
export function dependenciesOf({ assessment, decision, facts }: Evaluation): NonNullable<StoredHead["depends"]> {
  if (decision.state === "not-governed") return { governed: false, checks: [], teams: [] };
  if (assessment.tier.value === "none") return { governed: true, checks: [], teams: [] };
  const checks = neededChecks(assessment).flatMap(({ name, workflow }) => [name, ...(workflow ? [workflow] : [])]);
  const tier = assessment.tier.value;
  const people = [...(facts.access?.keys() ?? [])];
  return { governed: true, checks: [...new Set(checks)], teams: teamsOf(assessment), people, tier };
}
