import type { Instant } from "../core/scalars.ts";
import type { StoredHead } from "../stores/store.ts";
import type { ExpectedPullRequest, HostedPullRequest, HostedRepository } from "../work/hosting.ts";
import { answer } from "./answer.ts";
import { nextLook } from "./behind-event.ts";
import { watchBranches } from "./bypass/watched-branches.ts";
import { closePullRequest } from "./close-pull-request.ts";
import { dependenciesOf } from "./dependencies.ts";
import { type Enforcement, hostedName, placeOf } from "./enforcement.ts";
import { groupOver } from "./groups/group-over.ts";
import { groupsAgain } from "./groups/groups-again.ts";
import { decideWork, groupWork, type Payload } from "./job.ts";
import { type Matter, matterOf, presentRules } from "./matter.ts";
import { adoptBranchPushes } from "./record-branch-push.ts";
import { ROLLBACK_COMMANDS, rollbackWork } from "./rollback/rollback-job.ts";
import { sameHead } from "./same-head.ts";
import { mayMerge, sharingCheck } from "./shared-check.ts";
import { publishFault } from "./unevaluated.ts";
import { unsettle, withdrawElsewhere } from "./unsettled.ts";

type Decide = Payload<"decide-pull-request">;

/**
 * Decides about one pull request as it stands now, publishes the answer and remembers when to look again. Whatever goes
 * wrong ends in a check that says so (P13), and is tried again by the queue.
 */
export async function decidePullRequest(work: Decide, enforcement: Enforcement, signal: AbortSignal): Promise<void> {
  const { hosting, store, queue } = enforcement;
  const repository = await hosting.open(hostedName(work), signal);
  const known = await store.headOf(work.repository, work.number);
  let pull: HostedPullRequest | null = null;
  let matter: Matter | null = null;
  try {
    pull = await repository.pullRequest(work.number, expectedOf(work, known));
    if (pull?.state !== "open") {
      if (known?.open) await ended(work, known, pull, repository, enforcement);
      if (pull?.commands.some(({ name }) => ROLLBACK_COMMANDS.has(name))) await queue.add(rollbackWork(work));
      return;
    }
    // First, or who tries again after a fault would not know of the head that was left; and once more, since of two that
    // leave it at once each still saw the other there.
    const left = known !== null && known.head !== pull.head ? known : null;
    if (left) await withdrawLeft(left, pull, repository, enforcement);
    await remember(work, pull, known, enforcement);
    // No event of a closed pull request tells of pushes.
    if (known?.open === false) await adoptBranchPushes({ ...work, after: pull.head }, store);
    if (left) await withdrawLeft(left, pull, repository, enforcement);
    const pulls = await sameHead(repository, pull, store);
    const [{ number: first }] = pulls;
    if (first !== work.number) {
      const look = nextLook(work, known, pull, enforcement.now());
      if (look) await queue.add(look.work, look.at);
      const again = work.again === true ? ({ again: true } as const) : {};
      return await queue.add(decideWork(placeOf(work, first), `#${work.number} has the same head`, again));
    }
    const group = await groupOver(pull, work.repository, store);
    if (group) return await queue.add(groupWork(group, `#${work.number} has its commit`));
    matter = await matterOf(work, repository, pulls, enforcement);
    await watchBranches(repository, pull, matter.policy, enforcement);
    await withdrawElsewhere(matter, enforcement);
    await unsettle(matter, known);
    await settle(matter, await answered(matter, enforcement), enforcement);
    const look = nextLook(work, known, pull, enforcement.now());
    if (look) await queue.add(look.work, look.at);
  } catch (fault) {
    // The program is being stopped: the queue does it again.
    if (!signal.aborted) await publishFault(fault, { work, repository, known, pull, matter }, enforcement);
    throw fault;
  } finally {
    // Whatever was found, and if nothing could be: a group that it waits in rests on it.
    const numbers = matter?.pulls.map(({ number }) => number) ?? [];
    if (!signal.aborted) await groupsAgain(work.repository, [work.number, ...numbers], enforcement);
  }
}

/**
 * What to read early: what the event says, else what was found last. What was decided before has nothing new to compare.
 * Nothing of one that is known as closed: until it is noted as open, events about its facts cause no work, so that what
 * was read before could be out of date and stay so.
 */
