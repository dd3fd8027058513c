import type { Case } from "./case.ts";
import type { Demand } from "./demand.ts";
import { unknownMakers } from "./independence.ts";
import { type Basis, delegatesOf, hindered, type People, peopleOf } from "./people.ts";
import { remedyFor } from "./remedy.ts";
import type { Requirement } from "./requirement.ts";
import { type Ballot, currentReviews, type Vote } from "./vote.ts";

/** Approval requirements with the votes that fill them. */
export interface Approvals {
  readonly requirements: readonly Requirement[];
  readonly votes: readonly Vote[];
  /** Everybody whose vote counted, logins in lower case. */
  readonly counted: ReadonlySet<string>;
}

/** Fills every demand with the ballots that stand, then counts heads. */
export function approvalsOf(demands: readonly Demand[], ballots: readonly Ballot[], matter: Case): Approvals {
  const standing = new Map(
    ballots.filter(({ refused }) => refused === null).map((ballot) => [ballot.person.toLowerCase(), ballot]),
  );
  const fillings = demands.map((demand) => fillingOf(demand, standing, matter));
  const filled = fillings.flatMap(({ votes }) => votes);
  const others = [...standing.values()]
    .filter(({ person }) => !filled.some((vote) => vote.person === person))
    .map((ballot) => furtherVote(ballot, matter));
  const refused = ballots.flatMap(({ person, refused }) => (refused === null ? [] : [notCounted(person, refused)]));
  const votes = [...refused, ...filled, ...others];
  const counted = new Set(votes.filter((vote) => vote.counted).map(({ person }) => person.toLowerCase()));
  const objections = objectionsOf(fillings, matter);
  return {
    requirements: [
      ...fillings.map(({ requirement }) => requirement),
      heads(counted, fillings, matter),
      ...objections.requirements,
    ],
    votes: [...votes, ...objections.votes],
    counted,
  };
}

function notCounted(person: string, reason: string): Vote {
  return { person, basis: "none", counted: false, reason };
}

/** A demand with the people who could fill it and what came of it. */
interface Filling {
  readonly demand: Demand;
  readonly people: People;
  readonly votes: readonly Vote[];
  readonly requirement: Requirement;
}

function fillingOf(demand: Demand, standing: ReadonlyMap<string, Ballot>, matter: Case): Filling {
  const people = eligible(demand, matter);
  const votes = [...people.logins].flatMap(([login, basis]): Vote[] => {
    const ballot = standing.get(login);
    if (!ballot) return [];
    const whom = demand.holders.length > 0 ? demand.holders.join(", ") : "a missing owner";
    const how = basis === "stand-in" || basis === "delegation" ? `stands in for ${whom}` : `holds ${demand.role}`;
    const weak = ballot.weak ? ", by self-approval (weak)" : "";
    return [
      { person: ballot.person, role: demand.role, basis, counted: true, reason: `${how} for ${demand.subject}${weak}` },
    ];
  });
  return { demand, people, votes, requirement: requirementOf(demand, people, votes, matter) };
}

/** Holders, their delegates, and, when none of them is independent and has access, stand-ins. */
function eligible(demand: Demand, matter: Case): People {
  const { facts } = matter;
  const holders = peopleOf(demand.holders, facts);
  const logins = new Map(holders.logins);
  const add = (others: Iterable<string>, basis: Basis): void => {
    for (const login of others) if (!logins.has(login)) logins.set(login, basis);
  };
  add(delegatesOf(holders.logins, demand.role, matter), "delegation");
  add(peopleOf(demand.alternatives, facts).logins.keys(), "stand-in");
  const { unreadable } = holders;
  // Whoever only a commit's own words exclude may still lift that: nobody takes their place (security rule S11).
  const taken = [...logins.keys()].some((login) => mayStillApprove(login, matter));
  if (taken || unreadable.length > 0) return { logins, unreadable };
  for (const group of demand.standIns) {
    const people = peopleOf(group, facts);
    add(people.logins.keys(), "stand-in");
    if (people.unreadable.length > 0) return { logins, unreadable: people.unreadable };
    if ([...people.logins.keys()].some((login) => hindered(login, matter) === null)) break;
  }
  return { logins, unreadable: [] };
}

