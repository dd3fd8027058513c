import type { Comment, Literal } from "../core/detector.ts";

/** A position in YAML text that only moves forward, and what was taken before it. */
export interface YamlScan {
  readonly text: string;
  readonly literals: Literal[];
  readonly comments: Comment[];
  at: number;
  /** Of `at`, from 1. */
  line: number;
  /** The column of the content that `nextContent` found, -1 at the end of a document. */
  indent: number;
  /** Whether comments or empty lines stand before that content. */
  gap: boolean;
}

/** A tag of an application, as templates and pipelines have them. */
const TAG = /![A-Za-z][\w.-]{0,60}(?![^ \n])/y;

const NEWLINE = 10;
const SPACE = 32;
const HASH = 35;
const DASH = 45;
const DOT = 46;

/** Whether an indicator before this character is one: a space, a line end or the end of the text. */
export function isBlank(code: number): boolean {
  return code === SPACE || code === NEWLINE || Number.isNaN(code);
}

/** Moves over spaces. */
export function skipSpaces(scan: YamlScan): void {
  while (scan.text.charCodeAt(scan.at) === SPACE) scan.at += 1;
}

/** Moves over the rest of a line, which may hold a comment; false when it holds more. */
export function endLine(scan: YamlScan): boolean {
  const { text } = scan;
  skipSpaces(scan);
  const code = text.charCodeAt(scan.at);
  if (code === HASH && text.charCodeAt(scan.at - 1) === SPACE) takeComment(scan);
  else if (code !== NEWLINE && scan.at < text.length) return false;
  scan.at += 1;
  scan.line += 1;
  return true;
}

/** Moves over a comment, up to the end of its line. */
export function takeComment(scan: YamlScan): void {
  const { text, at, line } = scan;
  const end = text.indexOf("\n", at);
  scan.at = end < 0 ? text.length : end;
  scan.comments.push({ text: text.slice(at + 1, scan.at).trimStart(), line });
}

/** From the start of a line to the next content, over empty lines and comments. */
export function nextContent(scan: YamlScan): void {
  const { text, line } = scan;
  for (;;) {
    const start = scan.at;
    skipSpaces(scan);
    const code = text.charCodeAt(scan.at);
    if (code === HASH) takeComment(scan);
    else if (code !== NEWLINE) {
      const column = scan.at - start;
      scan.gap = scan.line > line;
      scan.indent = scan.at >= text.length || (column === 0 && isMarker(text, start, code)) ? -1 : column;
      return;
    }
    scan.at += 1;
    scan.line += 1;
  }
}

/** Whether a line begins with what starts or ends a document. */
function isMarker(text: string, at: number, code: number): boolean {
  return (code === DASH || code === DOT) && /^(?:---|\.\.\.)(?:\s|$)/.test(text.slice(at, at + 4));
}

/** Whether an item of a block sequence begins here. */
export function atDash({ text, at }: YamlScan): boolean {
  return text.charCodeAt(at) === DASH && isBlank(text.charCodeAt(at + 1));
}

/** Moves over a tag of an application and the spaces behind it; false where there is none. */
export function skipTag(scan: YamlScan): boolean {
  TAG.lastIndex = scan.at;
  if (!TAG.test(scan.text)) return false;
  scan.at = TAG.lastIndex;
  skipSpaces(scan);
  return true;
}
