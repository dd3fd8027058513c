import { endOfLine, endsLine } from "./javascript-lexemes.ts";
import type { Quote } from "./language.ts";
import { addToken, Gap, Kind, packed, type StringShape, type Tokens } from "./tokens.ts";

/** What the text at the present place is part of. `head` is the parentheses behind `if`, `for`, `while` and `with`. */
export type Mode = "code" | "head" | "template" | "expression" | "tag" | "ending" | "children";

/** An open part of the text; `nesting` is the number of brackets that were open where it began. */
interface Part {
  readonly mode: Mode;
  readonly nesting: number;
}

/** What the last token means for the next one, as bits. */
export const Last = {
  /** An expression may follow: a slash begins a regular expression, an angle a tag. */
  expression: 1,
  /** A brace begins a block even though an expression may follow. */
  block: 2,
  /** A line end leaves what is behind it alone (`return`). */
  restricted: 4,
  /** A dot: a keyword is a name. */
  dot: 8,
  /** `if`, `for`, `while` or `with`. */
  head: 16,
  angle: 32,
  slash: 64,
} as const;

/** Where the scanner of JavaScript stands. */
export interface JavaScriptScan {
  readonly text: string;
  readonly tokens: Tokens;
  readonly jsx: boolean;
  /** True where arrow functions stand, whose type parameters look like tags. */
  readonly arrows: boolean;
  pos: number;
  gap: number;
  last: number;
  /** True where `++` belongs to the value before it. */
  postfix: boolean;
  parentheses: number;
  /** Of each open brace, whether it begins an expression. */
  readonly braces: boolean[];
  readonly parts: Part[];
  mode: Mode;
  /** Tokens of the templates whose interpolations are open. */
  readonly templates: number[];
  /** JSX: behind `<`, behind the name of an opening tag, behind its `/`, or in a closing tag. */
  tag: "" | "start" | "attributes" | "ending" | "closing";
  readonly tags: JavaScriptScan["tag"][];
}

/** Appends a token of a length at the present place; what it does to the place is the caller's. */
export function add(scan: JavaScriptScan, kind: number, length: number, detail = 0): number {
  const at = addToken(scan.tokens, kind, scan.gap, scan.pos, scan.pos + length, detail);
  scan.gap = Gap.none;
  return at;
}

/** Begins a part of the text. */
export function begin(scan: JavaScriptScan, mode: Mode, nesting = 0): void {
  scan.parts.push({ mode, nesting });
  scan.mode = mode;
}

/** Ends the present part of the text. */
export function leave(scan: JavaScriptScan): void {
  scan.parts.pop();
  scan.mode = scan.parts.at(-1)?.mode ?? "code";
}

/** Appends a string and moves behind it. */
export function addWhole(scan: JavaScriptScan, quote: Quote, bodyEnd: number, closed: boolean): void {
  const { tokens, pos } = scan;
  const end = closed ? bodyEnd + 1 : bodyEnd;
  const at = add(scan, Kind.string, end - pos, tokens.strings.length);
  tokens.strings.push({ quote, bodyStart: pos + 1, bodyEnd, next: at + 1, holes: null, closed, depth: 0 });
  if (!closed) tokens.closed = false;
  scan.pos = end;
}

/** The shape of the string of a token. */
export function shapeOf(tokens: Tokens, at: number): StringShape {
  return tokens.strings[tokens.details[at] ?? 0]!;
}

const TABS = new Set([9, 11, 12, 32, 0xa0, 0xfeff, 0x1680, 0x202f, 0x205f, 0x3000]);

// White space that ends no line.
function isBlank(code: number): boolean {
  return code === 32 || TABS.has(code) || (code >= 0x2000 && code <= 0x200a);
}

/** Reads a line end, blanks, a comment, or a character that means nothing here. */
export function readBetween(scan: JavaScriptScan, code: number): void {
  const second = code === 47 ? scan.text.charCodeAt(scan.pos + 1) : 0;
  if (isBlank(code)) {
    scan.gap |= Gap.space;
    scan.pos += 1;
  } else if (endsLine(code)) newline(scan);
  else if (second === 42) blockComment(scan);
  else if (second === 47) lineComment(scan);
  else invalid(scan);
}

/** Reads a line end. */
export function newline(scan: JavaScriptScan): void {
  scan.gap |= Gap.newline;
  scan.pos += 1;
  lineEnd(scan);
}

function lineEnd(scan: JavaScriptScan): void {
  scan.postfix = false;
  if ((scan.last & Last.restricted) > 0) scan.last = Last.expression | Last.block;
}

function comment(scan: JavaScriptScan, end: number): void {
  const gap = scan.gap & Gap.newline;
  add(scan, Kind.comment, end - scan.pos);
  scan.gap = gap;
  scan.pos = end;
}

const LINE_END = /[\n\r\u2028\u2029]/;

function blockComment(scan: JavaScriptScan): void {
  const { text, pos } = scan;
  const found = text.indexOf("*/", pos + 2);
  if (found < 0) scan.tokens.closed = false;
  comment(scan, found < 0 ? text.length : found + 2);
  if (LINE_END.test(text.slice(pos, scan.pos))) lineEnd(scan);
}

function lineComment(scan: JavaScriptScan): void {
  comment(scan, endOfLine(scan.text, scan.pos));
  scan.postfix = false;
}

/** `#!` at the start of a program. */
export function hashbang(scan: JavaScriptScan): void {
  if (scan.text.startsWith("#!")) comment(scan, endOfLine(scan.text, 0));
}

/** A character that begins nothing known. */
function invalid(scan: JavaScriptScan): void {
  const { text, pos } = scan;
  const character = String.fromCodePoint(text.codePointAt(pos) ?? 0);
  add(scan, Kind.punctuation, character.length, packed(character));
  scan.pos += character.length;
  scan.last = lastOf(text, scan.pos);
  scan.postfix = false;
}

/** What the last character of a token means for the next one. */
const ENDINGS = new Uint8Array(128);
for (const character of "{}([,;<>=*%&|^!~?:") ENDINGS[character.charCodeAt(0)] = Last.expression;

/** What a token means for the next one by its last character, for all tokens that are no names and no punctuators. */
export function lastOf(text: string, end: number): number {
  const code = text.charCodeAt(end - 1);
  return code < 128 ? (ENDINGS[code] as number) : 0;
}

/** Moves behind a value. */
export function value(scan: JavaScriptScan, end: number): void {
  scan.pos = end;
  scan.last = lastOf(scan.text, end);
  scan.postfix = true;
}
