import type { FileSide, Literal } from "../../core/detector.ts";
import { linesOf, linesWith } from "../file-lines.ts";
import { digest } from "../text-digest.ts";
import { type DefinedTool, isToolName, SCHEMA_KEY } from "./defined-tool.ts";

const CLASS =
  /^\s{0,40}(?:export\s{1,4})?(?:default\s{1,4})?(?:public\s{1,4}|final\s{1,4}|abstract\s{1,4}){0,3}class\s{1,4}(\w{1,100})\b([^\n]{0,300})/;
const CLASS_WORD = /class[^\S\n]/g;
const TOOL_BASE = /^\s{0,4}(?:\(|<|:|extends\b|implements\b)[^{]{0,200}?\b\w{0,60}Tool\b/;

const FIELD = /^(?:this\.|self\.|static\s)?(?:(?:tool_)?(name|description)|tool(Name|Description))(?:\(\))?$/;
/** `args_schema: Type[BaseModel] = WeighSchema`: the class that describes the tool's arguments. */
const ARGUMENTS = /^\s{1,12}(?:args|input|parameters|params)_(?:schema|model)\b[^=\n]{0,80}=\s{0,4}(\w{1,100})\s*$/;
/** A field of such a class: its name and type. */
const ARGUMENT = /^\s{1,12}(\w{1,60})\s{0,4}:\s{0,4}([\w[\], .|]{1,120}?)\s{0,4}(?:=|$)/;
/** Where the fields of such a class are over: at its first method, or at what stands below it. */
const BEHIND = /^(?:[^\s#)\]}"']|\s{1,12}(?:async\s{1,4})?def\s|\s{1,12}@)/;
const LONGEST_LINE = 2_000;

interface ToolClass {
  readonly name: string;
  readonly isTool: boolean;
  readonly line: number;
  /** The line of the next class. */
  readonly end: number;
  readonly literals: readonly Literal[];
}

/** Classes that derive from a library's tool: name, description and the class of the arguments are fields of theirs. */
export function classTools(file: FileSide): readonly DefinedTool[] {
  const places = linesWith(file, CLASS_WORD);
  const lines = linesOf(file);
  if (!places.some((index) => lines[index]?.includes("Tool"))) return [];
  const classes = classesIn(lines, places, file.literals);
  const byName = new Map(classes.map((one) => [one.name, one]));
  const described = new Map<ToolClass, string>();
  return classes.flatMap((one): readonly DefinedTool[] => {
    if (!one.isTool) return [];
    const own = fieldsOf(one);
    const called = own.get("name") ?? one.name;
    const description = own.get("description") ?? "";
    if (!isToolName(called) || description === "") return [];
    const fields = one.literals.filter(({ path }) => SCHEMA_KEY.test(path[0] ?? "")).map(said);
    const model = byName.get(argumentsOf(lines, one));
    if (model && !described.has(model)) described.set(model, digest(argumentTexts(lines, model).join("\n")));
    const schema = [...fields, ...(model ? [described.get(model) ?? ""] : [])].join("\n");
    return [{ name: called, description, schema, line: one.line }];
  });
}

const TOOLKIT = /^\s{0,4}\([^)]{0,200}?\b\w{0,60}(?:Toolkit|ToolSpec|ToolSet)\b/;
const REGISTERED =
  /\bself\.(?:register|add_tool|register_tool)\(\s{0,4}self\.(\w{1,80})|spec_functions\s{0,4}=\s{0,4}\[([^\]]{1,2000})\]/g;

/** Methods that a class of tools registers: what the model is told of each is its documentation. */
export function toolkitTools(file: FileSide): readonly DefinedTool[] {
  if (!/\.py$/i.test(file.path) || !/Toolkit|ToolSpec|ToolSet/.test(file.text)) return [];
  if (!file.text.split("\n").some((text) => TOOLKIT.test(CLASS.exec(text.slice(0, LONGEST_LINE))?.[2] ?? "")))
    return [];
  const names = new Set<string>();
  for (const [, one, list = ""] of file.text.matchAll(REGISTERED))
    for (const name of one === undefined ? list.split(",").map((part) => part.replace(/[^\w]/g, "")) : [one])
      names.add(name);
  return file.literals.flatMap(({ path, value, line }): readonly DefinedTool[] => {
    const name = (path.at(-2) ?? "").replace(/\(\)$/, "");
    return path.at(-1) === "doc" && names.has(name) ? [{ name, description: value, schema: "", line }] : [];
  });
}

function classesIn(
  lines: readonly string[],
  places: readonly number[],
  literals: readonly Literal[],
): readonly ToolClass[] {
  const starts = places.flatMap((index) => {
    const [, name = "", rest = ""] = CLASS.exec(lines[index] ?? "") ?? [];
    return name === "" ? [] : [{ name, line: index + 1, isTool: TOOL_BASE.test(rest) }];
  });
  let next = 0;
  return starts.map((start, index) => {
    const end = starts[index + 1]?.line ?? Number.POSITIVE_INFINITY;
    const own: Literal[] = [];
    for (; next < literals.length && (literals[next]?.line ?? 0) < end; next += 1) {
      const literal = literals[next];
      if (literal && literal.line >= start.line) own.push(literal);
    }
    return { ...start, end, literals: own };
  });
}

/** Name and description, each from the first field that says it. */
function fieldsOf({ literals }: ToolClass): ReadonlyMap<string, string> {
  const own = new Map<string, string>();
  for (const { kind, path, value } of literals) {
    if (kind !== "string" || path.length > 2) continue;
    const [found, plain, prefixed = ""] = FIELD.exec(path[0] ?? "") ?? [];
    const key = plain ?? prefixed.toLowerCase();
    if (found !== undefined && !own.has(key)) own.set(key, value);
  }
  return own;
}

function argumentsOf(lines: readonly string[], { line, end }: ToolClass): string {
  for (const text of lines.slice(line, Math.min(end - 1, lines.length))) {
    const name = text.length > LONGEST_LINE ? undefined : ARGUMENTS.exec(text)?.[1];
    if (name !== undefined) return name;
  }
  return "";
}

/** What the class of the arguments says of each: names, types, descriptions, defaults. */
function argumentTexts(lines: readonly string[], { line, end, literals }: ToolClass): readonly string[] {
  const below = lines.slice(line, Math.min(end - 1, lines.length));
  const behind = below.findIndex((text) => BEHIND.test(text));
  const body = behind < 0 ? below : below.slice(0, behind);
  const typed = body.flatMap((text) => {
    const [, name, type = ""] = text.length > LONGEST_LINE ? [] : (ARGUMENT.exec(text) ?? []);
    return name === undefined ? [] : [`${name}:${type.replace(/\s+/g, "")}`];
  });
  const last = line + body.length;
  return [...typed, ...literals.filter((one) => one.line <= last && one.path.includes("Field()")).map(said)];
}

function said({ path, value }: Literal): string {
  return `${path.join(".")}=${value}`;
}
