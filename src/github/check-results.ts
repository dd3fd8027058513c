import { z } from "zod";
import type { ObjectId } from "../core/change-set.ts";
import type { CheckResult } from "../core/facts.ts";
import type { RevalidationCheck } from "../core/policy.ts";
import type { Instant } from "../core/scalars.ts";
import type { HostedChecks } from "../work/hosting.ts";
import { jobResults, type ListedJob, type ListedRun, newestRuns, workflowFile } from "../work/workflow-results.ts";
import { lacks } from "./accepted-permissions.ts";
import type { Api } from "./api.ts";
import { type HeadPlace, sharedSince } from "./head-place.ts";
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
        event: z.string(),
        head_branch: z.string().nullable(),
        head_repository: z.object({ id: z.number() }).nullish(),
      }),
    ),
  })
  .transform(({ workflow_runs }) => workflow_runs);

type Run = z.infer<typeof Runs>[number];

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
 * name: the runs of the named workflow are asked (security rule S16). Forks' heads are asked the same way (P16). Without
 * the permission to ask there is no result, which counts for nothing (P37).
 */
export async function readChecks(
  api: Api,
  head: ObjectId,
  wanted: readonly RevalidationCheck[],
  places: readonly HeadPlace[],
): Promise<HostedChecks> {
  const runBy = lacks(await api.lacking(), "actions", "read") ? [] : wanted.filter(isRun);
  const workflows = new Set(runBy.flatMap(({ workflow }) => workflow ?? []));
  const others = wanted.filter(({ app }) => app !== ACTIONS);
  const [runs, results] = await Promise.all([
    workflows.size === 0 ? [] : workflowRuns(api, head, workflows, places),
    otherResults(api, head, others, firstOf(places)),
  ]);
  const jobs = await inTurns(newestRuns(runs), (run) => jobsOf(api, run.id));
  const names = new Set(runBy.map(({ name }) => name));
  return {
    checks: [...results, ...jobResults(runs, jobs.flat()).filter(({ name }) => names.has(name))],
    workflowRuns: runs.map((run) => ({ path: workflowFile(run), head: run.head, status: run.status })),
  };
}

/** Whether a check is what a workflow's job says. */
export function isRun({ app }: RevalidationCheck): boolean {
  return app === ACTIONS;
}

/** Since when this head has had this base branch; null for always. */
function firstOf(places: readonly HeadPlace[]): Instant | null {
  const changes = places.map(({ retargetedAt }) => (retargetedAt === null ? 0 : Date.parse(retargetedAt)));
  const first = Math.min(...changes);
  return first > 0 && Number.isFinite(first) ? new Date(first).toISOString() : null;
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

/** How GitHub is asked what workflows ran on a head. */
export function runsQuestion(head: ObjectId) {
  const params = { head_sha: head, exclude_pull_requests: true, per_page: 100 };
  return { route: "/repos/{owner}/{repo}/actions/runs", params, schema: Runs };
}

async function workflowRuns(
  api: Api,
  head: ObjectId,
  workflows: ReadonlySet<string>,
  places: readonly HeadPlace[],
): Promise<readonly ListedRun[]> {
  const { route, params, schema } = runsQuestion(head);
  const listed = await api.all(route, params, schema);
  const runs = listed.filter((run) => workflows.has(workflowFile(run)) && run.head_sha === head);
  const spans = runs.some(forPullRequest) ? await inTurns(places, (place) => spanOf(api, place)) : [];
  return runs
    .filter((run) => !forPullRequest(run) || spans.some((span) => madeFor(run, span)))
    .map((run) => {
      // A fork's run that somebody must allow first is called completed: nothing of it has run.
      const held = run.conclusion === "action_required";
      const status = held ? "action_required" : (run.status ?? "unknown");
      return { id: run.id, path: run.path, head, status, number: run.run_number, attempt: run.run_attempt ?? 1 };
    });
}

/** Whether a run was made with a pull request's base merged in; all others run what lies at the head itself. */
function forPullRequest({ event }: Run): boolean {
  return event.startsWith("pull_request");
}

/** When runs for a pull request can only have been made for it as it is now. */
interface Span {
  readonly place: HeadPlace;
  readonly until: Instant | null;
}

async function spanOf(api: Api, place: HeadPlace): Promise<Span> {
  return { place, until: await sharedSince(api, place) };
}

function madeFor(run: Run, { place, until }: Span): boolean {
  const { head_branch, head_repository, created_at } = run;
  const from = head_repository?.id ?? null;
  const same = place.headRepository === null ? from !== place.repository : from === place.headRepository;
  if (head_branch !== place.headRef || !same) return false;
  return began(created_at, place.retargetedAt) && (until === null || Date.parse(created_at) < Date.parse(until));
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
