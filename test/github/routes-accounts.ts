import { Refused } from "./access.ts";
import { page } from "./paging.ts";
import type { Call, Route } from "./server.ts";
import { shapes } from "./shapes.ts";
import type { Team } from "./world.ts";

const REPOSITORY = "/repos/{owner}/{repo}";

const LEVELS = ["read", "triage", "write", "maintain", "admin"];
const OLDER: Readonly<Record<string, string>> = { read: "pull", write: "push" };

function teamWithAccess(call: Call, team: Team, role: string) {
  const reached = LEVELS.slice(0, LEVELS.indexOf(role) + 1);
  const permissions = Object.fromEntries(LEVELS.map((level) => [OLDER[level] ?? level, reached.includes(level)]));
  return { ...shapes(call.origin).team(team), permission: OLDER[role] ?? role, permissions };
}

/** Apps by their names, and what a repository has of teams and of one workflow's runs. */
export const accountRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/apps/{app_slug}",
    handle(call) {
      const app = call.world.apps.find((one) => one.slug === call.params.app_slug);
      if (!app) throw new Refused(404, "Not Found");
      return { status: 200, body: shapes(call.origin).app(app) };
    },
  },
  {
    method: "GET",
    path: `${REPOSITORY}/teams`,
    needs: { administration: "read" },
    role: "admin",
    handle: (call) =>
      page(
        call,
        call.repository.teams.map(({ team, role }) => teamWithAccess(call, team, role)),
      ),
  },
  {
    method: "GET",
    path: `${REPOSITORY}/actions/workflows/{workflow_id}/runs`,
    needs: { actions: "read" },
    handle(call) {
      const file = call.params.workflow_id ?? "";
      const own = call.repository.runs.filter(({ path }) => path.endsWith(`/${file}`)).reverse();
      if (own.length === 0) throw new Refused(404, "Not Found");
      const runs = own.map((one) => shapes(call.origin).run(call.repository, one));
      return page(call, runs, (workflow_runs, total_count) => ({ total_count, workflow_runs }));
    },
  },
];
