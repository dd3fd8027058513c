import type { FileSide } from "../../core/detector.ts";
import { groupLiterals, type LiteralGroup } from "../literal-groups.ts";
import { partQuestion } from "../literal-parts.ts";
import { memoised } from "../memoised.ts";
import { sourceParts } from "../source-parts.ts";
import { type DefinedTool, isToolName, SCHEMA_KEY } from "./defined-tool.ts";

const TOOL_CALL =
  /(?:^|\.|^@)(?:(?:register|add|define|create|new|make|build|dynamic|structured|function|beta|betaZod|hosted)_?[Tt]ool|(?:define|create|make|build)[A-Z][A-Za-z]{1,30}Tool|tool|[A-Z][A-Za-z]{0,60}Tool|StructuredTool\.from_function|Tool\.from_function|FunctionTool\.from_defaults|(?:New)?FunctionDeclaration|AIFunctionFactory\.Create|ai_function|kernel_function)\(\)$/;
const POSITIONAL = /(?:^|[._])tool\(\)$|(?:register|add|define|create|New|new)_?[Tt]ool\(\)$/;
const SCRIPT = /\.[cm]?[jt]sx?$/i;
const FUNCTION = /^(?:async\b|function\b|lambda\b|func\b|\([^()]{0,300}\)=>|\w{1,60}=>|\|)/;
/** How far above its first text a call may begin. */
const BEFORE = 4_000;

/** Whether a part of a literal's path is a call that makes a tool. */
export function isToolCall(part: string): boolean {
  return part.endsWith("()") && makesTool(part);
}

const toolCalls = partQuestion(isToolCall);
const makesTool = memoised((call) => TOOL_CALL.test(call));

/** Tools made by a call: `server.registerTool("x", {...})`, `tool({ description })`, `Tool(name="x")`. */
export function calledTools(file: FileSide): readonly DefinedTool[] {
  const meant = toolCalls.meant(file.literals);
  if (meant === null) return [];
  const groups = groupLiterals(file.literals, (path) => {
    const at = path.findLastIndex((part) => meant(part) && (!part.startsWith("@") || SCRIPT.test(file.path)));
    return at < 0 || path.includes("import") ? null : at + 1;
  });
  if (groups.length === 0) return [];
  const starts = lineStarts(file.text);
  return groups.flatMap((group) => {
    const tool = toolIn(group, schemaOf(file, group, starts));
    return tool && isToolName(tool.name) && (tool.description !== "" || tool.schema !== "") ? [tool] : [];
  });
}

function toolIn(group: LiteralGroup, schema: string): DefinedTool {
  const own = (...path: readonly string[]) =>
    group.fields.find(
      (field) => field.path.length === path.length && field.path.every((part, index) => part === path[index]),
    )?.value;
  const nested = group.fields.find(({ path }) => /WithDescription\(\)$/.test(path.at(-2) ?? ""))?.value;
  const positional = POSITIONAL.test(group.path.at(-1) ?? "");
  const name =
    own("name") ?? own("0", "name") ?? own("schema", "name") ?? (positional ? own("0") : undefined) ?? boundName(group);
  const described =
    own("description") ??
    own("schema", "description") ??
    own("1", "description") ??
    nested ??
    (positional ? own("1") : undefined) ??
    "";
  return { name, description: described, schema, line: group.line };
}

/** `const refund = tool({ description })`: the name the call is bound to. */
function boundName(group: LiteralGroup): string {
  return group.path.findLast((part, index) => index < group.path.length - 1 && !/^\d+$/.test(part)) ?? "";
}

/** What the call says of parameters, from its source: types have no literals. */
function schemaOf(file: FileSide, group: LiteralGroup, starts: readonly number[]): string {
  const callee = (group.path.at(-1) ?? "").replace("()", "").replace(/^@/, "");
  const word = callee.slice(callee.lastIndexOf(".") + 1);
  const lineEnd = starts[group.line] ?? file.text.length;
  const found = file.text.lastIndexOf(word, lineEnd);
  if (found < 0 || found < lineEnd - BEFORE) return "";
  const open = file.text.indexOf("(", found);
  if (open < 0 || open > found + word.length + 200) return "";
  const hash = !SCRIPT.test(file.path) && /\.(?:py|pyi|rb|ipynb)$/i.test(file.path);
  const { parts } = sourceParts(file.text, open, hash);
  if (/^New/.test(word)) return parts.slice(1).join(",");
  return parts.flatMap((part, index) => schemaPart(part, index, hash)).join(",");
}

function schemaPart(part: string, index: number, hash: boolean): readonly string[] {
  const [, keyword, value = ""] = /^(\w{1,60})=(?![=>])([\s\S]*)$/.exec(part) ?? [];
  if (keyword !== undefined) return SCHEMA_KEY.test(keyword) ? [value] : [];
  if (FUNCTION.test(part) || part.startsWith('"')) return [];
  if (!part.startsWith("{")) return index > 0 && /^[\w$.]{0,60}(?:z\.|[sS]chema)/.test(part) ? [part] : [];
  const fields = sourceParts(part, 0, hash).parts.map((field) => /^"?(\w{1,60})"?:([\s\S]*)$/.exec(field) ?? []);
  const schemas = fields.filter(([, key = ""]) => SCHEMA_KEY.test(key)).map(([, , text = ""]) => text);
  if (schemas.length > 0) return schemas;
  const described = fields.some(([, key = ""]) => /^(?:name|description|title|execute|handler|func)$/.test(key));
  return index > 0 && !described ? [part] : [];
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}
