import { evaluatingView } from "../reports/check-run.ts";
import { groupInProgress } from "../reports/merge-group.ts";
import type { StoredGroup } from "../stores/store.ts";
import type { HostedRepository } from "../work/hosting.ts";
import { type Enforcement, hostedName, placeOf } from "./enforcement.ts";
import { checkNamesOf } from "./governed-branch.ts";
import { decideWork, groupWork, type Payload } from "./job.ts";
import { type PresentRules, presentRules } from "./matter.ts";
import { namedPeople } from "./named-people.ts";
import { isUnderRules, publishCheck } from "./publication.ts";
import { shownAs } from "./unsettled.ts";
import { lookAgain } from "./watched-branches.ts";

type Open = Awaited<ReturnType<HostedRepository["openPullRequests"]>>[number];

/**
 * The rules of a repository may be others now: takes back the answers that let governed pull requests merge under the old
 * ones, all of them first, and then has every open pull request decided again (security rule S19).
 */
export async function policyChanged(
  work: Payload<"policy-changed">,
  enforcement: Enforcement,
  signal: AbortSignal,
): Promise<void> {
  const repository = await enforcement.hosting.open(hostedName(work), signal);
  await lookAgain(work, work.reason, enforcement);
  const open = await repository.openPullRequests();
  const pull = open[0] === undefined ? null : await repository.pullRequest(open[0].number);
  if (!pull) return;
  const present = await presentRules(repository, pull, enforcement);
  const answered = open.filter(({ base }) => checkNamesOf(base, pull.defaultBranch.name, present.policy).length > 0);
  for (const one of answered) await takeBack(one, repository, present, enforcement);
  for (const group of await enforcement.store.openGroups(work.repository))
    if (await takeBackGroup(group, repository, present, enforcement))
      await enforcement.queue.add(groupWork(group, work.reason));
  await namedPeople(repository, present.people, enforcement.store);
  for (const { number } of answered)
    await enforcement.queue.add(decideWork(placeOf(work, number), work.reason, { background: true }));
}

/** The same for a merge group, which is decided again at once: its queue waits. Returns whether there was anything to take back. */
async function takeBackGroup(
  group: StoredGroup,
  repository: HostedRepository,
  { rules }: PresentRules,
  { store, now }: Enforcement,
): Promise<boolean> {
  const { head } = group;
  const pulls = [{ number: group.members.at(-1) ?? 0, head }] as const;
  const views = await store.viewsAt(repository.name.id, head);
  const old = views.filter((view) => view.passing && !isUnderRules(view, rules));
  if (old.length > 0) await store.putGroup({ ...group, waitingSince: group.waitingSince ?? now() });
  for (const { checkName, premises } of old) {
    const shown = groupInProgress(checkName, "the rules have changed");
    await publishCheck({ repository, store, pulls, premises }, checkName, shown, false, false);
  }
  return old.length > 0;
}

async function takeBack(
  { number, head }: Open,
  repository: HostedRepository,
  { rules }: PresentRules,
  { store }: Enforcement,
): Promise<void> {
  const known = await store.headOf(repository.name.id, number);
  if (known?.depends?.governed === false) return;
  const pulls = [{ number, head }] as const;
  for (const view of await store.viewsAt(repository.name.id, head)) {
    if (!view.passing || isUnderRules(view, rules)) continue;
    const { checkName, premises } = view;
    const shown = evaluatingView(shownAs(checkName), "the rules have changed");
    await publishCheck({ repository, store, pulls, premises }, checkName, shown, false, false);
  }
}
