import { z } from "zod";
import type { ObjectId } from "../core/change-set.ts";
import type { Instant } from "../core/scalars.ts";
import type { Api } from "./api.ts";

/** Where a pull request's head lies and what it was proposed to: which of a workflow's runs were made for it. */
export interface HeadPlace {
  readonly number: number;
  readonly head: ObjectId;
  readonly headRef: string;
  /** The repository of the head branch by its number; null for a fork that was deleted or is not shown. */
  readonly headRepository: number | null;
  /** The repository of the pull request by its number. */
  readonly repository: number;
  readonly baseRef: string;
  readonly retargetedAt: Instant | null;
  /** Pull requests of the same branch, as far as they are known already. */
  readonly siblings: Siblings | null;
}

/** What is asked of the pull requests of one branch. */
export const SIBLINGS = `fragment Siblings on PullRequestConnection {
  nodes {
    number headRefOid baseRefName createdAt headRepository { databaseId }
    timelineItems(first: 1, itemTypes: [AUTOMATIC_BASE_CHANGE_SUCCEEDED_EVENT, BASE_REF_CHANGED_EVENT]) { totalCount }
  }
  pageInfo { hasNextPage }
}`;

/** Newest first: what was opened on a head before it was this pull request's is rare, and counts all the same. */
export const SIBLINGS_ASKED =
  "states: [OPEN, CLOSED, MERGED], first: 50, orderBy: { field: CREATED_AT, direction: DESC }";

/** Pull requests of one branch, or of branches of one name. */
export const Siblings = z.object({
  nodes: z.array(
    z.object({
      number: z.int(),
      headRefOid: z.string(),
      baseRefName: z.string(),
      createdAt: z.string(),
      headRepository: z.object({ databaseId: z.number().nullable() }).nullable(),
      timelineItems: z.object({ totalCount: z.int() }),
    }),
  ),
  pageInfo: z.object({ hasNextPage: z.boolean() }),
});
export type Siblings = z.infer<typeof Siblings>;

const DOCUMENT = `query PullRequestsOfBranch($owner: String!, $name: String!, $branch: String!) {
  rateLimit { cost }
  repository(owner: $owner, name: $name) { pullRequests(headRefName: $branch, ${SIBLINGS_ASKED}) { ...Siblings } }
}
${SIBLINGS}`;
const Answer = z.object({ repository: z.object({ pullRequests: Siblings }) });

const MISSING = { headRepository: ["NOT_FOUND", "FORBIDDEN"] } as const;

/** More pull requests than these on one head are no accident. */
const CROWD = 20;
const EVER = "1970-01-01T00:00:00Z";

/**
 * Since when a run on this head may have been made for another pull request of the same branch into another base branch,
 * whose workflows and scripts may be others; null for never. GitHub says of no run which pull request it was made for,
 * so from then on none counts (P09).
 */
export async function sharedSince(api: Api, place: HeadPlace): Promise<Instant | null> {
  const { nodes, pageInfo } =
    place.siblings ?? (await api.graphql(DOCUMENT, { branch: place.headRef }, Answer, MISSING)).repository.pullRequests;
  const others = nodes.filter(
    ({ number, headRefOid, headRepository }) =>
      number !== place.number &&
      headRefOid === place.head &&
      (headRepository?.databaseId ?? place.headRepository) === place.headRepository,
  );
  if (pageInfo.hasNextPage && others.length >= CROWD) return EVER;
  const elsewhere = others.filter(
    ({ baseRefName, timelineItems }) => baseRefName !== place.baseRef || timelineItems.totalCount > 0,
  );
  return elsewhere.reduce<Instant | null>(
    (first, { createdAt }) => (first === null || Date.parse(createdAt) < Date.parse(first) ? createdAt : first),
    null,
  );
}
