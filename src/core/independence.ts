import type { CommitPeople, Facts, Person } from "./facts.ts";
import type { EffectivePolicy, Tier } from "./policy.ts";

/** Why somebody may not approve. */
export interface Exclusion {
  readonly reason: string;
  /** True where it rests on what a commit says of its author, which anybody can write: the person may lift it (S11). */
  readonly liftable: boolean;
}

/** Who may not approve this change; logins in lower case. */
export type Exclusions = ReadonlyMap<string, Exclusion>;

/** The author, the people behind an agent, whoever pushed and whoever committed to the governed content. */
export function exclusionsOf(facts: Facts): Exclusions {
  const excluded = new Map<string, Exclusion>();
  // What cannot be lifted is added first, and stays.
  const add = (login: string, reason: string, liftable = false): void => {
    if (!excluded.has(login.toLowerCase())) excluded.set(login.toLowerCase(), { reason, liftable });
  };
  if (facts.pullRequest) add(facts.pullRequest.author.login, "is the author");
  for (const { login } of facts.pullRequest?.otherAuthors ?? [])
    add(login, "is the author of another pull request with this head");
  for (const { login, reason } of facts.barred ?? []) add(login, reason);
  if (isAgents(facts)) for (const login of assigned(facts)) add(login, "stands behind the pull request of an agent");
  for (const login of facts.pushers ?? []) add(login, "pushed to this pull request");
  for (const commit of facts.commits) {
    if (!commit.governed && !isAgents(facts)) continue;
    const what = commit.governed ? "committed governed content in" : "took part in the agent's commit";
    for (const login of commit.logins)
      if (!disowns(login, commit, facts)) add(login, `${what} ${commit.id.slice(0, 12)}`, true);
  }
  return excluded;
}

/** Whether the pull request, or another one with its head, was opened by an App or a bot. */
function isAgents(facts: Facts): boolean {
  return authors(facts).some(isAgent);
}

function authors({ pullRequest }: Facts): readonly Person[] {
  return pullRequest ? [pullRequest.author, ...(pullRequest.otherAuthors ?? [])] : [];
}

function isAgent({ type }: Person): boolean {
  return type !== "User";
}

function assigned({ pullRequest }: Facts): readonly string[] {
  return (pullRequest?.assignees ?? []).filter(({ type }) => type === "User").map(({ login }) => login);
}

/** `/countersign not-mine <sha>`: a person says that a commit which names them is not theirs. */
function disowns(login: string, commit: CommitPeople, facts: Facts): boolean {
  return facts.commands.some(
    ({ name, argument, person }) =>
      name === "not-mine" &&
      person?.type === "User" &&
      person.login.toLowerCase() === login.toLowerCase() &&
      namesCommit(argument, commit.id),
  );
}

/** Whether a SHA in a command names a commit: the full id, or at least 16 digits of it (security rule S13). */
export function namesCommit(sha: string, commit: string): boolean {
  return /^[0-9a-f]{16,64}$/.test(sha) && commit.startsWith(sha);
}

/** How many people more must approve because it is not known who made the change (S11, S12), each with its reason. */
export function unknownMakers(facts: Facts): readonly string[] {
  if (!facts.pullRequest) return [];
  const people = [...assigned(facts), ...facts.commits.flatMap(({ logins, people = logins }) => people)];
  const agents = authors(facts)
    .filter(isAgent)
    .map(({ login }) => login.toLowerCase());
  const named = people.some((login) => !login.endsWith("[bot]") && !agents.includes(login.toLowerCase()));
  const pushed = (facts.pushers ?? []).length > 0;
  return [
    ...(pushed ? [] : ["it is not known who pushed"]),
    ...(pushed && facts.pushersIncomplete ? ["it is not known who pushed some of its commits"] : []),
    ...(isAgents(facts) && !named ? ["nobody is named behind the agent that opened it"] : []),
  ];
}

/** Whether the author may approve this change by command, recorded as weak. */
export function selfApproves(login: string, facts: Facts, policy: EffectivePolicy, tier: Tier): boolean {
  const own = facts.pullRequest?.author;
  return (
    policy.selfApproval === "recorded" &&
    (tier === "low" || tier === "medium") &&
    own?.type === "User" &&
    own.login.toLowerCase() === login.toLowerCase()
  );
}
