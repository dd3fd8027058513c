import type { Comment, Literal } from "../core/detector.ts";
import { isFull } from "./literal-cap.ts";
import type { Reader, Reading } from "./reader.ts";
import { bareScalar } from "./scalar.ts";

const SECTION = /^\[([^\]\n]{1,500})\][ \t]{0,100}(?:[#;].{0,500})?$/;
const ENTRY = /^([\w"'$@*/](?:[^=:\n]|:(?![ \t]|$)){0,300})(?:=|:(?=[ \t]|$))[ \t]{0,100}/;
/** A name of its own in a deeper line, unlike `openai==1`. */
const NESTED = /^([\w.-]{1,200})[ \t]{0,100}=(?!=)[ \t]{0,100}/;
/** `proxy_pass https://host;` of servers whose files are no INI. */
const WORDS = /^([\w.-]{1,100})[ \t]{1,100}([^{}]{1,2000}?);?$/;
/** How much of a line is looked at for a section or key. */
const WINDOW = 700;

interface Entry {
  readonly path: readonly string[];
  readonly line: number;
  readonly indent: number;
  readonly parts: string[];
}

interface State {
  readonly literals: Literal[];
  readonly comments: Comment[];
  section: readonly string[];
  /** The key whose value may go on in deeper lines. */
  open: Entry | null;
  parsed: boolean;
}

/** INI and its kin: sections, `key = value` or `key: value`, values that go on in deeper lines. */
export const iniReader: Reader = {
  name: "ini",
  reads: (path) =>
    /\.(?:ini|cfg|conf|cnf|service|desktop|inf|gitconfig|url)$|(?:^|\/)(?:\.(?:editorconfig|npmrc|pypirc|flake8|coveragerc|pylintrc|gitconfig|gitmodules|yarnrc|s3cfg|boto|netrc|condarc)|\.aws\/(?:config|credentials))$/i.test(
      path,
    ),
  read: readIni,
};

function readIni(text: string): Reading {
  const state: State = { literals: [], comments: [], section: [], open: null, parsed: true };
  let line = 0;
  for (const source of text.split("\n")) {
    line += 1;
    if (isFull(state)) return { literals: state.literals, comments: state.comments, parsed: false };
    const rest = source.trim();
    const indent = source.length - source.trimStart().length;
    if (rest === "") continue;
    if (rest.startsWith("#") || rest.startsWith(";")) state.comments.push({ text: rest.slice(1).trim(), line });
    else if (state.open && indent > state.open.indent) goOn(state, state.open, rest, line);
    else readLine(state, rest, indent, line);
  }
  close(state);
  return {
    literals: state.literals.sort((a, b) => a.line - b.line),
    comments: state.comments,
    parsed: state.parsed,
  };
}

function close(state: State): void {
  if (state.open) state.literals.push(literalOf(state.open));
  state.open = null;
}

/** A line deeper than the key before it: a part of that key's value, or a name below it. */
function goOn(state: State, open: Entry, rest: string, line: number): void {
  const nested = NESTED.exec(rest.slice(0, WINDOW));
  const text = withoutComment(state, rest.slice(nested?.[0].length ?? 0), line);
  if (nested) {
    state.literals.push(literalOf({ ...open, path: [...open.path, nested[1] as string], line, parts: [text] }));
  } else open.parts.push(text);
}

function readLine(state: State, rest: string, indent: number, line: number): void {
  close(state);
  const head = rest.slice(0, WINDOW);
  const header = SECTION.exec(head);
  const entry = header ? null : ENTRY.exec(head);
  if (header) state.section = [(header[1] as string).trim()];
  else if (entry) {
    const path = [...state.section, unquoted((entry[1] as string).trimEnd())];
    state.open = { path, line, indent, parts: [withoutComment(state, rest.slice(entry[0].length), line)] };
  } else if (/^[\w-]{1,200}$/.test(rest)) {
    state.literals.push({ path: [...state.section, rest], value: "", kind: "string", line });
  } else {
    const words = WORDS.exec(rest);
    const path = [...state.section, words?.[1] ?? ""];
    if (words) state.literals.push({ path, ...bareScalar(words[2] as string), line });
    state.parsed = false;
  }
}

function literalOf({ path, line, parts }: Entry): Literal {
  const filled = parts.filter((part, index) => index > 0 || part !== "");
  const value = filled.join("\n");
  const bare = unquoted(value);
  if (bare !== value || value === "") return { path, value: bare, kind: "string", line };
  return { path, ...bareScalar(value), line: parts[0] === "" && parts.length > 1 ? line + 1 : line };
}

function withoutComment({ comments }: State, text: string, line: number): string {
  const at = text.search(/[ \t][#;]/);
  if (at < 0) return text.trim();
  comments.push({ text: text.slice(at + 2).trim(), line });
  return text.slice(0, at).trim();
}

function unquoted(text: string): string {
  const quote = text[0];
  return text.length > 1 && (quote === '"' || quote === "'") && text.endsWith(quote) ? text.slice(1, -1) : text;
}
