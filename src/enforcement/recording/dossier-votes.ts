import type { Evaluation } from "../../core/evaluation.ts";
import type { Review } from "../../core/facts.ts";
import { currentReviews, type Vote } from "../../core/vote.ts";
import type { Dossier } from "../../evidence/record.ts";
import { type Accounts, accountOf } from "./dossier-authors.ts";

/** Every vote, counted or not and why, with the review that it was given by and what that covered. */
export function votesOf(evaluation: Evaluation, accounts: Accounts): Dossier["votes"] {
  const reviews = new Map(
    currentReviews(evaluation.facts.reviews).flatMap((review) =>
      review.person ? [[review.person.login.toLowerCase(), review] as const] : [],
    ),
  );
  return evaluation.votes.map((vote) => {
    const { person, role, counted, reason } = vote;
    const given = role === "break-glass" ? {} : givenBy(reviews.get(person.toLowerCase()), evaluation);
    return {
      person: accountOf(person, accounts),
      ...(role === undefined ? {} : { role }),
      ...{ basis: basisOf(vote, evaluation), counted, reason },
      ...given,
    };
  });
}

/** A command is no review of GitHub's; it has the commit that it names. */
function givenBy(
  review: Review | undefined,
  { assessment, policy }: Evaluation,
): Pick<Dossier["votes"][number], "reviewId" | "commit" | "digest" | "submittedAt"> {
  if (review === undefined) return {};
  const { id, commit, via, binding, submittedAt } = review;
  const tier = assessment.tier.value;
  const digest = tier === "none" ? undefined : binding?.[policy.tiers[tier].bind];
  return {
    ...(via === "review" ? { reviewId: id } : {}),
    ...(commit === null ? {} : { commit }),
    ...(digest === undefined ? {} : { digest }),
    submittedAt,
  };
}

/** How a person holds the role: of a team, which one. */
function basisOf({ person, role, basis }: Vote, { facts, policy }: Evaluation): string {
  if (basis !== "team") return basis;
  const login = person.toLowerCase();
  const named = (policy.roles[role ?? ""] ?? []).map((reference) => reference.slice(1).toLowerCase());
  const teams = [...facts.teams].filter(
    ([team, members]) => team.includes("/") && members.some((member) => member.toLowerCase() === login),
  );
  const [team] = teams.find(([name]) => named.includes(name)) ?? teams[0] ?? [];
  return team === undefined ? basis : `team ${team}`;
}
