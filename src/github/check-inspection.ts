import { z } from "zod";
import type { RevalidationCheck } from "../core/policy.ts";
import type { CheckHistory } from "../doctor/inspection.ts";
import type { Seen } from "../doctor/seen.ts";
import type { Api } from "./api.ts";
import { inTurns } from "./in-turns.ts";
import { lookedAt } from "./looked-at.ts";

const Runs = z.object({ workflow_runs: z.array(z.object({ id: z.int() })) });
const Jobs = z.object({ jobs: z.array(z.object({ name: z.string() })) });
const Pulls = z.array(z.object({ head: z.object({ sha: z.string() }) }));
const CheckRuns = z.object({
  check_runs: z.array(z.object({ app: z.object({ slug: z.string().optional() }).nullable() })),
});

/** How many runs, or heads, tell what is usual. */
const RUNS = 5;
const HEADS = 10;

/** What of a repository's files is asked. */
type HasFile = (path: string) => Promise<boolean>;

/** What the named checks have done lately: in the runs of their workflow, or on the newest heads by their App. */
export async function inspectChecks(
  api: Api,
  wanted: Readonly<Record<string, RevalidationCheck>>,
  tip: string,
  hasFile: HasFile,
): Promise<ReadonlyMap<string, Seen<CheckHistory>>> {
  const entries = Object.entries(wanted);
  const others = entries.some(([, { app }]) => app !== "github-actions");
  const heads = others ? await lookedAt(() => newestHeads(api, tip)) : null;
  const looked = await inTurns(entries, async ([key, check]) => {
    if (check.app === "github-actions") return [key, await lookedAt(() => ofWorkflow(api, check, hasFile))] as const;
    return [key, heads?.known ? await lookedAt(() => ofApp(api, check, heads.value)) : (heads as never)] as const;
  });
  return new Map(looked);
}

async function ofWorkflow(api: Api, { workflow = "" }: RevalidationCheck, hasFile: HasFile): Promise<CheckHistory> {
  if (!(await hasFile(workflow))) return { workflow: false, looked: 0, names: [], others: [] };
  const workflow_id = workflow.slice(workflow.lastIndexOf("/") + 1);
  const route = "/repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs";
  // A workflow that never ran may not be known to Actions yet.
  const runs = (await api.find(route, { workflow_id, per_page: RUNS }, Runs))?.workflow_runs ?? [];
  const jobs = await inTurns(runs, async ({ id }) =>
    api.get("/repos/{owner}/{repo}/actions/runs/{run_id}/jobs", { run_id: id, filter: "latest", per_page: 100 }, Jobs),
  );
  const names = jobs.flatMap((list) => list.jobs.map(({ name }) => name));
  return { workflow: true, looked: runs.length, names: [...new Set(names)], others: [] };
}

async function newestHeads(api: Api, tip: string): Promise<readonly string[]> {
  const pulls = await api.get(
    "/repos/{owner}/{repo}/pulls",
    { state: "all", sort: "updated", direction: "desc", per_page: HEADS },
    Pulls,
  );
  return [...new Set([tip, ...pulls.map(({ head }) => head.sha)])];
}

async function ofApp(api: Api, { name, app }: RevalidationCheck, heads: readonly string[]): Promise<CheckHistory> {
  const reported = await inTurns(heads, async (ref) => {
    const query = { ref, check_name: name, per_page: 100 };
    const { check_runs: runs } = await api.get("/repos/{owner}/{repo}/commits/{ref}/check-runs", query, CheckRuns);
    return runs.flatMap((run) => run.app?.slug ?? []);
  });
  const slugs = [...new Set(reported.flat())];
  const others = slugs.filter((slug) => slug !== app);
  return { workflow: null, looked: heads.length, names: slugs.includes(app) ? [name] : [], others };
}
