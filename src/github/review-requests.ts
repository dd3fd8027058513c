import { z } from "zod";
import type { Reviewer, ReviewRequests } from "../work/conversation.ts";
import { HostingFault } from "../work/hosting-fault.ts";
import { Actor, personOf, WHO } from "./actor.ts";
import type { Api } from "./api.ts";
import { collect, collected, connectionPage } from "./connection-page.ts";

const PAGE = "pageInfo { hasNextPage endCursor }";
const TYPES = "[REVIEW_REQUESTED_EVENT, REVIEW_REQUEST_REMOVED_EVENT]";

/** What is asked of a pull request, with three cursors; under names that no other list of it has. */
export const REQUESTS = `fragment Requests on PullRequest {
  asked: reviewRequests(first: 100, after: $asked) { nodes { requestedReviewer { ...Asked } } ${PAGE} }
  asking: timelineItems(first: 100, after: $asking, itemTypes: ${TYPES}) { nodes { __typename
    ... on ReviewRequestedEvent { requestedReviewer { ...Asked } }
    ... on ReviewRequestRemovedEvent { actor { ...Who } requestedReviewer { ...Asked } }
  } ${PAGE} }
  given: reviews(first: 100, after: $given, states: [APPROVED, CHANGES_REQUESTED, COMMENTED, DISMISSED]) {
    nodes { author { ...Who } } ${PAGE}
  }
}
fragment Asked on RequestedReviewer { __typename ... on User { login } ... on Team { combinedSlug } }`;
/** The cursors. */
export const CURSORS = "$asked: String, $asking: String, $given: String";
const DOCUMENT = `query ReviewRequests($owner: String!, $name: String!, $number: Int!, ${CURSORS}) {
  rateLimit { cost }
  repository(owner: $owner, name: $name) { pullRequest(number: $number) { ...Requests } }
}
${REQUESTS}
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
  asked: connectionPage(z.object({ requestedReviewer: Asked })),
  asking: connectionPage(Event),
  given: connectionPage(z.object({ author: Actor.nullable() })),
});
type Lists = z.infer<typeof Lists>;
const Answer = z.object({ repository: z.object({ pullRequest: Lists }) });

/** Who was asked to review a pull request, who would not, and who did. */
export async function readReviewRequests(api: Api, number: number): Promise<ReviewRequests> {
  const asked = collected<Lists["asked"]["nodes"][number]>();
  const asking = collected<z.infer<typeof Event>>();
  const given = collected<Lists["given"]["nodes"][number]>();
  for (let first = true; ; first = false) {
    const cursors = { asked: asked.cursor, asking: asking.cursor, given: given.cursor };
    const { repository } = await api.graphql(DOCUMENT, { number, ...cursors }, Answer);
    const { pullRequest: page } = repository;
    // A list that had ended would begin anew.
    if (first || cursors.asked !== null) collect(asked, page.asked, "review requests");
    if (first || cursors.asking !== null) collect(asking, page.asking, "events of the timeline");
    if (first || cursors.given !== null) collect(given, page.given, "reviews");
    if (asked.cursor === null && asking.cursor === null && given.cursor === null) break;
  }
  return requestsOf(asked.items, asking.items, given.items);
}

/** The same as it came along with a pull request; null where it did not, not as a whole, or names somebody who is not shown. */
export function requestsAlong(came: unknown): ReviewRequests | null {
  const { success, data } = Lists.safeParse(came);
  if (!success) return null;
  const { asked, asking, given } = data;
  if ([asked, asking, given].some(({ pageInfo }) => pageInfo.hasNextPage)) return null;
  if ([...asked.nodes, ...asking.nodes].some(({ requestedReviewer }) => requestedReviewer === null)) return null;
  return requestsOf(asked.nodes, asking.nodes, given.nodes);
}

function requestsOf(
  asked: Lists["asked"]["nodes"],
  asking: Lists["asking"]["nodes"],
  given: Lists["given"]["nodes"],
): ReviewRequests {
  const open = namesOf(asked.map(({ requestedReviewer }) => requestedReviewer));
  return {
    open,
    ever: new Set([...open, ...namesOf(asking.map(({ requestedReviewer }) => requestedReviewer))]),
    declined: declinedAmong(asking),
    reviewed: new Set(given.flatMap(({ author }) => personOf(author)?.login.toLowerCase() ?? [])),
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
