import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { JOB_PERMISSIONS } from "../src/github/hosting.ts";
import { WEBHOOK_EVENTS } from "../src/github/webhook-event.ts";
import { OWN_KEY } from "../src/signing/signing-settings.ts";
import { agent } from "../test/enforcement/repository-files.ts";
import { acts } from "../test/github/act.ts";
import { type LoopbackGitHub, loopbackGitHub } from "../test/github/server.ts";
import type { App, Repository } from "../test/github/world.ts";
import type { AppOrders } from "./enforcement-app.ts";
import { type Happening, KINDS, type Kind, planned, posted, pullOf, repositories } from "./enforcement-load.ts";
import { type Bench, median, ms, type Outcome } from "./measure.ts";

const LATENCIES = [20, 100];
/** Events at each latency. */
const EVENTS = 500;
/** Milliseconds between events: five a second. */
const APART = 200;
/** What the program itself may take, in milliseconds. */
const OWN = 60;
/** Kinds of events that have one target. */
const GROUPS: readonly (readonly Kind[])[] = [["review"], ["change", "change with a reference", "result of a check"]];
const SECRET = "s".repeat(32);

/** How long people wait for the check after something happened, where each of GitHub's answers takes its time. */
export const enforcementBench: Bench = {
  name: "enforcement",
  async run() {
    const outcomes: Outcome[] = [];
    for (const latency of LATENCIES) outcomes.push(...(await atLatency(latency)));
    return outcomes;
  },
};

