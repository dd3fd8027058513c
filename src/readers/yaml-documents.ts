import {
  type Alias,
  Composer,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  type Node,
  type Pair,
  Parser,
  Scalar,
  type YAMLMap,
} from "yaml";
import type { Comment, Literal } from "../core/detector.ts";
import { lineNumbers } from "./line-numbers.ts";
import type { Reading } from "./reader.ts";

const MAX_DEPTH = 100;
/** How many nodes aliases may repeat in one file: beyond it is no configuration but a bomb. */
const MAX_REPEATED = 50_000;

interface Walk {
  readonly lineOf: (offset: number) => number;
  readonly literals: Literal[];
  readonly anchors: Map<string, Node>;
  /** Nodes repeated by aliases so far. */
  repeated: number;
  complete: boolean;
}

/** Where in the document a value is used when an alias brought it there. */
interface Use {
  readonly line: number | null;
  readonly depth: number;
}

/** The values of a YAML stream with anchors, aliases and merge keys resolved, as the library reads it; null when it is none. */
export function readYamlDocuments(text: string): Reading | null {
  const comments: Comment[] = [];
  const lineOf = lineNumbers(text);
  const documents = compose(text, comments, lineOf);
  if (documents === null) return null;
  const walk: Walk = { lineOf, literals: [], anchors: new Map(), repeated: 0, complete: true };
  for (const document of documents) {
    walk.anchors.clear();
    visit(walk, document.contents, [], 1, { line: null, depth: 0 });
  }
  return { literals: walk.literals, comments, parsed: walk.complete };
}

/** Null when the text has faults. The library throws where its own recursion ends, so what it throws is a fault too. */
function compose(text: string, comments: Comment[], lineOf: (offset: number) => number): readonly Document[] | null {
  const parser = new Parser();
  const composer = new Composer({ uniqueKeys: false, strict: false, logLevel: "silent", keepSourceTokens: false });
  const documents: Document[] = [];
  try {
    for (const token of tokens(text, parser, comments, lineOf)) {
      if (token.type === "error") return null;
      for (const document of composer.next(token)) documents.push(document as Document);
    }
    for (const document of composer.end()) documents.push(document as Document);
  } catch {
    return null;
  }
  return documents.some((document) => document.errors.length > 0) ? null : documents;
}

/** The parser's tokens, with the comments picked from the lexer's, which alone have places. */
function* tokens(text: string, parser: Parser, comments: Comment[], lineOf: (offset: number) => number) {
  let offset = 0;
  let scalar = false;
  for (const lexeme of new Lexer().lex(text)) {
    if (scalar) scalar = false;
    else if (lexeme === "\u001f") scalar = true;
    else if (lexeme.charCodeAt(0) === 35) {
      comments.push({ text: lexeme.slice(1).trimStart(), line: lineOf(offset) });
    }
    if (lexeme !== "\u001f" && lexeme !== "\u0002" && lexeme !== "\u0018") offset += lexeme.length;
    yield* parser.next(lexeme);
  }
  yield* parser.end();
}

function visit(walk: Walk, node: unknown, path: readonly string[], keyLine: number, use: Use): void {
  if (use.depth > MAX_DEPTH || (use.line !== null && walk.repeated > MAX_REPEATED)) {
    walk.complete = false;
    return;
  }
  if (use.line !== null) walk.repeated += 1;
  const deeper = { line: use.line, depth: use.depth + 1 };
  if (isAlias(node)) {
    visitAlias(walk, node, path, use.line ?? lineOfNode(walk, node, keyLine), use.depth + 1);
    return;
  }
  remember(walk, node);
  if (isMap(node)) visitMap(walk, node, path, deeper, null);
  else if (isSeq(node)) {
    node.items.forEach((item, index) => {
      visit(walk, item, [...path, String(index)], lineOfNode(walk, node, keyLine), deeper);
    });
  } else if (isScalar(node)) {
    walk.literals.push({ path, ...scalarOf(node), line: use.line ?? lineOfScalar(walk, node, keyLine) });
  } else if (node === null) {
    walk.literals.push({ path, value: "null", kind: "null", line: use.line ?? keyLine });
  }
}

