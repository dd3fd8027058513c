import { Refused } from "./access.ts";
import { page } from "./paging.ts";
import { organizationOf } from "./routes-people.ts";
import type { Call, Route } from "./server.ts";
import { shapes } from "./shapes.ts";
import { parentOf, type Team, teamMembers } from "./world.ts";

function teamOf(call: Call): Team {
  const { login } = organizationOf(call);
  const found = call.world.teams.find(
    ({ organisation, slug }) => organisation.toLowerCase() === login.toLowerCase() && slug === call.params.team_slug,
  );
  if (!found) throw new Refused(404, "Not Found");
  return found;
}

function shown(call: Call, team: Team) {
  return shapes(call.origin).team(team, parentOf(call.world, team));
}

const TEAM = "/orgs/{org}/teams/{team_slug}";

/** Teams and who is in them; whoever is in a team below is in the one above too. */
export const teamRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/orgs/{org}/teams",
    needs: { members: "read" },
    handle(call) {
      const { login } = organizationOf(call);
      const own = call.world.teams.filter(({ organisation }) => organisation.toLowerCase() === login.toLowerCase());
      return page(
        call,
        own.map((team) => shown(call, team)),
      );
    },
  },
  {
    method: "GET",
    path: TEAM,
    needs: { members: "read" },
    handle(call) {
      const team = teamOf(call);
      const members = teamMembers(call.world, team).size;
      const repositories = call.world.repositories.filter((one) => one.teams.some((access) => access.team === team));
      const body = shapes(call.origin).teamProfile(team, parentOf(call.world, team), organizationOf(call), {
        members,
        repositories: repositories.length,
      });
      return { status: 200, body };
    },
  },
  {
    method: "GET",
    path: `${TEAM}/members`,
    needs: { members: "read" },
    handle(call) {
      const active = [...teamMembers(call.world, teamOf(call))].filter(([, state]) => state === "active");
      return page(
        call,
        active.flatMap(([login]) => {
          const account = call.world.accounts.get(login);
          return account ? [shapes(call.origin).user(account)] : [];
        }),
      );
    },
  },
  {
    method: "GET",
    path: `${TEAM}/teams`,
    needs: { members: "read" },
    handle(call) {
      const { organisation, slug } = teamOf(call);
      const below = call.world.teams.filter((one) => one.organisation === organisation && one.parent === slug);
      return page(
        call,
        below.map((team) => shown(call, team)),
      );
    },
  },
  {
    method: "GET",
    path: `${TEAM}/memberships/{username}`,
    needs: { members: "read" },
    handle(call) {
      const team = teamOf(call);
      const login = (call.params.username ?? "").toLowerCase();
      const state = teamMembers(call.world, team).get(login);
      if (!state) throw new Refused(404, "Not Found");
      const owner = organizationOf(call).members.get(login) === "admin";
      const url = `${call.origin}/organizations/1/team/${team.id}/memberships/${login}`;
      // "Organization owners are always maintainers" of their teams.
      return { status: 200, body: { state, role: owner ? "maintainer" : "member", url } };
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/teams",
    needs: { metadata: "read" },
    handle: (call) =>
      page(
        call,
        call.repository.teams.map(({ team, role }) => ({
          ...shown(call, team),
          permission: { read: "pull", triage: "triage", write: "push", maintain: "maintain", admin: "admin" }[role],
        })),
      ),
  },
];
