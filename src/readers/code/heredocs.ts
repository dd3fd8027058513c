import type { Quote } from "./language.ts";
import { endString, type Scan, take } from "./scan.ts";
import { Kind } from "./tokens.ts";

/** Longer labels are none. */
const LONGEST_LABEL = 100;
/** How many times the text is looked through for the ends of its heredocs; a text that needs more is hostile. */
const MOST_SEARCHED = 20;

const RAW: Quote = { open: "<<", close: "", multiline: true, escape: "", decode: "none", dedent: true };
const COOKED: Quote = { open: "<<", close: "", multiline: true, escape: "\\", dedent: true };

/** `<<~NAME`, `<<-'NAME'`, `<<NAME` of Ruby and the shells: the body begins on the next line. */
export function heredoc(scan: Scan): boolean {
  const { text, pos } = scan;
  if (text.charCodeAt(pos + 1) !== 60 || text.charCodeAt(pos + 2) === 60) return false;
  const mark = text[pos + 2] ?? "";
  const indented = mark === "~" || mark === "-";
  const shell = scan.language.name === "shell";
  const label = labelAt(text, pos + (indented ? 3 : 2), shell);
  if (label === null || (!shell && !indented && !label.quoted && !/^[A-Z_]/.test(label.name))) return false;
  // In Ruby `x <<NAME` may be a shift: a heredoc is ended somewhere.
  if (!hasEnd(scan, label.name, label.end)) return false;
  queue(scan, label.quoted === "'" || (shell && label.quoted !== "") ? RAW : COOKED, label, indented);
  return true;
}

/** `<<<NAME` of PHP. */
export function phpHeredoc(scan: Scan): boolean {
  const { text, pos } = scan;
  if (!text.startsWith("<<<", pos)) return false;
  let start = pos + 3;
  while (text[start] === " " || text[start] === "\t") start += 1;
  const label = labelAt(text, start, false);
  if (label === null || text[label.end] !== "\n" || !hasEnd(scan, label.name, label.end)) return false;
  queue(scan, label.quoted === "'" ? RAW : COOKED, label, true);
  return true;
}

interface Label {
  readonly name: string;
  readonly quoted: string;
  readonly end: number;
}

function labelAt(text: string, from: number, shell: boolean): Label | null {
  let start = from;
  while (shell && (text[start] === " " || text[start] === "\t" || text[start] === "\\")) start += 1;
  const quote = text[start] === "'" || text[start] === '"' ? (text[start] ?? "") : "";
  const first = start + quote.length;
  let end = first;
  while (end < first + LONGEST_LABEL && (quote !== "" ? isQuoted(text, end, quote) : isLabelPart(text.charCodeAt(end))))
    end += 1;
  if (end === first || (quote !== "" && text[end] !== quote) || (!shell && /[0-9]/.test(text[first] ?? "")))
    return null;
  const escaped = start > from && text[start - 1] === "\\" ? "'" : "";
  return { name: text.slice(first, end), quoted: quote || escaped, end: end + quote.length };
}

function isQuoted(text: string, at: number, quote: string): boolean {
  const character = text[at];
  return character !== undefined && character !== quote && character !== "\n";
}

function isLabelPart(code: number): boolean {
  const letter = (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
  return letter || (code >= 48 && code <= 57) || code === 95 || code >= 128;
}

/** Whether a line below holds only the label. Looking for it may cost a few times the text, not more. */
function hasEnd(scan: Scan, name: string, from: number): boolean {
  if (scan.endless.has(name) || scan.searched > MOST_SEARCHED * scan.text.length) return false;
  const end = endOf(scan.text, name, from);
  scan.searched += (end < 0 ? scan.text.length : end) - from;
  if (end < 0) scan.endless.add(name);
  return end >= 0;
}

/** The place of the first line that holds only the label, or -1. */
function endOf(text: string, name: string, from: number): number {
  for (let at = text.indexOf(name, from); at >= 0; at = text.indexOf(name, at + name.length)) {
    let before = at - 1;
    while (before >= from && (text[before] === " " || text[before] === "\t")) before -= 1;
    if (text[before] === "\n" && !isLabelPart(text.charCodeAt(at + name.length))) return at;
  }
  return -1;
}

function queue(scan: Scan, quote: Quote, label: Label, indented: boolean): void {
  const { tokens, pos } = scan;
  const token = take(scan, Kind.string, pos, label.end, tokens.strings.length);
  tokens.strings.push({
    quote,
    bodyStart: label.end,
    bodyEnd: label.end,
    next: token + 1,
    holes: null,
    closed: true,
    depth: 0,
  });
  scan.heredocs.push({ token, end: label.name, indented });
}

/** Reads the heredoc next in the queue, whose body begins at the present place. */
export function readHeredoc(scan: Scan): void {
  const { text, tokens, pos: start } = scan;
  const next = scan.heredocs.shift();
  if (!next) return;
  const shape = tokens.strings[tokens.details[next.token] ?? 0];
  if (!shape) return;
  let line = start;
  while (line < text.length) {
    const found = text.indexOf("\n", line);
    const end = found < 0 ? text.length : found;
    const indent = next.indented ? skipBlanks(text, line) : line;
    if (text.startsWith(next.end, indent) && !isLabelPart(text.charCodeAt(indent + next.end.length))) break;
    line = end + 1;
  }
  const opener = tokens.ends[next.token] ?? 0;
  const closed = line < text.length;
  const after = closed ? skipBlanks(text, line) + next.end.length : text.length;
  endString(scan, next.token, Math.max(start, Math.min(line, text.length)), after, closed);
  shape.bodyStart = start;
  tokens.ends[next.token] = opener;
  shape.next = next.token + 1;
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (text[at] === " " || text[at] === "\t") at += 1;
  return at;
}
