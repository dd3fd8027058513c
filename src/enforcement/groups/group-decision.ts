import type { Evaluation } from "../../core/evaluation.ts";
import type { Against, GroupMember } from "../../reports/merge-group.ts";
import type { StoredGroup } from "../../stores/store.ts";
import { POLICY_PATH, REGISTRY_PATH } from "../../work/configuration.ts";
import { groupChecks, groupRevalidation } from "../../work/group-checks.ts";
import type { HostedRepository } from "../../work/hosting.ts";
import type { Enforcement } from "../enforcement.ts";
import { type FoundMember, governedInGroup } from "./found-member.ts";
import { groupConflicts } from "./group-conflicts.ts";

/** What is decided about a merge group. */
export interface GroupDecision {
  readonly members: readonly GroupMember[];
  readonly against: readonly Against[];
  readonly waits: readonly Omit<Against, "enforced">[];
  /** Names of checks and files of workflows that it looks at on its own head. */
  readonly checks: readonly string[];
}

/** Decides about a group whose pull requests were found and decided. */
export async function groupDecision(
  group: StoredGroup,
  found: readonly FoundMember[],
  repository: HostedRepository,
  enforcement: Enforcement,
): Promise<GroupDecision> {
  const decided = found.flatMap(({ decided: member }) => (member ? [member] : []));
  const last = decided.at(-1);
  const results = await resultsOf(
    group,
    decided.map(({ evaluation }) => evaluation),
    repository,
  );
  const conflicts = last
    ? await groupConflicts(decided, {
        repository,
        base: last.matter.pulls[0].base.head,
        head: group.head,
        governed: (paths) => governedInGroup(group, last, paths, enforcement),
      })
    : [];
  const failed = decided.map(({ number, evaluation }) => {
    const requirements = groupRevalidation(evaluation, { head: group.head, ...results }, enforcement.now());
    const enforced = evaluation.decision.basis !== "observe";
    return { number, enforced, requirements };
  });
  return {
    members: found.map(({ number, decided: member, why }) => ({
      number,
      evaluation: member?.evaluation ?? null,
      against: [
        ...why,
        ...conflicts.filter((conflict) => conflict.number === number),
        ...failed.filter((one) => one.number === number).flatMap(failedChecks),
      ],
    })),
    against: conflicts.filter(({ number }) => number === null),
    waits: [...rulesAhead(decided), ...failed.flatMap(awaitedChecks)],
    checks: results.names,
  };
}

/** Results on the group's own head, asked for only where the policy says `onGroup` (security rule S28). */
async function resultsOf(group: StoredGroup, evaluations: readonly Evaluation[], repository: HostedRepository) {
  const wanted = [...new Map(evaluations.flatMap(groupChecks).map((check) => [JSON.stringify(check), check])).values()];
  const names = wanted.flatMap(({ name, workflow }) => [name, ...(workflow ? [workflow] : [])]);
  if (wanted.length === 0) return { names, checks: [], workflowRuns: [] };
  return { names, ...(await repository.checks({ head: group.head, baseRef: group.baseRef }, wanted)) };
}

interface Revalidated {
  readonly number: number;
  readonly enforced: boolean;
  readonly requirements: ReturnType<typeof groupRevalidation>;
}

function failedChecks({ number, enforced, requirements }: Revalidated): Against[] {
  return requirements
    .filter(({ state }) => state === "failed")
    .map(({ check = "", reason }) => ({
      enforced,
      short: `#${number} fails \`${check}\` in this group`,
      reason: `${reason.replace("on this head", "on this group")}; #${number} needs it here, too`,
    }));
}

function awaitedChecks({ number, enforced, requirements }: Revalidated): Omit<Against, "enforced">[] {
  if (!enforced) return [];
  return requirements
    .filter(({ state }) => state === "waiting")
    .map(({ check = "", reason }) => ({
      short: `\`${check}\` has not succeeded on this group yet`,
      reason: `${reason.replace("this head", "this group")}; #${number} needs it here, too, so its workflow must run on merge_group`,
    }));
}

/** What lands before and changes the rules has to land first: the others are decided under those then (security rule S01). */
function rulesAhead(decided: readonly { readonly number: number; readonly evaluation: Evaluation }[]) {
  const at = decided.findIndex(({ evaluation }) => changesRules(evaluation));
  const [rules, ...behind] = at < 0 ? [] : decided.slice(at);
  if (rules === undefined || behind.length === 0) return [];
  return [
    {
      short: `#${rules.number}, which changes the rules, has to land first`,
      reason: `#${rules.number} lands before the others and changes policy or registry; what is behind it is decided under the new rules when it has landed`,
    },
  ];
}

function changesRules({ assessment }: Evaluation): boolean {
  return assessment.changeSet.changes.some(({ before, after }) =>
    [before?.path, after?.path].some((path) => path === POLICY_PATH || path === REGISTRY_PATH),
  );
}
