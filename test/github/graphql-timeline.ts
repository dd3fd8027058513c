import { actorOf, commit } from "./graphql-objects.ts";
import { queueNode } from "./graphql-queue.ts";
import type { PullRequest, Repository, Review, TimelineEvent, World } from "./world.ts";

function reviewerOf(world: World, name: string): unknown {
  const [, slug] = name.split("/");
  if (slug === undefined) return actorOf(world.accounts.get(name.toLowerCase()) ?? null);
  return { __typename: "Team", id: `T_${name}`, slug, combinedSlug: name };
}

/** GitHub's names for the events of a timeline, and what each shows. */
export function timelineItem(
  world: World,
  repository: Repository,
  pull: PullRequest,
  one: TimelineEvent,
  review: (of: Review) => unknown,
) {
  const kept = (sha: string | undefined) =>
    sha !== undefined && repository.store.type(sha) === "commit" ? commit(world, repository, sha) : null;
  const account = (login: string | undefined) => actorOf(world.accounts.get((login ?? "").toLowerCase()) ?? null);
  const common = { id: `E_${one.event}_${one.at}`, actor: account(one.actor), createdAt: one.at };
  switch (one.event) {
    case "assigned":
      return { __typename: "AssignedEvent", ...common, assignee: account(one.assignee) };
    case "automatic_base_change_succeeded":
      return { __typename: "AutomaticBaseChangeSucceededEvent", ...common, oldBase: one.from, newBase: one.to };
    case "added_to_merge_queue":
      return {
        __typename: "AddedToMergeQueueEvent",
        ...common,
        enqueuer: account(one.actor),
        mergeQueue: () => queueNode(world, repository, pull.base.ref),
      };
    case "removed_from_merge_queue":
      return {
        __typename: "RemovedFromMergeQueueEvent",
        ...common,
        reason: one.reason,
        mergeQueue: () => queueNode(world, repository, pull.base.ref),
      };
    case "base_ref_changed":
      return { __typename: "BaseRefChangedEvent", ...common, previousRefName: one.from, currentRefName: one.to };
    case "head_ref_force_pushed":
      return {
        __typename: "HeadRefForcePushedEvent",
        ...common,
        beforeCommit: kept(one.from),
        afterCommit: kept(one.to),
      };
    case "review_requested":
      return {
        __typename: "ReviewRequestedEvent",
        ...common,
        requestedReviewer: reviewerOf(world, one.reviewer ?? ""),
      };
    case "review_request_removed":
      return {
        __typename: "ReviewRequestRemovedEvent",
        ...common,
        requestedReviewer: reviewerOf(world, one.reviewer ?? ""),
      };
    case "review_dismissed":
      return {
        __typename: "ReviewDismissedEvent",
        ...common,
        dismissalMessage: null,
        previousReviewState: one.previousState,
        review: one.review ? review(one.review) : null,
        pullRequestCommit: one.commit
          ? { __typename: "PullRequestCommit", id: `PRC_${one.commit}`, commit: kept(one.commit) }
          : null,
      };
  }
}
