import { z } from "zod";
import { POLICY_PATH, REGISTRY_PATH } from "../work/configuration.ts";
import { Actor, WHO } from "./actor.ts";
import { COMMENT, Comment } from "./commands.ts";
import { connectionPage } from "./connection-page.ts";
import { SIBLINGS, SIBLINGS_ASKED, Siblings } from "./head-place.ts";
import { CURSORS, REQUESTS } from "./review-requests.ts";
import { REVIEW, REVIEW_STATES, Review } from "./reviews.ts";
import { TIMELINE_ITEM, TIMELINE_TYPES, TimelineItem } from "./timeline.ts";

const PAGE = "pageInfo { hasNextPage endCursor }";
const LISTS = `fragment Lists on PullRequest {
  reviews(first: 100, after: $reviews, states: ${REVIEW_STATES}) @include(if: $moreReviews) { nodes { ...Given } ${PAGE} }
  comments(first: 100, after: $comments) @include(if: $moreComments) { nodes { ...Said } ${PAGE} }
  timelineItems(first: 100, after: $items, itemTypes: ${TIMELINE_TYPES}) @include(if: $moreItems) { nodes { ...Item } ${PAGE} }
}`;
const VARIABLES = `$owner: String!, $name: String!, $number: Int!, $reviews: String, $comments: String, $items: String,
  $moreReviews: Boolean!, $moreComments: Boolean!, $moreItems: Boolean!`;
const FRAGMENTS = [LISTS, REVIEW, COMMENT, TIMELINE_ITEM, WHO].join("\n");

/** Asks for a pull request with the first page of each of its lists. */
export const FIRST = `query PullRequest(${VARIABLES}, $withRequests: Boolean!, ${CURSORS}) {
  rateLimit { cost }
  repository(owner: $owner, name: $name) {
    databaseId
    owner { __typename ... on Organization { databaseId } }
    defaultBranchRef { name target { oid ... on Commit {
      policy: file(path: "${POLICY_PATH}") { ...Rules }
      registry: file(path: "${REGISTRY_PATH}") { ...Rules }
    } } }
    pullRequest(number: $number) {
      number title body isDraft state createdAt headRefOid headRefName isCrossRepository baseRefName baseRefOid
      baseRef { target { oid } }
      headRepository { databaseId }
      headRef { associatedPullRequests(${SIBLINGS_ASKED}) { ...Siblings } }
      author { ...Who }
      ...Lists
      ...Requests @include(if: $withRequests)
    }
  }
}
fragment Rules on TreeEntry { mode oid object { ... on Blob { text isTruncated } } }
${SIBLINGS}
${REQUESTS}
${FRAGMENTS}`;

/** A file that a commit does not hold is an error to GitHub; a fork's branch, or a team, may be none of the installation's. */
export const MISSING = {
  policy: ["NOT_FOUND"],
  registry: ["NOT_FOUND"],
  headRef: ["NOT_FOUND", "FORBIDDEN"],
  headRepository: ["NOT_FOUND", "FORBIDDEN"],
  asked: ["NOT_FOUND", "FORBIDDEN"],
  asking: ["NOT_FOUND", "FORBIDDEN"],
} as const;

/** Asks for further pages of the lists. */
export const NEXT = `query PullRequestPages(${VARIABLES}) {
  rateLimit { cost }
  repository(owner: $owner, name: $name) { pullRequest(number: $number) { ...Lists } }
}
${FRAGMENTS}`;

/** A page of each of its lists that was asked for. */
export const Lists = z.object({
  reviews: connectionPage(Review).optional(),
  comments: connectionPage(Comment).optional(),
  timelineItems: connectionPage(TimelineItem).optional(),
});
export type Lists = z.infer<typeof Lists>;

const Rules = z
  .object({
    mode: z.int(),
    oid: z.string(),
    object: z.object({ text: z.string().nullish(), isTruncated: z.boolean().optional() }).nullable(),
  })
  .nullish();
/** A file of configuration. */
export type Rules = z.infer<typeof Rules>;

const PullRequest = Lists.extend({
  number: z.int(),
  title: z.string(),
  body: z.string(),
  isDraft: z.boolean(),
  state: z.enum(["OPEN", "CLOSED", "MERGED"]),
  createdAt: z.string(),
  headRefOid: z.string(),
  headRefName: z.string(),
  isCrossRepository: z.boolean(),
  baseRefName: z.string(),
  baseRefOid: z.string(),
  baseRef: z.object({ target: z.object({ oid: z.string() }).nullable() }).nullable(),
  headRepository: z.object({ databaseId: z.number().nullable() }).nullable(),
  headRef: z.object({ associatedPullRequests: Siblings }).nullable(),
  author: Actor.nullable(),
  asked: z.unknown().optional(),
  asking: z.unknown().optional(),
  given: z.unknown().optional(),
});
/** A pull request as GraphQL gives it. */
export type PullRequest = z.infer<typeof PullRequest>;

const Owner = z.object({ __typename: z.string(), databaseId: z.int().nullish() });
/** Who owns the repository. */
export type Owner = z.infer<typeof Owner>;
/** The answer to the first query. */
export const First = z.object({
  repository: z.object({
    databaseId: z.int(),
    owner: Owner,
    defaultBranchRef: z
      .object({
        name: z.string(),
        target: z.object({ oid: z.string(), policy: Rules, registry: Rules }).nullable(),
      })
      .nullable(),
    pullRequest: PullRequest.nullable(),
  }),
});
/** The answer to the others. */
export const Next = z.object({ repository: z.object({ pullRequest: Lists.nullable() }).nullable() });
