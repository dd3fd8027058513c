import type { WorkQueue } from "../queues/queue.ts";
import type { Store } from "../stores/store.ts";
import { groupsAgain } from "./groups/groups-again.ts";
import { decideWork, type Payload } from "./job.ts";

/**
 * Notes that a pull request is no longer open, without asking the hosting service anything. Others with the same head
 * shared its decision (security rule S02) or its check, and are decided without it now.
 */
export async function closePullRequest(
  closed: Payload<"close-pull-request">,
  {
    store,
    queue,
  }: {
    readonly store: Pick<Store, "headOf" | "headsAt" | "putHead" | "openGroups">;
    readonly queue: Pick<WorkQueue, "add">;
  },
): Promise<void> {
  const { repository, number, head } = closed;
  const stored = await store.headOf(repository, number);
  if (stored) await store.putHead({ ...stored, open: false });
  for (const other of await store.headsAt(repository, head)) {
    if (!other.open || other.pullRequest === number) continue;
    await queue.add(decideWork({ ...closed, number: other.pullRequest }, `#${number} ended`));
  }
  // Whatever waits in a group with it rests on it.
  if (stored && stored.depends?.governed !== false) await groupsAgain(repository, [number], { store, queue });
}
