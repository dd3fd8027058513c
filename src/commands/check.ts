import { createHash } from "node:crypto";
import { parseArgs } from "node:util";
import { openRepository } from "../git.ts";
import { evaluationJson } from "../reports/evaluation-json.ts";
import { markdownReport } from "../reports/markdown.ts";
import { terminalReport } from "../reports/terminal.ts";
import { readConfiguration } from "../work/configuration.ts";
import { type EvaluateOptions, evaluateChange } from "../work/evaluate.ts";
import { FactsFile, unboundFacts } from "./facts-file.ts";
import { Usage } from "./usage.ts";

/** What a command may touch of the outside. */
export interface CommandIo {
  stdout(text: string): void;
  stderr(text: string): void;
  readFile(path: string): Promise<Uint8Array>;
  readonly color: boolean;
  readonly progress: boolean;
  now(): string;
  /** The operator's key for fingerprints of secrets, if any. */
  readonly fingerprintKey?: string | undefined;
}

const HELP = `countersign check: what changed, how risky it is, who must approve

Options
  --repo DIR         the repository (default: this folder; bare ones too)
  --base REV         what it is to be merged into (default: the default branch)
  --head REV         what is to be merged (default: the working tree, uncommitted changes included)
  --staged           the index as head
  --rules REV        where policy and registry are read from (default: the base)
  --policy FILE      a policy given by hand
  --registry FILE    a registry given by hand
  --baseline DIR     a folder with the organisation's countersign.yml (also under .github)
  --facts FILE       JSON of what GitHub says: pullRequest, reviews, comments, checkRuns, workflowRuns, jobs, teams, access, pushers
  --now ISO          the instant to decide at (default: now)
  --format FORMAT    text (default), json or markdown
  --explain          also every rule tried, the matrix and trivial findings

Exit code
  0 approved, not governed or only observed   1 waiting or blocked   2 wrong usage or file given by hand   3 fault

Examples
  countersign check
  countersign check --staged --explain
  countersign check --base main --head feature --facts facts.json --format json
`;

const OPTIONS = {
  repo: { type: "string", default: "." },
  base: { type: "string" },
  head: { type: "string" },
  staged: { type: "boolean", default: false },
  rules: { type: "string" },
  policy: { type: "string" },
  registry: { type: "string" },
  baseline: { type: "string" },
  facts: { type: "string" },
  now: { type: "string" },
  format: { type: "string", default: "text" },
  explain: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** `countersign check`: evaluates a change of a local repository and prints the decision. Returns the exit code. */
export async function check(args: readonly string[], io: CommandIo): Promise<number> {
  const values = parsed(args);
  if (values.help) {
    io.stdout(HELP);
    return 0;
  }
  const format = values.format;
  if (format !== "text" && format !== "json" && format !== "markdown")
    throw new Usage(`--format is ${JSON.stringify(format)}; expected text, json or markdown`);
  const repository = await openRepository(values.repo);
  try {
    const base = values.base ?? (await repository.defaultBranch());
    if (base === null)
      throw new Usage("the default branch is not known; name what the change is to be merged into with --base REV");
    const head = values.staged ? "index" : (values.head ?? "worktree");
    if (values.staged && values.head !== undefined) throw new Usage("--staged and --head exclude each other");
    const configuration = await readConfiguration(
      repository,
      { base, head, rules: values.rules, policy: values.policy, registry: values.registry, baseline: values.baseline },
      io.readFile,
    );
    const options: EvaluateOptions = {
      base,
      head,
      configuration,
      facts: values.facts === undefined ? null : unboundFacts(await factsFile(values.facts, io)),
      now: instant(values.now ?? io.now()),
      fingerprintKey: fingerprintKey(io),
      progress: io.progress ? (done, total) => progress(io, done, total) : () => {},
    };
    const { evaluation, rules } = await evaluateChange(repository, options);
    if (format === "json") io.stdout(`${JSON.stringify(evaluationJson(evaluation), null, 2)}\n`);
    else if (format === "markdown") io.stdout(markdownReport(evaluation));
    else io.stdout(terminalReport(evaluation, { color: io.color, explain: values.explain, rules }));
    const { state, basis } = evaluation.decision;
    return basis === "observe" || state === "approved" || state === "not-governed" ? 0 : 1;
  } finally {
    await repository.close();
  }
}

/** Fingerprints must be the same in the next run, or nobody could name one in a command; an operator's key wins. */
function fingerprintKey(io: CommandIo): Uint8Array {
  return createHash("sha256")
    .update(`countersign command line ${io.fingerprintKey ?? ""}`)
    .digest();
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: false }).values;
  } catch (fault) {
    throw new Usage(`${fault instanceof Error ? fault.message : String(fault)}; see countersign check --help`);
  }
}

async function factsFile(path: string, io: CommandIo): Promise<FactsFile> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(await io.readFile(path)));
  } catch (fault) {
    throw new Usage(`${path}: cannot be read as JSON: ${fault instanceof Error ? fault.message : String(fault)}`);
  }
  const result = FactsFile.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(
    (issue) => `${path}: ${issue.path.join(".") || "(whole file)"}: ${issue.message}`,
  );
  throw new Usage(problems.slice(0, 20).join("\n"));
}

function instant(text: string): string {
  const time = Date.parse(text);
  if (Number.isNaN(time) || !/^\d{4}-\d{2}-\d{2}/.test(text))
    throw new Usage(`--now is ${JSON.stringify(text)}; expected an instant such as 2026-11-24T12:00:00Z`);
  return new Date(time).toISOString();
}

function progress(io: CommandIo, done: number, total: number): void {
  if (total < 500 || done % 100 !== 0) return;
  io.stderr(done + 100 > total ? "\r\u001b[K" : `\rreading ${done} of ${total} files`);
}
