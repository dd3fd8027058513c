import { pushDirectly } from "./direct-push.ts";
import type { FileChanges } from "./git-store.ts";
import { sendPull } from "./pull-events.ts";
import { sendCheckRun } from "./routes-checks.ts";
import type { LoopbackGitHub } from "./server.ts";
import { shapes } from "./shapes.ts";
import { stageOf } from "./stage.ts";
import { type Account, gitPerson, type Job, type Repository, type WorkflowRun } from "./world.ts";

/** What people and runners do outside of the REST API: pushing, running workflows. */
export interface Acts {
  /** Commits on top of a branch (made from `from` or the default branch if it is new) and pushes; returns the commit. */
  push(
    repository: Repository,
    branch: string,
    files: FileChanges,
    options?: { by?: string; author?: string; message?: string; from?: string; parents?: readonly string[] },
  ): string;
  /** Moves a branch to any commit, as a force-push does, or as a push of one that was made before. */
  move(repository: Repository, branch: string, sha: string, by: string, forced?: boolean): void;
  /** Merges a branch into another locally and pushes it, as `git merge` on a laptop does. */
  mergeInto(repository: Repository, branch: string, from: string, by: string): string;
  /** A workflow's run on a head with one job of that name; events as GitHub sends them. */
  workflow(
    repository: Repository,
    options: {
      path: string;
      name?: string;
      sha: string;
      /** Left out, that of the newest pull request with this head. */
      branch?: string;
      event?: string;
      job: string;
      conclusion: string | null;
    },
  ): WorkflowRun;
  /** The next attempt of a run, with the jobs that are run again. */
  rerun(
    repository: Repository,
    run: WorkflowRun,
    jobs: readonly { readonly name: string; readonly conclusion: string | null }[],
  ): void;
  /** A check run of another App. */
  check(repository: Repository, appSlug: string, name: string, sha: string, conclusion: string): void;
  /** Assigns somebody to a pull request. */
  assign(repository: Repository, number: number, login: string, by: string): void;
}

/** Acts on a loopback GitHub. */
export function acts(github: LoopbackGitHub): Acts {
  const { world, deliveries } = github;
  const stage = stageOf(github);
  const self: Acts = {
    push(repository, branch, files, options = {}) {
      const by = world.user(options.by ?? repository.owner.login);
      const ref = `refs/heads/${branch}`;
      const tip =
        repository.refs.get(ref) ?? repository.refs.get(`refs/heads/${options.from ?? repository.defaultBranch}`) ?? "";
      const author = gitPerson(world.user(options.author ?? by.login), world.now());
      const parents = options.parents ?? [tip];
      const sha = repository.store.commit({
        parents,
        files,
        author,
        ...(options.message ? { message: options.message } : {}),
      });
      moved(repository, branch, sha, by, false);
      return sha;
    },
    move: (repository, branch, sha, by, forced = true) => moved(repository, branch, sha, world.user(by), forced),
    mergeInto(repository, branch, from, by) {
      const [ours, theirs] = [
        repository.refs.get(`refs/heads/${branch}`) ?? "",
        repository.refs.get(`refs/heads/${from}`) ?? "",
      ];
      const tree = repository.store.mergeTree(ours, theirs);
      if (tree === null) throw new Error(`${from} conflicts with ${branch}`);
      const account = world.user(by);
      const sha = repository.store.commitTree(
        tree,
        [ours, theirs],
        `Merge branch '${from}' into ${branch}`,
        gitPerson(account, world.now()),
      );
      moved(repository, branch, sha, account, false);
      return sha;
    },
    workflow(repository, { path, name = path, sha, branch, event = "pull_request", job, conclusion }) {
      const proposed = [...repository.pulls.values()].findLast(({ head }) => head.sha === sha)?.head;
      const actions = world.apps.find((one) => one.slug === "github-actions");
      if (!actions) throw new Error("a world without Actions");
      const status = conclusion === null ? "in_progress" : "completed";
      const completedAt = conclusion === null ? null : world.now();
      const jobs: Job[] = [{ id: world.nextId(), name: job, status, conclusion, completedAt, attempt: 1 }];
      const run: WorkflowRun = {
        id: world.nextId(),
        path,
        name,
        headSha: sha,
        headBranch: branch ?? proposed?.ref ?? "",
        headRepository: proposed?.repository ?? repository,
        event,
        createdAt: world.now(),
        number: repository.runs.length + 1,
        attempt: 1,
        status,
        conclusion,
        jobs,
      };
      repository.runs.push(run);
      const check = {
        id: jobs[0]?.id ?? 0,
        app: actions,
        headSha: sha,
        name: job,
        status: status as "in_progress" | "completed",
        conclusion,
        detailsUrl: null,
        externalId: "",
        startedAt: world.now(),
        completedAt,
        output: { title: null, summary: null, text: null },
        annotations: [],
        actions: [],
        suite: run.id,
      };
      repository.checkRuns.push(check);
      sendCheckRun(stage, repository, check, conclusion === null ? "created" : "completed");
      const { run: shaped, repository: repositoryShape, user } = shapes(github.url);
      if (conclusion !== null)
        deliveries.send("workflow_run", repository, {
          action: "completed",
          workflow_run: shaped(repository, run),
          workflow: null,
          repository: repositoryShape(repository),
          sender: user(repository.owner),
        });
      return run;
    },
    rerun(repository, run, again) {
      run.attempt += 1;
      const running = again.some(({ conclusion }) => conclusion === null);
      run.status = running ? "in_progress" : "completed";
      for (const { name, conclusion } of again) {
        const status = conclusion === null ? "in_progress" : "completed";
        const completedAt = conclusion === null ? null : world.now();
        run.jobs.push({ id: world.nextId(), name, status, conclusion, completedAt, attempt: run.attempt });
      }
      const ended = run.jobs.filter((job) => job.attempt === run.attempt);
      run.conclusion = running ? null : ended.every((job) => job.conclusion === "success") ? "success" : "failure";
      const { run: shaped, repository: repositoryShape, user } = shapes(github.url);
      deliveries.send("workflow_run", repository, {
        action: running ? "in_progress" : "completed",
        workflow_run: shaped(repository, run),
        workflow: null,
        repository: repositoryShape(repository),
        sender: user(repository.owner),
      });
    },
    assign(repository, number, login, by) {
      const pull = repository.pulls.get(number);
      if (!pull) throw new Error(`no pull request ${number}`);
      const sender = world.user(by);
      pull.assignees.push(login);
      pull.timeline.push({ event: "assigned", assignee: login, actor: by, at: world.now() });
      sendPull(stage, repository, pull, "assigned", sender, { assignee: shapes(github.url).user(world.user(login)) });
    },
    check(repository, appSlug, name, sha, conclusion) {
      const app = world.apps.find((one) => one.slug === appSlug) ?? world.app(appSlug, {});
      const at = world.now();
      const run = {
        id: world.nextId(),
        app,
        headSha: sha,
        name,
        status: "completed" as const,
        conclusion,
        detailsUrl: null,
        externalId: "",
        startedAt: at,
        completedAt: at,
        output: { title: null, summary: null, text: null },
        annotations: [],
        actions: [],
        suite: world.nextId(),
      };
      repository.checkRuns.push(run);
      sendCheckRun(stage, repository, run, "completed");
    },
  };

  function moved(repository: Repository, branch: string, sha: string, by: Account, forced: boolean): void {
    pushDirectly(stage, repository, branch, sha, by, { forced, stopped: false });
  }
  return self;
}
