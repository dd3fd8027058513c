import type { Comment, Literal } from "../core/detector.ts";
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
  readonly lines: readonly string[];
  readonly literals: Literal[];
  readonly comments: Comment[];
  /** Open keys, by indentation; the first is the section. */
  levels: Level[];
  at: number;
}

/**
 * Reads `key: value` and `key = value` lines under `[sections]` and deeper indentation: what is left of a structured
 * file that does not parse, such as a template of one.
 */
export function readLines(text: string): Reading {
  const state: State = { lines: text.split("\n"), literals: [], comments: [], levels: [], at: 0 };
  while (state.at < state.lines.length) readLine(state, state.lines[state.at] as string);
  return { literals: state.literals, comments: state.comments, parsed: false };
}

function readLine(state: State, source: string): void {
  const line = state.at + 1;
  state.at += 1;
  let indent = indentation(source);
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
  for (; state.at < state.lines.length; state.at += 1) {
    const source = state.lines[state.at] as string;
    const own = indentation(source);
    const blank = own === source.length;
    if (!blank && own <= indent) break;
    if (!blank) common = Math.min(common, own);
    taken.push(source);
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
