import { z } from "zod";
import type { HostedName } from "../work/hosting.ts";
import { HostingFault } from "../work/hosting-fault.ts";
import type { Charges } from "./api.ts";
import { type ConnectionSettings, clientWith } from "./client.ts";
import { type WorkflowTokens, workflowTokens } from "./tokens.ts";

/** A run of a workflow, as its environment names it. */
export interface WorkflowPlace {
  readonly repository: HostedName;
  /** The branch that what is looked at would land on; null where none is named. */
  readonly branch: string | null;
  /** `owner/name/.github/workflows/file.yml@ref`, which is GITHUB_WORKFLOW_REF. */
  readonly workflow: string;
}

const Viewer = z.object({ viewer: z.object({ login: z.string() }) });
const App = z.object({ id: z.int() });
const Rules = z.array(
  z.object({
    type: z.string(),
    ruleset_source_type: z.string().optional(),
    parameters: z
      .object({ workflows: z.array(z.object({ path: z.string(), repository_id: z.int() })).optional() })
      .optional(),
  }),
);

/** Who a workflow's token belongs to, and whether anything makes the workflow run. */
export interface WorkflowStanding {
  /** The App that the token belongs to; null for a person's, which can report no checks. */
  app(): Promise<{ readonly id: number; readonly slug: string } | null>;
  /** Whether a ruleset of the organisation demands this very workflow (security rule S25); null where that cannot be seen. */
  required(): Promise<boolean | null>;
}

/** Asks GitHub about the run that this program is part of. */
export function workflowStanding(
  settings: ConnectionSettings & { readonly tokens: WorkflowTokens },
  place: WorkflowPlace,
  signal: AbortSignal,
): WorkflowStanding {
  const charges: Charges = { requests: 0, points: 0, unchanged: 0, writes: 0 };
  const { installation, id, owner, name } = place.repository;
  const branch = place.branch ?? "HEAD";
  const scope = { installation, repository: { id }, permissions: {}, owner, name, signal, charges };
  const api = clientWith(() => workflowTokens(settings.tokens), settings).api(scope);
  return {
    async app() {
      const { viewer } = await api.graphql("query Viewer { viewer { login } }", {}, Viewer);
      const slug = /^(.+)\[bot\]$/.exec(viewer.login)?.[1];
      return slug === undefined ? null : { slug, ...(await api.get("/apps/{app_slug}", { app_slug: slug }, App)) };
    },
    async required() {
      try {
        const rules = await api.all("/repos/{owner}/{repo}/rules/branches/{branch}", { branch }, Rules);
        return rules.some(
          ({ type, ruleset_source_type: source, parameters }) =>
            type === "workflows" &&
            source === "Organization" &&
            (parameters?.workflows ?? []).some((one) => isThis(one, place)),
        );
      } catch (fault) {
        // The plan has no rules, or they cannot be seen.
        if (fault instanceof HostingFault && fault.retryAt === null) return null;
        throw fault;
      }
    },
  };
}

/** Another repository's workflow of the same path is none of ours, nor ours one of another's. */
function isThis(
  demanded: { readonly path: string; readonly repository_id: number },
  { repository: { id, owner, name }, workflow }: WorkflowPlace,
): boolean {
  const [file = ""] = workflow.split("@", 1);
  const own = `${owner}/${name}/`;
  const isOwn = file.toLowerCase().startsWith(own.toLowerCase());
  const path = file.split("/").slice(2).join("/");
  return demanded.path === path && isOwn === (demanded.repository_id === id);
}
