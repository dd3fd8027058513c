import type { Comment, Literal } from "../core/detector.ts";
import { readLines } from "./line-reader.ts";
import { isFull } from "./literal-cap.ts";
import type { Reader, Reading } from "./reader.ts";

/** Deeper values than any configuration's are not worth a stack overflow. */
const MAX_DEPTH = 200;
const ESCAPES: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v", "0": "\0" };
const NUMBER = /^[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|0[xX][\da-fA-F]+|Infinity|NaN)$/;

interface Scan {
  readonly text: string;
  readonly literals: Literal[];
  readonly comments: Comment[];
  at: number;
  line: number;
}

/** JSON with all that JSONC and JSON5 add, and JSON lines, whose documents are not numbered. */
export const jsonReader: Reader = {
  name: "json",
  anyLength: true,
  reads: (path) =>
    /\.(?:json|jsonc|json5|jsonl|ndjson|webmanifest|avsc|code-workspace|geojson|tfstate)$|(?:^|\/)\.(?:babelrc|eslintrc|swcrc|jshintrc|nycrc|mocharc|roomodes)$/i.test(
      path,
    ),
  read: (text) => readJson(text) ?? readLines(text),
};

/** The values of JSON text, null when it is none. Numbers are kept as written. */
export function readJson(text: string): Reading | null {
  const scan: Scan = { text, literals: [], comments: [], at: 0, line: 1 };
  skip(scan);
  while (scan.at < text.length) {
    if (!readValue(scan, [], 0)) return isFull(scan) ? readingOf(scan, false) : null;
    skip(scan);
  }
  return readingOf(scan, true);
}

function readingOf({ literals, comments }: Scan, parsed: boolean): Reading {
  return { literals, comments, parsed };
}

/** Whitespace and comments. */
function skip(scan: Scan): void {
  const { text } = scan;
  for (; scan.at < text.length; scan.at += 1) {
    const code = text.charCodeAt(scan.at);
    if (code === 10) scan.line += 1;
    else if (code === 47) {
      if (!skipComment(scan)) return;
    } else if (code > 32 && code !== 0xa0 && code !== 0xfeff && code !== 0x2028 && code !== 0x2029) return;
  }
}

/** Leaves the position on the comment's last character. */
function skipComment(scan: Scan): boolean {
  const { text, at, line } = scan;
  const block = text[at + 1] === "*";
  if ((!block && text[at + 1] !== "/") || isFull(scan)) return false;
  const found = text.indexOf(block ? "*/" : "\n", at + 2);
  const end = found < 0 ? text.length : found;
  const comment = text.slice(at + 2, end);
  scan.comments.push({ text: comment, line });
  if (block) scan.line += newlines(comment);
  scan.at = block ? end + 1 : end - 1;
  return true;
}

function readValue(scan: Scan, path: readonly string[], depth: number): boolean {
  if (depth > MAX_DEPTH || isFull(scan)) return false;
  const first = scan.text[scan.at];
  if (first === "{") return readMembers(scan, path, depth);
  if (first === "[") return readItems(scan, path, depth);
  const { line } = scan;
  if (first === '"' || first === "'") {
    const value = readString(scan, first);
    if (value === null) return false;
    scan.literals.push({ path, value, kind: "string", line });
    return true;
  }
  return readWord(scan, path);
}

function readMembers(scan: Scan, path: readonly string[], depth: number): boolean {
  scan.at += 1;
  for (;;) {
    skip(scan);
    if (scan.text[scan.at] === "}") {
      scan.at += 1;
      return true;
    }
    const key = readKey(scan);
    if (key === null) return false;
    skip(scan);
    if (scan.text[scan.at] !== ":") return false;
    scan.at += 1;
    skip(scan);
    if (!readValue(scan, [...path, key], depth + 1)) return false;
    if (!separated(scan, "}")) return false;
  }
}

function readItems(scan: Scan, path: readonly string[], depth: number): boolean {
  scan.at += 1;
  for (let index = 0; ; index += 1) {
    skip(scan);
    if (scan.text[scan.at] === "]") {
      scan.at += 1;
      return true;
    }
    if (!readValue(scan, [...path, String(index)], depth + 1)) return false;
    if (!separated(scan, "]")) return false;
  }
}

/** A comma, or `close` ahead. */
function separated(scan: Scan, close: string): boolean {
  skip(scan);
  if (scan.text[scan.at] === close) return true;
  if (scan.text[scan.at] !== ",") return false;
  scan.at += 1;
  return true;
}

function readKey(scan: Scan): string | null {
  const first = scan.text[scan.at];
  if (first === '"' || first === "'") return readString(scan, first);
  const start = scan.at;
  while (isWord(scan.text.charCodeAt(scan.at))) scan.at += 1;
  return scan.at > start ? scan.text.slice(start, scan.at) : null;
}

function readWord(scan: Scan, path: readonly string[]): boolean {
  const start = scan.at;
  while (isWord(scan.text.charCodeAt(scan.at)) || isSign(scan.text.charCodeAt(scan.at))) scan.at += 1;
  const value = scan.text.slice(start, scan.at);
  const { line } = scan;
  if (value === "true" || value === "false") scan.literals.push({ path, value, kind: "boolean", line });
  else if (value === "null") scan.literals.push({ path, value, kind: "null", line });
  else if (value !== "" && NUMBER.test(value)) scan.literals.push({ path, value, kind: "number", line });
  else return false;
  return true;
}

/** Letters, digits, `_`, `$` and everything beyond ASCII. */
function isWord(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 36 ||
    (code > 127 && code !== 0xfeff)
  );
}

function isSign(code: number): boolean {
  return code === 43 || code === 45 || code === 46;
}

/** A quoted string with its escapes decoded, null when it does not end. Line ends inside are kept, as templates have them. */
function readString(scan: Scan, quote: string): string | null {
  const { text } = scan;
  const stop = quote.charCodeAt(0);
  let start = scan.at + 1;
  const parts: string[] = [];
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 10) scan.line += 1;
    if (code === stop) {
      scan.at = at + 1;
      parts.push(text.slice(start, at));
      return parts.length === 1 ? (parts[0] as string) : parts.join("");
    }
    if (code !== 92) continue;
    parts.push(text.slice(start, at));
    const [decoded, length] = escaped(text, at + 1);
    if (text.charCodeAt(at + 1) === 10) scan.line += 1;
    parts.push(decoded);
    at += length;
    start = at + 1;
  }
  return null;
}

/** What the escape after a backslash stands for, and its length. */
function escaped(text: string, at: number): readonly [string, number] {
  const name = text[at] ?? "";
  const digits = name === "u" ? 4 : name === "x" ? 2 : 0;
  if (digits > 0) {
    const hexadecimal = text.slice(at + 1, at + 1 + digits);
    return /^[\da-fA-F]+$/.test(hexadecimal) && hexadecimal.length === digits
      ? [String.fromCharCode(Number.parseInt(hexadecimal, 16)), 1 + digits]
      : [name, 1];
  }
  return name === "\n" ? ["", 1] : [ESCAPES[name] ?? name, 1];
}

function newlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}
