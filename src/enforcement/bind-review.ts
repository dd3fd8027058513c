import type { WorkQueue } from "../queues/queue.ts";
import type { Store } from "../stores/store.ts";
import { decideWork, type Payload } from "./job.ts";

/**
 * Binds a review to the commit that it was given on, before the hosting service can point it at another one (P22). What
 * it covers there follows from the commit, and is computed by the decision, so that the answer waits for nothing here.
 */
export async function bindReview(
  given: Payload<"bind-review">,
  { store, queue }: { readonly store: Pick<Store, "putBinding">; readonly queue: Pick<WorkQueue, "add"> },
): Promise<void> {
  const { repository, number: pullRequest, review, person, commit, baseRef, submittedAt, login } = given;
  await store.putBinding({
    ...{ repository, pullRequest, review, person, baseRef },
    head: commit,
    seen: "event",
    at: submittedAt,
    covered: null,
  });
  const expected = { head: given.head, review, ...(login === undefined ? {} : { login }) };
  await queue.add(decideWork(given, "review", { expected }));
}
