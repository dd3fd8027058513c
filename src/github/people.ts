import { z } from "zod";
import { STRANGER } from "../core/people.ts";
import type { OrganizationMembers, TeamMembers } from "../work/hosting.ts";
import { HostingFault } from "../work/hosting-fault.ts";
import type { Api } from "./api.ts";
import { inTurns } from "./in-turns.ts";

const Members = z.array(z.object({ login: z.string() }));

/**
 * The active members of teams; GitHub's list has those of nested teams and leaves out who did not accept yet. An
 * installation sees only teams of the account it is on, so others are not asked for (P24).
 */
export async function readTeamMembers(api: Api, owner: string, teams: readonly string[]): Promise<TeamMembers> {
  const names = [...new Set(teams.map((team) => team.replace(/^@/, "").toLowerCase()))];
  const strange = names.flatMap((name) => {
    const why = strangeness(name, owner);
    return why === null ? [] : [[name, why] as const];
  });
  const unasked = new Set(strange.map(([name]) => name));
  const [first, ...others] = names.filter((name) => !unasked.has(name));
  const read = async (name: string) => [name, await membersOf(api, name)] as const;
  // The first tells whether the permission is there at all, so that nothing is asked eight times at once without it.
  const one = first === undefined ? [] : [await read(first)];
  const granted = one[0]?.[1] !== LACKING;
  const rest = granted ? await inTurns(others, read) : others.map((name) => [name, LACKING] as const);
  const members = new Map<string, readonly string[]>();
  const unreadable: string[] = [];
  for (const [name, list] of [...one, ...rest, ...strange]) {
    if (typeof list === "string") unreadable.push(`the members of @${name} cannot be read: ${list}`);
    else members.set(name, list);
  }
  return { members, unreadable };
}

/** Why members of the organisation cannot be read. */
export const LACKING = "the App's installation lacks the permission `members: read`";

/** Why a team is not asked for; else null. */
export function strangeness(team: string, owner: string): string | null {
  const [org, slug = "", more] = team.split("/");
  if (slug === "" || more !== undefined) return "a team is named @organisation/team";
  return org === owner.toLowerCase() ? null : `it is not a team of ${owner}, which owns the repository`;
}

/** How GitHub is asked who is in a team (`org/team` in lower case). */
export function membersQuestion(team: string) {
  const [org = "", team_slug = ""] = team.split("/");
  return { route: "/orgs/{org}/teams/{team_slug}/members", params: { org, team_slug, per_page: 100 }, schema: Members };
}

async function membersOf(api: Api, team: string): Promise<readonly string[] | string> {
  const { route, params, schema } = membersQuestion(team);
  try {
    const list = await api.all(route, params, schema);
    return list.map(({ login }) => login);
  } catch (fault) {
    if (!(fault instanceof HostingFault)) throw fault;
    if (lacksMembers(fault)) return LACKING;
    if (fault.code === "hosting/not-found")
      return "the organisation shows no such team to the App; check its name and the permission `members: read`";
    throw fault;
  }
}

/** Without the permission GitHub gives no token that asks for it (422), or none that may use it (403). */
function lacksMembers({ code, status }: HostingFault): boolean {
  return code === "hosting/forbidden" || status === 422;
}

const MEMBERSHIP = "/orgs/{org}/memberships/{username}";
const Membership = z.object({ state: z.string() });

/** Who is an active member of an organisation; an invitation that waits is none (P24, security rule S09). */
export async function readOrganizationMembers(
  api: Api,
  org: string,
  logins: readonly string[],
): Promise<OrganizationMembers> {
  const names = [...new Set(logins.map((login) => login.replace(/^@/, "").toLowerCase()))];
  try {
    const found = await inTurns(names, async (username) => {
      const membership = await api.find(MEMBERSHIP, { org, username }, Membership);
      return membership?.state === "active" ? [username] : [];
    });
    return { active: found.flat(), unreadable: null };
  } catch (fault) {
    if (!(fault instanceof HostingFault) || !lacksMembers(fault)) throw fault;
    return { active: [], unreadable: `who is a member of ${org} cannot be read: ${LACKING}` };
  }
}

const PERMISSION = "/repos/{owner}/{repo}/collaborators/{username}/permission";
const Permission = z.object({
  permission: z.string(),
  role_name: z.string().optional(),
  user: z.object({ id: z.int(), login: z.string().optional(), type: z.string().optional() }).nullish(),
});

/** The number of the account that an answer about a person's access is about; null where it is not that of this login. */
export function accountIn(answer: unknown, login: string): number | null {
  const { data } = Permission.safeParse(answer);
  const { id = null, login: shown, type } = data?.user ?? {};
  return type === "User" && shown?.toLowerCase() === login.toLowerCase() ? id : null;
}

/** How GitHub is asked what one person may do. */
export function accessQuestion(login: string) {
  return { route: PERMISSION, params: { username: login.toLowerCase() }, schema: Permission };
}

/** The plain roles, and what GitHub's older field calls each. */
const PLAIN: Readonly<Record<string, string>> = {
  admin: "admin",
  maintain: "write",
  write: "write",
  triage: "read",
  read: "read",
  none: "none",
};

/**
 * What people may do in the repository, by login in lower case (P25). A role of the organisation's own making counts as
 * what it is built on, whatever it is called; an account that is not the one of that number in `named`, as a stranger.
 */
export async function readAccess(
  api: Api,
  logins: readonly string[],
  named: ReadonlyMap<string, number | null> = new Map(),
): Promise<ReadonlyMap<string, string>> {
  const names = [...new Set(logins.map((login) => login.replace(/^@/, "").toLowerCase()))];
  const roles = await inTurns(names, async (username) => {
    const { route, params, schema } = accessQuestion(username);
    const found = await api.find(route, params, schema);
    if (!found) return [[username, "unknown"] as const];
    const { permission, role_name: role = permission, user } = found;
    const account = named.get(username);
    if (account !== undefined && account !== user?.id) return [[username, STRANGER] as const];
    return [[username, PLAIN[role] === permission ? role : permission] as const];
  });
  return new Map(roles.flat());
}
