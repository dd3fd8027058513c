import { grants, Refused } from "./access.ts";
import { accountOf } from "./callers.ts";
import { page } from "./paging.ts";
import { organizationOf } from "./routes-people.ts";
import { bypassOf, rulesetsOf } from "./rules.ts";
import { createRuleset, deleteRuleset, type RulesetInput, updateRuleset } from "./ruleset-changes.ts";
import type { Call, Route } from "./server.ts";
import { shapes } from "./shapes.ts";
import { type Ruleset, reaches, roleOf } from "./world.ts";

/** Whether who asks may change a ruleset. */
function mayWrite(call: Call, { source }: Ruleset): boolean {
  const { actor } = call;
  const own = "store" in source;
  if (actor.kind === "installation")
    return grants(actor.permissions, own ? "administration" : "organization_administration", "write");
  if (actor.kind !== "user") return false;
  const login = actor.account.login.toLowerCase();
  return own ? reaches(roleOf(source, login), "admin") : source.members.get(login) === "admin";
}

function shown(call: Call, ruleset: Ruleset) {
  return shapes(call.origin).ruleset(ruleset, mayWrite(call, ruleset));
}

/** A ruleset as its repository shows it: with whether who asks may go past it. */
function shownThere(call: Call, ruleset: Ruleset) {
  const bypass = bypassOf(call.world, call.repository, ruleset, accountOf(call));
  const can = bypass === "pull_request" ? "pull_requests_only" : (bypass ?? "never");
  return { ...shown(call, ruleset), current_user_can_bypass: can };
}

function repositoryRuleset(call: Call): Ruleset {
  const parents = call.query.get("includes_parents") !== "false";
  const found = rulesetsOf(call.world, call.repository).find(
    ({ id, source }) => String(id) === call.params.id && (parents || "store" in source),
  );
  if (!found) throw new Refused(404, "Not Found");
  return found;
}

/** Of an organisation only its owners see rulesets. */
function organizationRulesets(call: Call): readonly Ruleset[] {
  const account = organizationOf(call);
  const { actor } = call;
  if (actor.kind === "user" && account.members.get(actor.account.login.toLowerCase()) !== "admin")
    throw new Refused(404, "Not Found");
  return call.world.rulesets.filter(({ source }) => source === account);
}

function organizationRuleset(call: Call): Ruleset {
  const found = organizationRulesets(call).find(({ id }) => String(id) === call.params.id);
  if (!found) throw new Refused(404, "Not Found");
  return found;
}

const REPOSITORY = "/repos/{owner}/{repo}/rulesets";
const ORGANIZATION = "/orgs/{org}/rulesets";
const WRITE = { needs: { administration: "write" }, role: "admin" } as const;
const OWNER = { organization_administration: "write" };

/** Rulesets of repositories and organisations. */
export const rulesetRoutes: readonly Route[] = [
  {
    method: "GET",
    path: REPOSITORY,
    needs: { metadata: "read" },
    handle(call) {
      const parents = call.query.get("includes_parents") !== "false";
      const all = rulesetsOf(call.world, call.repository).filter(({ source }) => parents || "store" in source);
      return page(call, all.map(shapes(call.origin).rulesetBrief));
    },
  },
  {
    ...WRITE,
    method: "POST",
    path: REPOSITORY,
    handle(call) {
      const ruleset = createRuleset(call, call.repository, call.body as RulesetInput, accountOf(call));
      return { status: 201, body: shownThere(call, ruleset) };
    },
  },
  {
    method: "GET",
    path: `${REPOSITORY}/{id}`,
    needs: { metadata: "read" },
    handle: (call) => ({ status: 200, body: shownThere(call, repositoryRuleset(call)) }),
  },
  {
    ...WRITE,
    method: "PUT",
    path: `${REPOSITORY}/{id}`,
    handle(call) {
      const ruleset = ownRuleset(call);
      updateRuleset(call, ruleset, call.body as RulesetInput, accountOf(call));
      return { status: 200, body: shownThere(call, ruleset) };
    },
  },
  {
    ...WRITE,
    method: "DELETE",
    path: `${REPOSITORY}/{id}`,
    handle(call) {
      deleteRuleset(call, ownRuleset(call), accountOf(call));
      return { status: 204, body: undefined };
    },
  },
  {
    method: "GET",
    path: ORGANIZATION,
    needs: OWNER,
    handle: (call) => page(call, organizationRulesets(call).map(shapes(call.origin).rulesetBrief)),
  },
  {
    method: "POST",
    path: ORGANIZATION,
    needs: OWNER,
    handle(call) {
      organizationRulesets(call);
      const ruleset = createRuleset(call, organizationOf(call), call.body as RulesetInput, accountOf(call));
      return { status: 201, body: shown(call, ruleset) };
    },
  },
  {
    method: "GET",
    path: `${ORGANIZATION}/{id}`,
    needs: OWNER,
    handle: (call) => ({ status: 200, body: shown(call, organizationRuleset(call)) }),
  },
  {
    method: "PUT",
    path: `${ORGANIZATION}/{id}`,
    needs: OWNER,
    handle(call) {
      const ruleset = organizationRuleset(call);
      updateRuleset(call, ruleset, call.body as RulesetInput, accountOf(call));
      return { status: 200, body: shown(call, ruleset) };
    },
  },
  {
    method: "DELETE",
    path: `${ORGANIZATION}/{id}`,
    needs: OWNER,
    handle(call) {
      deleteRuleset(call, organizationRuleset(call), accountOf(call));
      return { status: 204, body: undefined };
    },
  },
];

/** One of the repository's own that was made by the API; an organisation's is not changed from below. */
function ownRuleset(call: Call): Ruleset {
  const found = call.world.rulesets.find(
    ({ id, source }) => String(id) === call.params.id && source === call.repository,
  );
  if (!found) throw new Refused(404, "Not Found");
  return found;
}
