import type { Comment } from "../../core/detector.ts";
import { lineCounter } from "../line-counter.ts";
import { Gap, Kind, type Tokens } from "./tokens.ts";

/** The comments of a program without their delimiters; comments on neighbouring lines of their own are one run. */
export function commentRuns(tokens: Tokens): readonly Comment[] {
  const { text, kinds, gaps, starts, ends } = tokens;
  const runs: { text: string; line: number }[] = [];
  const lines = lineCounter(text);
  let lastEnd = -2;
  for (let at = 0; at < tokens.count; at += 1) {
    if (kinds[at] !== Kind.comment) continue;
    const start = starts[at] ?? 0;
    const end = ends[at] ?? 0;
    const from = lines(start);
    const to = lines(end);
    const alone = (gaps[at] ?? 0) >= Gap.newline;
    const run = runs.at(-1);
    const body = bodyOf(text.slice(start, end));
    if (alone && run && from === lastEnd + 1) run.text += `\n${body}`;
    else runs.push({ text: body, line: from });
    lastEnd = alone ? to : -2;
  }
  return runs;
}

const OPENINGS = [
  "<!--",
  "--[[",
  "/**",
  "/*!",
  "/*",
  "///",
  "//!",
  "//",
  "#!",
  "<#",
  "{-",
  "=begin",
  "--",
  "#",
  "(*",
  ";",
];
const CLOSINGS = ["-->", "]]", "*/", "#>", "-}", "=end", "*)"];

function bodyOf(comment: string): string {
  const opening = /^--\[={0,30}\[/.exec(comment)?.[0] ?? OPENINGS.find((text) => comment.startsWith(text)) ?? "";
  const inner = comment.slice(opening.length);
  const closing = /\]={1,30}\]$/.exec(inner.slice(-40))?.[0] ?? CLOSINGS.find((text) => inner.endsWith(text)) ?? "";
  return inner.slice(0, inner.length - closing.length).trim();
}
