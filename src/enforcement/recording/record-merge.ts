import { landingsWork } from "../bypass/landing-job.ts";
import type { Enforcement } from "../enforcement.ts";
import type { Payload } from "../job.ts";

/** Remembers which commit a merge brought and who merged, and has what landed looked at. */
export async function recordMerge(
  { number, ...merge }: Payload<"record-merge">,
  { store, queue }: Pick<Enforcement, "store" | "queue">,
): Promise<void> {
  const { repository, head, baseRef, commit, mergedAt, by } = merge;
  await store.putMerge({ repository, pullRequest: number, head, baseRef, commit, mergedAt, by });
  await queue.add(landingsWork(merge, baseRef, "pull_request.closed"));
}
