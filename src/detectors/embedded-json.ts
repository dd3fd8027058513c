import { parse } from "jsonc-parser";
import type { Literal } from "../core/detector.ts";

const MAX_DEPTH = 32;

/** The leaves of JSON documents that stand as strings inside other files (policies in Terraform, settings in workflows). */
export function embeddedLiterals(literals: readonly Literal[], wanted: RegExp): readonly Literal[] {
  const found: Literal[] = [];
  for (const { kind, path, value, line } of literals) {
    if (kind !== "string" || !value.includes("{")) continue;
    const text = value.trim();
    if (text.startsWith("{") && wanted.test(text)) found.push(...leaves(documentIn(text), path, line, 0));
  }
  return found;
}

/** Undefined where the text nests deeper than the parser's own recursion: no policy does, and hostile text must not end the run. */
function documentIn(text: string): unknown {
  try {
    return parse(text, [], { allowTrailingComma: true });
  } catch {
    return undefined;
  }
}

function leaves(value: unknown, path: readonly string[], line: number, depth: number): readonly Literal[] {
  if (depth > MAX_DEPTH) return [];
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([name, item]) => leaves(item, [...path, name], line, depth + 1));
  }
  if (value === undefined) return [];
  const kind =
    typeof value === "number" ? "number" : typeof value === "boolean" ? "boolean" : value === null ? "null" : "string";
  return [{ path, value: String(value), kind, line }];
}
