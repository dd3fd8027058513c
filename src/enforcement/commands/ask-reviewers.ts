import type { Evaluation } from "../../core/evaluation.ts";
import type { Store, StoredReviewer } from "../../stores/store.ts";
import type { Reviewer, ReviewRequests } from "../../work/conversation.ts";
import type { HostedPullRequest, HostedRepository } from "../../work/hosting.ts";
import { wantedReviewers } from "./wanted-reviewers.ts";

/** At most so many people are asked (security rule S23). */
const MOST_PEOPLE = 15;
/** A larger team is asked by hand only. */
const LARGE_TEAM = 10;
const MAY_APPROVE: ReadonlySet<string> = new Set(["write", "maintain", "admin"]);

/** Where reviewers are asked. */
export interface AskPlace {
  readonly repository: HostedRepository;
  readonly store: Pick<Store, "putReviewer" | "reviewersOf">;
  readonly pulls: readonly HostedPullRequest[];
}

/** The pull request that people are asked on: one of the repository itself, where several share a decision. */
function askedOn(pulls: readonly HostedPullRequest[]): HostedPullRequest | undefined {
  return pulls.find(({ sameRepository }) => sameRepository) ?? pulls[0];
}

/**
 * Asks those who can still approve for their review: nobody twice, nobody who reviewed or took themselves off. By hand, that
 * is by button or command, also those who reviewed before, and large teams.
 */
export async function askReviewers(evaluation: Evaluation, place: AskPlace, byHand: boolean): Promise<void> {
  const { repository, store, pulls } = place;
  const pull = askedOn(pulls);
  if (pull === undefined) return;
  const wanted = wantedReviewers(evaluation, pull.draft);
  const noted = await store.reviewersOf(repository.name.id, pull.number);
  const stored = new Map(noted.map((reviewer) => [reviewer.name, reviewer]));
  const due = (name: Reviewer) => byHand || isDue(stored.get(name));
  const teams = [...wanted.teams].filter(([name, { size }]) => due(name) && (byHand || size <= LARGE_TEAM));
  const people = wanted.people.filter(due);
  if (teams.length + people.length === 0) return;
  const asking: Asking = {
    ...{ evaluation, place, pull, byHand },
    requests: await repository.conversation.reviewRequests(pull.number),
    note: (name, refused) =>
      store.putReviewer({ repository: repository.name.id, pullRequest: pull.number, name, refused }),
  };
  const { refused, count } = await ask(asking, people, teams, 0);
  // A team that the repository does not know may still have members who work on it.
  const members = teams.filter(([name]) => refused.has(name)).flatMap(([, { candidates }]) => candidates);
  const others = [...new Set(members)].filter((name) => due(name) && !people.includes(name));
  if (others.length > 0) await ask(asking, others, [], count);
}

interface Asking {
  readonly evaluation: Evaluation;
  readonly place: AskPlace;
  readonly pull: HostedPullRequest;
  readonly byHand: boolean;
  readonly requests: ReviewRequests;
  note(name: Reviewer, refused: string | null): Promise<void>;
}

type Teams = readonly (readonly [string, { readonly candidates: readonly string[]; readonly size: number }])[];

/** Asks once, and notes of everybody what came of it; `already` are asked besides those that are shown as asked. */
async function ask(asking: Asking, people: readonly string[], teams: Teams, already: number) {
  const { place, pull, byHand, requests, note } = asking;
  const { conversation } = place.repository;
  const free = (name: Reviewer) => !isAsked(name, requests, byHand);
  const { able, unable } = await withAccess(people.filter(free), asking.evaluation, place.repository);
  const near = teams.filter(([name]) => free(name));
  const { chosen, count } = withinLimit(able, near, requests.open.size + already, byHand);
  const refused = await conversation.requestReviewers(pull.number, chosen);
  for (const name of people.filter((one) => !free(one))) await note(name, null);
  for (const [name] of teams.filter(([one]) => !free(one))) await note(name, null);
  for (const name of unable) await note(name, NO_ACCESS);
  for (const name of [...able, ...near.map(([team]) => team)])
    await note(name, chosen.includes(name) ? (refused.get(name) ?? null) : TOO_MANY);
  return { refused, count: count - requests.open.size };
}

/** Whoever has not been asked for, or had no access then, is looked at again. */
function isDue(stored: StoredReviewer | undefined): boolean {
  return stored === undefined || stored.refused === NO_ACCESS;
}

const TOO_MANY = `no more than ${MOST_PEOPLE} people are`;
const NO_ACCESS = "an approval of theirs would not count: they have no write access here";

function isAsked(name: Reviewer, { open, ever, declined, reviewed }: ReviewRequests, byHand: boolean): boolean {
  if (open.has(name) || declined.has(name)) return true;
  return !byHand && (ever.has(name) || reviewed.has(name));
}

/** Those whose approval would count (security rule S09), apart from those whose would not. */
async function withAccess(
  logins: readonly string[],
  { facts }: Evaluation,
  repository: HostedRepository,
): Promise<{ readonly able: readonly string[]; readonly unable: readonly string[] }> {
  if (logins.length === 0) return { able: [], unable: [] };
  const access = await repository.access(logins);
  const members = new Set([...facts.teams.values()].flat().map((login) => login.toLowerCase()));
  const role = (login: string) => access.get(login) ?? "none";
  const fits = (login: string) => MAY_APPROVE.has(role(login)) || (role(login) !== "none" && members.has(login));
  return { able: logins.filter(fits), unable: logins.filter((login) => !fits(login)) };
}

function withinLimit(people: readonly string[], teams: Teams, asked: number, byHand: boolean) {
  const chosen: Reviewer[] = people.slice(0, Math.max(0, MOST_PEOPLE - asked));
  let count = asked + chosen.length;
  for (const [name, { candidates, size }] of teams) {
    const large = byHand && size > LARGE_TEAM;
    if (!large && count + candidates.length > MOST_PEOPLE) continue;
    chosen.push(name);
    count += large ? 0 : candidates.length;
  }
  return { chosen, count };
}

/** What the check says of those who are not asked, a sentence each. */
export async function unaskedNotes(
  evaluation: Evaluation,
  { repository, store, pulls }: AskPlace,
): Promise<readonly string[]> {
  const pull = askedOn(pulls);
  if (pull === undefined) return [];
  const { people, teams } = wantedReviewers(evaluation, pull.draft);
  if (people.length + teams.size === 0) return [];
  const stored = new Map(
    (await store.reviewersOf(repository.name.id, pull.number)).map(({ name, refused }) => [name, refused]),
  );
  const candidates = [...teams.values()].flatMap((team) => team.candidates);
  // Where its members were asked one by one, nobody misses the team.
  const replaced = (name: string) => teams.get(name)?.candidates.some((login) => stored.get(login) === null) ?? false;
  const refused = [...people, ...teams.keys(), ...candidates].flatMap((name) => {
    const why = stored.get(name);
    return why && !replaced(name) ? [`@${name} is not asked to review: ${why}.`] : [];
  });
  const large = [...teams]
    .filter(([name, { size }]) => size > LARGE_TEAM && !stored.has(name))
    .map(([name, { size }]) => `@${name} has ${size} members and is not asked by itself: press Request reviewers.`);
  return [...new Set([...refused, ...large])];
}
