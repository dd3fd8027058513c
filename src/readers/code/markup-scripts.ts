import type { Comment, Literal } from "../../core/detector.ts";
import { lineCounter } from "../line-counter.ts";
import type { Reader, Reading } from "../reader.ts";
import { readCode } from "./code-reader.ts";
import { languageOf } from "./language-of.ts";

/** A program inside markup. */
interface Script {
  readonly start: number;
  readonly end: number;
  readonly extension: string;
}

/** Components and pages: their script blocks as programs, at their lines of the file. */
export const markupScriptsReader: Reader = {
  name: "markup-scripts",
  reads: (path) => /\.(?:vue|svelte|astro|html?)$/i.test(path),
  read: readMarkup,
};

function readMarkup(text: string, path: string): Reading {
  const lines = lineCounter(text);
  const literals: Literal[] = [];
  const comments: Comment[] = [];
  let parsed = true;
  for (const { start, end, extension } of scriptsOf(text, /\.astro$/i.test(path))) {
    const above = lines(start) - 1;
    const name = `script.${extension}`;
    const reading = readCode(text.slice(start, end), languageOf(name), name);
    for (const literal of reading.literals) literals.push({ ...literal, line: literal.line + above });
    for (const comment of reading.comments) comments.push({ ...comment, line: comment.line + above });
    parsed &&= reading.parsed;
  }
  return { literals, comments, parsed };
}

const LONGEST_TAG = 1000;
/** Script blocks that hold data or templates. */
const OTHER_TYPE =
  /\btype\s{0,5}=\s{0,5}["']?(?!module|text\/(?:javascript|babel|typescript|jsx)|application\/javascript)[\w./+-]/i;
const TYPED = /\blang\s{0,5}=\s{0,5}["']?(tsx?|jsx)\b/i;

function scriptsOf(text: string, astro: boolean): readonly Script[] {
  const scripts: Script[] = [];
  const fence = astro && text.startsWith("---\n") ? text.indexOf("\n---", 3) : -1;
  if (fence >= 0) scripts.push({ start: 4, end: fence, extension: "ts" });
  let pos = Math.max(0, fence);
  const openings = /<script\b/gi;
  const closings = /<\/script/gi;
  for (;;) {
    openings.lastIndex = pos;
    const opening = openings.exec(text);
    if (!opening) return scripts;
    const tag = text.slice(opening.index, opening.index + LONGEST_TAG);
    const close = tag.search(/>/);
    if (close < 0) {
      pos = openings.lastIndex;
      continue;
    }
    const start = opening.index + close + 1;
    closings.lastIndex = start;
    const end = closings.exec(text)?.index ?? text.length;
    const attributes = tag.slice(0, close);
    if (!OTHER_TYPE.test(attributes))
      scripts.push({ start, end, extension: TYPED.exec(attributes)?.[1]?.toLowerCase() ?? "js" });
    pos = end;
  }
}
