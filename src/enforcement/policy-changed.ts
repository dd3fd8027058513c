import { TIERS } from "../core/policy.ts";
import type { Instant } from "../core/scalars.ts";
import { evaluatingView } from "../reports/check-run.ts";
import { groupInProgress } from "../reports/merge-group.ts";
import type { StoredGroup, StoredHead } from "../stores/store.ts";
import type { HostedRepository } from "../work/hosting.ts";
import { lookAgain } from "./bypass/watched-branches.ts";
import { type Enforcement, hostedName, placeOf } from "./enforcement.ts";
import { checkNamesOf } from "./governed-branch.ts";
import { decideWork, groupWork, type Payload } from "./job.ts";
import { type PresentRules, presentRules } from "./matter.ts";
import { namedPeople } from "./named-people.ts";
import { isUnderRules, publishCheck } from "./publication.ts";
import { shownAs } from "./unsettled.ts";

type Open = Awaited<ReturnType<HostedRepository["openPullRequests"]>>[number];

/** What GitHub takes of one installation in an hour (security rule S22). */
const WRITES = 500;

/**
 * The rules of a repository may be others now: takes back the answers that let governed pull requests merge under the old
 * ones, all of them first and the riskiest before the others, and then has every open pull request decided again in that
 * order, behind what people wait for (security rule S19). Where there are more of them than GitHub takes writes, this work
 * is put off as GitHub asks and goes on where it stopped: what was taken back stays so.
 */
export async function policyChanged(
  work: Payload<"policy-changed">,
  enforcement: Enforcement,
  signal: AbortSignal,
): Promise<void> {
  const { hosting, log } = enforcement;
  const repository = await hosting.open(hostedName(work), signal);
  await lookAgain(work, work.reason, enforcement);
  const open = await repository.openPullRequests();
  const pull = open[0] === undefined ? null : await repository.pullRequest(open[0].number);
  if (!pull) return;
  const present = await presentRules(repository, pull, enforcement);
  const known = new Map(
    (await enforcement.store.openHeads(work.repository)).map((one) => [one.pullRequest, one.depends]),
  );
  // What was governed and is no more is looked at once again, or its answer would stand for the next default branch.
  const answered = open.filter(
    ({ base, number }) =>
      known.get(number)?.governed || checkNamesOf(base, pull.defaultBranch.name, present.policy).length > 0,
  );
  const ordered = riskiestFirst(answered, known);
  if (ordered.length > WRITES)
    log.warn(
      { repository: work.repository, open: ordered.length },
      "the rules changed for more pull requests than GitHub takes writes in an hour; the riskiest come first",
    );
  for (const one of ordered) await takeBack(one, repository, present, enforcement);
  for (const group of await enforcement.store.openGroups(work.repository))
    if (await takeBackGroup(group, repository, present, enforcement))
      await enforcement.queue.add(groupWork(group, work.reason));
  await namedPeople(repository, present.people, enforcement.store);
  // All of them are due; what is due for longer comes first.
  const first = Date.parse(enforcement.now()) - ordered.length;
  for (const [at, { number }] of ordered.entries())
    await enforcement.queue.add(
      decideWork(placeOf(work, number), work.reason, { background: true }),
      new Date(first + at).toISOString() as Instant,
    );
}

/** Those of the highest tier first, and those in which nothing was governed last; what is not known yet counts as medium. */
function riskiestFirst(open: readonly Open[], known: ReadonlyMap<number, StoredHead["depends"]>): readonly Open[] {
  const rank = ({ number }: Open) => {
    const depends = known.get(number);
    return depends ? TIERS.indexOf(depends.tier ?? "none") : TIERS.indexOf("medium");
  };
  return open.toSorted((a, b) => rank(b) - rank(a) || a.number - b.number);
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
    await publishCheck({ repository, store, pulls, premises }, checkName, shown, false);
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
    await publishCheck({ repository, store, pulls, premises }, checkName, shown, false);
  }
}
