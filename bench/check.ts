import { execFileSync, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { check } from "../src/commands/check.ts";
import { type ChangeRepository, changeRepository } from "./change-repository.ts";
import { type Bench, medians, ms, type Outcome, same } from "./measure.ts";

const CHANGED = 3000;
const MEMORY = 300;

/** `check` of a large change in a large tree, against git reading the same blobs. */
export const checkBench: Bench = {
  name: "check",
  async run() {
    return [
      ...(await withRepository(60, async (repository) => [
        ...(await againstGit(repository, 60)),
        memoryOf(repository),
      ])),
      ...(await withRepository(CHANGED, (repository) => againstGit(repository, CHANGED))),
    ];
  },
};

async function withRepository(
  candidates: number,
  measure: (repository: ChangeRepository) => Promise<readonly Outcome[]>,
): Promise<readonly Outcome[]> {
  const repository = await changeRepository(CHANGED, candidates);
  try {
    return await measure(repository);
  } finally {
    repository.remove();
  }
}

async function againstGit(repository: ChangeRepository, candidates: number): Promise<readonly Outcome[]> {
  const { directory, bytes } = repository;
  same("the bytes that git reads", await blobBytes(directory), bytes);
  const first = await evaluated(directory);
  const found = first.findings.filter((finding) => finding.class === "model");
  if (found.length < candidates) throw new Error(`${found.length} of ${candidates} candidates were found`);
  const run = async () => same("two evaluations", await evaluated(directory), first);
  const rounds = candidates === CHANGED ? 3 : 7;
  const { subject, yardstick, ratio } = await medians(rounds, run, () => gitAlone(directory));
  const speed = bytes / 1e6 / (subject / 1000);
  const what = `check of ${CHANGED} changed files (${(bytes / 1e6).toFixed(1)} MB), ${candidates} with candidates, in a tree of 100,000`;
  const limited = candidates < CHANGED;
  return [
    {
      what,
      value: `${ms(subject)}, ${speed.toFixed(1)} MB/s`,
      yardstick: `git diff-tree and git cat-file --batch: ${ms(yardstick)}; ratio ${ratio.toFixed(1)}`,
      target: limited ? "<= 5 times" : "reported",
      met: !limited || ratio <= 5,
    },
  ];
}

interface Findings {
  readonly findings: readonly { readonly class: string }[];
}

async function evaluated(directory: string): Promise<Findings> {
  let out = "";
  const io = {
    stdout: (text: string) => {
      out += text;
    },
    stderr: () => {},
    readFile,
    color: false,
    progress: false,
    now: () => "2026-11-24T12:00:00Z",
  };
  await check(["--repo", directory, "--base", "main", "--head", "feature", "--format", "json"], io);
  return JSON.parse(out);
}

/** Reads all blobs that differ through git alone; gives their ids and how many bytes git wrote. */
async function gitAlone(directory: string): Promise<{ ids: readonly string[]; written: number }> {
  const args = ["-C", directory, "diff-tree", "-r", "-z", "--raw", "--no-abbrev", "main", "feature"];
  const rows = execFileSync("git", args, { encoding: "latin1", maxBuffer: 1e9 });
  const pairs = [...rows.matchAll(/:\d+ \d+ ([0-9a-f]+) ([0-9a-f]+) /g)];
  const ids = [...new Set(pairs.flatMap(([, before = "", after = ""]) => [before, after]))];
  const child = spawn("git", ["-C", directory, "cat-file", "--batch"], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(`${ids.join("\n")}\n`);
  let written = 0;
  for await (const chunk of child.stdout) written += (chunk as Buffer).length;
  return { ids, written };
}

/** What those blobs hold, without the headers of git's answers: `<id> blob <size>`, and a line end after each. */
async function blobBytes(directory: string): Promise<number> {
  const { ids, written } = await gitAlone(directory);
  const args = ["-C", directory, "cat-file", "--batch-check"];
  const headers = execFileSync("git", args, { input: `${ids.join("\n")}\n`, maxBuffer: 1e9 });
  return written - headers.length - ids.length;
}

/** The largest resident size of the program in a process of its own, git not counted. */
function memoryOf({ directory }: ChangeRepository): Outcome {
  const script = `
    process.argv.splice(1, 1, "countersign");
    process.on("exit", () => console.error(process.resourceUsage().maxRSS));
    await import(${JSON.stringify(new URL("../src/cli.ts", import.meta.url).href)});`;
  const args = ["check", "--repo", directory, "--base", "main", "--head", "feature"];
  const out = execFileSync(
    "sh",
    [
      "-c",
      'script="$1"; shift; "$0" --input-type=module -e "$script" -- cli "$@" 2>&1 >/dev/null',
      process.execPath,
      script,
      ...args,
    ],
    { encoding: "utf8", cwd: fileURLToPath(new URL("..", import.meta.url)) },
  );
  const megabytes = Number(/(\d+)\s*$/.exec(out)?.[1] ?? Number.NaN) / 1024;
  return {
    what: "largest memory of that check in a process of its own",
    value: `${megabytes.toFixed(0)} MiB`,
    yardstick: "resident size as the system reports it",
    target: `< ${MEMORY} MiB`,
    met: megabytes < MEMORY,
  };
}
