import type { Evaluation } from "../core/evaluation.ts";
import { openRepository, type Repository } from "../git.ts";
import { evaluationJson } from "../reports/evaluation-json.ts";
import { markdownReport } from "../reports/markdown.ts";
import { sarifReport } from "../reports/sarif.ts";
import { terminalReport } from "../reports/terminal.ts";
import { type Configuration, readBaseline, readConfiguration } from "../work/configuration.ts";
import { evaluateChange } from "../work/evaluate.ts";
import { underOwnRules } from "../work/own-rules.ts";
import type { CommandIo } from "./command-io.ts";
import { type FactsFile, readFactsFile, unboundFacts } from "./facts-file.ts";
import { fingerprintKey } from "./fingerprint-key.ts";
import { instantOf } from "./instant-of.ts";
import { programVersion } from "./program-version.ts";
import { readOptions } from "./read-options.ts";
import { Usage } from "./usage.ts";

const HELP = `countersign check: what changed, how risky it is, who must approve

Usage
  countersign check [options]

What is compared
  --repo DIR         the repository (default: this folder; bare ones too)
  --base REV         what it is to be merged into (default: the default branch)
  --head REV         what is to be merged (default: the working tree, uncommitted changes included)
  --staged           the index as head

Rules
  --rules REV        where policy and registry are read from (default: the base)
  --policy FILE      a policy given by hand
  --registry FILE    a registry given by hand
  --baseline DIR     a folder with the organisation's countersign.yml (also under .github)

Facts
  --facts FILE       JSON of what GitHub says: pullRequest, reviews, comments, checkRuns, workflowRuns, jobs, teams, access, pushers
  --now ISO          the instant to decide at (default: now)

Output
  --format FORMAT    text (default), json, markdown, or sarif for code scanning
  --explain          also every rule tried, the matrix and trivial findings
  -h, --help         this text

Exit code
  0  approved, not governed or only observed
  1  waiting or blocked
  2  wrong usage, or a file given by hand is invalid
  3  fault

Examples
  countersign check
  countersign check --staged --explain
  countersign check --base main --head feature --facts facts.json --format json
  countersign check --repo ../service.git --base v1.4 --head v1.5 --policy candidate.yml
`;

const OPTIONS = {
  repo: { type: "string" },
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

type Values = ReturnType<typeof readOptions<typeof OPTIONS>>;

/** `countersign check`: evaluates a change of a local repository and prints the decision. Returns the exit code. */
export async function check(args: readonly string[], io: CommandIo): Promise<number> {
  const values = readOptions("check", args, OPTIONS);
  if (values.help) {
    io.stdout(HELP);
    return 0;
  }
  const { format } = values;
  if (format !== "text" && format !== "json" && format !== "markdown" && format !== "sarif")
    throw new Usage(`--format is ${JSON.stringify(format)}; expected text, json, markdown or sarif`);
  if (values.staged && values.head !== undefined) throw new Usage("--staged and --head exclude each other; give one");
  const now = instantOf("--now", values.now ?? io.now());
  const given = values.facts === undefined ? null : await readFactsFile(values.facts, io.readFile);
  // A hook's index belongs to the repository it runs in, which is this folder's.
  const repository = await openRepository(values.repo ?? ".", values.repo === undefined ? io.index : undefined);
  try {
    const range = await rangeOf(repository, values);
    const { policy, registry } = values;
    const baseline = await readBaseline(values.baseline, io.readFile);
    const mergeBase = await repository.mergeBase(range);
    const name = given?.pullRequest?.base?.repo?.full_name;
    const sources = { ...range, mergeBase, policy, registry, baseline, repository: name };
    const configuration = await readConfiguration(repository, sources, io.readFile);
    const facts = given && unboundFacts(given);
    const common = { ...range, configuration, now, fingerprintKey: fingerprintKey(io) };
    const { evaluation, rules } = await evaluateChange(repository, { ...common, facts, progress: progressOn(io) });
    const reading = { sources, readFile: io.readFile, factsUnder: () => facts };
    const own = await underOwnRules(repository, { ...common, ...reading });
    const notes = notesOf(configuration, given, range.head);
    const { explain } = values;
    const tried = explain ? rules : null;
    if (format === "json") io.stdout(`${JSON.stringify(evaluationJson(evaluation, notes, tried, own), null, 2)}\n`);
    else if (format === "sarif")
      io.stdout(`${JSON.stringify(sarifReport(evaluation, rules, programVersion()), null, 2)}\n`);
    else if (format === "markdown") io.stdout(markdownReport(evaluation, notes, tried, own));
    else io.stdout(terminalReport(evaluation, { ...paperOf(io), explain, rules, notes, ownRules: own }));
    return exitCode(evaluation);
  } finally {
    await repository.close();
  }
}

function paperOf({ color, width = null }: CommandIo) {
  return { color, width };
}

function exitCode({ decision: { state, basis } }: Evaluation): number {
  return basis === "observe" || state === "approved" || state === "not-governed" ? 0 : 1;
}

/** The revisions as commit ids, so that a branch named `index`, or one that moves meanwhile, is no other thing. */
async function rangeOf(repository: Repository, values: Values) {
  const base = values.base ?? (await repository.defaultBranch());
  if (base === null)
    throw new Usage(
      "the default branch is not known (no origin/HEAD, init.defaultBranch, main or master with a commit); name what the change is to be merged into with --base REV",
    );
  const pending = values.staged ? "index" : "worktree";
  if (values.head === undefined && repository.bare)
    throw new Usage("a bare repository has no working tree; name what is to be merged with --head REV");
  return {
    base: await repository.commitId(base),
    head: values.head === undefined ? pending : await repository.commitId(values.head),
    rules: values.rules === undefined ? undefined : await repository.commitId(values.rules),
  };
}

/** What the report adds: values that the baseline overrules, and facts that are of another head. */
function notesOf(configuration: Configuration, facts: FactsFile | null, head: string): readonly string[] {
  const told = facts?.pullRequest?.head?.sha;
  const elsewhere =
    told === undefined || told === head ? [] : [`the facts are of the head ${told}, and ${head} was checked`];
  return [
    ...configuration.loosened.map(({ sentence }) => `${sentence} The organisation's baseline holds.`),
    ...elsewhere,
  ];
}

/** Tells on a terminal how far long reading is, a few times a second at most. */
function progressOn(io: CommandIo): (done: number, total: number) => void {
  let shown = 0;
  return (done, total) => {
    if (!io.progress || total < 500) return;
    const now = performance.now();
    if (done < total && now - shown < 100) return;
    shown = now;
    io.stderr(done < total ? `\r\u001b[Kreading ${done} of ${total} files` : "\r\u001b[K");
  };
}
