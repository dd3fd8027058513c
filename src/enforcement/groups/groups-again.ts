import type { Enforcement } from "../enforcement.ts";
import { groupWork } from "../job.ts";

/** Has the merge groups decided again that hold one of these pull requests, or may. */
export async function groupsAgain(
  repository: number,
  numbers: readonly number[],
  { store, queue }: Pick<Enforcement, "store" | "queue">,
): Promise<void> {
  for (const group of await store.openGroups(repository))
    if (group.members.length === 0 || group.members.some((number) => numbers.includes(number)))
      await queue.add(groupWork(group, `#${numbers[0]} was decided`));
}
