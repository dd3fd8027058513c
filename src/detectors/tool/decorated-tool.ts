import type { FileSide } from "../../core/detector.ts";
import { sourceParts } from "../source-parts.ts";
import type { DefinedTool } from "./defined-tool.ts";

interface DecoratorStyle {
  readonly files: RegExp;
  readonly decorator: RegExp;
  /** A function's first line; group 1 is its name. */
  readonly definition: RegExp;
  readonly hashComments: boolean;
}

const STYLES: readonly DecoratorStyle[] = [
  {
    files: /\.(?:py|pyi)$/i,
    decorator:
      /^\s*@(?:[A-Za-z_][A-Za-z0-9_]{0,60}\.){0,4}(?:tool|function_tool|ai_function|kernel_function|agent_tool|tool_plain|beta_tool|register_for_llm|output_function)\b/,
    definition: /^\s*(?:async\s+)?def\s+([A-Za-z_][A-Za-z0-9_]*)\s*\(/,
    hashComments: true,
  },
  {
    files: /\.(?:java|kt|kts)$/i,
    decorator: /^\s*@(?:Tool|McpTool|LLMDescription|AiTool|Action)\b/,
    definition: /^\s*(?:[\w<>[\],.?@ ]{1,200}\s)?(?:fun\s+)?([A-Za-z_]\w*)\s*\(/,
    hashComments: false,
  },
  {
    files: /\.cs$/i,
    decorator: /^\s*\[(?:McpServerTool|KernelFunction|AIFunction)\b/,
    definition: /^\s*(?:[\w<>[\],.? ]{1,200}\s)([A-Za-z_]\w*)\s*\(/,
    hashComments: false,
  },
  {
    files: /\.rs$/i,
    decorator: /^\s*#\[(?:\w+::)?tool\b/,
    definition: /^\s*(?:pub(?:\([a-z]{1,10}\))?\s+)?(?:async\s+)?fn\s+([A-Za-z_]\w*)/,
    hashComments: false,
  },
  {
    files: /\.php$/i,
    decorator: /^\s*#\[(?:McpTool|AsTool|Tool)\b/,
    definition: /^\s*(?:public\s+)?(?:static\s+)?function\s+([A-Za-z_]\w*)\s*\(/,
    hashComments: false,
  },
];
const MAX_LINES = 60;
const MAX_DOCUMENTATION_LINES = 200;
const LONGEST_LINE = 2_000;

/** Functions that a decorator or annotation makes tools: what the model sees is name, signature and documentation. */
export function decoratedTools(file: FileSide): readonly DefinedTool[] {
  const style = STYLES.find(({ files }) => files.test(file.path));
  if (!style) return [];
  const lines = file.text.split("\n");
  const tools: DefinedTool[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    if (!matches(style.decorator, lines[index])) continue;
    const definition = definitionAfter(lines, index + 1, style);
    if (definition === null) continue;
    const tool = toolAt(lines, index, definition, style);
    tools.push(tool);
    index = definition;
  }
  return tools;
}

function matches(pattern: RegExp, line: string | undefined): boolean {
  return line !== undefined && line.length <= LONGEST_LINE && pattern.test(line);
}

function definitionAfter(lines: readonly string[], from: number, style: DecoratorStyle): number | null {
  for (let index = from; index < Math.min(lines.length, from + MAX_LINES); index += 1) {
    if (/^\s*(?:@|#\[|\[)/.test(lines[index] ?? "")) continue;
    if (matches(style.definition, lines[index])) return index;
    if (/^\s*(?:export\s+)?(?:public\s+)?class\s/.test(lines[index] ?? "")) return null;
  }
  return null;
}

function toolAt(lines: readonly string[], start: number, definition: number, style: DecoratorStyle): DefinedTool {
  const text = lines.slice(definition, definition + MAX_LINES).join("\n");
  const name = style.definition.exec(lines[definition] ?? "")?.[1] ?? "";
  const open = text.indexOf("(", text.indexOf(name) + name.length);
  const { parts, end } = sourceParts(text, Math.max(0, open), style.hashComments);
  const decorators = sourceParts(`(${lines.slice(start, definition).join("\n")})`, 0, style.hashComments).parts.join(
    ",",
  );
  const below = text.slice(0, end).split("\n").length;
  const given = /\bname=?[=:]"([^"\n]{1,128})"/.exec(decorators)?.[1];
  const rest = text.slice(end).split("\n")[0] ?? "";
  const result = style.hashComments ? (/->\s*([^:]{1,200}):/.exec(rest)?.[1] ?? "") : "";
  return {
    name: given ?? name,
    description: style.hashComments ? documentation(lines, definition + below) : "",
    schema: [decorators, ...parts, result.replace(/\s/g, "")].join(","),
    line: start + 1,
  };
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
  return parts.join(" ");
}
