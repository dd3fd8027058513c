import type { Route } from "./server.ts";
import { shapes } from "./shapes.ts";

/** Rules of branches. */
export const ruleRoutes: readonly Route[] = [
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
