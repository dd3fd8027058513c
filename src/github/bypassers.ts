import { z } from "zod";
import type { Bypasser } from "../doctor/inspection.ts";
import { type Seen, seen, unseen } from "../doctor/seen.ts";
import type { Api } from "./api.ts";
import { inTurns } from "./in-turns.ts";
import { lookedAt } from "./looked-at.ts";

/** A ruleset with who may pass it by, which only those are shown who may edit it. */
export const RulesetActors = z.object({
  name: z.string(),
  bypass_actors: z
    .array(z.object({ actor_id: z.int().nullish(), actor_type: z.string(), bypass_mode: z.string().optional() }))
    .optional(),
});
type Actor = NonNullable<z.infer<typeof RulesetActors>["bypass_actors"]>[number];

const Login = z.object({ login: z.string() });
const Teams = z.array(z.object({ id: z.int(), slug: z.string() }));
type Teams = Readonly<z.infer<typeof Teams>>;

/** GitHub's numbers for the roles that every repository has; further ones are an organisation's own. */
const ROLES: Readonly<Record<number, readonly [name: string, everybody: boolean]>> = {
  1: ["everybody who can read the repository", true],
  2: ["people with the role maintain", false],
  3: ["people with the role triage", true],
  4: ["everybody with write access", true],
  5: ["administrators of the repository", false],
};

/** Who may pass a ruleset by, with names where they can be had. */
export async function bypassers(
  api: Api,
  detail: Seen<z.infer<typeof RulesetActors>>,
): Promise<Seen<readonly Bypasser[]>> {
  if (!detail.known) return detail;
  const actors = detail.value.bypass_actors;
  if (actors === undefined) return unseen("its bypass list is shown only to those who may edit it");
  const teams = actors.some(({ actor_type: type }) => type === "Team")
    ? await lookedAt(() => api.all("/repos/{owner}/{repo}/teams", {}, Teams))
    : seen([]);
  return seen(await inTurns(actors, async (actor) => bypasser(api, actor, teams.known ? teams.value : [])));
}

async function bypasser(api: Api, actor: Actor, teams: Teams): Promise<Bypasser> {
  const [name, everybody] = await nameOf(api, actor, teams);
  return { name, everybody, onPullRequests: actor.bypass_mode === "pull_request" };
}

async function nameOf(
  api: Api,
  { actor_type: type, actor_id: id }: Actor,
  teams: Teams,
): Promise<readonly [name: string, everybody: boolean]> {
  switch (type) {
    case "OrganizationAdmin":
      return ["owners of the organisation", false];
    case "RepositoryRole":
      // What an organisation's own role may do is not told; it may be given to everybody.
      return ROLES[id ?? 0] ?? [`people with the organisation's own role number ${id}`, false];
    case "DeployKey":
      return ["deploy keys", false];
    case "Team": {
      const slug = teams.find((team) => team.id === id)?.slug;
      return [slug === undefined ? `team number ${id}` : `team ${slug}`, false];
    }
    case "User": {
      const user = await lookedAt(() => api.find("/user/{account_id}", { account_id: id }, Login));
      return [user.known && user.value ? `@${user.value.login}` : `account number ${id}`, false];
    }
    default:
      return [`${type === "Integration" ? "App" : type} number ${id}`, false];
  }
}
