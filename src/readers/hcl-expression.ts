import type { Comment, Literal } from "../core/detector.ts";
import { heredoc, quotedTemplate } from "./hcl-template.ts";
import { isFull } from "./literal-cap.ts";

const MAX_DEPTH = 100;
const NUMBER = /^-?\d{1,400}(?:\.\d{1,400})?(?:[eE][-+]?\d{1,30})?$/;
/** Functions whose argument is the value: what they hold is read as if it stood there itself. */
const TRANSPARENT = new Set("jsonencode yamlencode sensitive nonsensitive tomap toset tolist merge".split(" "));

/** A place in HCL text with what was read so far. */
export interface HclScan {
  readonly text: string;
  /** Whether names of other resources and inputs are given too, and nested blocks are numbered. */
  readonly detail: boolean;
  readonly lineOf: (offset: number) => number;
  readonly literals: Literal[];
  readonly comments: Comment[];
  at: number;
}

/** Moves over blanks and comments, and over line ends where `lines` says so; false in a comment that does not end. */
export function skipBlanks(scan: HclScan, lines: boolean): boolean {
  const { text } = scan;
  for (; scan.at < text.length; scan.at += 1) {
    const character = text[scan.at];
    if (character === "#" || (character === "/" && text[scan.at + 1] === "/")) {
      const end = text.indexOf("\n", scan.at);
      addComment(scan, character === "#" ? 1 : 2, end < 0 ? text.length : end);
      scan.at = (end < 0 ? text.length : end) - 1;
    } else if (character === "/" && text[scan.at + 1] === "*") {
      const end = text.indexOf("*/", scan.at + 2);
      if (end < 0) return false;
      addComment(scan, 2, end);
      scan.at = end + 1;
    } else if (character !== " " && character !== "\t" && !(lines && character === "\n")) return true;
  }
  return true;
}

function addComment(scan: HclScan, marker: number, end: number): void {
  scan.comments.push({ text: scan.text.slice(scan.at + marker, end).trim(), line: scan.lineOf(scan.at) });
}

/** The identifier here, empty when there is none. */
export function readName(scan: HclScan): string {
  const start = scan.at;
  while (isName(scan.text.charCodeAt(scan.at))) scan.at += 1;
  return scan.text.slice(start, scan.at);
}

function isName(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 45 ||
    code > 127
  );
}

/**
 * Reads an expression up to the comma, bracket or (unless `lines`) line end behind it. Strings of a composed expression
 * all stand at `path`; numbers and words only when they are the whole of it.
 */
export function readExpression(scan: HclScan, path: readonly string[], lines: boolean, depth: number): boolean {
  if (depth > MAX_DEPTH || isFull(scan)) return false;
  if (!skipBlanks(scan, lines)) return false;
  const start = scan.at;
  let reference = "";
  for (;;) {
    if (!skipBlanks(scan, lines)) return false;
    const character = scan.text[scan.at];
    if (character === undefined || character === "\n" || ",}])".includes(character)) break;
    if (isName(character.charCodeAt(0)) || character === ".") {
      const word = readReference(scan);
      reference = word === "in" || word === "if" ? "" : word;
      if (isWhole(scan, start, word)) addWord(scan, path, word, start);
      addReference(scan, path, word);
    } else if (!readTerm(scan, character, path, reference, depth)) return false;
    else if (character !== "[") reference = "";
  }
  return scan.at > start;
}

/** A dotted name. */
function readReference(scan: HclScan): string {
  const start = scan.at;
  while (isName(scan.text.charCodeAt(scan.at)) || ".*".includes(scan.text[scan.at] ?? " ")) scan.at += 1;
  return scan.text.slice(start, scan.at);
}

function isWhole(scan: HclScan, start: number, word: string): boolean {
  if (scan.at - start !== word.length) return false;
  let at = scan.at;
  while (scan.text[at] === " " || scan.text[at] === "\t") at += 1;
  return at >= scan.text.length || "\n,}])#/".includes(scan.text[at] as string);
}

function addWord(scan: HclScan, path: readonly string[], word: string, start: number): void {
  const kind = word === "true" || word === "false" ? "boolean" : word === "null" ? "null" : "number";
  if (kind === "number" && !NUMBER.test(word)) return;
  scan.literals.push({ path, value: word, kind, line: scan.lineOf(start) });
}

/** A dotted name that is no call: `var.subjects`, `aws_iam_role.agent.arn`. */
function addReference(scan: HclScan, path: readonly string[], word: string): void {
  if (!scan.detail || scan.text[scan.at] === "(" || !/^[A-Za-z_][\w-]{0,200}\.[\w.*-]{1,400}$/.test(word)) return;
  scan.literals.push({ path, value: `\${${word}}`, kind: "string", line: scan.lineOf(scan.at - word.length) });
}