async function atLatency(latency: number): Promise<readonly Outcome[]> {
  const github = await loopbackGitHub();
  const permissions = { metadata: "read", members: "read", ...JOB_PERMISSIONS };
  const app = github.world.app("countersign", { permissions, events: WEBHOOK_EVENTS });
  const all = repositories(github, app);
  const folder = mkdtempSync(join(tmpdir(), "countersign-enforcement-"));
  const running = await started(github, app, folder);
  try {
    const happenings = planned(github, all, EVENTS);
    await warmedUp(github, all, running);
    github.latency = latency;
    const times = await measured(github, app, happenings);
    const bare = await bareAnswer(github);
    return GROUPS.map((kinds) => outcomeOf(kinds, times, latency, bare));
  } finally {
    await running.stop();
    await github.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Opens one pull request in each repository first, which refers to a file as well: token, rules and the tree of the base
 * are known from then on.
 */
async function warmedUp(github: LoopbackGitHub, all: readonly Repository[], { idle }: RunningApp): Promise<void> {
  for (const repository of all) {
    const files = {
      "services/high/agent.py": agent("gpt-4o-2024-11-20", `prompt = open("prompts/system.md").read()\n`),
    };
    acts(github).push(repository, "warm-up", files, { by: "dora" });
    await posted(github, repository, "dora", "/pulls", { title: "x", head: "warm-up", base: "main", body: "" });
  }
  await github.deliveries.settled();
  await idle();
}

function outcomeOf(kinds: readonly Kind[], times: Times, latency: number, bare: number): Outcome {
  const count = kinds.reduce((sum, kind) => sum + (times.get(kind)?.length ?? 0), 0);
  // What is beyond the answers that an event of its kind may wait for.
  const own = kinds.flatMap((kind) => (times.get(kind) ?? []).map((time) => time - KINDS[kind] * latency));
  const p99 = own.sort((a, b) => a - b)[Math.ceil(own.length * 0.99) - 1] ?? Number.NaN;
  const named = kinds.map((kind) => `${kind} ${ms(median(times.get(kind) ?? []))} for ${KINDS[kind]} answers`);
  return {
    what: `webhook to check of ${kinds.length === 1 ? "reviews" : "all other events"}, ${count} of ${EVENTS} at 5 a second, answers of GitHub in ${latency} ms`,
    value: `p99 ${ms(p99)} beyond those answers; medians in all: ${named.join(", ")}`,
    yardstick: `one bare answer ${ms(bare)}`,
    target: `p99 <= ${OWN} ms beyond`,
    met: p99 <= OWN,
  };
}

type Times = ReadonlyMap<Kind, readonly number[]>;

/** Milliseconds from each event's webhook to the answer of the request that wrote its check, by kind. */
async function measured(github: LoopbackGitHub, app: App, happenings: readonly Happening[]): Promise<Times> {
  const times = new Map<Kind, number[]>();
  const start = performance.now();
  const waiting = happenings.map(async (happening, index) => {
    await pause(start + index * APART - performance.now());
    const from = { delivery: github.deliveries.sent.length, request: github.recorded.length };
    await happening.happen();
    const { head } = pullOf(happening.repository, happening.branch);
    const written = await writtenFor(github, app, happening.repository, head.sha, from.request);
    const sent = github.deliveries.sent.slice(from.delivery).find(({ payload }) => concerns(payload, head.sha));
    const own = times.get(happening.kind) ?? [];
    times.set(happening.kind, [...own, written - (sent?.at ?? Number.NaN)]);
  });
  await Promise.all(waiting);
  return times;
}

/** Whether a webhook tells of this head; a push to a branch tells of no pull request yet. */
function concerns(payload: Record<string, unknown>, sha: string): boolean {
  const { pull_request: pull, check_run: run } = payload as {
    pull_request?: { head: { sha: string } };
    check_run?: { head_sha: string };
  };
  return (pull?.head.sha ?? run?.head_sha) === sha;
}

/** When a finished check run of a head was written. */
async function writtenFor(
  { recorded }: LoopbackGitHub,
  app: App,
  { checkRuns }: Repository,
  head: string,
  from: number,
): Promise<number> {
  for (let at = from, tries = 0; tries < 2_000; tries += 1) {
    for (; at < recorded.length; at += 1) {
      const { method, path, answer, body, at: answered } = recorded[at] as (typeof recorded)[number];
      if (method === "GET" || !path.includes("/check-runs")) continue;
      const { id } = (answer ?? {}) as { id?: number };
      const run = checkRuns.find((known) => known.id === id && known.app === app);
      if (run?.headSha === head && (body as { status?: string }).status === "completed") return answered;
    }
    await pause(5);
  }
  throw new Error(`nothing was written about ${head}`);
}

/** How long one request takes that does no more than be answered. */
async function bareAnswer({ url }: LoopbackGitHub): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 15; round += 1) {
    const start = performance.now();
    await (await fetch(`${url}/rate_limit`)).arrayBuffer();
    times.push(performance.now() - start);
  }
  return median(times);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, milliseconds)));
}

interface RunningApp {
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the App in a process of its own, so that GitHub's work and the App's do not stand in each other's way. */
async function started({ url: apiUrl }: LoopbackGitHub, app: App, folder: string): Promise<RunningApp> {
  const script = fileURLToPath(new URL("./enforcement-app.ts", import.meta.url));
  const child = fork(script, [], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const ended = new Promise<void>((resolve) => child.on("exit", () => resolve()));
  const orders: AppOrders = {
    now: Date.parse("2026-11-24T12:00:00Z"),
    settings: {
      ...{ appId: app.id, privateKey: app.privateKey, webhookSecrets: [SECRET], webhookPath: "/webhook" },
      ...{ apiUrl, host: "127.0.0.1", port: 0, database: join(folder, "countersign.db") },
      ...{ signing: OWN_KEY, mode: null, logLevel: "warn" },
    },
  };
  child.send(orders);
  const { url } = (await said(child)) as { url: string };
  app.webhook = { url: `${url}/webhook`, secret: SECRET };
  return {
    async idle() {
      const answer = said(child);
      child.send("idle");
      await answer;
    },
    async stop() {
      app.webhook = null;
      child.disconnect();
      await ended;
    },
  };
}

function said(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    child.once("message", resolve);
    child.once("exit", () => reject(new Error("the App ended")));
  });
}