/** An alias without an anchor is text that no parser would take: `globs: *.ts` in settings of an editor. */
function visitAlias(walk: Walk, alias: Alias, path: readonly string[], line: number, depth: number): void {
  const node = walk.anchors.get(alias.source);
  if (node) {
    visit(walk, node, path, line, { line, depth });
    return;
  }
  walk.complete = false;
  walk.literals.push({ path, value: `*${alias.source}`, kind: "string", line });
}

/** `taken` are the keys that a map which merges this one has already; it gets those of this one too. */
function visitMap(
  walk: Walk,
  map: YAMLMap<unknown, unknown>,
  path: readonly string[],
  use: Use,
  taken: Set<string> | null,
): void {
  const keys = taken || map.items.some(isMerge) ? map.items.filter((pair) => !isMerge(pair)).map(keyOf(walk)) : [];
  const merged = new Set([...(taken ?? []), ...keys]);
  for (const pair of map.items) {
    if (isMerge(pair)) {
      visitMerged(walk, pair, path, use, merged);
      continue;
    }
    remember(walk, pair.key);
    const key = keyOf(walk)(pair);
    if (!taken?.has(key)) visit(walk, pair.value, [...path, key], lineOfNode(walk, pair.key, 1), use);
  }
  if (taken) for (const key of merged) taken.add(key);
}

function visitMerged(
  walk: Walk,
  pair: Pair<unknown, unknown>,
  path: readonly string[],
  use: Use,
  taken: Set<string>,
): void {
  for (const source of isSeq(pair.value) ? pair.value.items : [pair.value]) {
    const map = isAlias(source) ? walk.anchors.get(source.source) : source;
    if (!isMap(map) || use.depth > MAX_DEPTH || walk.repeated > MAX_REPEATED) {
      walk.complete = false;
      continue;
    }
    walk.repeated += map.items.length + taken.size;
    const line = use.line ?? lineOfNode(walk, source, lineOfNode(walk, pair.key, 1));
    visitMap(walk, map, path, { line: isAlias(source) ? line : use.line, depth: use.depth + 1 }, taken);
  }
}

function isMerge(pair: Pair<unknown, unknown>): boolean {
  return (
    isScalar(pair.key) && pair.key.value === "<<" && (pair.key.type === Scalar.PLAIN || pair.key.tag !== undefined)
  );
}

const keyOf =
  (walk: Walk) =>
  ({ key }: Pair<unknown, unknown>): string => {
    const node = isAlias(key) ? walk.anchors.get(key.source) : key;
    if (isScalar(node)) return typeof node.value === "string" ? node.value : (node.source ?? String(node.value));
    return node === null || node === undefined ? "" : "?";
  };

function remember(walk: Walk, node: unknown): void {
  if ((isMap(node) || isSeq(node) || isScalar(node)) && node.anchor !== undefined) {
    walk.anchors.set(node.anchor, node as Node);
  }
}

function scalarOf(node: Scalar<unknown>): Pick<Literal, "value" | "kind"> {
  const { value, source = "" } = node;
  if (typeof value === "string") return { value, kind: "string" };
  if (typeof value === "boolean") return { value: String(value), kind: "boolean" };
  if (value === null) return { value: "null", kind: "null" };
  return { value: source, kind: typeof value === "number" || typeof value === "bigint" ? "number" : "string" };
}

function lineOfScalar(walk: Walk, node: Scalar<unknown>, keyLine: number): number {
  return node.value === null && !node.source ? keyLine : lineOfNode(walk, node, keyLine);
}

function lineOfNode(walk: Walk, node: unknown, otherwise: number): number {
  const range = (node as { range?: readonly [number, number, number] | null } | null)?.range;
  return range ? walk.lineOf(range[0]) : otherwise;
}
