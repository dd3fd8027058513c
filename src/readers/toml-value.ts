import type { Comment, Literal } from "../core/detector.ts";
import { isFull } from "./literal-cap.ts";

const MAX_DEPTH = 100;
const MAX_KEY_PARTS = 64;
const NUMBER =
  /^[-+]?(?:\d[\d_]{0,400}(?:\.\d[\d_]{0,400})?(?:[eE][-+]?\d[\d_]{0,30})?|0x[\da-fA-F_]{1,400}|0o[0-7_]{1,400}|0b[01_]{1,400}|inf|nan)$/;
const DATE =
  /^(?:\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d(?::\d\d(?:\.\d{1,30})?)?(?:[Zz]|[-+]\d\d:\d\d)?)?|\d\d:\d\d(?::\d\d(?:\.\d{1,30})?)?)$/;
const ESCAPES: Readonly<Record<string, string>> = {
  b: "\b",
  t: "\t",
  n: "\n",
  f: "\f",
  r: "\r",
  e: "\u001b",
  '"': '"',
  "\\": "\\",
};

/** A place in TOML text with what was read so far. */
export interface TomlScan {
  readonly text: string;
  readonly lineOf: (offset: number) => number;
  readonly literals: Literal[];
  readonly comments: Comment[];
  at: number;
}

/** Moves over blanks and, where `lines` says so, line ends and comments. */
export function skipBlanks(scan: TomlScan, lines: boolean): void {
  const { text } = scan;
  for (; scan.at < text.length; scan.at += 1) {
    const code = text.charCodeAt(scan.at);
    if (code === 35 && lines) skipComment(scan);
    else if (code !== 32 && code !== 9 && !(lines && code === 10)) return;
  }
}

/** Moves behind the blanks and the comment that may follow; false when anything else does. */
export function endLine(scan: TomlScan): boolean {
  skipBlanks(scan, false);
  if (scan.text[scan.at] === "#") {
    skipComment(scan);
    scan.at += 1;
  }
  return scan.at >= scan.text.length || scan.text[scan.at] === "\n";
}

/** Leaves the position on the comment's last character. */
function skipComment(scan: TomlScan): void {
  const found = scan.text.indexOf("\n", scan.at);
  const end = found < 0 ? scan.text.length : found;
  scan.comments.push({ text: scan.text.slice(scan.at + 1, end).trimStart(), line: scan.lineOf(scan.at) });
  scan.at = end - 1;
}

/** A key of one or more parts, bare or quoted; null when there is none. */
export function readKey(scan: TomlScan): readonly string[] | null {
  const parts: string[] = [];
  for (;;) {
    skipBlanks(scan, false);
    const part = readKeyPart(scan);
    if (part === null || parts.length >= MAX_KEY_PARTS) return null;
    parts.push(part);
    skipBlanks(scan, false);
    if (scan.text[scan.at] !== ".") return parts;
    scan.at += 1;
  }
}

function readKeyPart(scan: TomlScan): string | null {
  const first = scan.text[scan.at];
  if (first === '"' || first === "'") return readString(scan, first);
  const start = scan.at;
  while (isBare(scan.text.charCodeAt(scan.at))) scan.at += 1;
  return scan.at > start ? scan.text.slice(start, scan.at) : null;
}

function isBare(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 45
  );
}

/** Reads a value of any shape under `path`; false where the text is not TOML. */
export function readValue(scan: TomlScan, path: readonly string[], depth: number): boolean {
  if (depth > MAX_DEPTH || isFull(scan)) return false;
  const first = scan.text[scan.at];
  const line = scan.lineOf(scan.at);
  if (first === "[") return readArray(scan, path, depth);
  if (first === "{") return readInlineTable(scan, path, depth);
  if (first === '"' || first === "'") {
    const value = scan.text.startsWith(first.repeat(3), scan.at)
      ? readLongString(scan, first)
      : readString(scan, first);
    if (value === null) return false;
    scan.literals.push({ path, value, kind: "string", line });
    return true;
  }
  const word = readWord(scan);
  const kind = word === "true" || word === "false" ? "boolean" : NUMBER.test(word) ? "number" : "string";
  if (kind === "string" && !DATE.test(word)) return false;
  scan.literals.push({ path, value: word, kind, line });
  return true;
}

