import { landingsWork } from "../bypass/landing-job.ts";
import type { Enforcement } from "../enforcement.ts";
import type { Payload } from "../job.ts";
import { evidenceWork } from "./evidence-job.ts";
import { landingId } from "./landing-record.ts";

/** Remembers which commit a merge brought and who merged, and has what landed looked at. */
export async function recordMerge(
  { number, ...merge }: Payload<"record-merge">,
  { store, queue, evidence }: Pick<Enforcement, "store" | "queue" | "evidence">,
): Promise<void> {
  const { repository, head, baseRef, commit, mergedAt, by } = merge;
  await store.putMerge({ repository, pullRequest: number, head, baseRef, commit, mergedAt, by });
  // Of several that one commit merged, this may be told of when the others were recorded.
  const recorded = await evidence?.ledger.get(landingId(repository, baseRef, commit));
  if (recorded) await queue.add(evidenceWork(merge, recorded.id));
  await queue.add(landingsWork(merge, baseRef, "pull_request.closed"));
}
