/**
 * Measures detection on labelled commits of real repositories.
 *
 *   npm run bench:detect -- --corpus FILE --repos DIR [--json] [--all]
 *
 * FILE holds JSON lines `{ repo, commit, parent, classes, files, confidence?, core? }`; DIR holds bare clones, `<owner>+<name>`
 * or any layout with a bare repository or `*.git` below such a folder. Each commit goes through the real evaluation with
 * `detect.credentials: all`; trivial findings don't count. Findings of the classes around the three count for the class a
 * reader would name: a provider for the model it serves, a tool or an agent's permission for the prompt that drives it;
 * guardrail and governance findings count for governed-or-not only.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Finding, FindingClass } from "../src/core/finding.ts";
import { placeOf } from "../src/core/finding.ts";
import { effectivePolicy } from "../src/core/policy.ts";
import { EMPTY_REGISTRY } from "../src/core/registry.ts";
import { openRepository, type Repository } from "../src/git.ts";
import type { Configuration } from "../src/work/configuration.ts";
import { evaluateChange } from "../src/work/evaluate.ts";

const MEASURED = ["model", "prompt", "credential"] as const;
type Measured = (typeof MEASURED)[number];

const NAMED: Readonly<Record<FindingClass, Measured | null>> = {
  model: "model",
  prompt: "prompt",
  credential: "credential",
  provider: "model",
  tool: "prompt",
  guardrail: null,
  governance: null,
};

/** Nothing is registered, and every credential counts, whether an AI system acts with it or not. */
const CONFIGURATION: Configuration = {
  policy: effectivePolicy({ version: 1, detect: { credentials: "all" } }),
  registry: { base: EMPTY_REGISTRY, head: null },
  documents: { policy: { before: null, after: null }, registry: { before: null, after: null } },
  faults: [],
  loosened: [],
  organizationWide: [],
};

interface Labelled {
  readonly repo: string;
  readonly commit: string;
  readonly parent: string;
  readonly classes: readonly string[];
  readonly why?: string;
  readonly confidence?: string;
  readonly core?: boolean;
}

interface Outcome extends Labelled {
  readonly found: readonly Finding[];
}

const { values } = parseArgs({
  options: {
    corpus: { type: "string" },
    repos: { type: "string" },
    json: { type: "boolean", default: false },
    all: { type: "boolean", default: false },
  },
});
if (values.corpus === undefined || values.repos === undefined) {
  console.error("usage: npm run bench:detect -- --corpus FILE --repos DIR [--json] [--all (borderline labels too)]");
  process.exit(2);
}
const labelled = readFileSync(values.corpus, "utf8")
  .split("\n")
  .filter((line) => line.trim() !== "")
  .map((line): Labelled => JSON.parse(line))
  .filter((row) => values.all || (row.confidence !== "borderline" && row.core !== false));

const outcomes: Outcome[] = [];
const absent: string[] = [];
const unreadable: string[] = [];
for (const [name, rows] of Map.groupBy(labelled, (row) => row.repo)) {
  const directory = bareRepository(values.repos, name);
  if (directory === null) {
    absent.push(name);
    continue;
  }
  const repository = await openRepository(directory);
  try {
    for (const row of rows) {
      const found = await findingsOf(repository, row).catch((fault: unknown) => {
        unreadable.push(`${name} ${row.commit}: ${fault instanceof Error ? fault.message : String(fault)}`);
        return null;
      });
      if (found) outcomes.push({ ...row, found });
    }
  } finally {
    await repository.close();
  }
}
report(outcomes);

async function findingsOf(repository: Repository, { parent, commit }: Labelled): Promise<readonly Finding[]> {
  const { evaluation } = await evaluateChange(repository, {
    base: parent,
    head: commit,
    configuration: CONFIGURATION,
    facts: null,
    now: "2026-01-01T00:00:00.000Z",
    fingerprintKey: new Uint8Array(32),
    progress: () => {},
  });
  const found = evaluation.assessment.findings.map(({ finding }) => finding);
  return found.filter((finding) => finding.severity !== "trivial");
}

