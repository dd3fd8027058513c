import type { Stage } from "./server.ts";
import { shapes } from "./shapes.ts";
import { simpleCommit } from "./shapes-checks.ts";
import type { MergeQueue, QueueEntry, Repository } from "./world.ts";

/** Sends `merge_group` for the group of an entry. */
export function sendMergeGroup(
  stage: Stage,
  repository: Repository,
  { branch }: MergeQueue,
  { group, enqueuer }: QueueEntry,
  action: "checks_requested" | "destroyed",
  reason?: "merged" | "invalidated" | "dequeued",
): void {
  if (!group) return;
  const { repository: shaped, user } = shapes(stage.origin);
  stage.deliveries.send("merge_group", repository, {
    action,
    ...(reason === undefined ? {} : { reason }),
    merge_group: {
      head_sha: group.headSha,
      head_ref: `refs/heads/${group.branch}`,
      base_sha: group.baseSha,
      base_ref: `refs/heads/${branch}`,
      head_commit: simpleCommit(repository, group.headSha),
    },
    repository: shaped(repository),
    sender: user(enqueuer),
  });
}