function requirementOf(demand: Demand, people: People, votes: readonly Vote[], matter: Case): Requirement {
  const { role, subject, count } = demand;
  const missing = count - votes.length;
  const result = (state: Requirement["state"], text: string, whom: readonly string[] = []): Requirement => ({
    kind: "approval",
    state,
    role,
    subject,
    reason: `${role} for ${subject}: ${text}`,
    ...(missing > 0 ? { missing } : {}),
    ...(whom.length > 0 ? { people: whom } : {}),
  });
  if (missing <= 0) return result("met", `approved by ${votes.map(({ person }) => `@${person}`).join(", ")}`);
  if (people.unreadable.length > 0) {
    const text = `the members of ${people.unreadable.join(", ")} cannot be read; grant members read, or name people`;
    return result(matter.facts.pullRequest ? "failed" : "waiting", text);
  }
  const logins = [...people.logins.keys()];
  const candidates = logins.filter((login) => hindered(login, matter) === null);
  if (candidates.length >= count) {
    const silent = candidates.filter((login) => !votes.some(({ person }) => person.toLowerCase() === login));
    const whom = silent.map((login) => `@${login}`).join(", ");
    return result("waiting", `needs ${missing} approval${missing === 1 ? "" : "s"} of ${whom}`, silent);
  }
  const liftable = logins.filter((login) => matter.excluded.get(login)?.liftable);
  if (candidates.length + liftable.length >= count) {
    const whom = liftable.map((login) => `@${login}`).join(", ");
    return result(
      "waiting",
      `needs another holder, or ${whom} to lift their exclusion with /countersign not-mine <commit>`,
    );
  }
  const text = candidates.length > 0 ? `only ${candidates.length} of ${count} could` : "nobody is left to fill it";
  return result("failed", `${[text, ...hindrances(logins, demand, matter)].join(", ")}; ${remedyFor(role)}`);
}

/** Why people could not, a few of them by name. */
function hindrances(logins: readonly string[], { holders }: Demand, matter: Case): readonly string[] {
  if (logins.length === 0)
    return [holders.length > 0 ? `${holders.join(", ")} has no active member` : "nobody holds the role"];
  const reasons = logins.map((login) => [login, hindered(login, matter)]).filter(([, why]) => why !== null);
  return [...reasons.slice(0, 6).map(([login, why]) => `@${login} ${why}`), ...(reasons.length > 6 ? ["…"] : [])];
}

/** The vote of somebody whom no demand asks: it counts as a head when they hold any role of the policy. */
function furtherVote({ person, weak }: Ballot, { policy, facts }: Case): Vote {
  for (const [role, references] of Object.entries(policy.roles)) {
    const basis = peopleOf(references, facts).logins.get(person.toLowerCase());
    if (basis === undefined) continue;
    const reason = `holds ${role}; counts towards the number of people${weak ? ", by self-approval (weak)" : ""}`;
    return { person, role, basis, counted: true, reason };
  }
  return notCounted(person, "holds no role that the policy names");
}

/** How many different people approved in all, and whether there are enough who could. */
function heads(counted: ReadonlySet<string>, fillings: readonly Filling[], matter: Case): Requirement {
  const { duties, facts, policy } = matter;
  const unknown = unknownMakers(facts);
  const needed = duties.distinctPeople + unknown.length;
  const why =
    unknown.length === 0 ? "" : ` (${unknown.length} more than the tier asks, because ${unknown.join(" and ")})`;
  const text = `${counted.size} of ${needed} different people approved${why}`;
  const missing = needed - counted.size;
  if (missing <= 0) return { kind: "approval", state: "met", reason: text };
  const roles = Object.values(policy.roles).map((references) => peopleOf(references, facts));
  const named = [...roles, ...fillings.map(({ people }) => people)];
  const possible = new Set(
    named.flatMap(({ logins }) => [...logins.keys()]).filter((login) => mayStillApprove(login, matter)),
  );
  const readable = named.every(({ unreadable }) => unreadable.length === 0);
  if (!readable || possible.size >= needed) return { kind: "approval", state: "waiting", reason: text, missing };
  const remedy = "name more people under roles in .github/countersign.yml";
  return { kind: "approval", state: "failed", reason: `${text}, and only ${possible.size} could; ${remedy}`, missing };
}

function mayStillApprove(login: string, matter: Case): boolean {
  return hindered(login, matter) === null || matter.excluded.get(login)?.liftable === true;
}

/** A standing request for changes by somebody whose role this tier asks for keeps the decision waiting (security rule S10). */
function objectionsOf(
  fillings: readonly Filling[],
  { facts }: Case,
): { requirements: readonly Requirement[]; votes: readonly Vote[] } {
  const asked = new Map(
    fillings.flatMap(({ demand, people }) => [...people.logins.keys()].map((login) => [login, demand.role] as const)),
  );
  const requirements: Requirement[] = [];
  const votes: Vote[] = [];
  for (const { person, state, via } of currentReviews(facts.reviews)) {
    if (!person || state === "APPROVED") continue;
    const role = asked.get(person.login.toLowerCase());
    const ended = via === "command" ? "took their approval back" : "their review was dismissed";
    const what = state === "DISMISSED" ? ended : "requested changes";
    const objects = state === "CHANGES_REQUESTED" && role !== undefined;
    const effect = state === "CHANGES_REQUESTED" && role === undefined ? ", without effect: no role of this tier" : "";
    votes.push(notCounted(person.login, `${what}${effect}`));
    if (objects)
      requirements.push({
        kind: "approval",
        state: "waiting",
        role,
        reason: `@${person.login} (${role}) requested changes`,
        people: [person.login],
      });
  }
  return { requirements, votes };
}
