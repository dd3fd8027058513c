import type { Case } from "./case.ts";
import type { Facts, Person } from "./facts.ts";
import { selfApproves } from "./independence.ts";
import { endOf } from "./scalars.ts";

/** How somebody comes to hold a role. */
export type Basis = "direct" | "team" | "stand-in" | "delegation";

/** People behind references to people and teams. */
export interface People {
  /** Logins in lower case. */
  readonly logins: ReadonlyMap<string, Basis>;
  /** Teams whose members cannot be read. */
  readonly unreadable: readonly string[];
}

/** The people that `@login` and `@org/team` name. */
export function peopleOf(references: readonly string[], facts: Facts): People {
  const logins = new Map<string, Basis>();
  const unreadable: string[] = [];
  for (const reference of references) {
    const name = reference.slice(1).toLowerCase();
    const members = name.includes("/") ? facts.teams.get(name) : null;
    if (members === null) logins.set(name, "direct");
    else if (members === undefined) unreadable.push(reference);
    for (const member of members ?? []) {
      const login = member.toLowerCase();
      if (!logins.has(login)) logins.set(login, "team");
    }
  }
  return { logins, unreadable };
}

/** Those to whom one of these people delegated a role, for as long as the delegation lasts. */
export function delegatesOf(
  logins: ReadonlyMap<string, Basis>,
  role: string,
  { policy, clock }: Pick<Case, "policy" | "clock">,
): string[] {
  return policy.delegations
    .filter(
      ({ from, roles, until }) =>
        logins.has(from.slice(1).toLowerCase()) && roles.includes(role) && !clock.reached(endOf(until)),
    )
    .map(({ to }) => to.slice(1).toLowerCase());
}

/** Who holds a role of the policy: the people and teams it names, and their delegates. */
export function holdersOf(role: string, matter: Pick<Case, "policy" | "facts" | "clock">): People {
  const { logins, unreadable } = peopleOf(matter.policy.roles[role] ?? [], matter.facts);
  const delegates = delegatesOf(logins, role, matter).map((login) => [login, "delegation"] as const);
  return { logins: new Map([...delegates, ...logins]), unreadable };
}

const WRITERS: ReadonlySet<string> = new Set(["write", "maintain", "admin"]);

/** What stands for the access of an account that has the login of another one, which the rules named (security rule S09). */
export const STRANGER = "stranger";

/** Why somebody without write access has no vote, unless they are active in team or organisation (security rule S09); else null. */
function accessRefused(login: string, facts: Facts): string | null {
  const role = facts.access?.get(login);
  if (role === STRANGER)
    return "is another account than had this login when the rules named it; take it out of them, and put it in again to mean this one";
  if (facts.access === null || (role !== undefined && WRITERS.has(role)) || isMember(login, facts)) return null;
  if (role === "unknown") return "is no account that GitHub shows (it may have another name now)";
  const what = role === undefined || role === "none" ? "no access" : `only ${role} access`;
  return `has ${what} and is no known member of the organisation`;
}

function isMember(login: string, facts: Facts): boolean {
  return [...facts.teams.values()].some((members) => members.some((member) => member.toLowerCase() === login));
}

/** Why somebody's word counts for nothing, whatever role they hold; else null. */
export function personRefused(person: Person | null, facts: Facts): string | null {
  if (!person) return "is a deleted account";
  if (person.type !== "User" || person.login.endsWith("[bot]")) return `is not a person (${person.type})`;
  return accessRefused(person.login.toLowerCase(), facts);
}

/** Why somebody could not approve, should they do so: not independent, or known to lack access; else null. */
export function hindered(login: string, { assessment, excluded, facts, policy }: Case): string | null {
  const own = selfApproves(login, facts, policy, assessment.tier.value);
  return (own ? null : excluded.get(login)?.reason) ?? (facts.access?.has(login) ? accessRefused(login, facts) : null);
}