/** Text up to what may stand behind a value; a date may hold one blank. */
function readWord(scan: TomlScan): string {
  const start = scan.at;
  const { text } = scan;
  while (scan.at < text.length && scan.at - start < 1000 && !",]}#\n".includes(text[scan.at] as string)) scan.at += 1;
  return text.slice(start, scan.at).trimEnd();
}

function readArray(scan: TomlScan, path: readonly string[], depth: number): boolean {
  scan.at += 1;
  for (let index = 0; ; index += 1) {
    skipBlanks(scan, true);
    if (scan.text[scan.at] === "]") break;
    if (!readValue(scan, [...path, String(index)], depth + 1)) return false;
    skipBlanks(scan, true);
    if (scan.text[scan.at] === ",") scan.at += 1;
    else if (scan.text[scan.at] !== "]") return false;
  }
  scan.at += 1;
  return true;
}

function readInlineTable(scan: TomlScan, path: readonly string[], depth: number): boolean {
  scan.at += 1;
  for (;;) {
    skipBlanks(scan, true);
    if (scan.text[scan.at] === "}") break;
    const key = readKey(scan);
    if (key === null || scan.text[scan.at] !== "=") return false;
    scan.at += 1;
    skipBlanks(scan, false);
    if (!readValue(scan, [...path, ...key], depth + 1)) return false;
    skipBlanks(scan, true);
    if (scan.text[scan.at] === ",") scan.at += 1;
    else if (scan.text[scan.at] !== "}") return false;
  }
  scan.at += 1;
  return true;
}

function readString(scan: TomlScan, quote: string): string | null {
  const { text } = scan;
  const parts: string[] = [];
  let start = scan.at + 1;
  for (let at = start; at < text.length && text[at] !== "\n"; at += 1) {
    if (text[at] === quote) {
      scan.at = at + 1;
      parts.push(text.slice(start, at));
      return parts.join("");
    }
    if (text[at] !== "\\" || quote === "'") continue;
    const special = escapeAt(text, at + 1);
    if (special === null) return null;
    parts.push(text.slice(start, at), special.value);
    at += special.length;
    start = at + 1;
  }
  return null;
}

/** A string in three quotes. Up to two more quotes before the closing three belong to it. */
function readLongString(scan: TomlScan, quote: string): string | null {
  const { text } = scan;
  const parts: string[] = [];
  let start = scan.at + (text[scan.at + 3] === "\n" ? 4 : 3);
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === quote && text.startsWith(quote.repeat(3), at)) {
      at += quotesFrom(text, at) - 3;
      scan.at = at + 3;
      parts.push(text.slice(start, at));
      return parts.join("");
    }
    if (text[at] !== "\\" || quote === "'") continue;
    const special = /[ \t\n]/.test(text[at + 1] ?? "") ? foldAt(text, at + 1) : escapeAt(text, at + 1);
    if (special === null) return null;
    parts.push(text.slice(start, at), special.value);
    at += special.length;
    start = at + 1;
  }
  return null;
}

/** How many equal quotes stand at `at`, five at most. */
function quotesFrom(text: string, at: number): number {
  let count = 0;
  while (count < 5 && text[at + count] === text[at]) count += 1;
  return count;
}

/** A backslash at the end of a line swallows the blanks and line ends behind it. */
function foldAt(text: string, at: number): { value: string; length: number } | null {
  let end = at;
  while (end < text.length && " \t\n".includes(text[end] as string)) end += 1;
  return text.slice(at, end).includes("\n") ? { value: "", length: end - at } : null;
}

function escapeAt(text: string, at: number): { value: string; length: number } | null {
  const name = text[at] ?? "";
  const simple = ESCAPES[name];
  if (simple !== undefined) return { value: simple, length: 1 };
  const digits = name === "u" ? 4 : name === "U" ? 8 : name === "x" ? 2 : 0;
  const hexadecimal = text.slice(at + 1, at + 1 + digits);
  if (digits === 0 || hexadecimal.length < digits || !/^[\da-fA-F]+$/.test(hexadecimal)) return null;
  const code = Number.parseInt(hexadecimal, 16);
  return code > 0x10ffff ? null : { value: String.fromCodePoint(code), length: 1 + digits };
}
