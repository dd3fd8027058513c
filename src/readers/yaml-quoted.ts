import type { YamlScan } from "./yaml-scan.ts";

const ESCAPES: Readonly<Record<string, string>> = {
  "0": "\0",
  a: "\u0007",
  b: "\b",
  e: "\u001b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  N: "\u0085",
  _: "\u00a0",
  L: "\u2028",
  P: "\u2029",
  " ": " ",
  '"': '"',
  "/": "/",
  "\\": "\\",
  "\t": "\t",
};
const DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/**
 * A quoted scalar at the position; its further lines must be further in than `column`. Null where it does not end,
 * or has an escape that YAML does not know.
 */
export function readQuoted(scan: YamlScan, column: number): string | null {
  const { text, at } = scan;
  const double = text.charCodeAt(at) === 34;
  const end = double ? endOfDouble(text, at + 1) : endOfSingle(text, at + 1);
  if (end < 0) return null;
  const source = text.slice(at + 1, end);
  if (source.includes("\n")) {
    const breaks = lineBreaks(source, column);
    if (breaks < 0) return null;
    scan.line += breaks;
  }
  scan.at = end + 1;
  if (double) return source.includes("\\") ? decoded(source) : unfolded(source);
  return unfolded(source).replaceAll("''", "'");
}

function endOfSingle(text: string, start: number): number {
  let end = text.indexOf("'", start);
  while (end >= 0 && text.charCodeAt(end + 1) === 39) end = text.indexOf("'", end + 2);
  return end;
}

function endOfDouble(text: string, start: number): number {
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 34) return at;
    if (code === 92) at += 1;
  }
  return -1;
}

/** How many lines end in a quoted scalar, -1 where one that holds text is not as far in as it ought to be. */
function lineBreaks(source: string, column: number): number {
  let count = 0;
  for (let at = source.indexOf("\n"); at >= 0; at = source.indexOf("\n", at)) {
    count += 1;
    const start = at + 1;
    at = start;
    while (source.charCodeAt(at) === 32) at += 1;
    if (source.charCodeAt(at) !== 10 && at - start <= column) return -1;
  }
  return count;
}

/** A line break is a space, several are one less; the blanks around them are nothing. */
function unfolded(source: string): string {
  if (!source.includes("\n")) return source;
  const lines = source.split("\n");
  let value = "";
  let breaks = 0;
  for (const [index, line] of lines.entries()) {
    const last = index === lines.length - 1;
    const begun = index === 0 ? line : withoutBlanksBefore(line);
    const text = last ? begun : withoutBlanksAfter(begun);
    if (text === "" && index > 0 && !last) breaks += 1;
    else {
      if (index > 0) value += breaks === 0 ? " " : "\n".repeat(breaks);
      value += text;
      breaks = 0;
    }
  }
  return value;
}

function withoutBlanksBefore(line: string): string {
  let start = 0;
  while (isSpace(line[start])) start += 1;
  return line.slice(start);
}

function withoutBlanksAfter(line: string): string {
  let end = line.length;
  while (isSpace(line[end - 1])) end -= 1;
  return line.slice(0, end);
}

function isSpace(character: string | undefined): boolean {
  return character === " " || character === "\t";
}

/** What stands between double quotes, null when an escape in it is none. Escaped blanks stay where lines are folded. */
function decoded(source: string): string | null {
  let value = "";
  let start = 0;
  for (let at = source.indexOf("\\"); at >= 0; at = source.indexOf("\\", start)) {
    const before = source.slice(start, at);
    const name = source[at + 1] ?? "";
    // The blanks next to an escape end no line.
    if (!before.includes("\n")) value += before;
    else value += start === 0 ? unfolded(`${before}.`).slice(0, -1) : unfolded(`.${before}.`).slice(1, -1);
    start = at + 2;
    const digits = DIGITS[name];
    if (digits !== undefined) {
      const character = characterOf(source.slice(start, start + digits), digits);
      if (character === null) return null;
      value += character;
      start += digits;
    } else if (name === "\n") {
      while (isSpace(source[start])) start += 1;
    } else {
      const character = ESCAPES[name];
      if (character === undefined) return null;
      value += character;
    }
  }
  return value + unfolded(`.${source.slice(start)}`).slice(1);
}

function characterOf(digits: string, length: number): string | null {
  if (digits.length !== length || !/^[\da-fA-F]+$/.test(digits)) return null;
  const code = Number.parseInt(digits, 16);
  return code > 0x10ffff ? null : String.fromCodePoint(code);
}
