import { Refused } from "./access.ts";
import { page } from "./paging.ts";
import type { Call, Route } from "./server.ts";
import { shapes } from "./shapes.ts";
import type { Account, Team } from "./world.ts";

const REPOSITORY = "/repos/{owner}/{repo}";

/** An account as anybody sees it. */
function publicUser(call: Call, account: Account) {
  return {
    ...shapes(call.origin).user(account),
    ...{ name: null, company: null, blog: "", location: null, email: null, hireable: null, bio: null },
    ...{ public_repos: 0, public_gists: 0, followers: 0, following: 0 },
    ...{ created_at: "2020-01-01T00:00:00Z", updated_at: "2020-01-01T00:00:00Z" },
  };
}

const LEVELS = ["read", "triage", "write", "maintain", "admin"];
const OLDER: Readonly<Record<string, string>> = { read: "pull", write: "push" };

function teamWithAccess(call: Call, team: Team, role: string) {
  const reached = LEVELS.slice(0, LEVELS.indexOf(role) + 1);
  const permissions = Object.fromEntries(LEVELS.map((level) => [OLDER[level] ?? level, reached.includes(level)]));
  return { ...shapes(call.origin).team(team), permission: OLDER[role] ?? role, permissions };
}

/** People and Apps by their names, and what a repository has of teams and of one workflow's runs. */
export const accountRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/user",
    handle(call) {
      if (call.actor.kind === "anonymous") throw new Refused(401, "Requires authentication");
      if (call.actor.kind !== "user") throw new Refused(403, "Resource not accessible by integration");
      return { status: 200, body: publicUser(call, call.actor.account) };
    },
  },
  {
    method: "GET",
    path: "/users/{username}",
    handle(call) {
      const account = call.world.accounts.get((call.params.username ?? "").toLowerCase());
      if (!account || account.gone) throw new Refused(404, "Not Found");
      return { status: 200, body: publicUser(call, account) };
    },
  },
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
