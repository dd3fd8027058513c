import type { Comment, Literal } from "../core/detector.ts";
import { isFull } from "./literal-cap.ts";
import type { Reader, Reading } from "./reader.ts";
import { bareScalar } from "./scalar.ts";

/** How much of a line is looked at for what it begins with; raw text is kept whole. */
const WINDOW = 2_000;
const MAX_DEPTH = 64;
/** `client<llm> Main {`, `function Answer(question: string) -> string {`, `options {`. */
const BLOCK =
  /^(?:(?:client|function|class|enum|test|generator|retry_policy|template_string|type_builder)(?:<\w{1,40}>)?[ \t]+)?(\w{1,80})[^"{}#]{0,600}\{$/;
const ENTRY = /^([\w.-]{1,80})[ \t]+(.{1,1900})$/;
const RAW = /^(.{0,600}?)(#{1,8})"(.*)$/s;
const QUOTED = /"((?:[^"\\\n]|\\.){0,1900})"/;
const ATTRIBUTE = /@(@?\w{1,40})\([ \t]{0,20}"((?:[^"\\\n]|\\.){0,1900})"/g;

interface State {
  readonly lines: readonly string[];
  readonly literals: Literal[];
  readonly comments: Comment[];
  readonly path: string[];
  row: number;
}

/** BAML: functions with their prompts, clients of models, the classes that answers are read into. */
export const bamlReader: Reader = {
  name: "baml",
  reads: (path) => /\.baml$/i.test(path),
  read: readBaml,
};

function readBaml(text: string): Reading {
  const state: State = { lines: text.split("\n"), literals: [], comments: [], path: [], row: 0 };
  while (state.row < state.lines.length && !isFull(state)) {
    const source = (state.lines[state.row] ?? "").trim();
    state.row += 1;
    readLine(state, source);
  }
  return { literals: state.literals, comments: state.comments, parsed: state.path.length === 0 };
}

function readLine(state: State, source: string): void {
  const line = state.row;
  if (source === "") return;
  if (source.startsWith("//")) {
    state.comments.push({ text: source.replace(/^\/+[ \t]?/, ""), line });
    return;
  }
  if (/^\}+,?$/.test(source)) {
    state.path.pop();
    return;
  }
  const head = source.slice(0, WINDOW);
  const raw = RAW.exec(source);
  if (raw && !/["']/.test(raw[1] ?? "")) {
    readRaw(state, (raw[1] ?? "").trim(), raw[2] ?? "#", raw[3] ?? "", line);
    return;
  }
  const block = head.endsWith("{") || head.endsWith("(") ? BLOCK.exec(head.replace(/\($/, "{")) : null;
  if (block) {
    if (state.path.length < MAX_DEPTH) state.path.push(block[1] ?? "");
    // Parameters over several lines: what closes them opens the body.
    if (head.endsWith("(")) skipParameters(state);
    return;
  }
  readEntry(state, head, line);
}

function skipParameters(state: State): void {
  while (state.row < state.lines.length && !/\{\s*$/.test(state.lines[state.row] ?? "")) state.row += 1;
  state.row += 1;
}

/** `prompt #"` and what follows up to the same mark. */
function readRaw(state: State, before: string, mark: string, first: string, line: number): void {
  const close = `"${mark}`;
  const name = /(?:^|[\s(])([\w@]{1,80})\(?$/.exec(before)?.[1];
  const taken: string[] = [];
  let rest = first;
  for (;;) {
    const end = rest.indexOf(close);
    taken.push(end < 0 ? rest : rest.slice(0, end));
    if (end >= 0 || state.row >= state.lines.length) break;
    rest = state.lines[state.row] ?? "";
    state.row += 1;
  }
  const template = /^template_string[ \t]+(\w{1,80})/.exec(before)?.[1];
  const named = template ?? name;
  state.literals.push({
    path: named === undefined ? [...state.path] : [...state.path, ...(template ? [template, "template"] : [named])],
    value: taken.join("\n"),
    kind: "string",
    line,
  });
}

function readEntry(state: State, head: string, line: number): void {
  for (const [, name = "", text = ""] of head.matchAll(ATTRIBUTE))
    state.literals.push({ path: [...state.path, `@${name}()`, "0"], value: unescaped(text), kind: "string", line });
  const entry = ENTRY.exec(head.replace(/[ \t]@.*$/, ""));
  if (!entry) return;
  const path = [...state.path, entry[1] ?? ""];
  const value = (entry[2] ?? "").replace(/[ \t]+\/\/.*$/, "").trim();
  const variable = /^env\.(\w{1,100})$/.exec(value)?.[1];
  if (variable !== undefined)
    state.literals.push({ path: [...path, "process.env"], value: variable, kind: "string", line });
  else if (value.startsWith("[")) {
    [...value.matchAll(new RegExp(QUOTED, "g"))].forEach(([, text = ""], index) => {
      state.literals.push({ path: [...path, String(index)], value: unescaped(text), kind: "string", line });
    });
  } else if (value.startsWith('"')) {
    state.literals.push({ path, value: unescaped(QUOTED.exec(value)?.[1] ?? ""), kind: "string", line });
  } else if (
    state.path.length > 0 &&
    !/^(?:string|int|float|bool|image|audio|map|null)\b/.test(value) &&
    /^[\w./:-]{1,200}$/.test(value)
  )
    state.literals.push({ path, ...bareScalar(value), line });
}

function unescaped(text: string): string {
  return text.includes("\\")
    ? text
        .replace(/\\n/g, "\n")
        .replace(/\\t/g, "\t")
        .replace(/\\(["\\])/g, "$1")
    : text;
}
