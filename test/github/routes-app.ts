import { covers, Refused, writes } from "./access.ts";
import { removeInstallation, setSuspended } from "./installation-acts.ts";
import { page } from "./paging.ts";
import type { Call, Route } from "./server.ts";
import { shapes } from "./shapes.ts";
import type { Account, App, Installation } from "./world.ts";

function appOf(call: Call): App {
  if (call.actor.kind !== "app") throw new Refused(401, "A JSON web token could not be decoded");
  return call.actor.app;
}

function botOf(call: Call): Account {
  return call.world.user(`${appOf(call).slug}[bot]`, "Bot");
}

function installationOf(call: Call): Installation {
  const app = appOf(call);
  const found = call.world.installations.find((one) => one.app === app && String(one.id) === call.params.id);
  if (!found) throw new Refused(404, "Not Found");
  return found;
}

/** The App about itself: installations, tokens, webhooks that were sent. */
export const appRoutes: readonly Route[] = [
  { method: "GET", path: "/app", handle: (call) => ({ status: 200, body: shapes(call.origin).app(appOf(call)) }) },
  {
    method: "GET",
    path: "/apps/{app_slug}",
    handle(call) {
      const found = call.world.apps.find(({ slug }) => slug === call.params.app_slug);
      if (!found) throw new Refused(404, "Not Found");
      return { status: 200, body: shapes(call.origin).app(found) };
    },
  },
  {
    method: "GET",
    path: "/app/installations",
    handle: (call) =>
      page(
        call,
        call.world.installations.filter((one) => one.app === appOf(call)).map(shapes(call.origin).installation),
      ),
  },
  {
    method: "GET",
    path: "/app/installations/{id}",
    handle: (call) => ({ status: 200, body: shapes(call.origin).installation(installationOf(call)) }),
  },
  {
    method: "POST",
    path: "/app/installations/{id}/access_tokens",
    handle(call) {
      const installation = installationOf(call);
      if (installation.suspendedAt) throw new Refused(403, "This installation has been suspended");
      const named = call.body.repositories as string[] | undefined;
      const ids = (call.body.repository_ids as number[] | undefined) ?? namedIds(call, installation, named);
      const permissions = call.body.permissions as Record<string, string> | undefined;
      const issued = call.tokens.issue(
        installation,
        { ...(permissions ? { permissions } : {}), ...(ids ? { repositories: ids } : {}) },
        Date.now(),
      );
      const { token, expiresAt } = issued;
      const body = {
        token,
        expires_at: expiresAt,
        permissions: issued.permissions,
        repository_selection: ids || installation.selection ? "selected" : "all",
        ...(ids
          ? {
              repositories: call.world.repositories
                .filter((one) => ids.includes(one.id))
                .map(shapes(call.origin).repository),
            }
          : {}),
      };
      return { status: 201, body };
    },
  },
  {
    method: "DELETE",
    path: "/app/installations/{id}",
    handle(call) {
      removeInstallation(call, installationOf(call), botOf(call));
      return { status: 204, body: undefined };
    },
  },
  {
    method: "PUT",
    path: "/app/installations/{id}/suspended",
    handle(call) {
      setSuspended(call, installationOf(call), botOf(call), true);
      return { status: 204, body: undefined };
    },
  },
  {
    method: "DELETE",
    path: "/app/installations/{id}/suspended",
    handle(call) {
      setSuspended(call, installationOf(call), botOf(call), false);
      return { status: 204, body: undefined };
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/installation",
    app: true,
    handle(call) {
      const app = appOf(call);
      const found = call.world.installations.find(
        (one) => one.app === app && covers(call.world, one, call.repository.id),
      );
      if (!found) throw new Refused(404, "Not Found");
      return { status: 200, body: shapes(call.origin).installation(found) };
    },
  },
  {
    method: "GET",
    path: "/orgs/{org}/installations",
    needs: { organization_administration: "read" },
    handle(call) {
      const account = call.world.accounts.get((call.params.org ?? "").toLowerCase());
      const { actor } = call;
      const owner = actor.kind !== "user" || account?.members.get(actor.account.login.toLowerCase()) === "admin";
      if (!account || !owner) throw new Refused(404, "Not Found");
      const installed = call.world.installations.filter((one) => one.account === account);
      return page(call, installed.map(shapes(call.origin).installation), (installations, total_count) => ({
        total_count,
        installations,
      }));
    },
  },
  {
    method: "GET",
    path: "/installation/repositories",
    handle(call) {
      const { actor } = call;
      if (actor.kind !== "installation") throw new Refused(403, "Resource not accessible by integration");
      const reached = call.world.repositories.filter((one) => writes(call.world, actor, one));
      return page(call, reached.map(shapes(call.origin).repository), (repositories, total_count) => ({
        total_count,
        repositories,
      }));
    },
  },
  {
    method: "GET",
    path: "/app/hook/deliveries",
    handle(call) {
      const own = call.deliveries.sent.filter((one) => one.app === appOf(call)).reverse();
      const rows = own.map((one) => ({
        id: one.id,
        guid: one.guid,
        delivered_at: one.deliveredAt,
        redelivery: one.redelivery,
        duration: 0.1,
        status: one.status >= 200 && one.status < 300 ? "OK" : "Failed",
        status_code: one.status,
        event: one.event,
        action: (one.payload.action as string | undefined) ?? null,
        installation_id: null,
        repository_id: null,
        throttled_at: null,
      }));
      return { status: 200, body: rows.slice(0, Number(call.query.get("per_page") ?? 30)) };
    },
  },
  {
    method: "POST",
    path: "/app/hook/deliveries/{id}/attempts",
    handle(call) {
      const found = call.deliveries.sent.find((one) => one.app === appOf(call) && String(one.id) === call.params.id);
      if (!found) throw new Refused(404, "Not Found");
      call.deliveries.redeliver(found);
      return { status: 202, body: {} };
    },
  },
];

function namedIds(call: Call, installation: Installation, names: readonly string[] | undefined): number[] | null {
  if (!names) return null;
  return names.map((name) => {
    const found = call.world.find(`${installation.account.login}/${name}`);
    if (!found)
      throw new Refused(
        422,
        "There is at least one repository that does not exist or is not accessible to the parent installation.",
      );
    return found.id;
  });
}
