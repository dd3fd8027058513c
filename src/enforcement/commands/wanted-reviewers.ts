import { governing } from "../../core/assessment.ts";
import type { Evaluation } from "../../core/evaluation.ts";
import type { Requirement } from "../../core/requirement.ts";

/** Who should be asked to review: people by login, and teams with those of their members who could approve. */
export interface WantedReviewers {
  /** In lower case. */
  readonly people: readonly string[];
  readonly teams: ReadonlyMap<string, { readonly size: number; readonly candidates: readonly string[] }>;
}

const NOBODY: WantedReviewers = { people: [], teams: new Map() };

/**
 * Those whose approval an enforced change waits for and who can give it: holders, their delegates, and stand-ins where
 * those are due. A role that a team holds is asked of the team. Nobody is asked about a draft (P29), nor while something
 * blocks the change that no approval clears.
 */
export function wantedReviewers(evaluation: Evaluation, draft: boolean): WantedReviewers {
  const { decision, requirements, facts } = evaluation;
  if (draft || decision.basis === "observe" || decision.state !== "waiting") return NOBODY;
  const people = new Set<string>();
  const teams = new Map<string, { size: number; candidates: readonly string[] }>();
  for (const requirement of requirements.filter(asksPeople)) {
    const left = new Set(requirement.people?.map((login) => login.toLowerCase()));
    for (const team of teamsOf(requirement.role ?? "", evaluation)) {
      const members = facts.teams.get(team) ?? [];
      const candidates = members.map((login) => login.toLowerCase()).filter((login) => left.has(login));
      if (candidates.length === 0) continue;
      teams.set(team, { size: members.length, candidates });
      for (const login of candidates) left.delete(login);
    }
    for (const login of left) people.add(login);
  }
  return { people: [...people].sort(), teams };
}

function asksPeople({ kind, state, role, missing }: Requirement): boolean {
  return kind === "approval" && state === "waiting" && role !== undefined && missing !== undefined;
}

/** The teams that hold a role, `org/team` in lower case: those of the policy, or those that own what is touched. */
function teamsOf(role: string, { assessment, policy }: Evaluation): readonly string[] {
  const touched = governing(assessment);
  const owners = [
    ...assessment.systems,
    ...touched.flatMap(({ identities, providers }) => [...identities, ...providers]),
  ].flatMap(({ owner }) => owner ?? []);
  const holders = policy.roles[role] ?? (role.endsWith("-owner") ? owners : []);
  const names = holders.filter((name) => name.includes("/")).map((name) => name.slice(1).toLowerCase());
  return [...new Set(names)].sort();
}
