import { type Scan, take } from "./scan.ts";
import { Gap, Kind, packed } from "./tokens.ts";

/** A mark at the end of a line that joins it with the next. */
export function continuation(scan: Scan): boolean {
  if (scan.text.charCodeAt(scan.pos + 1) !== 10) return false;
  scan.pos += 2;
  scan.gap |= Gap.space;
  return true;
}

/** PHP begins behind `<?php` or `<?=`; what stands outside is HTML. */
export function phpBegins(text: string): number {
  return behindOpening(text, 0);
}

function behindOpening(text: string, from: number): number {
  const at = text.indexOf("<?", from);
  if (at < 0) return text.length;
  if (text.startsWith("<?php", at)) return at + 5;
  return text.startsWith("<?=", at) ? at + 3 : at + 2;
}

/** `?>` ends PHP's code until the next `<?php`. */
export function phpEnd(scan: Scan): boolean {
  if (scan.text.charCodeAt(scan.pos + 1) !== 62) return false;
  take(scan, Kind.punctuation, scan.pos, scan.pos + 2, 59);
  scan.pos = behindOpening(scan.text, scan.pos);
  scan.gap = Gap.newline;
  return true;
}

/** PHP's comments of one line end at `?>` too; `#[` begins attributes. */
export function phpComment(scan: Scan): boolean {
  const { text, pos } = scan;
  const hash = text[pos] === "#";
  if (hash ? text[pos + 1] === "[" : text[pos + 1] !== "/") return false;
  const found = text.indexOf("\n", pos);
  const line = found < 0 ? text.length : found;
  const close = text.slice(pos, Math.min(line, pos + LONGEST_COMMENT)).indexOf("?>");
  const { gap } = scan;
  take(scan, Kind.comment, pos, close < 0 ? line : pos + close);
  scan.gap = gap & Gap.newline;
  return true;
}

const LONGEST_COMMENT = 10_000;

const ENVIRONMENT = /^\$(?:\{[eE]nv:([A-Za-z0-9_]{1,100})\}|[eE]nv:([A-Za-z0-9_]{1,100}))/;

/** PowerShell's `$env:NAME` is read as a member of `env`. */
export function powershellEnvironment(scan: Scan): boolean {
  const { text, pos } = scan;
  const found = ENVIRONMENT.exec(text.slice(pos, pos + 110));
  if (!found) return false;
  const name = found[1] ?? found[2] ?? "";
  const start = pos + found[0].indexOf(name, 5);
  take(scan, Kind.word, pos + (found[1] === undefined ? 1 : 2), pos + (found[1] === undefined ? 4 : 5));
  take(scan, Kind.punctuation, start - 1, start, 46);
  take(scan, Kind.word, start, start + name.length);
  scan.pos = pos + found[0].length;
  return true;
}

const COMPARES = new Set("eq ne ceq cne ieq ine like notlike match notmatch".split(" "));
const OPERATORS = new Set(
  "and or xor not join split replace f is isnot as in notin contains notcontains gt ge lt le band bor creplace".split(
    " ",
  ),
);

/** PowerShell's `-eq` compares, `-and` and its like are operators, `-Name` names a parameter. */
export function powershellParameter(scan: Scan): boolean {
  const { text, pos } = scan;
  if (scan.gap === Gap.none) return false;
  let end = pos + 1;
  while (/[A-Za-z0-9_]/.test(text[end] ?? "")) end += 1;
  const name = text.slice(pos + 1, end).toLowerCase();
  if (name === "" || /^[0-9]/.test(name)) return false;
  if (COMPARES.has(name)) take(scan, Kind.punctuation, pos, end, packed("=="));
  else if (OPERATORS.has(name)) take(scan, Kind.punctuation, pos, end, packed("|"));
  else take(scan, Kind.word, pos, text[end] === ":" ? end + 1 : end);
  return true;
}
