import type { Quote } from "./language.ts";
import type { StringShape } from "./tokens.ts";

const SIMPLE: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  b: "\b",
  f: "\f",
  v: "\v",
  a: "\u0007",
  e: "\u001b",
  "\n": "",
};

const BACKTICK: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", "0": "\0", "\n": "" };

/** The value of a string token: escapes decoded, interpolations as written. */
export function stringValue(text: string, { quote, bodyStart, bodyEnd, holes }: StringShape): string {
  if (holes === null) return decoded(finish(text.slice(bodyStart, bodyEnd), quote), quote);
  let value = "";
  let from = bodyStart;
  for (let index = 0; index < holes.length; index += 2) {
    const start = holes[index] ?? bodyEnd;
    const end = Math.min(holes[index + 1] ?? bodyEnd, bodyEnd);
    value += decoded(text.slice(from, start), quote) + text.slice(start, end);
    from = end;
  }
  return finish(value + decoded(text.slice(from, bodyEnd), quote), quote);
}

function decoded(body: string, quote: Quote): string {
  if (quote.doubled) body = body.replaceAll(quote.close + quote.close, quote.close);
  if (quote.decode === "none") return body;
  if (quote.decode === "backtick") return body.includes("`") ? unescaped(body, "`", BACKTICK) : body;
  if (!body.includes("\\")) return body;
  return quote.decode === "simple" ? plain(body) : unescaped(body, "\\", SIMPLE);
}

/** Single quotes of PHP and Ruby: only the quote and the backslash itself are escaped. */
function plain(body: string): string {
  return body.replace(/\\([\\'])/g, "$1");
}

function unescaped(body: string, mark: string, table: Readonly<Record<string, string>>): string {
  let value = "";
  let from = 0;
  for (;;) {
    const at = body.indexOf(mark, from);
    if (at < 0 || at + 1 >= body.length) return value + body.slice(from);
    value += body.slice(from, at);
    const next = body[at + 1] ?? "";
    const coded = mark === "\\" ? numeric(body, at + 1) : null;
    if (coded) {
      value += coded.text;
      from = coded.end;
    } else {
      value += table[next] ?? next;
      from = at + 2;
    }
  }
}

/** `\xHH`, `\uHHHH`, `\u{H...}`, `\UHHHHHHHH`, `\ooo`; null for anything else. */
function numeric(body: string, at: number): { readonly text: string; readonly end: number } | null {
  const kind = body[at];
  if (isOctal(body.charCodeAt(at))) return octal(body, at);
  if (kind !== "x" && kind !== "u" && kind !== "U") return null;
  const braced = body[at + 1] === "{";
  const start = at + (braced ? 2 : 1);
  const most = braced ? 8 : kind === "x" ? 2 : kind === "u" ? 4 : 8;
  let end = start;
  while (end < start + most && isHex(body.charCodeAt(end))) end += 1;
  if (end === start || (braced && body[end] !== "}") || (!braced && kind !== "x" && end - start < most)) return null;
  const point = Number.parseInt(body.slice(start, end), 16);
  if (point > 0x10ffff) return null;
  const pair = surrogate(body, point, end);
  return pair ?? { text: String.fromCodePoint(point), end: braced ? end + 1 : end };
}

function octal(body: string, at: number): { readonly text: string; readonly end: number } {
  let end = at + 1;
  while (end < at + 3 && isOctal(body.charCodeAt(end))) end += 1;
  return { text: String.fromCharCode(Number.parseInt(body.slice(at, end), 8)), end };
}

function isOctal(code: number): boolean {
  return code >= 48 && code <= 55;
}

/** Two escapes that are one character: `\ud83d\ude00`. */
function surrogate(body: string, high: number, at: number): { readonly text: string; readonly end: number } | null {
  if (high < 0xd800 || high > 0xdbff || body[at] !== "\\" || body[at + 1] !== "u") return null;
  const low = Number.parseInt(body.slice(at + 2, at + 6), 16);
  if (!(low >= 0xdc00 && low <= 0xdfff)) return null;
  return { text: String.fromCharCode(high, low), end: at + 6 };
}

function isHex(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 97 && code <= 102) || (code >= 65 && code <= 70);
}

function finish(value: string, quote: Quote): string {
  return quote.dedent ? dedented(value) : value;
}

/** Takes the common indentation away, as the languages with such literals do; the line of the closing delimiter counts. */
function dedented(value: string): string {
  const lines = (value.startsWith("\n") ? value.slice(1) : value).split("\n");
  const last = lines.at(-1) ?? "";
  let common = Number.POSITIVE_INFINITY;
  lines.forEach((line, index) => {
    const indent = line.length - line.trimStart().length;
    if (indent < line.length || (index === lines.length - 1 && last !== "")) common = Math.min(common, indent);
  });
  if (common === Number.POSITIVE_INFINITY) common = 0;
  const cut = lines.map((line) => line.slice(Math.min(common, line.length - line.trimStart().length)));
  if (last.trim() === "" && lines.length > 1) cut.pop();
  return cut.join("\n");
}
