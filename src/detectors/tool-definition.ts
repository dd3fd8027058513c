import { createHash } from "node:crypto";
import { byText } from "../core/change-set.ts";
import type { Fact, FactChange, FileSide, Judgement } from "../core/detector.ts";
import { decoratedTools } from "./decorated-tool.ts";
import { confidenceIn, directionOf } from "./distinct-facts.ts";
import { groupLiterals, type LiteralGroup } from "./literal-groups.ts";
import { effectsOf } from "./tool-effects.ts";

/** The rule of what an agent can call. */
export const TOOL_DEFINITION = "tool/definition";
const TOOL_CALL =
  /(?:^|\.)(?:(?:register|add|define|create)_?[Tt]ool|tool|[A-Za-z]*Tool|StructuredTool\.from_function|Tool\.from_function|FunctionTool\.from_defaults|FunctionDeclaration|ai_function|kernel_function)\(\)$/;
const TOOL_LIST =
  /^(?:tools|functions|toolConfig|function_declarations|functionDeclarations|[A-Z_]*TOOLS?|[a-z_]*[tT]ools?|[a-z]+Tools)$/;
const SCHEMA = /^(?:parameters|input_schema|inputSchema|schema|args_schema|params|toolSpec)$/;
const SHOWN_DESCRIPTION = 80;

/** A tool as a file defines it. */
export interface DefinedTool {
  readonly name: string;
  readonly description: string;
  /** Everything that a model or a caller sees of it beside name and description, canonical. */
  readonly schema: string;
  readonly line: number;
}

/** The tools that a file defines: in calls, in lists for a model's API, by decorators. */
export function toolDefinitions(file: FileSide): readonly Fact[] {
  if (!/tool|function|input_?schema/i.test(file.text)) return [];
  const tools = [...calledTools(file), ...listedTools(file), ...decoratedTools(file)];
  return tools.map((tool): Fact => {
    const effects = effectsOf(tool.name, tool.description);
    const digest = createHash("sha256")
      .update(JSON.stringify([tool.description, tool.schema]))
      .digest("hex")
      .slice(0, 16);
    const about =
      tool.description.length > SHOWN_DESCRIPTION
        ? `${tool.description.slice(0, SHOWN_DESCRIPTION)}…`
        : tool.description;
    return {
      rule: TOOL_DEFINITION,
      key: tool.name,
      value: `${effects.join(",")} ${digest}`,
      shown: `${tool.name}${effects.length > 0 ? ` (${effects.join(", ")})` : ""}${about === "" ? "" : `: ${about}`}`,
      line: tool.line,
      confidence: confidenceIn(file),
    };
  });
}

function calledTools(file: FileSide): readonly DefinedTool[] {
  const groups = groupLiterals(file.literals, (path) => {
    const at = path.findLastIndex((part) => TOOL_CALL.test(part));
    return at < 0 || path.some((part) => part === "import") ? null : at + 1;
  });
  return groups.flatMap((group) => {
    const at = (name: string) => group.fields.find(({ path }) => path.length === 1 && path[0] === name)?.value;
    const positional = /(?:^|[._])tool\(\)$|egisterTool\(\)$|ddTool\(\)$/.test(group.path.at(-1) ?? "");
    const description =
      at("description") ??
      group.fields.find(({ path }) => path.at(-1) === "description" && path.length === 2 && path[0] === "1")?.value ??
      (positional ? at("1") : undefined) ??
      "";
    const name = at("name") ?? (positional ? at("0") : undefined) ?? boundName(group);
    return isToolName(name) && (description !== "" || hasSchema(group))
      ? [{ name, description, schema: schemaOf(group), line: group.line }]
      : [];
  });
}

/** `const refund = tool({ description })`: the name the call is bound to, where the reader gives it. */
function boundName(group: LiteralGroup): string {
  return group.path.length > 1
    ? (group.path.at(-2) ?? "")
    : (group.fields.find(({ path }) => path.length === 1)?.value.split(/\s/)[0] ?? "");
}

/** Objects with name, description and schema in lists called tools or functions, or anywhere with an input schema. */
function listedTools(file: FileSide): readonly DefinedTool[] {
  const groups = groupLiterals(file.literals, (path) => {
    if (path.some((part) => TOOL_CALL.test(part))) return null;
    const at = path.findIndex((part, index) => TOOL_LIST.test(part) && index < path.length - 1);
    if (at < 0)
      return /^(?:name|description)$/.test(path.at(-1) ?? "") && path.length <= 2 ? path.length - 1 : schemaAt(path);
    const index = /^\d+$/.test(path[at + 1] ?? "") ? at + 2 : at + 1;
    return path[index] === "function" || path[index] === "toolSpec" ? index + 1 : index;
  });
  return groups.flatMap((group) => {
    const name = group.fields.find(({ path }) => path.length === 1 && path[0] === "name")?.value ?? "";
    const description = group.fields.find(({ path }) => path.length === 1 && path[0] === "description")?.value ?? "";
    return isToolName(name) && hasSchema(group)
      ? [{ name, description, schema: schemaOf(group), line: group.line }]
      : [];
  });
}

function schemaAt(path: readonly string[]): number | null {
  const at = path.findIndex((part) => part === "input_schema" || part === "inputSchema");
  return at < 0 ? null : at;
}

function hasSchema(group: LiteralGroup): boolean {
  return group.fields.some(({ path }) => path.some((part) => SCHEMA.test(part)));
}

function isToolName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_.:/-]{0,127}$/.test(name);
}

function schemaOf(group: LiteralGroup): string {
  const rows = group.fields.filter(
    ({ path }) => path.length > 1 || !/^(?:name|description|0|1|type)$/.test(path[0] ?? ""),
  );
  return rows
    .map(({ path, value }) => `${path.join(".")}=${value}`)
    .sort(byText)
    .join("\n");
}

/** A tool that gains an effect is major, every other change of what the model is told about it material. */
export function judgeToolDefinition(change: FactChange): Judgement {
  const direction = directionOf(change);
  const remedy = "Register the tool with its effects, and test the agent with the new definition.";
  if (!change.after)
    return { direction, severity: "material", remedy: "Check that no prompt still tells the agent to call it." };
  const before = new Set(effectsIn(change.before));
  const gained = effectsIn(change.after).some((effect) => !before.has(effect));
  if (!gained) return { direction, severity: "material", remedy };
  return { direction: change.before ? "widened" : direction, severity: "major", remedy };
}

function effectsIn(fact: Fact | undefined): readonly string[] {
  return (fact?.value.split(" ")[0] ?? "").split(",").filter((effect) => effect !== "");
}
