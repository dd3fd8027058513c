import { z } from "zod";
import type { InspectedPerson, InspectedTeam } from "../doctor/inspection.ts";
import { type Seen, seen, unseen } from "../doctor/seen.ts";
import type { Api } from "./api.ts";
import { inTurns } from "./in-turns.ts";
import { lookedAt } from "./looked-at.ts";

const Account = z.object({ type: z.string() });
const Permission = z.object({
  permission: z.string(),
  role_name: z.string().optional(),
  user: Account.nullable(),
});
const Membership = z.object({ state: z.string() });
const Members = z.array(z.object({ login: z.string() }));
const Team = z.object({ parent: z.object({ slug: z.string() }).nullish() });
const Teams = z.array(z.object({ slug: z.string() }));

/** More names are no list of people that somebody keeps; each costs a request. */
const MOST = 300;
const TOO_MANY = unseen(`more than ${MOST} are named, and no more are asked for`);

/** What GitHub says of people, by login in lower case. */
export async function inspectPeople(
  api: Api,
  organization: string | null,
  logins: readonly string[],
): Promise<ReadonlyMap<string, Seen<InspectedPerson>>> {
  const asked = await inTurns(
    logins.slice(0, MOST),
    async (login) => [login, await personOf(api, organization, login)] as const,
  );
  return new Map([...asked, ...logins.slice(MOST).map((login) => [login, TOO_MANY] as const)]);
}

async function personOf(api: Api, organization: string | null, username: string): Promise<Seen<InspectedPerson>> {
  const permission = await lookedAt(() =>
    api.find("/repos/{owner}/{repo}/collaborators/{username}/permission", { username }, Permission),
  );
  if (permission.known && permission.value?.user) {
    const { permission: coarse, role_name: role = coarse, user } = permission.value;
    // A role of the organisation's own making counts as what it is built on, whatever it is called.
    const access = PLAIN.has(role) ? role : coarse;
    const writes = ["write", "maintain", "admin"].includes(access);
    return seen({ type: user.type, access, member: writes ? null : await memberOf(api, organization, username) });
  }
  const account = await lookedAt(() => api.find("/users/{username}", { username }, Account));
  if (!account.known || account.value === null) return account.known ? seen(null) : account;
  const member = await memberOf(api, organization, username);
  return seen({ type: account.value.type, access: permission.known ? "none" : null, member });
}

/** Whether somebody is an active member; an invitation that waits is none. */
async function memberOf(api: Api, org: string | null, username: string): Promise<boolean | null> {
  if (org === null) return false;
  const route = "/orgs/{org}/memberships/{username}";
  const found = await lookedAt(() => api.find(route, { org, username }, Membership));
  return found.known ? found.value?.state === "active" : null;
}

const PLAIN: ReadonlySet<string> = new Set(["read", "triage", "write", "maintain", "admin", "none"]);

/** What GitHub says of teams, `org/team` in lower case; only those of the repository's owner can be asked for. */
export async function inspectTeams(
  api: Api,
  owner: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, Seen<InspectedTeam>>> {
  const own = names.filter((name) => name.startsWith(`${owner.toLowerCase()}/`));
  const admitted =
    own.length === 0 ? seen([]) : await lookedAt(() => api.all("/repos/{owner}/{repo}/teams", {}, Teams));
  const slugs = admitted.known ? new Set(admitted.value.map(({ slug }) => slug.toLowerCase())) : null;
  const asked = await inTurns(own.slice(0, MOST), async (name) => [name, await teamOf(api, name, slugs)] as const);
  return new Map([...asked, ...own.slice(MOST).map((name) => [name, TOO_MANY] as const)]);
}

async function teamOf(api: Api, name: string, admitted: ReadonlySet<string> | null): Promise<Seen<InspectedTeam>> {
  const [org = "", slug = ""] = name.split("/");
  return lookedAt(async () => {
    const team = await api.find("/orgs/{org}/teams/{team_slug}", { org, team_slug: slug }, Team);
    if (team === null) return null;
    const members = await api.all("/orgs/{org}/teams/{team_slug}/members", { org, team_slug: slug }, Members);
    const access = admitted && (admitted.has(slug) || (await inherited(api, org, team, admitted)));
    return { members: members.map(({ login }) => login.toLowerCase()), access };
  });
}

/** A team has the access of the teams above it; they are few, and a circle there is none. */
async function inherited(
  api: Api,
  org: string,
  team: z.infer<typeof Team>,
  admitted: ReadonlySet<string>,
): Promise<boolean> {
  let parent = team.parent;
  for (let steps = 0; parent && steps < 20; steps += 1) {
    if (admitted.has(parent.slug.toLowerCase())) return true;
    parent = (await api.find("/orgs/{org}/teams/{team_slug}", { org, team_slug: parent.slug }, Team))?.parent;
  }
  return false;
}
