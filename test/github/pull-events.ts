import type { Stage } from "./server.ts";
import { shapes } from "./shapes.ts";
import type { Account, PullRequest, Repository, Review } from "./world.ts";

/** Sends a pull request event. */
export function sendPull(
  { origin, deliveries }: Pick<Stage, "deliveries" | "origin">,
  repository: Repository,
  pull: PullRequest,
  action: string,
  sender: Account,
  more = {},
): void {
  const { pull: shaped, repository: repositoryShape, user } = shapes(origin);
  deliveries.send("pull_request", repository, {
    action,
    number: pull.number,
    pull_request: shaped(repository, pull),
    repository: repositoryShape(repository),
    sender: user(sender),
    ...more,
  });
}

/** Sends a review event; GitHub writes the state in lower case there. */
export function sendReview(
  { origin, deliveries }: Pick<Stage, "deliveries" | "origin">,
  owner: Repository,
  pull: PullRequest,
  review: Review,
  action: string,
  sender: Account,
): void {
  const { review: shaped, pullSimple, repository, user } = shapes(origin);
  deliveries.send("pull_request_review", owner, {
    action,
    review: { ...shaped(owner, pull, review), state: review.state.toLowerCase() },
    pull_request: pullSimple(owner, pull),
    repository: repository(owner),
    sender: user(sender),
  });
}
