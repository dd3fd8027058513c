import type { Hole, Quote } from "./language.ts";
import { openString, type Scan, take } from "./scan.ts";
import { Gap, Kind } from "./tokens.ts";

/** More marks before a delimiter than any program writes. */
const MOST_MARKS = 30;

function run(text: string, from: number, mark: string): number {
  let count = 0;
  while (count < MOST_MARKS && text[from + count] === mark) count += 1;
  return count;
}

function raw(open: string, close: string, more: Partial<Quote> = {}): Quote {
  return { open, close, multiline: true, escape: "", decode: "none", ...more };
}

/** Rust: `r"..."`, `br##"..."##`. */
export function rustRaw(scan: Scan): boolean {
  const { text, pos } = scan;
  const start = text[pos] === "b" || text[pos] === "c" ? pos + 1 : pos;
  if (text[start] !== "r") return false;
  const marks = run(text, start + 1, "#");
  const quote = start + 1 + marks;
  if (text[quote] !== '"') return false;
  openString(scan, raw('"', `"${"#".repeat(marks)}`), pos, quote + 1);
  return true;
}

const RUST_CHARACTER: Quote = { open: "'", close: "'", multiline: false, escape: "\\", character: true };

/** Rust and Scala: `'x'` and `'\n'` are characters, `'name` is a lifetime or a symbol. */
export function characterOrMark(scan: Scan): boolean {
  const { text, pos } = scan;
  const wide = text.codePointAt(pos + 1) ?? 0;
  const end = pos + (wide > 0xffff ? 3 : 2);
  if (text[pos + 1] === "\\" || text[end] === "'") {
    openString(scan, RUST_CHARACTER, pos, pos + 1);
    return true;
  }
  let after = pos + 1;
  while (/[A-Za-z0-9_]/.test(text[after] ?? "")) after += 1;
  if (after === pos + 1) return false;
  take(scan, Kind.regex, pos, after);
  return true;
}

const CPP_PREFIX = /^(?:u8|u|U|L)?R"([^\s()\\]{0,16})\(/;

/** C++: `R"name(...)name"`. */
export function cppRaw(scan: Scan): boolean {
  const { text, pos } = scan;
  const found = CPP_PREFIX.exec(text.slice(pos, pos + 24));
  if (!found) return false;
  openString(scan, raw('R"', `)${found[1] ?? ""}"`), pos, pos + found[0].length);
  return true;
}

/** Swift: `#"..."#`, `##"""..."""##`. */
export function swiftRaw(scan: Scan): boolean {
  const { text, pos } = scan;
  const marks = run(text, pos, "#");
  const delimiter = text.startsWith('"""', pos + marks) ? '"""' : '"';
  if (text[pos + marks] !== '"') return false;
  const hashes = "#".repeat(marks);
  const holes: readonly Hole[] = [{ open: `\\${hashes}(`, close: ")" }];
  const multiline = delimiter.length === 3;
  openString(
    scan,
    raw(delimiter, delimiter + hashes, { holes, multiline, dedent: multiline }),
    pos,
    pos + marks + delimiter.length,
  );
  return true;
}

/** Lua: `[[...]]`, `[==[...]==]`. */
export function luaLong(scan: Scan): boolean {
  const level = luaLevel(scan.text, scan.pos);
  if (level < 0) return false;
  openString(scan, raw("[[", `]${"=".repeat(level)}]`), scan.pos, scan.pos + level + 2);
  return true;
}

/** Lua: `--[[...]]`, `--[==[...]==]`; other comments end with the line. */
export function luaComment(scan: Scan): boolean {
  const { text, pos } = scan;
  if (text[pos + 1] !== "-") return false;
  const level = luaLevel(text, pos + 2);
  const close = level < 0 ? "\n" : `]${"=".repeat(level)}]`;
  const found = text.indexOf(close, pos + 2);
  if (found < 0 && level >= 0) scan.tokens.closed = false;
  const end = found < 0 ? text.length : found + (level < 0 ? 0 : close.length);
  const { gap } = scan;
  take(scan, Kind.comment, pos, end);
  scan.gap = gap;
  return true;
}

function luaLevel(text: string, pos: number): number {
  if (text[pos] !== "[") return -1;
  const level = run(text, pos + 1, "=");
  return text[pos + 1 + level] === "[" ? level : -1;
}

const R_CLOSES: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** R: `r"(...)"`, `R"---[...]---"`. */
export function rRaw(scan: Scan): boolean {
  const { text, pos } = scan;
  const quote = text[pos + 1];
  if (quote !== '"' && quote !== "'") return false;
  const dashes = run(text, pos + 2, "-");
  const close = R_CLOSES[text[pos + 2 + dashes] ?? ""];
  if (close === undefined) return false;
  openString(scan, raw('r"', close + "-".repeat(dashes) + quote), pos, pos + 3 + dashes);
  return true;
}

/** C#: `$"..."`, `@"..."`, `$@"..."`, `"""..."""` of any length, `$$"""..."""`. */
export function csharpString(scan: Scan): boolean {
  const { text, pos } = scan;
  let at = pos;
  let dollars = 0;
  let verbatim = false;
  for (; at < pos + MOST_MARKS && (text[at] === "$" || text[at] === "@"); at += 1) {
    if (text[at] === "$") dollars += 1;
    else verbatim = true;
  }
  const quotes = run(text, at, '"');
  if (quotes >= 3 && !verbatim) return csharpRaw(scan, at, quotes, dollars);
  if (quotes === 0 || at === pos) return false;
  const holes: readonly Hole[] = dollars > 0 ? [{ open: "{", close: "}", doubled: true, formats: true }] : [];
  const quote: Quote = verbatim
    ? raw('"', '"', { doubled: true, holes })
    : { open: '"', close: '"', multiline: false, escape: "\\", holes };
  openString(scan, quote, pos, at + 1);
  return true;
}

function csharpRaw(scan: Scan, at: number, quotes: number, dollars: number): boolean {
  const { text, pos } = scan;
  // `""""""` on one line is an empty raw string of three.
  const delimiter = '"'.repeat(quotes);
  const holes: readonly Hole[] =
    dollars > 0 ? [{ open: "{".repeat(dollars), close: "}", repeat: dollars, formats: true }] : [];
  const multiline = /^[ \t]{0,200}\n/.test(text.slice(at + quotes, at + quotes + 201));
  openString(scan, raw(delimiter, delimiter, { holes, dedent: multiline, multiline }), pos, at + quotes);
  return true;
}

/** C: `#error` and `#warning` hold prose. */
export function errorDirective(scan: Scan): boolean {
  const { text, pos } = scan;
  return /^#[ \t]{0,20}(?:error|warning)\b/.test(text.slice(pos, pos + 32)) && directive(scan);
}

/** C#: `#region`, `#if` and their like say nothing to a reader, and their text may hold quotes. */
export function directive(scan: Scan): boolean {
  const { text, pos } = scan;
  if (scan.gap < Gap.newline) return false;
  const end = text.indexOf("\n", pos);
  scan.pos = end < 0 ? text.length : end;
  return true;
}
