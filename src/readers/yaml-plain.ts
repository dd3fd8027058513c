import type { Literal } from "../core/detector.ts";
import { isBlank, type YamlScan } from "./yaml-scan.ts";

const NEWLINE = 10;
const SPACE = 32;
const HASH = 35;
const DASH = 45;
const COLON = 58;
const QUESTION = 63;
/** What begins no plain scalar, or one that is better left to the library. */
const INDICATORS = new Set([..." \t\n,[]{}#&*!|>'\"%@`"].map((character) => character.charCodeAt(0)));
/** The first characters of what may be no string. */
const TYPED = new Set([..."0123456789+-.~tTfFnN"].map((character) => character.charCodeAt(0)));
const NUMBER =
  /^(?:[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?|0o[0-7]+|0x[\da-fA-F]+|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const BOOLEAN = /^(?:[Tt]rue|TRUE|[Ff]alse|FALSE)$/;
const NULL = /^(?:~|[Nn]ull|NULL)$/;

/** Whether a plain scalar begins at the position. */
export function atPlain({ text, at }: YamlScan): boolean {
  const code = text.charCodeAt(at);
  if (code === DASH || code === COLON || code === QUESTION) return !isBlank(text.charCodeAt(at + 1));
  return !INDICATORS.has(code);
}

/** Where the plain text of a line ends: at a colon with a blank behind it, a comment, the line end or, within brackets, at an indicator. -1 at a tab. */
export function plainStop(text: string, start: number, flow: boolean): number {
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code > COLON && !flow) continue;
    if (code === NEWLINE) return at;
    if (code === COLON) {
      const next = text.charCodeAt(at + 1);
      if (isBlank(next) || (flow && isFlowIndicator(next))) return at;
    } else if (code === HASH) {
      if (at > start && text.charCodeAt(at - 1) === SPACE) return at;
    } else if (code === 9) return -1;
    else if (flow && isFlowIndicator(code)) return at;
  }
  return text.length;
}

function isFlowIndicator(code: number): boolean {
  return code === 44 || code === 91 || code === 93 || code === 123 || code === 125;
}

/** Text up to a stop, without the spaces before it. */
export function upToStop(text: string, start: number, stop: number): string {
  let end = stop;
  while (end > start && text.charCodeAt(end - 1) === SPACE) end -= 1;
  return text.slice(start, end);
}

/**
 * A plain scalar whose first line ends at `stop`, with the lines that continue it: those further in than `column`.
 * Null where it is followed by what ought not to be.
 */
export function readPlain(scan: YamlScan, stop: number, column: number): string | null {
  const { text } = scan;
  if (stop < 0 || text.charCodeAt(stop) === COLON) return null;
  let value = upToStop(text, scan.at, stop);
  scan.at = stop;
  let line = scan.line;
  let at = stop;
  let breaks = 0;
  while (text.charCodeAt(at) === NEWLINE) {
    const start = at + 1;
    at = start;
    while (text.charCodeAt(at) === SPACE) at += 1;
    const code = text.charCodeAt(at);
    line += 1;
    breaks += 1;
    if (code === NEWLINE) continue;
    if (code === HASH || at - start <= column || at >= text.length) break;
    const end = plainStop(text, at, false);
    if (end < 0 || text.charCodeAt(end) === COLON) return null;
    value += (breaks === 1 ? " " : "\n".repeat(breaks - 1)) + upToStop(text, at, end);
    scan.at = end;
    scan.line = line;
    at = end;
    breaks = 0;
  }
  return value;
}

/** Value and kind of a plain scalar by YAML's core schema. */
export function plainLiteral(value: string): Pick<Literal, "value" | "kind"> {
  if (TYPED.has(value.charCodeAt(0))) {
    if (NUMBER.test(value)) return { value, kind: "number" };
    if (value.length <= 5) {
      if (BOOLEAN.test(value)) return { value: value.toLowerCase(), kind: "boolean" };
      if (NULL.test(value)) return { value: "null", kind: "null" };
    }
  }
  return { value, kind: "string" };
}
