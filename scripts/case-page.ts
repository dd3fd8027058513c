import { readdirSync, readFileSync } from "node:fs";
import jsTokens from "js-tokens";
import { type KnownCase, PLATFORM_CASES, SECURITY_RULES, STEPS } from "./case-list.ts";

const ROOT = new URL("../", import.meta.url);

/** A test whose name carries cases. */
export interface CaseTest {
  /** From the project's folder, with `/`. */
  readonly path: string;
  readonly name: string;
  readonly cases: readonly string[];
}

/** Every test of the tree whose name carries a case, in order of path and place. */
export function caseTests(): readonly CaseTest[] {
  return readdirSync(new URL("test/", ROOT), { recursive: true, encoding: "utf8" })
    .map((name) => `test/${name.replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(".test.ts"))
    .sort()
    .flatMap((path) => testsIn(path, readFileSync(new URL(path, ROOT), "utf8")));
}

const CASE = /\b[PS]\d{2}\b/g;
const AT_BEGINNING = /^[PS]\d{2}\b/;
/** What stands before the name of a test: `it(`, or the end of a table and `(`. */
const NAMES = new Set(["it", "test", "describe", ")", "`"]);

/** The tests of one file: names given to `it` and `describe`, and rows of tables that begin with a case. */
export function testsIn(path: string, source: string): readonly CaseTest[] {
  const found: CaseTest[] = [];
  let [before, last] = ["", ""];
  for (const { type, value } of jsTokens(source)) {
    if (type === "WhiteSpace" || type === "LineTerminatorSequence" || type.endsWith("Comment")) continue;
    const literal = type === "StringLiteral" || type === "NoSubstitutionTemplate" || type === "TemplateHead";
    const name = literal ? textOf(value, type) : "";
    const cases = [...new Set(name.match(CASE) ?? [])];
    const named = AT_BEGINNING.test(name) || (last === "(" && NAMES.has(before));
    if (cases.length > 0 && named) found.push({ path, name, cases });
    [before, last] = [last, value];
  }
  return found;
}

function textOf(literal: string, type: string): string {
  const inside = type === "TemplateHead" ? `${literal.slice(1, -2)}…` : literal.slice(1, -1);
  return inside.replace(/\\(["'`])/g, "$1");
}

/** All cases, in the order of the page. */
export const ALL_CASES: readonly KnownCase[] = [...PLATFORM_CASES, ...SECURITY_RULES];

/** What is wrong between cases and tests, a sentence each. */
export function caseFaults(cases: readonly KnownCase[], tests: readonly CaseTest[]): readonly string[] {
  const known = new Set(cases.map(({ id }) => id));
  const shown = new Set(tests.filter(isWhole).flatMap((test) => test.cases));
  return [
    ...tests.flatMap(({ path, name, cases: named }) =>
      named.filter((id) => !known.has(id)).map((id) => `${path}: "${name}" names ${id}, which is no case`),
    ),
    ...cases
      .filter(({ id, later }) => later === undefined && !shown.has(id))
      .map(
        ({ id }) => `no test of the whole program carries ${id} in its name, and nothing says that it is not built yet`,
      ),
  ];
}

/** Where tests run the program as it is run: the App over real HTTP and git, or the command line. */
const END_TO_END =
  /^test\/(?:enforcement\/(?!(?:deferred|governed-branch|run-job|work-of-event)\.test)|(?:action|web|commands|app|start|secrets|demo)\b)/;

/** docs/cases.md as it should be. */
export function casePage(cases: readonly KnownCase[], tests: readonly CaseTest[]): string {
  const steps = Object.entries(STEPS).filter(([step]) => cases.some(({ later }) => String(later?.step) === step));
  return [
    "# Cases",
    "",
    "Written by `npm run cases` from `scripts/case-list.ts` and the names of the tests; do not edit.",
    "",
    "What GitHub does that an approval gate has to know (P), and the rules that keep ours shut (S): each with what Countersign does",
    "about it and the tests that show it. Tests in full run the App against a GitHub on the same machine, over HTTP with signed",
    "webhooks, or the command line; files after them hold tests of parts.",
    "",
    ...(steps.length > 0
      ? [
          `Where a case says **not yet built**, its step is to come: ${steps.map(([step, what]) => `${step}, ${what}`).join("; ")}.`,
          "",
        ]
      : []),
    "## GitHub as it is",
    "",
    ...table(
      "what GitHub does",
      cases.filter(({ id }) => id.startsWith("P")),
      tests,
    ),
    "",
    "## Rules that keep the gate shut",
    "",
    ...table(
      "the rule",
      cases.filter(({ id }) => id.startsWith("S")),
      tests,
    ),
    "",
  ].join("\n");
}

function table(heading: string, cases: readonly KnownCase[], tests: readonly CaseTest[]): readonly string[] {
  return [
    `| case | ${heading} | what Countersign does | shown by |`,
    "|---|---|---|---|",
    ...cases.map((one) => {
      const { id, given, answer, later } = one;
      const missing = later ? ` **Not yet built** (step ${later.step}): ${cell(later.what)}.` : "";
      return `| ${id} | ${cell(given)} | ${cell(answer)}${missing} | ${shownBy(id, tests)} |`;
    }),
  ];
}

function shownBy(id: string, tests: readonly CaseTest[]): string {
  const own = tests.filter(({ cases }) => cases.includes(id));
  const [whole, parts] = [own.filter(isWhole), own.filter((test) => !isWhole(test))];
  const files = [...new Set(parts.map(({ path }) => path))];
  const lines = [
    ...whole.map(({ path, name }) => link(bare(name), path)),
    ...(files.length > 0
      ? [files.map((path) => link(path.slice("test/".length, -".test.ts".length), path)).join(", ")]
      : []),
  ];
  return lines.join("<br>");
}

function isWhole({ path }: CaseTest): boolean {
  return END_TO_END.test(path);
}

/** A name without the cases at its beginning, and with what a table puts into it left open. */
function bare(name: string): string {
  return name
    .replace(/^(?:[PS]\d{2} ?)+/, "")
    .replace(/%[sjdi]/g, "…")
    .replace(/^(?:… ?|: ?)+$/, "…");
}

function link(text: string, path: string): string {
  return `[${cell(text).replace(/[[\]]/g, "\\$&")}](../${path})`;
}

/** Text of a table's cell: what is in backticks stays code. */
function cell(text: string): string {
  const parts = text.replaceAll("|", "\\|").split("`");
  return parts.map((part, at) => (at % 2 === 1 ? part : part.replace(/[<*_]/g, "\\$&"))).join("`");
}
