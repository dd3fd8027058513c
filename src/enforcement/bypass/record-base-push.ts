import type { Instant } from "../../core/scalars.ts";
import type { Enforcement } from "../enforcement.ts";
import type { Payload } from "../job.ts";
import { basePushWork, landingsWork } from "./landing-job.ts";
import { isWatched, NOWHERE } from "./watched-branches.ts";

/** So long, in milliseconds, a push waits for what may tell which branches of its repository are governed. */
const UNKNOWN = 60_000;

/**
 * Remembers who pushed to a governed branch, and has what landed there looked at. Where nothing is known of the repository
 * yet, any branch may be one: it is noted where this one began, and looked at when what happens beside it had time to tell,
 * since most pushes go to branches that are not.
 */
export async function recordBasePush(
  push: Payload<"record-base-push">,
  { store, queue, now }: Pick<Enforcement, "store" | "queue" | "now">,
): Promise<void> {
  const { installation, repository, owner, name, branch, before, after, login, defaultBranch, waited } = push;
  const look = () => queue.add(landingsWork(push, branch, "push"));
  if (waited === true) {
    if (await isWatched(repository, branch, defaultBranch, store)) return look();
    return store.dropBranch(repository, branch);
  }
  const at = now();
  await store.putBasePush({ repository, branch, before, after, login, at });
  const unknown = branch !== defaultBranch && (await store.watched(repository)) === null;
  if (!unknown) return look();
  await store.noteBranch({ installation, repository, owner, name, branch, head: before ?? NOWHERE, at });
  const due = new Date(Date.parse(at) + UNKNOWN).toISOString() as Instant;
  return queue.add(basePushWork({ ...push, waited: true }), due);
}
