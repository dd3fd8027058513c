import { byText } from "../../core/change-set.ts";
import type { FileSide, Literal } from "../../core/detector.ts";
import { actsWithModel } from "../guardrail/guardrail-words.ts";
import { groupLiterals, type LiteralGroup } from "../literal-groups.ts";
import { partQuestion } from "../literal-parts.ts";
import { isToolCall } from "./called-tool.ts";
import { type DefinedTool, isToolName, SCHEMA_KEY } from "./defined-tool.ts";

const TOOL_LIST =
  /^(?:tools|functions|toolConfig|function_declarations|functionDeclarations|[A-Z_]{0,60}TOOLS?|[a-z_]{0,60}[tT]ools?|[a-z]{1,60}Tools|\$?defs)$/;
const TOOL_MAP = /^(?:[a-z]{0,30}[tT]ools|[A-Z_]{0,30}TOOLS)$/;
const OWN = /^(?:name|description|title)$/;

const toolMaps = partQuestion((part) => TOOL_MAP.test(part));

/** Maps from names to what is said of tools: `tools = { "sys.read": { description, arguments } }`. */
export function mappedTools(file: FileSide): readonly DefinedTool[] {
  if (!toolMaps.any(file.literals) || !actsWithModel(file)) return [];
  const groups = groupLiterals(file.literals, ({ 0: map = "", length }) =>
    length > 2 && TOOL_MAP.test(map) ? 2 : null,
  );
  return groups.flatMap((group) => {
    const name = group.path[1] ?? "";
    const said = group.fields.find(
      ({ path, value }) => /^description$/i.test(path.at(-1) ?? "") && /\s\S+\s/.test(value),
    );
    if (said === undefined || /^\d+$/.test(name) || name.endsWith("()") || !isToolName(name)) return [];
    const schema = group.fields
      .filter((field) => field !== said)
      .map(({ path, value }) => `${path.join(".")}=${value}`)
      .sort(byText)
      .join("\n");
    return [{ name, description: said.value, schema, line: group.line }];
  });
}

const schemaKeys = partQuestion((part) => SCHEMA_KEY.test(part));

/** Objects with name and schema: in lists called tools or functions, or wherever a schema of inputs stands beside a name. */
export function listedTools(file: FileSide): readonly DefinedTool[] {
  if (!schemaKeys.any(file.literals)) return [];
  const owners = schemaOwners(file.literals);
  if (owners.size === 0) return [];
  const groups = groupLiterals(file.literals, (path) => ownerOf(path, owners));
  return groups.flatMap((group) => {
    const field = (key: string) => group.fields.find(({ path }) => path.length === 1 && path[0] === key)?.value ?? "";
    const name = field("name");
    return isToolName(name) && name !== ""
      ? [{ name, description: field("description"), schema: schemaOf(group), line: group.line }]
      : [];
  });
}

/** The objects that hold both a `name` and the schema of a tool. */
function schemaOwners(literals: readonly Literal[]): ReadonlySet<string> {
  const named = new Set<string>();
  const schemas = new Map<string, boolean>();
  for (const { path } of literals) {
    if (path.some(isToolCall)) continue;
    if (path.at(-1) === "name") named.add(JSON.stringify(path.slice(0, -1)));
    const at = path.findIndex((part) => SCHEMA_KEY.test(part));
    if (at < 0 || at === path.length - 1) continue;
    const sure = /^input_?schema$/i.test(path[at] ?? "") || path.slice(0, at).some((part) => TOOL_LIST.test(part));
    if (sure) schemas.set(JSON.stringify(path.slice(0, at)), true);
  }
  // `{ toolSpec: { name, inputSchema } }` and `{ type: "function", function: { name, parameters } }` hold them one level down.
  return new Set([...schemas.keys()].filter((owner) => named.has(owner)));
}

function ownerOf(path: readonly string[], owners: ReadonlySet<string>): number | null {
  for (let length = path.length - 1; length >= 0; length -= 1)
    if (owners.has(JSON.stringify(path.slice(0, length)))) return length;
  return null;
}

function schemaOf(group: LiteralGroup): string {
  return group.fields
    .filter(({ path }) => path.length > 1 || !OWN.test(path[0] ?? ""))
    .map(({ path, value }) => `${path.join(".")}=${value}`)
    .sort(byText)
    .join("\n");
}
