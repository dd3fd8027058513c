import type { Assessment } from "../core/assessment.ts";
import type { Facts, Person, PullRequest } from "../core/facts.ts";
import { neededChecks } from "../core/revalidation.ts";
import type { StoredNotSecret } from "../stores/store.ts";
import type { UnboundFacts } from "../work/bound-facts.ts";
import type { HostedPullRequest, HostedRepository } from "../work/hosting.ts";
import type { Push } from "../work/pushers.ts";
import type { GivenCommands } from "./commands/given-commands.ts";
import { namedPeopleOf, teamsOf } from "./dependencies.ts";
import { givenOf, type ReviewOn } from "./review-binding.ts";

/** Open pull requests with one head and one base, the lowest number first. */
export type PullRequests = readonly [HostedPullRequest, ...HostedPullRequest[]];

/** What is known of them beside what the hosting service says now. */
export interface Remembered {
  readonly reviews: readonly ReviewOn[];
  readonly pushes: readonly (Push & { readonly person: number | null })[];
  readonly given: GivenCommands;
  readonly notSecrets: readonly StoredNotSecret[];
  /** With what rules stored digests may be believed. */
  readonly version: string;
}

/** The facts of pull requests that share a decision: votes pooled, exclusions united (security rule S02). */
export async function pooledFacts(
  repository: HostedRepository,
  pulls: PullRequests,
  assessment: Assessment,
  { reviews, pushes, version, given, notSecrets }: Remembered,
): Promise<UnboundFacts> {
  const { head, base } = pulls[0];
  const commands = given.countedAt(assessment.tier.value);
  const voters = [...reviews.map(({ review }) => review), ...commands].flatMap(({ person }) => votersOf(person));
  const asked = [...new Set([...voters, ...namedPeopleOf(assessment)])].sort();
  const [people, results] = await Promise.all([
    peopleFacts(repository, pulls[0], { teams: teamsOf(assessment), logins: asked }),
    repository.checks({ head, baseRef: base.ref }, neededChecks(assessment)),
  ]);
  const accounts = new Map(pulls.flatMap((pull) => [...pull.accounts]));
  return {
    facts: {
      pullRequest: pullRequestOf(pulls),
      commands,
      checks: results.checks,
      workflowRuns: results.workflowRuns,
      ...people,
      pushers: null,
      notSecrets,
    },
    reviews: reviews.map((reviewed) => {
      const { id, person, state, commit, submittedAt } = reviewed.review;
      const moved = pulls.length > 1 && before(submittedAt, reviewed.pull);
      const given = moved ? MOVED : givenOf(reviewed, version);
      const voter = person && { login: person.login, type: person.type };
      return { id, person: voter, state, commit, submittedAt, via: "review" as const, ...(given ? { given } : {}) };
    }),
    // Whoever was renamed since is still the one who pushed (P26).
    pushes: pushes.map((push) => ({ ...push, login: accounts.get(push.person ?? -1) ?? push.login })),
    accounts,
  };
}

const WRITERS: ReadonlySet<string> = new Set(["write", "maintain", "admin"]);

/** Who is in which team and may do what; of those who may not write, whether they belong to the organisation (security rule S09). */
export async function peopleFacts(
  repository: HostedRepository,
  { organization }: HostedPullRequest,
  asked: { readonly teams: readonly string[]; readonly logins: readonly string[] },
): Promise<Pick<Facts, "teams" | "access" | "missing">> {
  const [teams, access] = await Promise.all([repository.teamMembers(asked.teams), repository.access(asked.logins)]);
  const inTeam = new Set([...teams.members.values()].flat().map((login) => login.toLowerCase()));
  const without = [...access].flatMap(([login, role]) =>
    role === "unknown" || WRITERS.has(role) || inTeam.has(login) ? [] : [login],
  );
  if (organization === null || without.length === 0) return { teams: teams.members, access, missing: teams.unreadable };
  const { active, unreadable } = await repository.organizationMembers(without);
  return {
    // Beside its teams: no role can name an organisation as a whole.
    teams: new Map([...teams.members, [repository.name.owner.toLowerCase(), active]]),
    access,
    missing: [...teams.unreadable, ...(unreadable === null ? [] : [unreadable])],
  };
}

const MOVED = { unknown: "it was given before that pull request was moved to another base branch" };

function before(at: string, { retargetedAt }: HostedPullRequest): boolean {
  return retargetedAt !== null && Date.parse(at) < Date.parse(retargetedAt);
}

/** Only people vote, so nobody else's access is asked for. */
function votersOf(person: Person | null): string[] {
  return person?.type === "User" ? [person.login.toLowerCase()] : [];
}

/**
 * One of them speaks for all, from the repository itself where there is one: a stranger's fork with the same head must
 * not put its own text in the place of it.
 */
function pullRequestOf(pulls: PullRequests): PullRequest | null {
  const speaker = pulls.find(({ sameRepository }) => sameRepository) ?? pulls[0];
  if (!speaker.author) return null;
  const { author, body, draft, retargetedAt } = speaker;
  const otherAuthors = pulls.flatMap((pull) => (pull === speaker || !pull.author ? [] : [pull.author]));
  return {
    author,
    body,
    draft,
    assignees: pulls.flatMap(({ assignees }) => assignees),
    ...(otherAuthors.length > 0 ? { otherAuthors } : {}),
    ...(pulls.length === 1 && retargetedAt !== null ? { retargetedAt } : {}),
  };
}
