import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AppOptions, type AppService, startApp } from "../../src/app-service.ts";
import type { Settings } from "../../src/environment.ts";
import { REACTION_PERMISSIONS } from "../../src/github/conversation.ts";
import { JOB_PERMISSIONS } from "../../src/github/hosting.ts";
import { QUEUE_PERMISSIONS } from "../../src/github/merge-queues.ts";
import { WEBHOOK_EVENTS } from "../../src/github/webhook-event.ts";
import { OWN_KEY } from "../../src/signing/signing-settings.ts";
import { jsonLog } from "../../src/web/log.ts";
import { type Acts, acts } from "../github/act.ts";
import { mismatches } from "../github/conformance.ts";
import type { FileChanges } from "../github/git-store.ts";
import { type LoopbackGitHub, loopbackGitHub } from "../github/server.ts";
import type { App, CheckRun, PullRequest, Repository } from "../github/world.ts";
import { FILES } from "./repository-files.ts";

/** A loopback GitHub with a governed repository, and the App as it runs, on a database file of its own. */
export interface Scene {
  readonly github: LoopbackGitHub;
  readonly act: Acts;
  readonly app: App;
  readonly repository: Repository;
  /** How the App is started. */
  readonly settings: Settings;
  /** The App's clock. */
  now(): number;
  /** The running App; another one after a restart. */
  service(): AppService;
  /** Lines that it logged. */
  readonly logged: Record<string, unknown>[];
  /** Pushes a branch and opens a pull request from it. */
  open(branch: string, files: FileChanges, options?: OpenOptions): Promise<PullRequest>;
  approve(pull: PullRequest, ...logins: string[]): Promise<void>;
  review(pull: PullRequest, login: string, event: string, commit?: string): Promise<void>;
  comment(pull: PullRequest, login: string, body: string): Promise<void>;
  retarget(pull: PullRequest, base: string): Promise<void>;
  setState(pull: PullRequest, state: "open" | "closed"): Promise<void>;
  /** Runs the workflow of the named check on the head. */
  evals(pull: PullRequest, conclusion?: string | null): void;
  /** The status of GitHub's answer: 200, or 405 where a rule forbids it. */
  merge(pull: PullRequest, login?: string): Promise<number>;
  /** Waits until every webhook was answered and nothing is due. */
  idle(): Promise<void>;
  /** Our newest check run on the head, as anybody sees it. */
  check(pull: { readonly head: { readonly sha: string } }, name?: string): CheckRun | null;
  /** Verdict in one line: conclusion and title. */
  verdict(pull: PullRequest, name?: string): Promise<string>;
  /** Our comments on a pull request. */
  comments(pull: PullRequest): readonly string[];
  /** Moves the App's clock. */
  later(milliseconds: number): void;
  stop(): Promise<void>;
  restart(settings?: Partial<Settings>): Promise<void>;
  /** Requests that changed something, since `from`. */
  writes(from?: number): readonly string[];
  /** Whether every request so far, and its answer, is as GitHub describes it. */
  conforms(): readonly string[];
  close(): Promise<void>;
  /** Closes it at the end of a test in which every request is as GitHub describes it. */
  end(): Promise<void>;
}

/** How a pull request is opened. */
export interface OpenOptions {
  readonly by?: string;
  readonly base?: string;
  readonly draft?: boolean;
  readonly body?: string;
  /** The repository that holds the branch, where it is a fork. */
  readonly from?: Repository;
}

/** What a scene is made of. */
export interface SceneOptions {
  readonly files?: FileChanges;
  readonly settings?: Partial<Settings>;
  readonly latency?: number;
  /** The repository is a person's: there is no organisation, and no team. */
  readonly personal?: true;
  /** How the repository names its objects. */
  readonly format?: "sha1" | "sha256";
  /** Settings of the App that nobody sets outside of tests. */
  readonly app?: Pick<AppOptions, "hosting" | "queue">;
}

const SECRET = "s".repeat(32);
const NOW = Date.parse("2026-11-24T12:00:00Z");
const PEOPLE = ["olga", "anna", "ben", "rita", "sam", "dora"];

