import { z } from "zod";
import type { HostedReview } from "../work/hosting.ts";
import { Actor, personOf } from "./actor.ts";
import { automaticDismissals, type TimelineItem } from "./timeline.ts";

/** The states that count: comments withdraw nothing, and nobody sees what is pending (P21). */
export const REVIEW_STATES = "[APPROVED, CHANGES_REQUESTED, DISMISSED]";

/** What is asked of a review. */
export const REVIEW =
  "fragment Given on PullRequestReview { fullDatabaseId state submittedAt author { ...Who } commit { oid } }";

/** A review as GraphQL gives it. */
export const Review = z.object({
  fullDatabaseId: z.coerce.number().int().positive(),
  state: z.string(),
  submittedAt: z.string().nullable(),
  author: Actor.nullable(),
  commit: z.object({ oid: z.string() }).nullable(),
});
export type Review = z.infer<typeof Review>;

/**
 * The reviews that may count. One that GitHub dismissed because of a push keeps the state it had, and its binding says
 * what becomes of it; one that a person dismissed stays dismissed (security rule S10).
 */
export function hostedReviews(reviews: readonly Review[], items: readonly TimelineItem[]): readonly HostedReview[] {
  const automatic = automaticDismissals(items);
  return reviews.flatMap((review) => {
    if (review.submittedAt === null || review.state === "PENDING") return [];
    const person = personOf(review.author);
    const before = review.state === "DISMISSED" ? automatic.get(review.fullDatabaseId) : undefined;
    const kept = before === "APPROVED" || before === "CHANGES_REQUESTED" ? before : null;
    return {
      id: review.fullDatabaseId,
      person: person && { ...person, id: review.author?.databaseId ?? null },
      state: kept ?? review.state,
      ...(kept === null ? {} : { dismissed: true as const }),
      commit: review.commit?.oid ?? null,
      submittedAt: review.submittedAt,
    };
  });
}
