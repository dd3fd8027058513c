import { z } from "zod";
import { simulation } from "../core/simulation.ts";
import { openRepository, type Repository } from "../git.ts";
import { evaluationJson } from "../reports/evaluation-json.ts";
import { simulationReport } from "../reports/simulation.ts";
import { type Configuration, readBaseline, readConfiguration } from "../work/configuration.ts";
import { replay, type SimulateOptions } from "../work/simulate.ts";
import type { CommandIo } from "./command-io.ts";
import { fingerprintKey } from "./fingerprint-key.ts";
import { instantOf } from "./instant-of.ts";
import { readOptions } from "./read-options.ts";
import { Usage } from "./usage.ts";

const HELP = `countersign simulate: what would have been governed, had these rules held

Options
  --repo DIR         the repository (default: this folder; bare ones too)
  --since DATE       what landed on the default branch since then
  --range A..B       what landed between two revisions
                     (neither: the last 50 landed changes)
  --each-commit      every commit by itself, not only what landed on the branch
  --policy FILE      a candidate policy (default: the one of the newest commit, else the built-in one)
  --registry FILE    a candidate registry
  --baseline DIR     a folder with the organisation's countersign.yml
  --input FILE       instead of a history: JSON lines {"repository": DIR, "base": REV, "head": REV};
                     prints one evaluation a line
  --format FORMAT    text (default) or json

Exit code
  0 done   2 wrong usage or file given by hand   3 fault, or something could not be read

Examples
  countersign simulate --since 2026-06-01 --policy .github/countersign.yml
  countersign simulate --range v1.0..v2.0 --each-commit --format json
`;

const OPTIONS = {
  repo: { type: "string", default: "." },
  since: { type: "string" },
  range: { type: "string" },
  "each-commit": { type: "boolean", default: false },
  policy: { type: "string" },
  registry: { type: "string" },
  baseline: { type: "string" },
  input: { type: "string" },
  format: { type: "string", default: "text" },
  help: { type: "boolean", short: "h", default: false },
} as const;

type Values = ReturnType<typeof valuesOf>;

const LAST = 50;
const HEAVIEST = 10;

/** `countersign simulate`: replays a history under candidate rules and sums it up. Returns the exit code. */
export async function simulate(args: readonly string[], io: CommandIo): Promise<number> {
  const values = valuesOf(args);
  if (values.help) {
    io.stdout(HELP);
    return 0;
  }
  if (values.format !== "text" && values.format !== "json")
    throw new Usage(`--format is ${JSON.stringify(values.format)}; expected text or json`);
  if (values.input !== undefined) return eachLine(values, values.input, io);
  const repository = await openRepository(values.repo);
  try {
    const rules = (await repository.defaultBranch()) ?? "HEAD";
    const landed = await repository.landings({
      range: values.range ?? rules,
      since: values.since === undefined ? undefined : instantOf("--since", values.since),
      last: values.since === undefined && values.range === undefined ? LAST : undefined,
      eachCommit: values["each-commit"],
    });
    const replayed = await replay(repository, landed, optionsFor(repository, values, rules, io));
    const sum = simulation(replayed, HEAVIEST);
    io.stdout(values.format === "json" ? `${JSON.stringify(sum, null, 2)}\n` : simulationReport(sum, io.color));
    return sum.unreadable.length > 0 ? 3 : 0;
  } finally {
    await repository.close();
  }
}

function optionsFor(repository: Repository, values: Values, rules: string, io: CommandIo): SimulateOptions {
  const { policy, registry, baseline } = values;
  return {
    configurationAt: async ({ base, head }): Promise<Configuration> => {
      const organisation = await readBaseline(baseline, io.readFile);
      const sources = { base, head, rules, policy, registry, baseline: organisation };
      return readConfiguration(repository, sources, io.readFile);
    },
    now: io.now(),
    fingerprintKey: fingerprintKey(io),
    progress: (done, total) => {
      if (io.progress) io.stderr(`\rreplaying ${done + 1} of ${total}${done + 1 === total ? "\r\u001b[K" : ""}`);
    },
  };
}

const Line = z.strictObject({ repository: z.string().min(1), base: z.string().min(1), head: z.string().min(1) });

/** One evaluation a line, in the order of the input; a line that cannot be evaluated says why and the others go on. */
async function eachLine(values: Values, input: string, io: CommandIo): Promise<number> {
  const lines = new TextDecoder().decode(await readInput(input, io)).split("\n");
  const asked = lines.flatMap((line, index) => (line.trim() === "" ? [] : [lineOf(line, `${input}:${index + 1}`)]));
  const opened = new Map<string, Repository>();
  let failed = false;
  try {
    for (const { repository: directory, base, head } of asked) {
      const answer = await answerTo(directory, base, head, opened, values, io);
      failed ||= "error" in answer;
      io.stdout(`${JSON.stringify(answer)}\n`);
    }
    return failed ? 3 : 0;
  } finally {
    for (const repository of opened.values()) await repository.close();
  }
}

async function answerTo(
  directory: string,
  base: string,
  head: string,
  opened: Map<string, Repository>,
  values: Values,
  io: CommandIo,
) {
  try {
    const repository = opened.get(directory) ?? (await openRepository(directory));
    opened.set(directory, repository);
    const landing = { commit: head, base, head, subject: "", landedAt: io.now() };
    const [one] = await replay(repository, [landing], optionsFor(repository, values, base, { ...io, progress: false }));
    if (!one || "unreadable" in one) throw new Error(one?.unreadable ?? "nothing was evaluated");
    return evaluationJson(one.evaluation);
  } catch (fault) {
    return { repository: directory, base, head, error: fault instanceof Error ? fault.message : String(fault) };
  }
}

async function readInput(path: string, io: CommandIo): Promise<Uint8Array> {
  try {
    return await io.readFile(path);
  } catch (fault) {
    throw new Usage(`${path}: cannot be read: ${fault instanceof Error ? fault.message : String(fault)}`);
  }
}

function lineOf(line: string, place: string): z.infer<typeof Line> {
  try {
    return Line.parse(JSON.parse(line));
  } catch {
    throw new Usage(`${place}: expected {"repository": DIR, "base": REV, "head": REV}`);
  }
}

function valuesOf(args: readonly string[]) {
  return readOptions("simulate", args, OPTIONS);
}
