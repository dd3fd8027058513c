import { createHash } from "node:crypto";
import { compilePaths } from "../../core/path-matcher.ts";
import type { EffectivePolicy } from "../../core/policy.ts";
import type { Instant } from "../../core/scalars.ts";
import type { Store } from "../../stores/store.ts";
import type { HostedPullRequest, HostedRepository } from "../../work/hosting.ts";
import type { Enforcement } from "../enforcement.ts";
import { checkNamesOf } from "../governed-branch.ts";
import type { Repository } from "../job.ts";
import { gateWork, landingsWork } from "./landing-job.ts";

const DAY = 86_400_000;

/** Stands for the head of a branch before its first commit, as git itself writes it. */
export const NOWHERE = "0".repeat(40);

/** The place of a repository as works name it. */
export function repositoryPlace({
  name: { installation, id, owner, name },
}: Pick<HostedRepository, "name">): Repository {
  return { installation, repository: id, owner, name };
}

/** Whether what happens on a branch is worth a look, by what is known of the repository; all of it is where nothing is. */
export async function isWatched(
  repository: number,
  branch: string,
  defaultBranch: string | undefined,
  store: Pick<Store, "watched">,
): Promise<boolean> {
  if (branch === defaultBranch) return true;
  const known = await store.watched(repository);
  if (known === null || branch === known.defaultBranch) return true;
  const further = known.patterns.filter((pattern) => pattern !== "~DEFAULT_BRANCH");
  return compilePaths([{ patterns: further, value: true }]).match(branch).length > 0;
}

/**
 * Notes which branches of a repository are governed and where those of a pull request stand: what comes into them from
 * here on is looked at. The rules of the branches are looked at within a day.
 */
export async function watchBranches(
  repository: HostedRepository,
  { base, defaultBranch }: Pick<HostedPullRequest, "base" | "defaultBranch">,
  policy: Pick<EffectivePolicy, "branches">,
  { store, queue, now }: Pick<Enforcement, "store" | "queue" | "now">,
): Promise<void> {
  const { id } = repository.name;
  const place = repositoryPlace(repository);
  const first = (await store.watched(id)) === null;
  if (await noteWatched(repository, defaultBranch, policy, { store, now }))
    await queue.add(landingsWork(place, defaultBranch.name, "another default branch"));
  const heads = [{ ref: defaultBranch.name, head: defaultBranch.head }, base];
  for (const { ref: branch, head } of heads) {
    const governed = checkNamesOf(branch, defaultBranch.name, policy).length > 0;
    if (governed && (await store.branchOf(id, branch)) === null)
      await store.noteBranch({ ...place, branch, head, at: now() });
  }
  if (first) await queue.add(gateWork(place, "day"), dueWithinDay(id, now()));
}

/**
 * Notes which branches are governed. What another branch holds when it becomes the default one nobody was asked for, its
 * rules above all: it is held against what was the default branch until then. True where it has to be looked at for that.
 */
export async function noteWatched(
  repository: Pick<HostedRepository, "name">,
  { name }: Pick<HostedPullRequest["defaultBranch"], "name">,
  { branches }: Pick<EffectivePolicy, "branches">,
  { store, now }: Pick<Enforcement, "store" | "now">,
): Promise<boolean> {
  const { id } = repository.name;
  const known = await store.watched(id);
  const watched = { defaultBranch: name, patterns: branches };
  if (JSON.stringify(known) === JSON.stringify(watched)) return false;
  const before = known === null || known.defaultBranch === name ? null : await store.branchOf(id, known.defaultBranch);
  const held = before !== null && (await store.branchOf(id, name)) === null;
  if (held) await store.noteBranch({ ...before, branch: name, at: now() });
  await store.putWatched(id, watched);
  return held;
}

/** An instant in the day that follows, another one for each repository, so that they are not all looked at at once. */
export function dueWithinDay(repository: number, now: Instant): Instant {
  const share = createHash("sha256").update(String(repository)).digest().readUInt32BE(0) / 2 ** 32;
  return new Date(Date.parse(now) + Math.round(share * DAY)).toISOString() as Instant;
}

/** An instant a day later. */
export function dueNextDay(now: Instant): Instant {
  return new Date(Date.parse(now) + DAY).toISOString() as Instant;
}

/** Has everything looked at that may have happened while nobody listened; the rules of branches within a day. */
export async function resumeWatching({
  store,
  queue,
  now,
}: Pick<Enforcement, "store" | "queue" | "now">): Promise<void> {
  const places = new Map<number, Repository>();
  for (const { repository, branch, installation, owner, name } of await store.branches()) {
    const place = { installation, repository, owner, name };
    places.set(repository, place);
    await queue.add(landingsWork(place, branch, "the program was started"));
  }
  for (const place of places.values()) await queue.add(gateWork(place, "day"), dueWithinDay(place.repository, now()));
}

/** The same for one repository: the App is back, or its rules are others now. */
export async function lookAgain(
  place: Repository,
  reason: string,
  { store, queue }: Pick<Enforcement, "store" | "queue">,
): Promise<void> {
  for (const { branch } of await store.branchesOf(place.repository))
    await queue.add(landingsWork(place, branch, reason));
  await queue.add(gateWork(place, reason));
}
