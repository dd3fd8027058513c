import type { Command, Review } from "../core/facts.ts";
import { currentReviews } from "../core/vote.ts";

type Given = Omit<Review, "binding" | "unbound">;

/**
 * `/countersign withdraw` takes back the approval that its giver had until then, given by review or by command. It ends
 * like a review that its own author dismissed; a request for changes stays, and so does what is given later.
 */
export function withdrawalsOf(commands: readonly Command[], reviews: readonly Given[]): readonly Given[] {
  return commands.flatMap(({ name, person, createdAt }, position): Given[] => {
    if (name !== "withdraw" || !person) return [];
    const own = reviews.filter(
      (review) =>
        review.person?.login.toLowerCase() === person.login.toLowerCase() &&
        Date.parse(review.submittedAt) <= Date.parse(createdAt),
    );
    const [current] = currentReviews(own.map((review) => ({ ...review, binding: null })));
    if (current?.state !== "APPROVED") return [];
    const id = WITHDRAWN + position;
    return [{ id, person, state: "DISMISSED", commit: null, submittedAt: createdAt, via: "command" }];
  });
}

/** Later than every other review of the same second. */
const WITHDRAWN = Number.MAX_SAFE_INTEGER / 2;