function expectedOf({ expected }: Decide, known: StoredHead | null): ExpectedPullRequest | undefined {
  if (known?.open === false) return undefined;
  const head = expected?.head ?? known?.head;
  if (head === undefined) return undefined;
  const settled = known?.head === head && known.depends !== null;
  const governed = known?.depends?.governed === true;
  return {
    head,
    baseRef: settled ? null : (expected?.baseRef ?? null),
    login: governed ? (expected?.login ?? null) : null,
    first: known === null || known.depends === null,
  };
}

/**
 * Notes where a pull request stands before others with its head are looked for, so that of two that are decided at once
 * one sees the other. Those that shared its head and do so no longer are decided without it.
 */
async function remember(work: Decide, pull: HostedPullRequest, known: StoredHead | null, enforcement: Enforcement) {
  const { store, queue } = enforcement;
  const { installation, repository, owner, name, number: pullRequest } = work;
  const baseRef = pull.base.ref;
  const same = known?.open === true && known.head === pull.head && known.baseRef === baseRef;
  const depends = same ? known.depends : null;
  const place = { installation, repository, owner, name, pullRequest };
  await store.putHead({ ...place, head: pull.head, baseRef, open: true, depends });
  if (same || known === null) return;
  for (const other of await store.headsAt(repository, known.head))
    if (other.open && other.pullRequest !== pullRequest)
      await queue.add(decideWork(placeOf(work, other.pullRequest), `#${pullRequest} has this head no longer`));
}

/** Notes its end. */
async function ended(
  work: Decide,
  known: StoredHead,
  pull: HostedPullRequest | null,
  repository: HostedRepository,
  enforcement: Enforcement,
): Promise<void> {
  const asAnswered = pull?.head === known.head && pull.base.ref === known.baseRef;
  const left = pull && (pull.state === "closed" || !asAnswered) ? pull : null;
  // Once more when it is noted, since of two that end at once each still saw the other open.
  if (left) await withdrawLeft(known, left, repository, enforcement);
  // It never lands: nobody has to wait for what would be owed then.
  if (pull?.state === "closed") await enforcement.store.dropGlass(work.repository, work.number);
  await closePullRequest({ ...work, head: known.head, baseRef: known.baseRef }, enforcement);
  if (left) await withdrawLeft(known, left, repository, enforcement);
}

/**
 * Takes back what lets a head merge that no pull request has any more: opened again, or pushed back there, it must not
 * merge on what was true then before this program has heard of it (security rule S19).
 */
async function withdrawLeft(
  { head, depends }: StoredHead,
  pull: HostedPullRequest,
  repository: HostedRepository,
  enforcement: Enforcement,
): Promise<void> {
  if (depends?.governed === false) return;
  const views = await enforcement.store.viewsAt(repository.name.id, head);
  if (!views.some(({ passing }) => passing)) return;
  const { policy } = await presentRules(repository, pull, enforcement);
  await withdrawElsewhere({ repository, pulls: [{ ...pull, head }], policy, names: [] }, enforcement);
}

/** What was decided, as far as it matters for when to look again. */
interface Settled {
  readonly depends: NonNullable<StoredHead["depends"]>;
  readonly validUntil: Instant | null;
}

async function answered(matter: Matter, enforcement: Enforcement): Promise<Settled> {
  // Into a branch that nothing governs: no run at all (security rule S01).
  if (matter.names.length === 0) return { depends: { governed: false, checks: [], teams: [] }, validUntil: null };
  const evaluation = await answer(matter, enforcement);
  const passes = mayMerge(evaluation) ? { passes: matter.rules } : {};
  return { depends: { ...dependenciesOf(evaluation), ...passes }, validUntil: evaluation.decision.validUntil };
}

/** Notes what the decision rests on, and looks again when time alone would change it. */
async function settle(matter: Matter, { depends, validUntil }: Settled, { store, queue }: Enforcement): Promise<void> {
  const { repository, pulls, work } = matter;
  for (const { number, head, base } of pulls) {
    const stored = await store.headOf(repository.name.id, number);
    if (!stored?.open || stored.head !== head || stored.baseRef !== base.ref) continue;
    await store.putHead({ ...stored, depends });
    if (stored.depends?.passes === depends.passes) continue;
    for (const other of await sharingCheck(matter, store))
      await queue.add(decideWork(placeOf(work, other.pullRequest), `#${number} shares its check`));
  }
  if (validUntil !== null) await queue.add(decideWork(work, "time"), validUntil);
}
