import { type Node, parseTree } from "jsonc-parser";
import type { FileSide, Literal } from "../../core/detector.ts";
import { memoisedByObject } from "../memoised.ts";
import { firstLineOf } from "./code-lines.ts";

const LONGEST = 2_000_000;
const DEEPEST = 24;
const SETTING =
  /["'](?:model|models|name|id|temperature|max_?tokens|max_new_tokens|provider|endpoint|base_?url)\w{0,12}["']\s{0,4}:/i;

/** A file with the values of JSON documents that stand as strings in it (`MODELS: >- [{ "name": … }]`) among its own. */
export const withEmbedded: (file: FileSide) => FileSide = memoisedByObject((file) =>
  file.literals.some(isDocument)
    ? { ...file, literals: file.literals.flatMap((literal) => [literal, ...embedded(file, literal)]) }
    : file,
);

/** Whether a string is a JSON document that may hold settings. */
export function isDocument({ kind, value }: Literal): boolean {
  return (
    kind === "string" &&
    value.length > 10 &&
    value.length <= LONGEST &&
    mayBeDocument(value.charCodeAt(0)) &&
    /^\s{0,80}[[{]/.test(value) &&
    SETTING.test(value)
  );
}

/** A bracket, or what may be a blank before one. */
function mayBeDocument(first: number): boolean {
  return first === 91 || first === 123 || first <= 32 || first >= 128;
}

function embedded(file: FileSide, literal: Literal): readonly Literal[] {
  const { value } = literal;
  if (!isDocument(literal)) return [];
  const root = rootOf(value);
  if (!root) return [];
  const starts = lineStarts(value);
  const first = firstLineOf(file, literal);
  const found: Literal[] = [];
  collect(root, literal.path, 0, (path, node) => {
    const type = node.type === "null" || node.type === "number" || node.type === "boolean" ? node.type : "string";
    found.push({ path, value: String(node.value), kind: type, line: first + lineAt(starts, node.offset) });
  });
  return found;
}

/** Undefined where the text nests deeper than the parser's own recursion: hostile text must not end the run. */
function rootOf(value: string): Node | undefined {
  try {
    return parseTree(value, [], { allowTrailingComma: true });
  } catch {
    return undefined;
  }
}

function collect(
  node: Node,
  path: readonly string[],
  depth: number,
  add: (path: readonly string[], node: Node) => void,
): void {
  if (depth > DEEPEST) return;
  if (node.type === "array") {
    node.children?.forEach((child, index) => {
      collect(child, [...path, String(index)], depth + 1, add);
    });
  } else if (node.type === "object") {
    for (const property of node.children ?? []) {
      const [key, value] = property.children ?? [];
      if (key && value) collect(value, [...path, String(key.value)], depth + 1, add);
    }
  } else add(path, node);
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** How many lines lie before an offset. */
function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
