import type { Instant } from "../core/scalars.ts";
import type { WorkQueue } from "../queues/queue.ts";
import type { Store } from "../stores/store.ts";
import { decideWork, type Payload } from "./job.ts";
import { adoptBranchPushes } from "./record-branch-push.ts";

/** Remembers who pushed, then has the pull request decided: never the other way round, or a pusher could approve (P26). */
export async function recordPush(
  push: Payload<"record-push">,
  {
    store,
    queue,
  }: { readonly store: Pick<Store, "putPush" | "branchPushesTo">; readonly queue: Pick<WorkQueue, "add"> },
): Promise<void> {
  const { repository, number, before, after, login, person = null, at, baseRef } = push;
  // Opened: its branch may have been pushed by others, before anybody knew what it would become.
  if (before === null) await adoptBranchPushes(push, store);
  await store.putPush({ repository, pullRequest: number, before, after, login, person, at: at as Instant });
  const expected = { head: after, ...(baseRef === undefined ? {} : { baseRef }) };
  await queue.add(decideWork(push, "push", { expected }));
}
