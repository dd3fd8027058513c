import { evaluatingView } from "../reports/check-run.ts";
import type { HostedRepository } from "../work/hosting.ts";
import { type Enforcement, hostedName, placeOf } from "./enforcement.ts";
import { checkNamesOf } from "./governed-branch.ts";
import { decideWork, type Payload } from "./job.ts";
import { type PresentRules, presentRules } from "./matter.ts";
import { namedPeople } from "./named-people.ts";
import { isUnderRules, publishCheck } from "./publication.ts";
import { shownAs } from "./unsettled.ts";

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
  const open = await repository.openPullRequests();
  const pull = open[0] === undefined ? null : await repository.pullRequest(open[0].number);
  if (!pull) return;
  const present = await presentRules(repository, pull, enforcement);
  const answered = open.filter(({ base }) => checkNamesOf(base, pull.defaultBranch.name, present.policy).length > 0);
  for (const one of answered) await takeBack(one, repository, present, enforcement);
  await namedPeople(repository, present.people, enforcement.store);
  for (const { number } of answered)
    await enforcement.queue.add(decideWork(placeOf(work, number), work.reason, { background: true }));
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
