import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { inputVariables, PERMISSIONS, runStep } from "../test/action/workflow.ts";
import { agent } from "../test/enforcement/repository-files.ts";
import { scene } from "../test/enforcement/scene.ts";
import { type Bench, medians, ms, type Outcome } from "./measure.ts";

const ACTION = fileURLToPath(new URL("../action/dist/index.js", import.meta.url));
const MOST_BYTES = 1_500_000;
/** What any Action does that asks GitHub something, with the packages that Actions are made of. */
const PLAIN = `import { getInput } from "@actions/core";
import { getOctokit } from "@actions/github";
const baseUrl = process.env.GITHUB_API_URL;
await getOctokit(getInput("token"), { baseUrl }).request("GET /repos/{owner}/{repo}/pulls/{pull_number}", { owner: "a", repo: "b", pull_number: 1 });
`;

/** The Action's start against that of a plain one, its size, and what a pull request costs it. */
export const actionBench: Bench = {
  name: "action",
  async run() {
    return [await start(), size(), ...(await requests())];
  },
};

async function start(): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), "countersign-action-"));
  const first = await firstRequests();
  try {
    const plain = await plainAction(folder);
    writeFileSync(join(folder, "event.json"), JSON.stringify(EVENT));
    const began = (file: string) => () =>
      first.of(spawn(process.execPath, [file], { env: environment(folder, first.url) }));
    const { subject, yardstick, ratio } = await medians(15, began(ACTION), began(plain));
    return {
      ...{ what: "start to first request", value: `${ratio.toFixed(2)} times (${ms(subject)})` },
      ...{
        yardstick: `an Action of @actions/core and @actions/github: ${ms(yardstick)}`,
        target: "< 2",
        met: ratio < 2,
      },
    };
  } finally {
    first.server.close();
    rmSync(folder, { recursive: true });
  }
}

const EVENT = {
  action: "synchronize",
  number: 1,
  repository: { id: 1, name: "b", owner: { login: "a" }, default_branch: "main" },
  pull_request: { number: 1, base: { ref: "main" } },
};

function environment(folder: string, url: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    ...inputVariables({ token: "ghs_bench", comment: "false", "request-reviewers": "false" }),
    ...{ GITHUB_API_URL: url, GITHUB_SERVER_URL: url, GITHUB_REPOSITORY: "a/b", GITHUB_REPOSITORY_ID: "1" },
    ...{ GITHUB_EVENT_NAME: "pull_request", GITHUB_EVENT_PATH: join(folder, "event.json") },
  };
}

async function plainAction(folder: string): Promise<string> {
  const cwd = fileURLToPath(new URL("..", import.meta.url));
  const id = "plain-action";
  const build = await rolldown({
    ...{ cwd, input: id, platform: "node", external: /^node:/ },
    plugins: [
      {
        name: id,
        resolveId: (source) => (source === id ? join(cwd, "plain-action.js") : null),
        load: (path) => (path.endsWith("plain-action.js") ? PLAIN : null),
      },
    ],
  });
  const [output] = (await build.generate({ format: "esm", minify: true, codeSplitting: false })).output;
  await build.close();
  const file = join(folder, "plain.mjs");
  writeFileSync(file, output.code);
  return file;
}

/** A server that tells when a program first asks it something, and ends the program then. */
async function firstRequests(): Promise<{ server: Server; url: string; of(child: ChildProcess): Promise<void> }> {
  let asked = () => {};
  const server = createServer((_, response) => {
    asked();
    response.writeHead(404).end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const of = async (child: ChildProcess) => {
    const ended = new Promise<void>((_, reject) => child.once("exit", () => reject(new Error("it asked nothing"))));
    await Promise.race([
      new Promise<void>((resolve) => {
        asked = resolve;
      }),
      ended,
    ]);
    ended.catch(() => {});
    child.kill("SIGKILL");
  };
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, of };
}

function size(): Outcome {
  const { size: bytes } = statSync(ACTION);
  const value = `${(bytes / 1000).toFixed(0)} kB`;
  return {
    what: "size of its one file",
    value,
    yardstick: "the issue's limit",
    target: "< 1500 kB",
    met: bytes < MOST_BYTES,
  };
}

async function requests(): Promise<readonly Outcome[]> {
  const s = await scene();
  const cost = async (branch: string, files: Record<string, string>, approved: boolean) => {
    const pull = await s.open(branch, files);
    if (approved) await s.approve(pull, "olga", "rita", "anna");
    if (approved) s.evals(pull);
    await s.idle();
    const { payload } = s.github.deliveries.sent.findLast(({ event }) => event === "pull_request") ?? { payload: {} };
    const ran = await runStep(s.github, s.repository, { event: "pull_request", payload, permissions: PERMISSIONS });
    if (ran.exitCode !== 0) throw new Error(ran.stdout);
    return ran.requests.length;
  };
  try {
    const ungoverned = await cost("docs", { "docs/notes.md": "x\n" }, false);
    const governed = await cost("model", { "services/high/agent.py": agent("gpt-4.1-2025-04-14") }, true);
    const row = (what: string, count: number, target: string, met: boolean) => ({
      ...{ what, value: `${count} requests`, yardstick: "as GitHub counts them", target, met },
    });
    return [
      row("a pull request with nothing governed", ungoverned, "<= 8", ungoverned <= 8),
      row("a governed one with every approval, team and evaluation", governed, "none set", true),
    ];
  } finally {
    await s.close();
  }
}
