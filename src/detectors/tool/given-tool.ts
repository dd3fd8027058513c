import type { FileSide } from "../../core/detector.ts";
import { commentedLines } from "../commented-lines.ts";
import { actsWithModel } from "../guardrail/guardrail-words.ts";
import { partQuestion } from "../literal-parts.ts";
import { sourceParts } from "../source-parts.ts";
import { textGate } from "../text-gate.ts";

const CODE = /\.(?:py|pyi|[cm]?[jt]sx?|go|java|kt|kts|cs|rb|rs|php|swift|scala)$/i;
const LIST = /\b(?:tools|handoffs|toolsets|builtin_tools|builtinTools)\s{0,4}(?:=|:)\s{0,4}\[/g;
const mayList = textGate("tools", "handoffs");
/** `tool for tool in tools` and names that say nothing: what is given stands elsewhere. */
const COMPREHENSION = /[\w)\]] ?for [\w, ()]{1,60} in /;
const UNNAMED =
  /^(?:_?tools?|t|x|fn|func|item|None|null|undefined|true|false|return|lambda|yield|await|self)$|\.tools?$/;
const AGENT = /agent|assistant|crew|llm|chat|persona|mode|bot/i;

/** Which tools of a server or a toolkit an agent gets. */
const TOOL_NAMES = /^(?:tool_?names|(?:allowed|enabled|included)_?tools)$/i;

/** A tool that an agent or a request is given, by its name. */
export interface GivenTool {
  readonly name: string;
  readonly line: number;
}

/** What stands in lists of tools: names of functions and objects in code, names and types as texts. */
export function givenTools(file: FileSide): readonly GivenTool[] {
  const inCode = CODE.test(file.path) && mayList(file) && actsWithModel(file);
  return [...(inCode ? namesIn(file) : []), ...asTexts(file)];
}

function namesIn(file: FileSide): readonly GivenTool[] {
  const { text } = file;
  // There `tools: [Tool]` is a type.
  const swift = /\.swift$/i.test(file.path);
  const hash = /\.(?:py|pyi|rb)$/i.test(file.path);
  const found: GivenTool[] = [];
  let line = 1;
  let at = 0;
  let scanned = 0;
  for (const match of text.matchAll(LIST)) {
    if (match.index < scanned) continue;
    for (; at < match.index; at += 1) if (text.charCodeAt(at) === 10) line += 1;
    if (commentedLines(file).has(line)) continue;
    const { parts, end } = sourceParts(text, match.index + match[0].length - 1, hash);
    scanned = end;
    for (const part of parts) {
      if (COMPREHENSION.test(part)) continue;
      const name = /^(?:new |await |\.\.\.|\*)?&?([A-Za-z_$][\w$.]{0,100})(?:[(<{]|$)/.exec(part)?.[1];
      if (name !== undefined && !UNNAMED.test(name) && !(swift && /^[A-Z]/.test(name))) found.push({ name, line });
    }
  }
  return found;
}

/** The name of the list that a value stands in; templates that do not parse give lists no positions. */
function nameAbove(path: readonly string[]): string {
  return (/^\d+$/.test(path.at(-1) ?? "") ? path.at(-2) : path.at(-1)) ?? "";
}

const listNames = partQuestion((part) => part === "tools" || TOOL_NAMES.test(part));

/** `tools: [web_search]` of an agent's configuration, `{ type: "code_interpreter" }` of a request. */
function asTexts(file: FileSide): readonly GivenTool[] {
  if (!listNames.any(file.literals)) return [];
  const listed = file.literals.filter(
    ({ path }) => path.at(-2) === "tools" || path.at(-3) === "tools" || TOOL_NAMES.test(nameAbove(path)),
  );
  return listed.flatMap(({ path, value, kind, line }) => {
    if (kind !== "string" || !/^[A-Za-z_][\w./:-]{0,100}$/.test(value)) return [];
    const typed =
      path.at(-1) === "type" &&
      path.at(-3) === "tools" &&
      /^\d+$/.test(path.at(-2) ?? "") &&
      !/^(?:function|mcp|object)$/.test(value);
    const named =
      (/^\d+$/.test(path.at(-1) ?? "") || TOOL_NAMES.test(path.at(-1) ?? "")) &&
      (path.at(-2) === "tools" || TOOL_NAMES.test(nameAbove(path))) &&
      (path.some((part) => AGENT.test(part)) || (AGENT.test(file.path) && !CODE.test(file.path)));
    return typed || named ? [{ name: value, line }] : [];
  });
}