/** Builds a scene; whoever does closes it. */
export async function scene(options: SceneOptions = {}): Promise<Scene> {
  const github = await loopbackGitHub();
  github.latency = options.latency ?? 0;
  const { world } = github;
  const act = acts(github);
  if (options.personal) for (const login of ["acme", ...PEOPLE]) world.user(login);
  else {
    world.organisation("acme", { ...Object.fromEntries(PEOPLE.map((login) => [login, "member"])), root: "admin" });
    world.team("acme/ml", ["anna", "ben"]);
  }
  world.user("stranger");
  const repository = world.repository(
    "acme/agent",
    { ...FILES, ...options.files },
    options.format ? { format: options.format } : {},
  );
  for (const login of PEOPLE) repository.collaborators.set(login, "write");
  repository.collaborators.set("stranger", "read");
  const app = world.app("countersign", {
    permissions: {
      metadata: "read",
      members: "read",
      ...QUEUE_PERMISSIONS,
      ...JOB_PERMISSIONS,
      ...REACTION_PERMISSIONS,
    },
    events: WEBHOOK_EVENTS,
    owner: "acme",
  });
  world.install(app, "acme");
  const rule = (context: string) => ({ context, integrationId: app.id });
  const plain = { strict: false, requiredApprovals: 0, dismissStale: false, bypass: [] };
  repository.rules.set("main", { ...plain, requiredChecks: [rule("countersign")] });
  repository.rules.set("release/1", { ...plain, requiredChecks: [rule("countersign: release/**")] });

  const directory = mkdtempSync(join(tmpdir(), "countersign-enforcement-"));
  const logged: Record<string, unknown>[] = [];
  const log = jsonLog("debug", { write: (line) => logged.push(JSON.parse(line)) });
  const started = performance.now();
  let ahead = 0;
  const now = () => NOW + Math.round(performance.now() - started) + ahead;
  const settings: Settings = {
    appId: app.id,
    privateKey: app.privateKey,
    webhookSecrets: [SECRET],
    webhookPath: "/webhook",
    apiUrl: github.url,
    host: "127.0.0.1",
    port: 0,
    database: join(directory, "countersign.db"),
    signing: OWN_KEY,
    mode: null,
    logLevel: "debug",
    ...options.settings,
  };
  const start = async (more: Partial<Settings> = {}) => {
    const service = await startApp(
      { ...settings, ...more },
      {
        log,
        now,
        ...options.app,
        queue: { backoff: 20, attempts: 4, ...options.app?.queue },
      },
    );
    app.webhook = { url: `${service.url}/webhook`, secret: SECRET };
    return service;
  };
  let service = await start();
  let running = true;

  const request = async (method: string, path: string, login: string, body?: unknown) => {
    const response = await fetch(`${github.url}/repos/acme/agent${path}`, {
      method,
      headers: { authorization: `Bearer ${world.user(login).token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const demand = async (...args: Parameters<typeof request>) => {
    const answer = await request(...args);
    if (answer.status >= 300)
      throw new Error(`${args[0]} ${args[1]} answered ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const self: Scene = {
    github,
    act,
    app,
    repository,
    logged,
    settings,
    now,
    service: () => service,
    async open(branch, files, { by = "dora", base = "main", draft = false, body = "", from = repository } = {}) {
      act.push(from, branch, files, { by, from: base });
      const head = from === repository ? branch : `${from.owner.login}:${branch}`;
      const opened = await demand("POST", "/pulls", by, { title: branch, head, base, draft, body });
      return repository.pulls.get(Number(opened.number)) as PullRequest;
    },
    async approve(pull, ...logins) {
      for (const login of logins) await self.review(pull, login, "APPROVE");
    },
    async review(pull, login, event, commit) {
      const commit_id = commit === undefined ? {} : { commit_id: commit };
      await demand("POST", `/pulls/${pull.number}/reviews`, login, { event, body: "seen", ...commit_id });
    },
    comment: async (pull, login, body) =>
      void (await demand("POST", `/issues/${pull.number}/comments`, login, { body })),
    retarget: async (pull, base) => void (await demand("PATCH", `/pulls/${pull.number}`, "dora", { base })),
    setState: async (pull, state) => void (await demand("PATCH", `/pulls/${pull.number}`, "dora", { state })),
    evals(pull, conclusion = "success") {
      const { sha, ref } = pull.head;
      act.workflow(repository, { path: ".github/workflows/evals.yml", sha, branch: ref, job: "evals", conclusion });
    },
    async merge(pull, login = "dora") {
      return (await request("PUT", `/pulls/${pull.number}/merge`, login, { sha: pull.head.sha })).status;
    },
    async idle() {
      // What was answered last may cause webhooks of its own.
      for (let sent = -1; sent !== github.deliveries.sent.length; ) {
        sent = github.deliveries.sent.length;
        await github.deliveries.settled();
        if (running) await service.idle();
      }
    },
    check: ({ head }, name = "countersign") =>
      repository.checkRuns.filter((run) => run.app === app && run.headSha === head.sha && run.name === name).at(-1) ??
      null,
    async verdict(pull, name) {
      await self.idle();
      const run = self.check(pull, name);
      return run ? `${run.conclusion ?? run.status}: ${run.output.title}` : "no run";
    },
    comments: (pull) => pull.issue.comments.filter((one) => one.app === app).map(({ body }) => body),
    later(milliseconds) {
      ahead += milliseconds;
    },
    async stop() {
      running = false;
      app.webhook = null;
      await service.stop();
    },
    async restart(more) {
      if (running) await self.stop();
      service = await start(more);
      running = true;
    },
    writes: (from = 0) =>
      github.recorded
        .slice(from)
        .filter(({ method, path, actor }) => actor === "installation" && method !== "GET" && path !== "/graphql")
        .map(({ method, path }) => `${method} ${path.replace("/repos/acme/agent", "")}`),
    conforms: () => [...new Set(github.recorded.filter(({ status }) => status < 400).flatMap(mismatches))],
    async close() {
      if (running) await self.stop();
      await github.close();
      rmSync(directory, { recursive: true, force: true });
    },
    async end() {
      const wrong = self.conforms();
      await self.close();
      if (wrong.length > 0) throw new Error(wrong.join("\n"));
    },
  };
  return self;
}
