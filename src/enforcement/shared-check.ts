import type { Evaluation } from "../core/evaluation.ts";
import type { Requirement } from "../core/requirement.ts";
import type { Store, StoredHead } from "../stores/store.ts";
import { checkNamesOf } from "./governed-branch.ts";
import type { Matter } from "./matter.ts";

type Place = Pick<Matter, "repository" | "pulls" | "names" | "policy">;

/** Whether an evaluation on its own lets its pull request merge. */
export function mayMerge({ decision: { state, basis } }: Evaluation): boolean {
  return basis === "observe" || state === "approved" || state === "not-governed";
}

/**
 * Open pull requests with the same head into other branches that ask for a check of the same name: one entry of `branches`
 * may match several. One run stands on the head, so what it lets merge it lets merge into all of them (P09).
 */
export async function sharingCheck(
  { repository, pulls, names, policy }: Place,
  store: Pick<Store, "headsAt">,
): Promise<readonly StoredHead[]> {
  const [{ head, base, defaultBranch }] = pulls;
  const others = await store.headsAt(repository.name.id, head);
  return others.filter(
    ({ open, baseRef }) =>
      open &&
      baseRef !== base.ref &&
      checkNamesOf(baseRef, defaultBranch.name, policy).some((name) => names.includes(name)),
  );
}

/** The evaluation as it is published: waiting while another pull request, or a merge group, that shares the check may not merge. */
export async function heldBack(
  evaluation: Evaluation,
  matter: Place & Pick<Matter, "rules">,
  store: Pick<Store, "headsAt" | "groupAt">,
): Promise<Evaluation> {
  if (!mayMerge(evaluation)) return evaluation;
  const unready = (await sharingCheck(matter, store)).filter(({ depends }) => depends?.passes !== matter.rules);
  const reasons = unready.map(
    ({ pullRequest, baseRef }) =>
      `#${pullRequest} has the same commit at its head and goes into ${baseRef}, which asks for this check as well, so that a pass would let it merge, too; have #${pullRequest} approved or closed, or give one of the two a commit of its own`,
  );
  if (await sharesWithGroup(matter, store))
    reasons.push(
      "its head is the commit of a merge group on its way into another branch, which asks for this check as well; wait until that has landed, or give this pull request a commit of its own",
    );
  if (reasons.length === 0) return evaluation;
  const waiting = reasons.map((reason): Requirement => ({ kind: "record", state: "waiting", reason }));
  return {
    ...evaluation,
    decision: { ...evaluation.decision, state: "waiting", basis: "votes" },
    requirements: [...evaluation.requirements, ...waiting],
  };
}

async function sharesWithGroup(
  { repository, pulls, names, policy }: Place,
  store: Pick<Store, "groupAt">,
): Promise<boolean> {
  const [{ head, defaultBranch }] = pulls;
  const group = await store.groupAt(repository.name.id, head);
  if (!group?.open) return false;
  return checkNamesOf(group.baseRef, defaultBranch.name, policy).some((name) => names.includes(name));
}
