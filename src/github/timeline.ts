import { z } from "zod";
import type { Person } from "../core/facts.ts";
import type { Instant } from "../core/scalars.ts";
import type { HostedPullRequest } from "../work/hosting.ts";
import { Actor, personOf } from "./actor.ts";

/** The kinds of events that decide something. */
export const TIMELINE_TYPES =
  "[ASSIGNED_EVENT, AUTOMATIC_BASE_CHANGE_SUCCEEDED_EVENT, BASE_REF_CHANGED_EVENT, HEAD_REF_FORCE_PUSHED_EVENT, REVIEW_DISMISSED_EVENT]";

/** What is asked of them. */
export const TIMELINE_ITEM = `fragment Item on PullRequestTimelineItems {
  __typename
  ... on AssignedEvent { createdAt assignee { ...Who } }
  ... on AutomaticBaseChangeSucceededEvent { createdAt }
  ... on BaseRefChangedEvent { createdAt }
  ... on HeadRefForcePushedEvent { createdAt beforeCommit { oid } afterCommit { oid } }
  ... on ReviewDismissedEvent { createdAt previousReviewState review { fullDatabaseId } pullRequestCommit { commit { oid } } }
}`;

const Commit = z.object({ oid: z.string() }).nullable();

/** An event of a pull request's timeline. */
export const TimelineItem = z.discriminatedUnion("__typename", [
  z.object({ __typename: z.literal("AssignedEvent"), createdAt: z.string(), assignee: Actor.nullable() }),
  z.object({ __typename: z.literal("AutomaticBaseChangeSucceededEvent"), createdAt: z.string() }),
  z.object({ __typename: z.literal("BaseRefChangedEvent"), createdAt: z.string() }),
  z.object({
    __typename: z.literal("HeadRefForcePushedEvent"),
    createdAt: z.string(),
    beforeCommit: Commit,
    afterCommit: Commit,
  }),
  z.object({
    __typename: z.literal("ReviewDismissedEvent"),
    createdAt: z.string(),
    previousReviewState: z.string(),
    review: z.object({ fullDatabaseId: z.coerce.number().nullable() }).nullable(),
    pullRequestCommit: z.object({}).nullable(),
  }),
]);
export type TimelineItem = z.infer<typeof TimelineItem>;

type Of<T extends TimelineItem["__typename"]> = Extract<TimelineItem, { readonly __typename: T }>;

function only<T extends TimelineItem["__typename"]>(items: readonly TimelineItem[], ...types: readonly T[]): Of<T>[] {
  const wanted = new Set<string>(types);
  return items.filter((item): item is Of<T> => wanted.has(item.__typename));
}

/** When the base branch was last changed, by a person or because the old one was merged and deleted; null for never. */
export function retargetedAt(items: readonly TimelineItem[]): Instant | null {
  const changes = only(items, "BaseRefChangedEvent", "AutomaticBaseChangeSucceededEvent");
  return changes.reduce<Instant | null>(
    (last, { createdAt }) => (last === null || Date.parse(createdAt) > Date.parse(last) ? createdAt : last),
    null,
  );
}

/** Force-pushes of the head, oldest first. */
export function forcePushes(items: readonly TimelineItem[]): HostedPullRequest["forcePushes"] {
  return only(items, "HeadRefForcePushedEvent")
    .map(({ createdAt, beforeCommit, afterCommit }) => ({
      at: createdAt,
      before: beforeCommit?.oid ?? null,
      after: afterCommit?.oid ?? null,
    }))
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** A dismissal that GitHub made because of a push, by the review: the state that the review had. */
export function automaticDismissals(items: readonly TimelineItem[]): ReadonlyMap<number, string> {
  const states = new Map<number, string>();
  const byPeople = new Set<number>();
  for (const { review, pullRequestCommit, previousReviewState } of only(items, "ReviewDismissedEvent")) {
    const id = review?.fullDatabaseId;
    if (typeof id !== "number") continue;
    // GitHub's schema: "the commit which caused the review to become stale". A person's dismissal has none.
    if (pullRequestCommit === null) byPeople.add(id);
    else states.set(id, previousReviewState);
  }
  for (const id of byPeople) states.delete(id);
  return states;
}

/** How long after its opening an assignment still belongs to it: agents open first and assign then. */
const AT_OPENING = 120_000;

/** Who was assigned when the pull request was opened, whether or not they still are (security rule S12). */
export function assignedAtOpening(items: readonly TimelineItem[], openedAt: Instant): readonly Person[] {
  const people = only(items, "AssignedEvent")
    .filter(({ createdAt }) => Date.parse(createdAt) <= Date.parse(openedAt) + AT_OPENING)
    .map(({ assignee }) => personOf(assignee));
  const byLogin = new Map(people.flatMap((person) => (person ? [[person.login, person] as const] : [])));
  return [...byLogin.values()];
}
