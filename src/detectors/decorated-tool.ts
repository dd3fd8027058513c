import type { FileSide } from "../core/detector.ts";
import type { DefinedTool } from "./tool-definition.ts";

const DECORATOR =
  /^\s*@(?:[A-Za-z_][A-Za-z0-9_]*\.){0,4}(?:tool|function_tool|ai_function|kernel_function|agent_tool|tool_plain|beta_tool|register_for_llm)\b/;
const DEFINITION = /^\s*(?:async\s+)?def\s+([A-Za-z_][A-Za-z0-9_]*)\s*\(/;
const MAX_SIGNATURE_LINES = 60;
const MAX_DOCUMENTATION_LINES = 200;

/** Python functions that a decorator makes tools: what the model sees is the name, the signature and the documentation string. */
export function decoratedTools(file: FileSide): readonly DefinedTool[] {
  if (!/\.(?:py|pyi)$/i.test(file.path) || !file.text.includes("@")) return [];
  const lines = file.text.split("\n");
  const tools: DefinedTool[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    if (!DECORATOR.test(lines[index] ?? "")) continue;
    const definition = nextDefinition(lines, index + 1);
    if (definition === null) continue;
    const name = DEFINITION.exec(lines[definition] ?? "")?.[1] ?? "";
    const end = endOfSignature(lines, definition);
    const decorators = lines.slice(index, definition).map((line) => line.trim());
    const signature = lines.slice(definition, end + 1).map((line) => line.trim());
    tools.push({
      name,
      description: documentation(lines, end + 1),
      schema: [...decorators, ...signature].join(" ").replace(/\s+/g, " "),
      line: index + 1,
    });
    index = end;
  }
  return tools;
}

function nextDefinition(lines: readonly string[], from: number): number | null {
  for (let index = from; index < Math.min(lines.length, from + MAX_SIGNATURE_LINES); index += 1) {
    if (DEFINITION.test(lines[index] ?? "")) return index;
    if (/^\s*class\s/.test(lines[index] ?? "")) return null;
  }
  return null;
}

function endOfSignature(lines: readonly string[], from: number): number {
  let depth = 0;
  for (let index = from; index < Math.min(lines.length, from + MAX_SIGNATURE_LINES); index += 1) {
    for (const character of lines[index] ?? "")
      depth += "([{".includes(character) ? 1 : ")]}".includes(character) ? -1 : 0;
    if (depth <= 0 && /:\s*(?:#.*)?$/.test(lines[index] ?? "")) return index;
  }
  return from;
}

/** The documentation string that begins on a line, its lines joined by one blank. */
function documentation(lines: readonly string[], from: number): string {
  const first = (lines[from] ?? "").trim();
  const quote = /^[rRuU]?("""|'''|"|')/.exec(first)?.[1];
  if (quote === undefined) return "";
  const parts = [first.slice(first.indexOf(quote) + quote.length)];
  for (let index = from; index < from + MAX_DOCUMENTATION_LINES; index += 1) {
    const part = parts.at(-1) ?? "";
    const end = part.indexOf(quote);
    if (end >= 0) {
      parts[parts.length - 1] = part.slice(0, end);
      break;
    }
    const next = lines[index + 1];
    if (next === undefined || quote.length === 1) break;
    parts.push(next);
  }
  return parts
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .join(" ");
}
