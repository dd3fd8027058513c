import { GraphQLError } from "graphql";
import { actorOf, commit, connection, refOf, type Slice } from "./graphql-objects.ts";
import { entryNode, queueNode } from "./graphql-queue.ts";
import { timelineItem } from "./graphql-timeline.ts";
import { entryOf } from "./merge-queue.ts";
import { queueRuleOf } from "./rules.ts";
import type { PullRequest, Repository, Review, World } from "./world.ts";

/** `OPEN`, `CLOSED` or `MERGED`. */
export function stateOf({ merged, state }: PullRequest): string {
  return merged ? "MERGED" : state.toUpperCase();
}

/** A pull request with everything that the program reads of it. */
export function pullRequest(world: World, owner: Repository, pull: PullRequest): unknown {
  const review = (one: Review) => ({
    __typename: "PullRequestReview",
    id: `PRR_${one.id}`,
    databaseId: one.id,
    fullDatabaseId: String(one.id),
    author: actorOf(one.author),
    state: one.state,
    body: one.body,
    submittedAt: one.submittedAt,
    commit: owner.store.type(one.commit) ? () => commit(world, owner, one.commit) : null,
  });
  const comments = pull.issue.comments.map((one) => ({
    __typename: "IssueComment",
    id: `IC_${one.id}`,
    databaseId: one.id,
    fullDatabaseId: String(one.id),
    author: actorOf(one.author),
    body: one.body,
    createdAt: one.createdAt,
    updatedAt: one.updatedAt,
    lastEditedAt:
      one.editedAt === undefined && one.updatedAt !== one.createdAt ? one.updatedAt : (one.editedAt ?? null),
  }));
  return {
    __typename: "PullRequest",
    id: `PR_${pull.id}`,
    databaseId: pull.id,
    number: pull.number,
    title: pull.title,
    body: pull.issue.body,
    isDraft: pull.draft,
    state: stateOf(pull),
    merged: pull.merged !== null,
    author: actorOf(pull.issue.author),
    headRefOid: pull.head.sha,
    headRefName: pull.head.ref,
    // What GitHub remembers with the pull request may lag behind the branch.
    baseRefOid: pull.base.sha,
    baseRef: () => refOf(world, owner, `refs/heads/${pull.base.ref}`),
    baseRefName: pull.base.ref,
    createdAt: pull.issue.createdAt,
    updatedAt: pull.updatedAt,
    isCrossRepository: pull.head.repository !== owner,
    headRepository: () => {
      const { id, deleted } = pull.head.repository;
      if (deleted) return null;
      if (pull.head.repository !== owner && pull.head.repository.private)
        throw new GraphQLError("Resource not accessible by integration", { extensions: { type: "FORBIDDEN" } });
      return { __typename: "Repository", id: `R_${id}`, databaseId: id };
    },
    // A fork's branch is not shown to an installation on the base repository.
    headRef: () =>
      pull.head.repository === owner && owner.refs.has(`refs/heads/${pull.head.ref}`)
        ? {
            __typename: "Ref",
            id: `REF_${pull.head.ref}`,
            name: pull.head.ref,
            associatedPullRequests: ({ states, ...slice }: Slice & { states?: readonly string[] }) =>
              connection(
                [...owner.pulls.values()]
                  .filter(({ head }) => head.repository === owner && head.ref === pull.head.ref)
                  .filter((one) => states?.includes(stateOf(one)) ?? true)
                  .reverse()
                  .map((one) => pullRequest(world, owner, one)),
                slice,
              ),
          }
        : null,
    isInMergeQueue: entryOf(owner, pull) !== null,
    isMergeQueueEnabled: queueRuleOf(world, owner, pull.base.ref) !== null,
    mergeQueue: () => queueNode(world, owner, pull.base.ref),
    mergeQueueEntry: () => {
      const found = entryOf(owner, pull);
      return found ? entryNode(world, owner, found.queue, found.entry) : null;
    },
    mergeCommit: pull.merged ? () => commit(world, owner, pull.merged?.sha ?? "") : null,
    assignees: (slice: Slice) =>
      connection(
        pull.assignees.map((login) => actorOf(world.accounts.get(login.toLowerCase()) ?? null)),
        slice,
      ),
    reviews: ({ states, ...slice }: Slice & { states?: readonly string[] }) =>
      connection(
        pull.reviews.filter((one) => one.state !== "PENDING" && (states?.includes(one.state) ?? true)).map(review),
        slice,
      ),
    timelineItems: ({ itemTypes, ...slice }: Slice & { itemTypes?: readonly string[] }) =>
      connection(
        pull.timeline
          .filter(({ event }) => itemTypes?.includes(`${event.toUpperCase()}_EVENT`) ?? true)
          .map((one) => timelineItem(world, owner, pull, one, review)),
        slice,
      ),
    comments: (slice: Slice) => connection(comments, slice),
    commits: (slice: Slice) =>
      connection(
        owner.store
          .between(pull.base.sha, pull.head.sha)
          .map((sha) => ({ __typename: "PullRequestCommit", id: `PRC_${sha}`, commit: commit(world, owner, sha) })),
        slice,
      ),
    reviewRequests: (slice: Slice) =>
      connection(
        [
          ...[...pull.requestedReviewers].map((login) => ({
            requestedReviewer: actorOf(world.accounts.get(login) ?? null),
          })),
          ...[...pull.requestedTeams].map((slug) => ({
            requestedReviewer: { __typename: "Team", slug, combinedSlug: `${owner.owner.login}/${slug}` },
          })),
        ],
        slice,
      ),
  };
}
