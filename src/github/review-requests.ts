import { z } from "zod";
import type { Reviewer, ReviewRequests } from "../work/conversation.ts";
import { HostingFault } from "../work/hosting-fault.ts";
import { Actor, personOf, WHO } from "./actor.ts";
import type { Api } from "./api.ts";
import { collect, collected, connectionPage } from "./connection-page.ts";

const PAGE = "pageInfo { hasNextPage endCursor }";
const TYPES = "[REVIEW_REQUESTED_EVENT, REVIEW_REQUEST_REMOVED_EVENT]";
const DOCUMENT = `query ReviewRequests($owner: String!, $name: String!, $number: Int!, $requests: String, $items: String,
  $reviews: String) {
  rateLimit { cost }
  repository(owner: $owner, name: $name) { pullRequest(number: $number) {
    reviewRequests(first: 100, after: $requests) { nodes { requestedReviewer { ...Asked } } ${PAGE} }
    timelineItems(first: 100, after: $items, itemTypes: ${TYPES}) { nodes { __typename
      ... on ReviewRequestedEvent { requestedReviewer { ...Asked } }
      ... on ReviewRequestRemovedEvent { actor { ...Who } requestedReviewer { ...Asked } }
    } ${PAGE} }
    reviews(first: 100, after: $reviews, states: [APPROVED, CHANGES_REQUESTED, COMMENTED, DISMISSED]) {
      nodes { author { ...Who } } ${PAGE}
    }
  } }
}
fragment Asked on RequestedReviewer { __typename ... on User { login } ... on Team { combinedSlug } }
${WHO}`;

const Asked = z
  .object({ __typename: z.string(), login: z.string().optional(), combinedSlug: z.string().optional() })
  .nullable();
const Event = z.object({
  __typename: z.string(),
  actor: Actor.nullish(),
  requestedReviewer: Asked,
});
const Lists = z.object({
  reviewRequests: connectionPage(z.object({ requestedReviewer: Asked })),
  timelineItems: connectionPage(Event),
  reviews: connectionPage(z.object({ author: Actor.nullable() })),
});
const Answer = z.object({ repository: z.object({ pullRequest: Lists }) });

/** Who was asked to review a pull request, who would not, and who did. */
export async function readReviewRequests(api: Api, number: number): Promise<ReviewRequests> {
  const requests = collected<z.infer<typeof Lists>["reviewRequests"]["nodes"][number]>();
  const items = collected<z.infer<typeof Event>>();
  const reviews = collected<{ author: Actor | null }>();
  for (let first = true; ; first = false) {
    const cursors = { requests: requests.cursor, items: items.cursor, reviews: reviews.cursor };
    const { repository } = await api.graphql(DOCUMENT, { number, ...cursors }, Answer);
    const { reviewRequests, timelineItems, reviews: given } = repository.pullRequest;
    // A list that had ended would begin anew.
    if (first || cursors.requests !== null) collect(requests, reviewRequests, "review requests");
    if (first || cursors.items !== null) collect(items, timelineItems, "events of the timeline");
    if (first || cursors.reviews !== null) collect(reviews, given, "reviews");
    if (requests.cursor === null && items.cursor === null && reviews.cursor === null) break;
  }
  const open = namesOf(requests.items.map(({ requestedReviewer }) => requestedReviewer));
  return {
    open,
    ever: new Set([...open, ...namesOf(items.items.map(({ requestedReviewer }) => requestedReviewer))]),
    declined: declinedAmong(items.items),
    reviewed: new Set(reviews.items.flatMap(({ author }) => personOf(author)?.login.toLowerCase() ?? [])),
  };
}

/** Whoever was taken off by themselves, however often they were asked since. */
function declinedAmong(events: readonly z.infer<typeof Event>[]): ReadonlySet<Reviewer> {
  const own = events.filter(
    ({ __typename, actor, requestedReviewer }) =>
      __typename === "ReviewRequestRemovedEvent" &&
      requestedReviewer?.login !== undefined &&
      actor?.login.toLowerCase() === requestedReviewer.login.toLowerCase(),
  );
  return namesOf(own.map(({ requestedReviewer }) => requestedReviewer));
}

function namesOf(asked: readonly z.infer<typeof Asked>[]): Set<Reviewer> {
  return new Set(asked.flatMap((one) => (one?.login ?? one?.combinedSlug)?.toLowerCase() ?? []));
}

const REQUEST = "POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers";

/**
 * Asks for reviews, all at once; where GitHub refuses that because of one, each is asked for alone, once. Returns whom it
 * would not ask (security rule S23).
 */
export async function requestReviewers(
  api: Api,
  pullRequest: number,
  reviewers: readonly Reviewer[],
): Promise<ReadonlyMap<Reviewer, string>> {
  const refused = new Map<Reviewer, string>();
  if (reviewers.length === 0) return refused;
  const ask = async (names: readonly Reviewer[]): Promise<HostingFault | null> => {
    const teams = names.filter((name) => name.includes("/")).map((name) => name.split("/")[1]);
    const people = names.filter((name) => !name.includes("/"));
    try {
      await api.write(REQUEST, { pull_number: pullRequest, reviewers: people, team_reviewers: teams }, z.unknown());
      return null;
    } catch (fault) {
      if (fault instanceof HostingFault && fault.code === "hosting/refused") return fault;
      throw fault;
    }
  };
  const all = await ask(reviewers);
  if (all === null) return refused;
  for (const name of reviewers) {
    const fault = reviewers.length === 1 ? all : await ask([name]);
    if (fault !== null) refused.set(name, "GitHub does not let them be asked here");
  }
  return refused;
}
