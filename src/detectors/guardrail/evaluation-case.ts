import type { Literal } from "../../core/detector.ts";
import { groupLiterals } from "../literal-groups.ts";
import { digest } from "../text-digest.ts";

/** One case of an evaluation: its content in one canonical text. */
export interface EvaluationCase {
  readonly text: string;
  /** How many checks it makes of an answer. */
  readonly checks: number;
  readonly line: number;
}

/** More rows than this are one case: a data set of that size is judged as a whole. */
const MOST_ROWS = 20_000;
const CHECK = /^(?:assert|asserts|assertions|expected|metrics|scorers|checks|evaluators|expectations|graders)$/;

/** The items of lists at a depth that `depth` gives for a path, each a case. */
export function listedCases(
  literals: readonly Literal[],
  depth: (path: readonly string[]) => number | null,
): readonly EvaluationCase[] {
  return groupLiterals(literals, depth).map(({ fields, line }) => {
    const checks = new Set(
      fields.flatMap(({ path }) => {
        const at = path.findIndex((part) => CHECK.test(part));
        return at < 0 ? [] : [path.slice(0, at + 2).join("\0")];
      }),
    );
    const rows = fields.map(({ path, value }) => `${path.join(".")}=${value}`);
    return { text: rows.join("\n"), checks: checks.size, line };
  });
}

/** The lines of a file in which each line is a case; a quoted field may hold line ends. */
export function rowCases(text: string, skipped: number): readonly EvaluationCase[] {
  const cases: EvaluationCase[] = [];
  let start = 0;
  let line = 1;
  let quoted = false;
  let first = 1;
  for (let at = 0; at <= text.length && cases.length < MOST_ROWS + skipped; at += 1) {
    const character = text[at];
    if (character === '"') quoted = !quoted;
    if (character !== "\n" && at < text.length) continue;
    line += 1;
    if (quoted && at < text.length) continue;
    const row = text.slice(start, at).trim();
    if (row !== "") cases.push({ text: row, checks: 0, line: first });
    start = at + 1;
    first = line;
  }
  const rest = text.slice(start).trim();
  return [...cases.slice(skipped), ...(rest === "" ? [] : [{ text: digest(rest), checks: 0, line: first }])];
}

/** The lines of JSON lines, each with its keys in order. */
export function jsonLineCases(text: string): readonly EvaluationCase[] {
  return rowCases(text.replaceAll('"', "\u0001"), 0).map(({ line, text: row, checks }) => ({
    line,
    checks,
    text: canonical(row.replaceAll("\u0001", '"')),
  }));
}

function canonical(row: string): string {
  try {
    const value: unknown = JSON.parse(row);
    return JSON.stringify(value, (_, part: unknown) =>
      isRecord(part) ? Object.fromEntries(Object.entries(part).sort()) : part,
    );
  } catch {
    return row;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
