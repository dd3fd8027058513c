import { Refused } from "./access.ts";
import { page } from "./paging.ts";
import type { Call, Route } from "./server.ts";
import { shapes } from "./shapes.ts";
import { type Team, teamMembers } from "./world.ts";

function teamOf(call: Call): Team {
  const found = call.world.teams.find(
    (one) =>
      one.organisation.toLowerCase() === (call.params.org ?? "").toLowerCase() && one.slug === call.params.team_slug,
  );
  const reader = call.actor;
  const inside =
    reader.kind !== "installation" ||
    reader.installation.account.login.toLowerCase() === (call.params.org ?? "").toLowerCase();
  if (!found || !inside) throw new Refused(404, "Not Found");
  return found;
}

/** Teams, memberships and what people may do. */
export const peopleRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/orgs/{org}/teams/{team_slug}",
    needs: { members: "read" },
    handle: (call) => ({ status: 200, body: shapes(call.origin).team(teamOf(call)) }),
  },
  {
    method: "GET",
    path: "/orgs/{org}/teams/{team_slug}/members",
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
    path: "/orgs/{org}/members/{username}",
    needs: { members: "read" },
    handle(call) {
      const organisation = call.world.accounts.get((call.params.org ?? "").toLowerCase());
      if (!organisation?.members.has((call.params.username ?? "").toLowerCase())) throw new Refused(404, "Not Found");
      return { status: 204, body: undefined };
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/collaborators/{username}/permission",
    needs: { metadata: "read" },
    handle(call) {
      const account = call.world.accounts.get((call.params.username ?? "").toLowerCase());
      if (!account) throw new Refused(404, "Not Found");
      return { status: 200, body: shapes(call.origin).permission(call.repository, account) };
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/rules/branches/{branch}",
    needs: { metadata: "read" },
    handle(call) {
      const rules = call.repository.rules.get(call.params.branch ?? "");
      const source = {
        ruleset_source_type: "Repository",
        ruleset_source: shapes(call.origin).full(call.repository),
        ruleset_id: 1,
      };
      const checks = rules?.requiredChecks.map(({ context, integrationId }) => ({
        context,
        ...(integrationId === null ? {} : { integration_id: integrationId }),
      }));
      const body =
        checks && checks.length > 0
          ? [
              {
                type: "required_status_checks",
                parameters: {
                  required_status_checks: checks,
                  strict_required_status_checks_policy: rules?.strict ?? false,
                },
                ...source,
              },
            ]
          : [];
      return { status: 200, body };
    },
  },
];