function readTerm(scan: HclScan, first: string, path: readonly string[], before: string, depth: number): boolean {
  const { text } = scan;
  if (first === '"' || (first === "<" && text[scan.at + 1] === "<")) {
    const found = first === '"' ? quotedTemplate(text, scan.at) : heredoc(text, scan.at);
    if (found === null) return false;
    scan.literals.push({ path, value: found.value, kind: "string", line: scan.lineOf(scan.at) });
    scan.at = found.end;
    return true;
  }
  if (first === "(") return before === "" ? readGroup(scan, path, depth) : readCall(scan, path, before, depth);
  if (first === "[") return before === "" ? readTuple(scan, path, depth) : readIndex(scan, path, before, depth);
  if (first === "{") return readObject(scan, path, depth);
  const operator = /[=!<>]=|=>|[^=]/y;
  operator.lastIndex = scan.at;
  if (!operator.test(text)) return false;
  scan.at = operator.lastIndex;
  return true;
}

function readGroup(scan: HclScan, path: readonly string[], depth: number): boolean {
  scan.at += 1;
  return readExpression(scan, path, true, depth + 1) && closes(scan, ")");
}

/** `models["cheap"]`: the key stands under the name it is looked up in; a number there is only a position. */
function readIndex(scan: HclScan, path: readonly string[], before: string, depth: number): boolean {
  scan.at += 1;
  const known = scan.literals.length;
  if (!readExpression(scan, [...path, `${before}[]`], true, depth + 1) || !closes(scan, "]")) return false;
  if (scan.literals.length === known + 1 && scan.literals[known]?.kind === "number") scan.literals.pop();
  return true;
}

function closes(scan: HclScan, bracket: string): boolean {
  if (scan.text[scan.at] !== bracket) return false;
  scan.at += 1;
  return true;
}

/** An object as first argument puts its keys directly under the callee. */
function readCall(scan: HclScan, path: readonly string[], callee: string, depth: number): boolean {
  const under = TRANSPARENT.has(callee) ? path : [...path, `${callee}()`];
  return readSequence(scan, ")", (index, first) =>
    readExpression(
      scan,
      under === path || (index === 0 && first === "{") ? under : [...under, String(index)],
      true,
      depth + 1,
    ),
  );
}

function readTuple(scan: HclScan, path: readonly string[], depth: number): boolean {
  if (isFor(scan)) return readFor(scan, path, "]", depth);
  return readSequence(scan, "]", (index) => readExpression(scan, [...path, String(index)], true, depth + 1));
}

function readSequence(scan: HclScan, close: string, item: (index: number, first: string) => boolean): boolean {
  scan.at += 1;
  for (let index = 0; ; index += 1) {
    if (!skipBlanks(scan, true)) return false;
    if (scan.text[scan.at] === close) break;
    if (!item(index, scan.text[scan.at] ?? "")) return false;
    if (scan.text[scan.at] === ",") scan.at += 1;
    else if (scan.text[scan.at] !== close) return false;
  }
  scan.at += 1;
  return true;
}

function isFor(scan: HclScan): boolean {
  const head = /.[ \t\n]{0,200}for[ \t\n]/sy;
  head.lastIndex = scan.at;
  return head.test(scan.text);
}

/** `[for x in list : value]`: the parts of the comprehension all stand at `path`. */
function readFor(scan: HclScan, path: readonly string[], close: string, depth: number): boolean {
  scan.at += 1;
  skipBlanks(scan, true);
  readName(scan);
  for (;;) {
    if (!skipBlanks(scan, true) || !readExpression(scan, path, true, depth + 1)) return false;
    if (scan.text[scan.at] === ",") scan.at += 1;
    else return closes(scan, close);
  }
}

function readObject(scan: HclScan, path: readonly string[], depth: number): boolean {
  if (isFor(scan)) return readFor(scan, path, "}", depth);
  scan.at += 1;
  for (;;) {
    if (!skipBlanks(scan, true)) return false;
    if (scan.text[scan.at] === "}") break;
    const key = readObjectKey(scan);
    if (key === null || !skipBlanks(scan, false) || !":=".includes(scan.text[scan.at] ?? " ")) return false;
    scan.at += 1;
    if (!skipBlanks(scan, true) || !readExpression(scan, [...path, key], false, depth + 1)) return false;
    if (scan.text[scan.at] === ",") scan.at += 1;
    else if (scan.text[scan.at] !== "\n" && scan.text[scan.at] !== "}") return false;
  }
  scan.at += 1;
  return true;
}

/** A name, a quoted string, or an expression in parentheses as written. */
function readObjectKey(scan: HclScan): string | null {
  const start = scan.at;
  if (scan.text[start] === '"') {
    const found = quotedTemplate(scan.text, start);
    if (found) scan.at = found.end;
    return found?.value ?? null;
  }
  if (scan.text[start] === "(") {
    const end = scan.text.slice(start, start + 1000).search(/\)[ \t]{0,100}[=:]/);
    if (end < 0) return null;
    scan.at = start + end + 1;
    return scan.text.slice(start + 1, start + end);
  }
  const name = readReference(scan);
  return name === "" ? null : name;
}
