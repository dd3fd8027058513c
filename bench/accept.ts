import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Load, load, payloads } from "./accept-load.ts";
import { type Bench, median, type Outcome } from "./measure.ts";

/** Short rounds by turns: a busy machine slows both sides of a round. */
const ROUNDS = 13;
const WARM_UP = 2_000;
const A_ROUND = 1_500;
const SECRET = "s".repeat(32);

/** Deliveries stored before they are acknowledged, against Probot acknowledging them without doing anything. */
export const acceptBench: Bench = {
  name: "accept",
  async run() {
    const folder = mkdtempSync(join(tmpdir(), "countersign-accept-"));
    const [subject, yardstick] = await Promise.all([started("countersign", folder), started("probot", folder)]);
    try {
      return await compared(subject, yardstick);
    } finally {
      for (const { child } of [subject, yardstick]) child.disconnect();
      await Promise.all([subject, yardstick].map(({ ended }) => ended));
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

interface Server {
  readonly child: ChildProcess;
  readonly url: string;
  readonly idle: number;
  readonly ended: Promise<void>;
}

async function started(kind: string, folder: string): Promise<Server> {
  const script = fileURLToPath(new URL("./accept-server.ts", import.meta.url));
  const child = fork(script, [kind, SECRET, folder], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const ended = new Promise<void>((resolve) => child.on("exit", () => resolve()));
  const { url, memory } = (await said(child)) as { url: string; memory: number };
  return { child, url, idle: memory, ended };
}

function said(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    child.once("message", resolve);
    child.once("exit", () => reject(new Error("a server of the bench ended")));
  });
}

async function memoryOf({ child }: Server): Promise<number> {
  const answer = said(child) as Promise<{ memory: number }>;
  child.send("memory");
  return (await answer).memory;
}

async function compared(subject: Server, yardstick: Server): Promise<readonly Outcome[]> {
  const bodies = payloads(A_ROUND);
  const rounds: Round[] = [];
  await load(yardstick.url, SECRET, bodies.slice(0, WARM_UP));
  await load(subject.url, SECRET, bodies.slice(0, WARM_UP));
  for (let round = 0; round < ROUNDS; round += 1)
    rounds.push({
      yardstick: await load(yardstick.url, SECRET, bodies),
      subject: await load(subject.url, SECRET, bodies),
    });
  const of = (read: (round: Round) => number) => median(rounds.map(read));
  const [speed, slowest] = [of(ratioOf("throughput")), of(ratioOf("p99"))];
  const [loaded, other] = [await memoryOf(subject), await memoryOf(yardstick)];
  const size = `${(Buffer.byteLength(bodies[0] ?? "") / 1000).toFixed(0)} kB`;
  return [
    {
      what: `signed payloads of ${size} stored and acknowledged, 32 connections`,
      value: `${of((round) => round.subject.throughput).toFixed(0)} a second`,
      yardstick: `Probot with a handler that does nothing: ${of((round) => round.yardstick.throughput).toFixed(0)}; ratio ${speed.toFixed(2)}`,
      target: ">= 1.0 times",
      met: speed >= 1,
    },
    {
      what: "the slowest of 100 of these answers",
      value: `${of((round) => round.subject.p99).toFixed(1)} ms`,
      yardstick: `Probot: ${of((round) => round.yardstick.p99).toFixed(1)} ms; ratio ${slowest.toFixed(2)}`,
      target: "<= 1.5 times",
      met: slowest <= 1.5,
    },
    memory("memory when started", subject.idle, yardstick.idle),
    memory(`memory after ${WARM_UP + ROUNDS * A_ROUND} deliveries`, loaded, other),
  ];
}

function memory(what: string, ours: number, theirs: number): Outcome {
  return {
    what,
    value: `${ours.toFixed(0)} MiB`,
    yardstick: `Probot: ${theirs.toFixed(0)} MiB; ratio ${(ours / theirs).toFixed(2)}`,
    target: "reported",
    met: true,
  };
}

interface Round {
  readonly subject: Load;
  readonly yardstick: Load;
}

function ratioOf(figure: keyof Load): (round: Round) => number {
  return ({ subject, yardstick }) => subject[figure] / yardstick[figure];
}
