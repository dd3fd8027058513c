import { Refused } from "./access.ts";
import { page } from "./paging.ts";
import { rulesOf } from "./rules.ts";
import type { Route } from "./server.ts";
import { shapes } from "./shapes.ts";

const REPOSITORY = "/repos/{owner}/{repo}";
const ADMINISTRATOR = { needs: { administration: "write" }, role: "admin" } as const;

/** The rules of a branch, and how pushes and merges stood to them. */
export const ruleRoutes: readonly Route[] = [
  {
    method: "GET",
    path: `${REPOSITORY}/rules/branches/{branch}`,
    needs: { metadata: "read" },
    handle(call) {
      const { repository, world, params } = call;
      const { rulesetBrief } = shapes(call.origin);
      // Rulesets that are only evaluated, and classic protection, are not among them.
      const active = rulesOf(world, repository, params.branch ?? "").flatMap((one) =>
        one.enforcement === "active" && one.ruleset ? [{ ...one, ruleset: one.ruleset }] : [],
      );
      return page(
        call,
        active.map(({ type, parameters, ruleset }) => {
          const { id, source, source_type } = rulesetBrief(ruleset);
          const from = { ruleset_source_type: source_type, ruleset_source: source, ruleset_id: id };
          return { type, ...(parameters ? { parameters } : {}), ...from };
        }),
      );
    },
  },
  {
    ...ADMINISTRATOR,
    method: "GET",
    path: `${REPOSITORY}/rulesets/rule-suites`,
    handle(call) {
      const asked = (name: string) => call.query.get(name);
      const result = asked("rule_suite_result") ?? "all";
      const ref = asked("ref");
      const actor = asked("actor_name");
      const found = call.repository.ruleSuites
        .filter((one) => result === "all" || one.result === result)
        .filter(({ branch }) => ref === null || ref === branch || ref === `refs/heads/${branch}`)
        .filter((one) => actor === null || one.actor.login === actor)
        .toReversed();
      return page(
        call,
        found.map((one) => shapes(call.origin).ruleSuite(call.repository, one)),
      );
    },
  },
  {
    ...ADMINISTRATOR,
    method: "GET",
    path: `${REPOSITORY}/rulesets/rule-suites/{id}`,
    handle(call) {
      const found = call.repository.ruleSuites.find(({ id }) => String(id) === call.params.id);
      if (!found) throw new Refused(404, "Not Found");
      const rule_evaluations = found.evaluations.map(({ source, enforcement, result, type, details }) => ({
        rule_source: source,
        enforcement,
        result,
        rule_type: type,
        details,
      }));
      return { status: 200, body: { ...shapes(call.origin).ruleSuite(call.repository, found), rule_evaluations } };
    },
  },
];
