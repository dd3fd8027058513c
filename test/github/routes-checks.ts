import { Refused } from "./access.ts";
import { accountOf } from "./callers.ts";
import { suiteOf } from "./check-suites.ts";
import { checksMoved } from "./merge-queue.ts";
import { page } from "./paging.ts";
import { commitOf } from "./routes-git.ts";
import type { Call, Route, Stage } from "./server.ts";
import { shapes } from "./shapes.ts";
import type { App, CheckRun, Repository } from "./world.ts";

function appOf(call: Call): App {
  if (call.actor.kind !== "installation") throw new Refused(403, "You must authenticate via a GitHub App.");
  return call.actor.installation.app;
}

/** Sends a check run event. */
export function sendCheckRun(call: Stage, repository: Repository, run: CheckRun, action: string, more = {}): void {
  const { checkRun, repository: shaped, user } = shapes(call.origin);
  const sender = call.world.accounts.get(`${run.app.slug}[bot]`);
  call.deliveries.send("check_run", repository, {
    action,
    check_run: checkRun(repository, run),
    repository: shaped(repository),
    sender: sender ? user(sender) : null,
    ...more,
  });
  checksMoved(call, repository, run.headSha);
}

interface Output {
  readonly title?: string;
  readonly summary?: string;
  readonly text?: string;
  readonly annotations?: readonly unknown[];
}

function apply(run: CheckRun, body: Record<string, unknown>, at: string): void {
  const output = body.output as Output | undefined;
  if (typeof body.name === "string") run.name = body.name;
  if (typeof body.status === "string") run.status = body.status as CheckRun["status"];
  if (typeof body.conclusion === "string") {
    run.conclusion = body.conclusion;
    run.status = "completed";
    run.completedAt = String(body.completed_at ?? at);
  } else if (body.status !== undefined && run.status !== "completed") {
    run.conclusion = null;
    run.completedAt = null;
  }
  if (typeof body.details_url === "string") run.detailsUrl = body.details_url;
  if (typeof body.external_id === "string") run.externalId = body.external_id;
  if (Array.isArray(body.actions)) run.actions = body.actions;
  if (output) {
    for (const [name, text] of Object.entries({ summary: output.summary, text: output.text }))
      if ((text ?? "").length > 65_535)
        throw new Refused(422, "Invalid request.", [`${name} is too long (maximum is 65535 characters)`]);
    run.output = {
      title: output.title ?? run.output.title,
      summary: output.summary ?? run.output.summary,
      text: output.text ?? null,
    };
    if ((output.annotations ?? []).length > 50)
      throw new Refused(422, "Invalid request.", ["No more than 50 annotations"]);
    run.annotations.push(...(output.annotations ?? []));
  }
}

const REPOSITORY = "/repos/{owner}/{repo}";

