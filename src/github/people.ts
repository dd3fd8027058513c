import { z } from "zod";
import type { TeamMembers } from "../work/hosting.ts";
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
  const members = new Map<string, readonly string[]>();
  const unreadable: string[] = [];
  const lists = await inTurns(names, async (name) => [name, await membersOf(api, owner, name)] as const);
  for (const [name, list] of lists) {
    if (typeof list === "string") unreadable.push(`the members of @${name} cannot be read: ${list}`);
    else members.set(name, list);
  }
  return { members, unreadable };
}

async function membersOf(api: Api, owner: string, team: string): Promise<readonly string[] | string> {
  const [org = "", team_slug = "", more] = team.split("/");
  if (team_slug === "" || more !== undefined) return "a team is named @organisation/team";
  if (org !== owner.toLowerCase()) return `it is not a team of ${owner}, which owns the repository`;
  try {
    const list = await api.all("/orgs/{org}/teams/{team_slug}/members", { org, team_slug, per_page: 100 }, Members);
    return list.map(({ login }) => login);
  } catch (fault) {
    if (!(fault instanceof HostingFault)) throw fault;
    if (fault.code === "hosting/forbidden") return "the App's installation lacks the permission `members: read`";
    if (fault.code === "hosting/not-found")
      return `${owner} shows no such team to the App; check its name and the permission \`members: read\``;
    throw fault;
  }
}

const Permission = z.object({ permission: z.string(), role_name: z.string().optional() });

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
 * what it is built on, whatever it is called.
 */
export async function readAccess(api: Api, logins: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const names = [...new Set(logins.map((login) => login.replace(/^@/, "").toLowerCase()))];
  const roles = await inTurns(names, async (username) => {
    const found = await api.find("/repos/{owner}/{repo}/collaborators/{username}/permission", { username }, Permission);
    if (!found) return [];
    const { permission, role_name: role = permission } = found;
    return [[username, PLAIN[role] === permission ? role : permission] as const];
  });
  return new Map(roles.flat());
}
