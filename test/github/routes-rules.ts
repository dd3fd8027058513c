import { rulesOf, SIMPLE_RULESET } from "./rules.ts";
import type { Route } from "./server.ts";
import { shapes } from "./shapes.ts";

/** The rules that hold for a branch; those of rulesets that are only evaluated, and classic protection, are not among them. */
export const ruleRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/rules/branches/{branch}",
    needs: { metadata: "read" },
    handle(call) {
      const { repository, world, params } = call;
      const { full } = shapes(call.origin);
      const active = rulesOf(world, repository, params.branch ?? "").filter((one) => one.enforcement === "active");
      const body = active.map(({ type, parameters, ruleset }) => {
        const source = ruleset?.source ?? repository;
        return {
          type,
          ...(parameters ? { parameters } : {}),
          ruleset_source_type: "store" in source ? "Repository" : "Organization",
          ruleset_source: "store" in source ? full(source) : source.login,
          ruleset_id: ruleset?.id ?? SIMPLE_RULESET,
        };
      });
      return { status: 200, body };
    },
  },
];
