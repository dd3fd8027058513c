import type { Enforcement } from "./enforcement.ts";
import { decideWork, type Payload } from "./job.ts";
import { forgetComment } from "./publication.ts";

/** Has our comment written again that somebody else changed or deleted: comments are views, and this one is ours (P28). */
export async function restoreComment(
  { comment, login, ...place }: Payload<"restore-comment">,
  { store, queue, log }: Pick<Enforcement, "store" | "queue" | "log">,
): Promise<void> {
  const { repository, number } = place;
  if ((await store.commentOf(repository, number))?.id !== comment) return;
  await forgetComment(store, repository, number);
  log.warn({ repository, number, login, comment }, "somebody else changed the comment; it is written again");
  await queue.add(decideWork(place, "the comment was changed"));
}
