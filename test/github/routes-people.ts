import { Refused } from "./access.ts";
import { accountOf } from "./callers.ts";
import { page } from "./paging.ts";
import type { Call, Route } from "./server.ts";
import { shapes } from "./shapes.ts";
import { type Account, reaches, roleOf } from "./world.ts";

/** The organisation that a path names; an installation sees the members of its own only. */
export function organizationOf(call: Call): Account {
  const account = call.world.accounts.get((call.params.org ?? "").toLowerCase());
  const outside = call.actor.kind === "installation" && call.actor.installation.account !== account;
  if (account?.type !== "Organization" || outside) throw new Refused(404, "Not Found");
  return account;
}

function namedAccount(call: Call): Account {
  const account = call.world.accounts.get((call.params.username ?? "").toLowerCase());
  if (!account) throw new Refused(404, "Not Found");
  return account;
}

/** People, organisations' members and what people may do. */
export const peopleRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/user",
    handle: (call) => ({ status: 200, body: shapes(call.origin).profile(accountOf(call)) }),
  },
  {
    method: "GET",
    path: "/user/{id}",
    handle(call) {
      const account = [...call.world.accounts.values()].find(({ id }) => String(id) === call.params.id);
      if (!account) throw new Refused(404, "Not Found");
      return { status: 200, body: shapes(call.origin).profile(account) };
    },
  },
  {
    method: "GET",
    path: "/users/{username}",
    handle: (call) => ({ status: 200, body: shapes(call.origin).profile(namedAccount(call)) }),
  },
  {
    method: "GET",
    path: "/orgs/{org}",
    handle: (call) => ({ status: 200, body: shapes(call.origin).organizationProfile(organizationOf(call)) }),
  },
  {
    method: "GET",
    path: "/orgs/{org}/members",
    needs: { members: "read" },
    handle(call) {
      const wanted = call.query.get("role") ?? "all";
      const members = [...organizationOf(call).members].filter(([, role]) => wanted === "all" || role === wanted);
      return page(
        call,
        members.flatMap(([login]) => {
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
      if (!organizationOf(call).members.has((call.params.username ?? "").toLowerCase()))
        throw new Refused(404, "Not Found");
      return { status: 204, body: undefined };
    },
  },
  {
    method: "GET",
    path: "/orgs/{org}/memberships/{username}",
    needs: { members: "read" },
    handle(call) {
      const account = organizationOf(call);
      const member = namedAccount(call);
      const role = account.members.get(member.login.toLowerCase());
      if (!role) throw new Refused(404, "Not Found");
      const { organization, organizationMembership } = shapes(call.origin);
      const body = { ...organizationMembership(account, member, role), organization: organization(account) };
      return { status: 200, body };
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/collaborators",
    needs: { metadata: "read" },
    role: "write",
    handle(call) {
      const { repository, world } = call;
      const logins = [...world.accounts.values()].filter(({ type }) => type === "User").map(({ login }) => login);
      const collaborators = logins.filter(
        (login) =>
          repository.collaborators.has(login.toLowerCase()) ||
          repository.teams.some((one) => one.members().get(login.toLowerCase()) === "active") ||
          roleOf(repository, login) === "admin",
      );
      return page(
        call,
        collaborators.map((login) => {
          const role = roleOf(repository, login);
          const can = (needed: "read" | "triage" | "write" | "maintain" | "admin") => reaches(role, needed);
          const permissions = {
            pull: can("read"),
            triage: can("triage"),
            push: can("write"),
            maintain: can("maintain"),
            admin: can("admin"),
          };
          return { ...shapes(call.origin).user(world.user(login)), permissions, role_name: role ?? "none" };
        }),
      );
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/collaborators/{username}/permission",
    needs: { metadata: "read" },
    handle: (call) => ({
      status: 200,
      body: shapes(call.origin).permission(call.repository, namedAccount(call)),
    }),
  },
];