/** Check runs, statuses and workflow runs. */
export const checkRoutes: readonly Route[] = [
  {
    method: "POST",
    path: `${REPOSITORY}/check-runs`,
    needs: { checks: "write" },
    handle(call) {
      const app = appOf(call);
      const headSha = String(call.body.head_sha);
      if (call.repository.store.type(headSha) !== "commit") throw new Refused(422, "No commit found for SHA");
      const run: CheckRun = {
        id: call.world.nextId(),
        app,
        headSha,
        name: "",
        status: "queued",
        conclusion: null,
        detailsUrl: null,
        externalId: "",
        startedAt: call.world.now(),
        completedAt: null,
        output: { title: null, summary: null, text: null },
        annotations: [],
        actions: [],
        suite: suiteOf(call, call.repository, app, headSha).id,
      };
      apply(run, call.body, call.world.now());
      call.repository.checkRuns.push(run);
      sendCheckRun(call, call.repository, run, run.status === "completed" ? "completed" : "created");
      return { status: 201, body: shapes(call.origin).checkRun(call.repository, run) };
    },
  },
  {
    method: "PATCH",
    path: `${REPOSITORY}/check-runs/{id}`,
    needs: { checks: "write" },
    handle(call) {
      const run = call.repository.checkRuns.find((one) => String(one.id) === call.params.id);
      if (!run) throw new Refused(404, "Not Found");
      if (run.app !== appOf(call))
        throw new Refused(403, "Invalid app_id `check_run` can only be modified by the GitHub App that created it.");
      const done = run.status === "completed";
      apply(run, call.body, call.world.now());
      if (!done && run.status === "completed") sendCheckRun(call, call.repository, run, "completed");
      else checksMoved(call, call.repository, run.headSha);
      return { status: 200, body: shapes(call.origin).checkRun(call.repository, run) };
    },
  },
  {
    method: "GET",
    path: `${REPOSITORY}/commits/{ref}/check-runs`,
    needs: { checks: "read" },
    handle(call) {
      const sha = commitOf(call.repository, call.params.ref ?? "");
      if (!sha) throw new Refused(422, "No commit found for SHA");
      const app = call.query.get("app_id");
      const name = call.query.get("check_name");
      const latest = new Map<string, CheckRun>();
      for (const run of call.repository.checkRuns) {
        if (run.headSha !== sha || (app !== null && String(run.app.id) !== app) || (name !== null && run.name !== name))
          continue;
        latest.set(call.query.get("filter") === "all" ? String(run.id) : `${run.app.id} ${run.name}`, run);
      }
      const runs = [...latest.values()].reverse().map((run) => shapes(call.origin).checkRun(call.repository, run));
      return page(call, runs, (check_runs, total_count) => ({ total_count, check_runs }));
    },
  },
  {
    method: "GET",
    path: `${REPOSITORY}/actions/runs`,
    needs: { actions: "read" },
    handle(call) {
      const sha = call.query.get("head_sha");
      const runs = call.repository.runs.filter((one) => sha === null || one.headSha === sha).reverse();
      return page(
        call,
        runs.map((one) => shapes(call.origin).run(call.repository, one)),
        (workflow_runs, total_count) => ({ total_count, workflow_runs }),
      );
    },
  },
  {
    method: "GET",
    path: `${REPOSITORY}/actions/runs/{id}/jobs`,
    needs: { actions: "read" },
    handle(call) {
      const run = call.repository.runs.find((one) => String(one.id) === call.params.id);
      if (!run) throw new Refused(404, "Not Found");
      const jobs = run.jobs.filter((one) => call.query.get("filter") === "all" || one.attempt === run.attempt);
      return page(
        call,
        jobs.map((one) => shapes(call.origin).job(call.repository, run, one)),
        (list, total_count) => ({ total_count, jobs: list }),
      );
    },
  },
  {
    method: "POST",
    path: `${REPOSITORY}/statuses/{sha}`,
    needs: { statuses: "write" },
    role: "write",
    handle(call) {
      const creator = accountOf(call);
      const status = {
        id: call.world.nextId(),
        sha: call.params.sha ?? "",
        context: String(call.body.context ?? "default"),
        state: String(call.body.state),
        description: String(call.body.description ?? ""),
        creator,
        createdAt: call.world.now(),
      };
      call.repository.statuses.push(status);
      const { repository, user, full } = shapes(call.origin);
      call.deliveries.send("status", call.repository, {
        id: status.id,
        sha: status.sha,
        name: full(call.repository),
        context: status.context,
        state: status.state,
        description: status.description,
        target_url: null,
        branches: [],
        repository: repository(call.repository),
        sender: user(creator),
      });
      checksMoved(call, call.repository, status.sha);
      const at = `${call.origin}/repos/${full(call.repository)}/statuses/${status.sha}`;
      const { id, context, state, description, createdAt } = status;
      const body = {
        id,
        node_id: `S_${id}`,
        url: at,
        avatar_url: null,
        state,
        description,
        target_url: null,
        context,
        created_at: createdAt,
        updated_at: createdAt,
        creator: user(creator),
      };
      return { status: 201, body };
    },
  },
];