function bareRepository(parent: string, name: string): string | null {
  const candidates = [name.replace("/", "+"), name, name.replace("/", "__"), name.split("/")[1] ?? name].flatMap(
    (one) => [join(parent, one), join(parent, `${one}.git`)],
  );
  for (const candidate of candidates) {
    if (!existsSync(candidate)) continue;
    const below = readdirSync(candidate).map((entry) => join(candidate, entry));
    const bare = [candidate, ...below].find((one) => existsSync(join(one, "HEAD")) || existsSync(join(one, ".git")));
    if (bare !== undefined) return bare;
  }
  return null;
}

function namedClasses(outcome: Outcome): ReadonlySet<string> {
  return new Set(outcome.found.map((finding) => NAMED[finding.class]).filter((name) => name !== null));
}

interface Rates {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

function rates(truth: (row: Outcome) => boolean, guess: (row: Outcome) => boolean, rows: readonly Outcome[]): Rates {
  const hits = rows.filter((row) => truth(row) && guess(row)).length;
  const flagged = rows.filter(guess).length;
  const real = rows.filter(truth).length;
  const precision = flagged === 0 ? 1 : hits / flagged;
  const recall = real === 0 ? 1 : hits / real;
  const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  return { precision, recall, f1 };
}

function described(row: Outcome, name: string) {
  const findings = row.found.map(
    (finding) =>
      `${finding.rule} ${finding.direction} ${finding.severity} ${placeOf(finding).path}:${placeOf(finding).line}`,
  );
  return { repo: row.repo, commit: row.commit, class: name, why: row.why ?? "", findings };
}

function report(rows: readonly Outcome[]): void {
  const classes = Object.fromEntries(
    MEASURED.map((name) => [
      name,
      rates(
        (row) => row.classes.includes(name),
        (row) => namedClasses(row).has(name),
        rows,
      ),
    ]),
  );
  const governed = rates(
    (row) => !row.classes.includes("none"),
    (row) => row.found.length > 0,
    rows,
  );
  const none = rows.filter((row) => row.classes.includes("none"));
  const noneFlagged = none.length === 0 ? 0 : none.filter((row) => row.found.length > 0).length / none.length;
  const misses = rows.flatMap((row) =>
    MEASURED.filter((name) => row.classes.includes(name) && !namedClasses(row).has(name)).map((name) =>
      described(row, name),
    ),
  );
  const falseAlarms = rows.flatMap((row) =>
    MEASURED.filter((name) => !row.classes.includes(name) && namedClasses(row).has(name)).map((name) =>
      described(row, name),
    ),
  );
  const result = { commits: rows.length, absent, unreadable, classes, governed, noneFlagged, misses, falseAlarms };
  if (values.json) {
    console.log(JSON.stringify(result, null, 2));
    return;
  }
  const percent = (value: number) => `${(100 * value).toFixed(1)} %`.padStart(8);
  console.log(`${rows.length} labelled commits${absent.length > 0 ? `; no clone of ${absent.join(", ")}` : ""}`);
  for (const line of unreadable) console.log(`could not be read: ${line}`);
  console.log("");
  console.log("             precision   recall       F1");
  for (const [name, rate] of [...Object.entries(classes), ["governed", governed] as const])
    console.log(`${name.padEnd(12)} ${percent(rate.precision)} ${percent(rate.recall)} ${percent(rate.f1)}`);
  console.log(`\nflagged of ${none.length} commits labelled none: ${percent(noneFlagged).trim()}`);
  for (const [title, list] of [
    ["Missed", misses],
    ["False alarms", falseAlarms],
  ] as const) {
    console.log(`\n${title}: ${list.length}`);
    for (const entry of list)
      console.log(
        `  ${entry.class.padEnd(11)}${entry.repo} ${entry.commit.slice(0, 12)} ${entry.why}${entry.findings.map((line) => `\n             ${line}`).join("")}`,
      );
  }
}
