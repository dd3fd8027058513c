import type { Case } from "./case.ts";
import type { Review } from "./facts.ts";
import { selfApproves } from "./independence.ts";
import { type Basis, personRefused } from "./people.ts";
import { type Instant, plus } from "./scalars.ts";

/** One person's current review, counted or not, and why. */
export interface Vote {
  readonly person: string;
  readonly role?: string;
  readonly basis: Basis | "none";
  readonly counted: boolean;
  readonly reason: string;
  /** Until when a try to break the glass holds, or would have. */
  readonly until?: Instant;
}

/** An approval that may fill a role, before roles are looked at. */
export interface Ballot {
  readonly person: string;
  /** Null when the approval stands; else why it does not count. */
  readonly refused: string | null;
  /** Whether the author approves their own change, which evidence marks as weak. */
  readonly weak: boolean;
}

const DECIDING: ReadonlySet<string> = new Set(["APPROVED", "CHANGES_REQUESTED", "DISMISSED"]);

/** The review that counts for each person: the last that approved, requested changes or was dismissed. */
export function currentReviews(reviews: readonly Review[]): readonly Review[] {
  const current = new Map<string, Review>();
  const inOrder = [...reviews].sort((a, b) => Date.parse(a.submittedAt) - Date.parse(b.submittedAt) || a.id - b.id);
  for (const review of inOrder) {
    if (!DECIDING.has(review.state)) continue;
    current.set(review.person?.login.toLowerCase() ?? `ghost:${review.id}`, review);
  }
  return [...current.values()];
}

/** Looks at every current approval: what it bound, whether it is still alive and whether its person may approve. */
export function ballotsOf(matter: Case): readonly Ballot[] {
  return currentReviews(matter.facts.reviews)
    .filter((review) => review.state === "APPROVED")
    .map((review) => {
      const dependent = dependence(review, matter);
      return {
        person: review.person?.login ?? "ghost",
        refused:
          personRefused(review.person, matter.facts) ??
          (dependent.weak ? null : dependent.reason) ??
          staleReason(review, matter),
        weak: dependent.weak,
      };
    });
}

/** Why a reviewer is not independent, and whether the policy lets the author approve nevertheless. */
function dependence(
  { person, via }: Review,
  { assessment, excluded, facts, policy }: Case,
): { reason: string | null; weak: boolean } {
  const login = person?.login.toLowerCase() ?? "";
  const exclusion = excluded.get(login);
  if (!exclusion) return { reason: null, weak: false };
  const weak = via === "command" && selfApproves(login, facts, policy, assessment.tier.value);
  const lift = exclusion.liftable ? "; if that commit is not theirs, they comment /countersign not-mine <its id>" : "";
  return { reason: `is not independent: ${exclusion.reason}${lift}`, weak };
}

function staleReason(review: Review, { assessment, duties, facts, clock }: Case): string | null {
  const commit = review.commit?.slice(0, 12) ?? "no commit";
  const retargeted = facts.pullRequest?.retargetedAt;
  if (retargeted !== undefined && Date.parse(review.submittedAt) < Date.parse(retargeted))
    return "approved before the pull request was moved to another base branch";
  if (!review.binding)
    return `approved ${commit}, and what it covered cannot be known: ${review.unbound ?? "no commit"}`;
  if (review.binding[duties.bind] !== assessment.digests[duties.bind])
    return `approved ${commit}, and the governed content (${duties.bind}) changed since`;
  const expires = plus(review.submittedAt, duties.validFor);
  return clock.reached(expires) ? `expired at ${expires}` : null;
}
