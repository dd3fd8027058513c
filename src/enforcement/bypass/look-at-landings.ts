import type { ObjectId } from "../../core/change-set.ts";
import type { Instant } from "../../core/scalars.ts";
import type { HostedRepository } from "../../work/hosting.ts";
import { HostingFault } from "../../work/hosting-fault.ts";
import { type Enforcement, hostedName } from "../enforcement.ts";
import { checkNamesOf } from "../governed-branch.ts";
import type { Payload } from "../job.ts";
import { presentRules } from "../matter.ts";
import { recordLanding } from "../recording/record-landing.ts";
import { SETTLING } from "./judged-landing.ts";
import { broughtBy, type Landed, landedEvaluations, landingsBetween, placeIfSeen, type Watched } from "./landing.ts";
import { landingsWork } from "./landing-job.ts";
import { NOWHERE, noteWatched, repositoryPlace } from "./watched-branches.ts";

/**
 * Looks at everything that came into a branch since it was last looked at, whoever told of it: what is governed has to
 * have come with a pull request that was let through (P20). What did not is reported; nothing is ever taken back.
 */
export async function lookAtLandings(
  work: Payload<"look-at-landings">,
  enforcement: Enforcement,
  signal: AbortSignal,
): Promise<void> {
  const { store, queue, now } = enforcement;
  const { branch } = work;
  const repository = await enforcement.hosting.open(hostedName(work), signal);
  const place = await placeIfSeen(repository);
  if (place === null) return;
  const tip = await repository.landings.branchHead(branch);
  if (tip === null) return store.dropBranch(work.repository, branch);
  const head = branch === place.defaultBranch ? tip : await repository.landings.branchHead(place.defaultBranch);
  // An empty repository has no default branch yet.
  if (head === null) return;
  const defaultBranch = { name: place.defaultBranch, head };
  const present = await presentRules(repository, { ...place, defaultBranch }, enforcement);
  if ((await noteWatched(repository, defaultBranch, present.policy, enforcement)) && branch !== defaultBranch.name)
    await queue.add(landingsWork(work, defaultBranch.name, work.reason));
  if (checkNamesOf(branch, defaultBranch.name, present.policy).length === 0) return;
  const scope = { repository, branch, present, defaultBranch };
  const watched = { ...scope, evaluated: landedEvaluations(scope, enforcement) };
  const from = await startOf(watched, tip, enforcement);
  const since = (await store.branchOf(work.repository, branch))?.at ?? null;
  const stand = (at: ObjectId) => store.putBranch({ ...repositoryPlace(repository), branch, head: at, at: now() });
  if (from === null || from === tip) return stand(tip);
  const { landings, more } = await landedOn(watched, from, tip, enforcement);
  for (const landing of landings) {
    if (!(await recordLanding(watched, landing, { ...work, since }, enforcement))) {
      const due = new Date(Date.parse(now()) + SETTLING).toISOString() as Instant;
      return await queue.add(landingsWork(work, branch, work.reason, { waited: true }), due);
    }
    await stand(landing.to);
  }
  if (more) await queue.add(landingsWork(work, branch, work.reason));
  else await stand(tip);
}

/** Where the last look ended; of a branch that is new where it began, and null where nobody can tell. */
async function startOf(
  { repository, branch, defaultBranch }: Watched,
  tip: ObjectId,
  { store }: Enforcement,
): Promise<ObjectId | null> {
  const known = await store.branchOf(repository.name.id, branch);
  const push = known === null ? await store.basePushTo(repository.name.id, branch, tip) : null;
  if (known === null && push === null) return null;
  const before = known?.head ?? push?.before ?? NOWHERE;
  if (before !== NOWHERE) return before;
  // What a new branch holds beyond the default branch, nobody was asked for.
  return branch === defaultBranch.name ? null : commonStart(repository, defaultBranch.head, tip);
}

async function commonStart(repository: HostedRepository, base: ObjectId, head: ObjectId): Promise<ObjectId | null> {
  try {
    return await repository.mergeBase({ base, head });
  } catch (fault) {
    // Without any common history all of it is new: it is held against the default branch as it stands.
    if (fault instanceof HostingFault && fault.code === "hosting/not-found") return base;
    throw fault;
  }
}

/**
 * What one push that was told of brought is looked at as a whole first: most of it holds nothing that is governed, and then
 * nobody needs to know its commits. A merge queue's is taken apart, since each of its pull requests is recorded.
 */
async function landedOn(watched: Watched, from: ObjectId, tip: ObjectId, { store }: Enforcement): Promise<Landed> {
  const { repository, branch } = watched;
  const { id } = repository.name;
  const push = await store.basePushTo(id, branch, tip);
  const one = push !== null && (push.before === from || push.before === null);
  const group = await store.groupAt(id, tip);
  if (!one || (group?.members.length ?? 0) > 1 || (await watched.evaluated({ from, to: tip })).governed)
    return landingsBetween(watched, { from, to: tip, one }, store);
  const brought = await broughtBy(watched, tip, store);
  return { landings: [{ ...brought, from, to: tip, commits: null, later: [], forced: false }], more: false };
}
