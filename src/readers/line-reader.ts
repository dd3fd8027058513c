import type { Comment, Literal } from "../core/detector.ts";
import { isFull } from "./literal-cap.ts";
import type { Reading } from "./reader.ts";
import { bareScalar } from "./scalar.ts";

/** How much of a line is looked at for a key; values are kept whole. */
const KEY_WINDOW = 300;
const MAX_DEPTH = 64;
const KEY =
  /^(?:"([^"]{1,200})"[ \t]{0,20}[:=]|'([^']{1,200})'[ \t]{0,20}[:=]|([\w$@][\w.$@/-]{0,200})[ \t]{0,20}(?::(?=[ \t]|$)|:?=(?!=)))/;
const BLOCK = /^[|>][-+\d]{0,3}(?:[ \t]+#.{0,200})?$/;

interface Level {
  readonly indent: number;
  readonly path: readonly string[];
}

interface State {
  readonly text: string;
  readonly literals: Literal[];
  readonly comments: Comment[];
  /** Open keys, by indentation; the first is the section. */
  levels: Level[];
  /** The line ahead and where it begins. */
  line: number;
  at: number;
}

/**
 * Reads `key: value` and `key = value` lines under `[sections]` and deeper indentation: what is left of a structured
 * file that does not parse, such as a template of one, and of any file too long to be parsed.
 */
export function readLines(text: string): Reading {
  const state: State = { text, literals: [], comments: [], levels: [], line: 1, at: 0 };
  while (state.at < text.length && !isFull(state)) readLine(state, nextLine(state));
  return { literals: state.literals, comments: state.comments, parsed: false };
}

function nextLine(state: State): string {
  const source = lineAhead(state);
  state.at += source.length + 1;
  state.line += 1;
  return source;
}

function lineAhead({ text, at }: State): string {
  const end = text.indexOf("\n", at);
  return text.slice(at, end < 0 ? text.length : end);
}

function readLine(state: State, source: string): void {
  const line = state.line - 1;
  let indent = indentation(source);
  if (indent === source.length) return;
  let rest = source.slice(indent);
  if (/^(?:#|\/\/|;)/.test(rest)) {
    state.comments.push({ text: rest.replace(/^(?:#+|\/{2,}|;+)[ \t]?/, ""), line });
    return;
  }
  const section = /^\[{1,2}([^[\]"'{}]{1,200})\]{1,2}[ \t]*$/.exec(rest.slice(0, KEY_WINDOW));
  if (section) {
    state.levels = [{ indent: -1, path: (section[1] as string).trim().split(/[.:]/) }];
    return;
  }
  while (rest.startsWith("- ") && indent < KEY_WINDOW) {
    const skipped = 2 + indentation(rest.slice(2));
    indent += skipped;
    rest = rest.slice(skipped);
    if (!KEY.test(rest.slice(0, KEY_WINDOW))) {
      addItem(state, indent, rest, line);
      return;
    }
  }
  const key = KEY.exec(rest.slice(0, KEY_WINDOW));
  if (key) addKey(state, indent, key[1] ?? key[2] ?? key[3] ?? "", rest.slice(key[0].length).trim(), line);
}

function addItem(state: State, indent: number, text: string, line: number): void {
  const path = parentOf(state, indent - 1);
  const value = unquoted(text.trim());
  if (value !== null) state.literals.push({ path, ...value, line });
}

function addKey(state: State, indent: number, key: string, text: string, line: number): void {
  const path = [...parentOf(state, indent), key];
  if (BLOCK.test(text.slice(0, KEY_WINDOW))) {
    state.literals.push({ path, value: block(state, indent, text.startsWith(">")), kind: "string", line });
    return;
  }
  if (/^[{[(]?$/.test(text)) {
    if (state.levels.length < MAX_DEPTH) state.levels.push({ indent, path });
    return;
  }
  const value = unquoted(text);
  if (value !== null) state.literals.push({ path, ...value, line });
}

/** Closes the keys that `indent` is not below, and gives the path of the one it is below. */
function parentOf(state: State, indent: number): readonly string[] {
  while ((state.levels.at(-1)?.indent ?? -1) >= indent && state.levels.length > 0 && indent >= 0) state.levels.pop();
  return state.levels.at(-1)?.path ?? [];
}

/** The lines below `indent`, as a YAML block scalar would hold them. */
function block(state: State, indent: number, folded: boolean): string {
  const taken: string[] = [];
  let common = Number.POSITIVE_INFINITY;
  while (state.at < state.text.length) {
    const source = lineAhead(state);
    const own = indentation(source);
    const blank = own === source.length;
    if (!blank && own <= indent) break;
    if (!blank) common = Math.min(common, own);
    taken.push(nextLine(state));
  }
  const lines = taken.map((source) => source.slice(Math.min(common, indentation(source))));
  return lines.join(folded ? " " : "\n").trimEnd();
}

function unquoted(text: string): Pick<Literal, "value" | "kind"> | null {
  const bare = text.endsWith(",") ? text.slice(0, -1).trimEnd() : text;
  const quote = bare[0];
  if (quote === '"' || quote === "'" || quote === "`") {
    const end = bare.indexOf(quote, 1);
    return { value: end < 0 ? bare.slice(1) : bare.slice(1, bare.lastIndexOf(quote)), kind: "string" };
  }
  const comment = bare.indexOf(" #");
  const value = comment < 0 ? bare : bare.slice(0, comment).trimEnd();
  return /^[{}[\]()]*$/.test(value) && value !== "" ? null : bareScalar(value);
}

function indentation(text: string): number {
  let at = 0;
  while (at < text.length && (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9)) at += 1;
  return at;
}
