import { Refused } from "./access.ts";
import { dequeue } from "./merge-queue.ts";
import { sendPull, sendReview } from "./pull-events.ts";
import { dismissesStale } from "./rules.ts";
import type { Stage } from "./server.ts";
import type { Account, PullRequest, Repository, Review } from "./world.ts";

/** Dismisses a review; `commit` is the one whose push did it, none where a person does. */
export function dismiss(pull: PullRequest, review: Review, by: Account, at: string, commit?: string): void {
  const dismissed = { event: "review_dismissed", review, previousState: review.state, actor: by.login, at } as const;
  pull.timeline.push(commit === undefined ? dismissed : { ...dismissed, commit });
  review.state = "DISMISSED";
}

/** Dismisses approvals that a push made stale, where the base asks for it, and says so. */
export function dismissStale(stage: Stage, repository: Repository, pull: PullRequest, by: Account): void {
  if (!dismissesStale(stage.world, repository, pull.base.ref)) return;
  for (const review of pull.reviews.filter((one) => one.state === "APPROVED")) {
    dismiss(pull, review, by, stage.world.now(), pull.head.sha);
    sendReview(stage, repository, pull, review, "dismissed", by);
  }
}

/** Closes a pull request without a merge. */
export function closePull(stage: Stage, repository: Repository, pull: PullRequest, by: Account): void {
  dequeue(stage, repository, pull, by, "UNKNOWN_REMOVAL_REASON");
  pull.state = "closed";
  pull.issue.state = "closed";
  pull.updatedAt = stage.world.now();
  sendPull(stage, repository, pull, "closed", by);
}

/** Points an open pull request at another base; gives what the event `edited` says of it. */
export function retarget(
  stage: Stage,
  repository: Repository,
  pull: PullRequest,
  base: string,
  by: Account,
  event: "base_ref_changed" | "automatic_base_change_succeeded" = "base_ref_changed",
): { readonly base: unknown } {
  const sha = repository.refs.get(`refs/heads/${base}`);
  if (sha === undefined) throw new Refused(422, "Validation Failed");
  dequeue(stage, repository, pull, by, "UNKNOWN_REMOVAL_REASON");
  const changes = { base: { ref: { from: pull.base.ref }, sha: { from: pull.base.sha } } };
  const at = stage.world.now();
  pull.timeline.push({ event, from: pull.base.ref, to: base, actor: by.login, at });
  pull.base = { ref: base, sha };
  pull.updatedAt = at;
  // Stale approvals are dismissed here too, and no review event tells of it.
  if (dismissesStale(stage.world, repository, base))
    for (const review of pull.reviews.filter((one) => one.state === "APPROVED")) dismiss(pull, review, by, at);
  return changes;
}

/** Opens a closed pull request again; GitHub refuses where a branch is gone or its history was rewritten meanwhile. */
export function reopen(stage: Stage, repository: Repository, pull: PullRequest, by: Account): void {
  const head = pull.head.repository.deleted ? undefined : pull.head.repository.refs.get(`refs/heads/${pull.head.ref}`);
  const refuse = (what: string) =>
    new Refused(422, "Validation Failed", [
      { resource: "PullRequest", code: "invalid", field: "state", message: `state cannot be changed. ${what}` },
    ]);
  if (pull.merged) throw refuse("The pull request cannot be reopened.");
  if (head === undefined) throw refuse(`The ${pull.head.ref} branch has been deleted.`);
  if (!repository.refs.has(`refs/heads/${pull.base.ref}`))
    throw refuse(`The ${pull.base.ref} branch has been deleted.`);
  if (!repository.store.isAncestor(pull.head.sha, head))
    throw refuse(`The ${pull.head.ref} branch was force-pushed or recreated.`);
  pull.head.sha = head;
  pull.state = "open";
  pull.issue.state = "open";
  pull.updatedAt = stage.world.now();
  sendPull(stage, repository, pull, "reopened", by);
}
