import type { WorkQueue } from "../../queues/queue.ts";
import type { Store } from "../../stores/store.ts";
import { groupWork } from "../job.ts";

/** Has the merge groups decided again that hold one of these pull requests, or may. */
export async function groupsAgain(
  repository: number,
  numbers: readonly number[],
  { store, queue }: { readonly store: Pick<Store, "openGroups">; readonly queue: Pick<WorkQueue, "add"> },
): Promise<void> {
  for (const group of await store.openGroups(repository))
    if (group.members.length === 0 || group.members.some((number) => numbers.includes(number)))
      await queue.add(groupWork(group, `#${numbers[0]} was decided`));
}
