/** The stage of the demo: a GitHub on this machine, the App as a process of its own, and what people do between them. */
import { type ChildProcess, type ChildProcessByStdio, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { JOB_PERMISSIONS } from "../src/github/hosting.ts";
import { REVERT_PERMISSIONS } from "../src/github/reverts.ts";
import { WEBHOOK_EVENTS } from "../src/github/webhook-event.ts";
import { type Acts, acts } from "../test/github/act.ts";
import { loopbackGitHub } from "../test/github/server.ts";
import type { Repository } from "../test/github/world.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const SECRET = "the-demo-has-no-secret-worth-keeping";
/** How long the App may take to answer, in milliseconds; it needs a tenth of a second. */
const PATIENCE = 20_000;

/** A check run and the comment below it, as GitHub's API gives them. */
export interface Shown {
  readonly conclusion: string;
  readonly title: string;
  readonly summary: string;
}

/** What the demo does and sees. */
export interface Stage {
  readonly repository: Repository;
  /** Where the App keeps its database, and the key that it made for itself. */
  readonly folder: string;
  readonly act: Acts;
  /** A request to the API as a person; throws with GitHub's sentence where it fails and `allowed` does not name its status. */
  request(method: string, path: string, login: string, body?: object, ...allowed: number[]): Promise<Answer>;
  /** The check run on a head once it fits; throws when it does not in time. */
  check(head: string, what: string, fits: (shown: Shown) => boolean): Promise<Shown>;
  /** The first comment on a pull request that fits; throws when none does in time. */
  comment(pull: number, what: string, fits: (body: string) => boolean): Promise<string>;
}

/** What has to end however the demo ends: the last begun first, and once. */
export interface Endings {
  add(ending: () => Promise<void> | void): void;
  close(): Promise<void>;
}

/** Nothing that has to end yet. */
export function endings(): Endings {
  const begun: (() => Promise<void> | void)[] = [];
  let closing: Promise<void> | null = null;
  async function close(): Promise<void> {
    for (let ending = begun.pop(); ending !== undefined; ending = begun.pop()) await ending();
  }
  return {
    add(ending) {
      begun.push(ending);
      if (closing === null) return;
      closing = closing.then(close);
      throw new Error("it was interrupted");
    },
    close() {
      closing ??= close();
      return closing;
    },
  };
}

/** GitHub's answer. */
export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown> & { readonly message?: string };
}

/** A folder's files by path. */
export function filesBelow(folder: string): Record<string, string> {
  const root = join(ROOT, "fixtures/demo", folder);
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const full = files.map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(full.map((path) => [path.slice(root.length + 1), readFileSync(path, "utf8")]));
}

/** Brings the world into being and starts the App in it. */
export async function stage(people: readonly string[], { add }: Pick<Endings, "add">): Promise<Stage> {
  const github = await loopbackGitHub();
  add(() => github.close());
  const { world } = github;
  world.organisation("acme", Object.fromEntries(people.map((login) => [login, "member" as const])));
  const repository = world.repository("acme/shop", {
    "README.md": "# Shop\n",
    ".github/workflows/evals.yml": "on: pull_request\njobs:\n  evals:\n    runs-on: ubuntu-latest\n    steps: []\n",
    ...filesBelow("before"),
  });
  for (const login of people) repository.collaborators.set(login, "write");
  const permissions = { metadata: "read", members: "read", ...JOB_PERMISSIONS, ...REVERT_PERMISSIONS };
  const app = world.app("countersign", { permissions, events: WEBHOOK_EVENTS, owner: "acme" });
  world.install(app, "acme");
  const requiredChecks = [{ context: "countersign", integrationId: app.id }];
  repository.rules.set("main", {
    ...{ requiredChecks, strict: false, requiredApprovals: 0, dismissStale: false, bypass: [] },
  });
  const folder = mkdtempSync(join(tmpdir(), "countersign-demo-"));
  add(() => rmSync(folder, { recursive: true, force: true }));
  const settings = {
    ...{ APP_ID: `${app.id}`, PRIVATE_KEY: app.privateKey, WEBHOOK_SECRET: SECRET, GITHUB_API_URL: github.url },
    ...{ PORT: `${await freePort()}`, DATABASE_PATH: join(folder, "countersign.db"), LOG_LEVEL: "info" },
  };
  const child = launched(folder, settings);
  add(async () => {
    app.webhook = null;
    await ended(child);
  });
  const url = await addressOf(child);
  app.webhook = { url: `${url}/webhook`, secret: SECRET };

  const request: Stage["request"] = async (method, path, login, body, ...allowed) => {
    const response = await fetch(`${github.url}/repos/acme/shop${path}`, {
      method,
      headers: { authorization: `Bearer ${world.user(login).token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = { status: response.status, body: (await response.json()) as Answer["body"] };
    if (answer.status < 300 || allowed.includes(answer.status)) return answer;
    throw new Error(`GitHub answered ${method} ${path} with ${answer.status}: ${answer.body.message}`);
  };
  return {
    ...{ repository, folder, request },
    act: acts(github),
    async check(head, what, fits) {
      let last: Shown | null = null;
      const look = async () => {
        if (hasEnded(child)) throw new Error(`the App ended with ${child.exitCode ?? child.signalCode}`);
        const { body } = await request("GET", `/commits/${head}/check-runs?check_name=countersign`, "neo");
        const run = (body.check_runs as { conclusion: string | null; output: Shown }[]).at(0);
        last = run ? { ...run.output, conclusion: run.conclusion ?? "in progress" } : null;
        return last !== null && fits(last) ? last : null;
      };
      const says = () => `the check run says ${last ? `${last.conclusion}: ${last.title}` : "nothing"}`;
      return await inTime(look, () => `${what}; ${says()}`);
    },
    async comment(pull, what, fits) {
      const look = async () => {
        const { body } = await request("GET", `/issues/${pull}/comments`, "neo");
        return (body as unknown as { body: string }[]).find((one) => fits(one.body))?.body ?? null;
      };
      return await inTime(look, () => what);
    },
  };
}

/** What a look finds in the end; throws with what was expected where it finds nothing in time. */
async function inTime<T>(look: () => Promise<T | null>, expected: () => string): Promise<T> {
  for (const end = Date.now() + PATIENCE; Date.now() < end; await new Promise((done) => setTimeout(done, 50))) {
    const found = await look();
    if (found !== null) return found;
  }
  throw new Error(`expected ${expected()}`);
}

/** The App, as `npm start` runs it. */
function launched(cwd: string, settings: Record<string, string>): ChildProcessByStdio<null, Readable, null> {
  const mode = process.env.COUNTERSIGN_MODE === undefined ? {} : { COUNTERSIGN_MODE: process.env.COUNTERSIGN_MODE };
  const env = { PATH: process.env.PATH ?? "", ...settings, ...mode };
  return spawn(process.execPath, [join(ROOT, "src/start.ts")], { cwd, env, stdio: ["ignore", "pipe", "inherit"] });
}

/** Where it listens, once its log says so. */
function addressOf(child: ChildProcessByStdio<null, Readable, null>): Promise<string> {
  const lines = createInterface({ input: child.stdout });
  return new Promise((resolve, reject) => {
    lines.on("line", (line) => {
      const { url } = JSON.parse(line) as { url?: string };
      if (url !== undefined) resolve(url);
    });
    child.once("exit", (code, signal) => reject(new Error(`the App did not start (it ended with ${code ?? signal})`)));
  });
}

/** A port of this machine that nothing listens on. */
function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

function ended(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGTERM");
  });
}
