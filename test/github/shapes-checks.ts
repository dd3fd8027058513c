import { accountShapes, urls } from "./shapes-accounts.ts";
import { fullName as full, repositoryShape } from "./shapes-repository.ts";
import type { CheckRun, CheckSuite, Job, Repository, WorkflowRun } from "./world.ts";

/** A commit as webhooks show it in brief; null where there is none, as of runs that a test invents. */
export function simpleCommit({ store }: Repository, id: string) {
  if (store.type(id) !== "commit") return null;
  const { tree, message, author, committer } = store.read(id);
  return {
    id,
    tree_id: tree,
    message,
    timestamp: committer.date,
    author: { name: author.name, email: author.email },
    committer: { name: committer.name, email: committer.email },
  };
}

/** Check runs, check suites, workflow runs and jobs in the shapes of GitHub's REST API. */
export function checkShapes(at: string) {
  const { app, user } = accountShapes(at);
  const repository = repositoryShape(at);
  // "Pushes to a branch in a forked repository are not detected and return an empty pull_requests array" (Checks API).
  const pullRequests = (owner: Repository, sha: string) =>
    [...owner.pulls.values()]
      .filter((one) => one.head.sha === sha && one.head.repository === owner)
      .map((one) => ({
        id: one.id,
        number: one.number,
        url: `${at}/repos/${full(owner)}/pulls/${one.number}`,
        head: {
          ref: one.head.ref,
          sha: one.head.sha,
          repo: { id: owner.id, url: `${at}/repos/${full(owner)}`, name: owner.name },
        },
        base: {
          ref: one.base.ref,
          sha: one.base.sha,
          repo: { id: owner.id, url: `${at}/repos/${full(owner)}`, name: owner.name },
        },
      }));

  return {
    checkSuite: (owner: Repository, suite: CheckSuite) => {
      const runs = owner.checkRuns.filter((one) => one.suite === suite.id);
      const completed = runs.length > 0 && runs.every((one) => one.status === "completed");
      const red = runs.find((one) => !["success", "neutral", "skipped"].includes(one.conclusion ?? ""));
      return {
        id: suite.id,
        node_id: `CS_${suite.id}`,
        head_branch: suite.headBranch,
        head_sha: suite.headSha,
        status: completed ? "completed" : runs.length > 0 ? "in_progress" : "queued",
        conclusion: completed ? (red?.conclusion ?? "success") : null,
        url: `${at}/repos/${full(owner)}/check-suites/${suite.id}`,
        before: suite.before,
        after: suite.headSha,
        pull_requests: suite.headBranch === null ? [] : pullRequests(owner, suite.headSha),
        app: app(suite.app),
        created_at: suite.createdAt,
        updated_at: suite.createdAt,
        latest_check_runs_count: runs.length,
        check_runs_url: `${at}/repos/${full(owner)}/check-suites/${suite.id}/check-runs`,
        head_commit: simpleCommit(owner, suite.headSha),
      };
    },
    checkRun: (owner: Repository, run: CheckRun) => ({
      id: run.id,
      node_id: `CR_${run.id}`,
      head_sha: run.headSha,
      external_id: run.externalId,
      url: `${at}/repos/${full(owner)}/check-runs/${run.id}`,
      html_url: `${at}/${full(owner)}/runs/${run.id}`,
      // Where nothing is said GitHub leads to the App's own page.
      details_url: run.detailsUrl ?? `${at}/apps/${run.app.slug}`,
      status: run.status,
      conclusion: run.conclusion,
      started_at: run.startedAt,
      completed_at: run.completedAt,
      output: {
        ...run.output,
        annotations_count: run.annotations.length,
        annotations_url: `${at}/repos/${full(owner)}/check-runs/${run.id}/annotations`,
      },
      name: run.name,
      check_suite: { id: run.suite },
      app: app(run.app),
      pull_requests: pullRequests(owner, run.headSha),
    }),
    run: (owner: Repository, one: WorkflowRun) => ({
      id: one.id,
      name: one.name,
      node_id: `WFR_${one.id}`,
      check_suite_id: one.id,
      check_suite_node_id: `CS_${one.id}`,
      head_branch: one.headBranch,
      head_sha: one.headSha,
      path: one.path,
      run_number: one.number,
      run_attempt: one.attempt,
      event: one.event,
      status: one.status,
      conclusion: one.conclusion,
      workflow_id: 1,
      url: `${at}/repos/${full(owner)}/actions/runs/${one.id}`,
      html_url: `${at}/${full(owner)}/actions/runs/${one.id}`,
      pull_requests: [],
      created_at: one.createdAt,
      updated_at: one.createdAt,
      run_started_at: one.createdAt,
      ...urls(`${at}/repos/${full(owner)}/actions/runs/${one.id}`, {
        jobs_url: "/jobs",
        logs_url: "/logs",
        check_suite_url: "/suite",
        artifacts_url: "/artifacts",
        cancel_url: "/cancel",
        rerun_url: "/rerun",
        workflow_url: "/workflow",
      }),
      previous_attempt_url: null,
      head_commit: simpleCommit(owner, one.headSha),
      actor: user(one.headRepository.owner),
      triggering_actor: user(one.headRepository.owner),
      repository: repository(owner),
      head_repository: repository(one.headRepository),
      display_title: one.name,
    }),
    job: (owner: Repository, run: WorkflowRun, one: Job) => ({
      id: one.id,
      run_id: run.id,
      run_url: `${at}/repos/${full(owner)}/actions/runs/${run.id}`,
      run_attempt: one.attempt,
      node_id: `JOB_${one.id}`,
      head_sha: run.headSha,
      url: `${at}/repos/${full(owner)}/actions/jobs/${one.id}`,
      html_url: null,
      status: one.status,
      conclusion: one.conclusion,
      created_at: "2026-11-24T08:00:00Z",
      started_at: "2026-11-24T08:00:00Z",
      completed_at: one.completedAt,
      name: one.name,
      steps: [],
      check_run_url: `${at}/repos/${full(owner)}/check-runs/${one.id}`,
      labels: [],
      runner_id: null,
      runner_name: null,
      runner_group_id: null,
      runner_group_name: null,
      workflow_name: run.name,
      head_branch: run.headBranch,
    }),
  };
}
