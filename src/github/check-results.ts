import { z } from "zod";
import type { ObjectId } from "../core/change-set.ts";
import type { CheckResult } from "../core/facts.ts";
import type { RevalidationCheck } from "../core/policy.ts";
import type { Instant } from "../core/scalars.ts";
import type { HostedChecks } from "../work/hosting.ts";
import { jobResults, type ListedJob, type ListedRun, newestRuns, workflowFile } from "../work/workflow-results.ts";
import type { Api } from "./api.ts";
import { inTurns } from "./in-turns.ts";

const ACTIONS = "github-actions";

const CheckRuns = z
  .object({
    check_runs: z.array(
      z.object({
        name: z.string(),
        head_sha: z.string(),
        status: z.string(),
        conclusion: z.string().nullable(),
        started_at: z.string().nullable(),
        completed_at: z.string().nullable(),
        app: z.object({ slug: z.string().optional() }).nullable(),
      }),
    ),
  })
  .transform(({ check_runs }) => check_runs);

const Runs = z
  .object({
    workflow_runs: z.array(
      z.object({
        id: z.int(),
        path: z.string(),
        head_sha: z.string(),
        status: z.string().nullable(),
        conclusion: z.string().nullable(),
        run_number: z.int(),
        run_attempt: z.int().optional(),
        created_at: z.string(),
      }),
    ),
  })
  .transform(({ workflow_runs }) => workflow_runs);

const Jobs = z
  .object({
    jobs: z.array(
      z.object({
        run_id: z.int(),
        name: z.string(),
        workflow_name: z.string().nullish(),
        head_sha: z.string(),
        status: z.string(),
        conclusion: z.string().nullable(),
        completed_at: z.string().nullable(),
        run_attempt: z.int().optional(),
      }),
    ),
  })
  .transform(({ jobs }) => jobs);

/**
 * Where the named checks stand on a head. For Actions a check says nothing, since every workflow can make one of that
 * name: the runs of the named workflow are asked (security rule S16). Forks' heads are asked the same way (P16).
 */
export async function readChecks(
  api: Api,
  head: ObjectId,
  wanted: readonly RevalidationCheck[],
  since: Instant | null,
): Promise<HostedChecks> {
  const workflows = new Set(wanted.flatMap(({ app, workflow }) => (app === ACTIONS && workflow ? [workflow] : [])));
  const others = wanted.filter(({ app }) => app !== ACTIONS);
  const [runs, results] = await Promise.all([
    workflows.size === 0 ? [] : workflowRuns(api, head, workflows, since),
    otherResults(api, head, others, since),
  ]);
  const jobs = await inTurns(newestRuns(runs), (run) => jobsOf(api, run.id));
  const names = new Set(wanted.filter(({ app }) => app === ACTIONS).map(({ name }) => name));
  return {
    checks: [...results, ...jobResults(runs, jobs.flat()).filter(({ name }) => names.has(name))],
    workflowRuns: runs.map((run) => ({ path: workflowFile(run), head: run.head, status: run.status })),
  };
}

function began(at: string | null, since: Instant | null): boolean {
  return since === null || (at !== null && Date.parse(at) >= Date.parse(since));
}

/** Results of other Apps, by the check's name and only from the App that the policy names (P11). */
async function otherResults(
  api: Api,
  head: ObjectId,
  wanted: readonly RevalidationCheck[],
  since: Instant | null,
): Promise<readonly CheckResult[]> {
  const results = await inTurns([...Map.groupBy(wanted, ({ name }) => name)], async ([check_name, checks]) => {
    const apps = new Set(checks.map(({ app }) => app));
    const listed = await api.all(
      "/repos/{owner}/{repo}/commits/{ref}/check-runs",
      { ref: head, check_name, filter: "latest", per_page: 100 },
      CheckRuns,
    );
    return listed.flatMap((run): CheckResult[] => {
      const app = run.app?.slug;
      if (app === undefined || !apps.has(app) || run.name !== check_name || run.head_sha !== head) return [];
      if (!began(run.started_at, since)) return [];
      const { name, status, conclusion, completed_at: completedAt } = run;
      return [{ name, app, workflow: null, head, status, conclusion, completedAt }];
    });
  });
  return results.flat();
}

async function workflowRuns(
  api: Api,
  head: ObjectId,
  workflows: ReadonlySet<string>,
  since: Instant | null,
): Promise<readonly ListedRun[]> {
  const listed = await api.all(
    "/repos/{owner}/{repo}/actions/runs",
    { head_sha: head, exclude_pull_requests: true, per_page: 100 },
    Runs,
  );
  return listed.flatMap((run): ListedRun[] => {
    if (!workflows.has(workflowFile(run)) || run.head_sha !== head || !began(run.created_at, since)) return [];
    // A fork's run that somebody must allow first is called completed: nothing of it has run.
    const held = run.conclusion === "action_required";
    return [
      {
        id: run.id,
        path: run.path,
        head,
        status: held ? "action_required" : (run.status ?? "unknown"),
        number: run.run_number,
        attempt: run.run_attempt ?? 1,
      },
    ];
  });
}

/** All attempts: what GitHub lists as the latest leaves out what a partial re-run did not run again. */
async function jobsOf(api: Api, run_id: number): Promise<readonly ListedJob[]> {
  const listed = await api.all(
    "/repos/{owner}/{repo}/actions/runs/{run_id}/jobs",
    { run_id, filter: "all", per_page: 100 },
    Jobs,
  );
  return listed.map((job) => ({
    run: job.run_id,
    name: job.name,
    workflowName: job.workflow_name ?? null,
    head: job.head_sha,
    status: job.status,
    conclusion: job.conclusion,
    completedAt: job.completed_at,
    attempt: job.run_attempt ?? 1,
  }));
}
