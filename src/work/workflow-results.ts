import type { ObjectId } from "../core/change-set.ts";
import type { CheckResult } from "../core/facts.ts";
import type { Instant } from "../core/scalars.ts";

/** A workflow's run, as the hosting service lists it. */
export interface ListedRun {
  readonly id: number;
  /** The workflow's file; the ref it was read at may be appended. */
  readonly path: string;
  readonly head: ObjectId;
  readonly status: string;
  /** Counts the runs of one workflow. */
  readonly number: number;
  readonly attempt: number;
}

/** A job of a run, of any attempt. */
export interface ListedJob {
  readonly run: number;
  readonly name: string;
  /** What the workflow calls itself; null where that is not known. */
  readonly workflowName: string | null;
  readonly head: ObjectId;
  readonly status: string;
  readonly conclusion: string | null;
  readonly completedAt: Instant | null;
  readonly attempt: number;
}

/**
 * A run's workflow file, without the ref it was read at. A file may itself be called `evals.yml@x.yml`, so what ends like
 * a workflow's name is taken for one: a ref that looks so makes the result count for nothing, never a file for another.
 */
export function workflowFile({ path }: Pick<ListedRun, "path">): string {
  if (/\.ya?ml$/i.test(path)) return path;
  const end = path.lastIndexOf("@");
  return end === -1 ? path : path.slice(0, end);
}

/** The newest run of each workflow on each head. */
export function newestRuns<T extends ListedRun>(runs: readonly T[]): readonly T[] {
  const newest = new Map<string, T>();
  for (const run of runs) {
    const key = `${run.head} ${workflowFile(run)}`;
    const known = newest.get(key);
    if (!known || run.number > known.number || (run.number === known.number && run.id > known.id)) newest.set(key, run);
  }
  return [...newest.values()];
}

/**
 * The results that count of Actions: of the newest run of each workflow, each job's newest attempt (security rule S16).
 * A job that the newest attempt did not run again keeps its result, once that attempt has ended.
 */
export function jobResults(runs: readonly ListedRun[], jobs: readonly ListedJob[]): readonly CheckResult[] {
  const byRun = Map.groupBy(jobs, (job) => job.run);
  return newestRuns(runs).flatMap((run) => {
    const own = (byRun.get(run.id) ?? []).filter((job) => job.head === run.head);
    const results = [...Map.groupBy(own, ({ name }) => name).values()].flatMap((group) => {
      const attempt = Math.max(...group.map((job) => job.attempt));
      if (attempt < run.attempt && run.status !== "completed") return [];
      const [weakest] = group.filter((job) => job.attempt === attempt).sort(byWeakness);
      return weakest ? [{ job: weakest, result: resultOf(weakest, run) }] : [];
    });
    const names = new Set(results.map(({ result }) => result.name));
    // A pull request's page shows a job behind its workflow's name.
    const shown = results.flatMap(({ job, result }) => {
      const name = `${job.workflowName} / ${job.name}`;
      return job.workflowName === null || names.has(name) ? [] : [{ ...result, name }];
    });
    return [...results.map(({ result }) => result), ...shown];
  });
}

/** Jobs of one name count as the weakest of them: still running, then unsuccessful, then the oldest. */
function byWeakness(a: ListedJob, b: ListedJob): number {
  const done = (job: ListedJob) => (job.status === "completed" ? 1 : 0);
  const good = (job: ListedJob) => (job.conclusion === "success" ? 1 : 0);
  const time = (job: ListedJob) => (job.completedAt === null ? 0 : Date.parse(job.completedAt));
  return done(a) - done(b) || good(a) - good(b) || time(a) - time(b);
}

function resultOf(job: ListedJob, run: ListedRun): CheckResult {
  return {
    name: job.name,
    app: "github-actions",
    workflow: workflowFile(run),
    head: job.head,
    status: job.status,
    conclusion: job.conclusion,
    completedAt: job.completedAt,
  };
}
