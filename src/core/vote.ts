import type { Assessment } from "./assessment.ts";
import type { Clock } from "./clock.ts";
import type { Facts, Person, Review } from "./facts.ts";
import type { EffectivePolicy, TierDuties } from "./policy.ts";
import { plus } from "./scalars.ts";

/** One person's current review, counted or not, and why. */
export interface Vote {
  readonly person: string;
  readonly role?: string;
  readonly basis: "direct" | "team" | "stand-in" | "delegation" | "none";
  readonly counted: boolean;
  readonly reason: string;
}

/** An approval that may fill a role, before roles are looked at. */
export interface Ballot {
  readonly person: string;
  readonly review: Review;
  /** Null when the approval stands; else why it does not count. */
  readonly refused: string | null;
}

/** Who may not approve this change, with the reason; logins in lower case. */
export type Exclusions = ReadonlyMap<string, string>;

/** The author, whoever pushed and whoever committed to the governed content. Commit identities only ever add exclusions. */
export function exclusionsOf(facts: Facts): Exclusions {
  const excluded = new Map<string, string>();
  const add = (login: string, reason: string): void => {
    const key = login.toLowerCase();
    if (!excluded.has(key)) excluded.set(key, reason);
  };
  if (facts.pullRequest) add(facts.pullRequest.author.login, "is the author");
  for (const login of facts.pushers ?? []) add(login, "pushed to this pull request");
  for (const commit of facts.commits) {
    if (!commit.governed) continue;
    for (const login of commit.logins) add(login, `committed governed content in ${commit.id.slice(0, 12)}`);
  }
  return excluded;
}

const DECIDING = new Set(["APPROVED", "CHANGES_REQUESTED", "DISMISSED"]);

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
export function ballotsOf(
  assessment: Assessment,
  facts: Facts,
  policy: EffectivePolicy,
  duties: TierDuties,
  clock: Clock,
): readonly Ballot[] {
  const excluded = exclusionsOf(facts);
  return currentReviews(facts.reviews)
    .filter((review) => review.state === "APPROVED")
    .map((review) => ({
      person: review.person?.login ?? "ghost",
      review,
      refused:
        personRefused(review.person, facts) ??
        excludedReason(review, excluded, facts, policy, assessment) ??
        staleReason(review, assessment, duties, clock),
    }));
}

function personRefused(person: Person | null, facts: Facts): string | null {
  if (!person) return "is a deleted account";
  if (person.type !== "User" || person.login.endsWith("[bot]")) return `is not a person (${person.type})`;
  if (facts.access === null) return null;
  const role = facts.access.get(person.login.toLowerCase());
  if (role !== undefined && ["write", "maintain", "admin"].includes(role)) return null;
  return `has ${role === undefined ? "no access that could be read" : `only ${role} access`}; write is needed`;
}

function excludedReason(
  review: Review,
  excluded: Exclusions,
  facts: Facts,
  policy: EffectivePolicy,
  assessment: Assessment,
): string | null {
  const login = review.person?.login.toLowerCase() ?? "";
  const reason = excluded.get(login);
  if (reason === undefined) return null;
  const own = login === facts.pullRequest?.author.login.toLowerCase();
  const tier = assessment.tier.value;
  if (own && policy.selfApproval === "recorded" && review.via === "command" && (tier === "low" || tier === "medium"))
    return null;
  return `is not independent: ${reason}`;
}

function staleReason(review: Review, assessment: Assessment, duties: TierDuties, clock: Clock): string | null {
  if (!review.binding)
    return `approved ${commitOf(review)}, and what it covered cannot be known: ${review.unbound ?? "no commit"}`;
  if (review.binding[duties.bind] !== assessment.digests[duties.bind]) {
    return `approved ${commitOf(review)}, and the governed content (${duties.bind}) changed since`;
  }
  const expires = plus(review.submittedAt, duties.validFor);
  return clock.reached(expires) ? `expired at ${expires}` : null;
}

function commitOf(review: Review): string {
  return review.commit?.slice(0, 12) ?? "no commit";
}
