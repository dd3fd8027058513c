import type { Alias, CST, Document, Pair, ParsedNode, YAMLMap } from "yaml";
import { Composer, isAlias, isMap, isScalar, isSeq, Lexer, Parser } from "yaml";

/** Something in a YAML text that is refused, at an offset in UTF-16 units. */
export interface Refusal {
  readonly offset: number;
  readonly message: string;
  readonly expected: string;
}

/** A YAML text as a plain value, or why it is refused. */
export type StrictYaml =
  | { readonly ok: true; readonly value: unknown; readonly root: ParsedNode | null }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

/** How deep collections may nest, and how many nodes aliases may repeat in all. */
const LIMITS = { depth: 64, repeated: 10_000, refusals: 20 };

const OPTIONS = { schema: "core", version: "1.2", uniqueKeys: false, prettyErrors: false } as const;
const CORE_TAGS: ReadonlySet<string> = new Set(
  ["map", "seq", "str", "null", "bool", "int", "float"].map((name) => `tag:yaml.org,2002:${name}`),
);

/** Thrown inside this file only: the text is refused and reading on is pointless. */
class Refused extends Error {
  readonly refusals: readonly Refusal[];
  constructor(refusals: readonly Refusal[]) {
    super("refused");
    this.refusals = refusals;
  }
}

/** Reads one YAML 1.2 document of the core schema: no directives, no tags of its own, no duplicate keys, few aliases, `largest` lexemes. */
export function strictYaml(text: string, largest: number): StrictYaml {
  try {
    const root = compose(text, largest).contents;
    const state = { anchors: new Map(), open: new Set<ParsedNode>(), repeating: 0, repeated: 0 };
    return { ok: true, value: plainValue(root, state, 0), root };
  } catch (error) {
    if (error instanceof Refused) return { ok: false, refusals: error.refusals };
    // The library composes recursively; only a text nested thousands of levels deep gets there.
    if (error instanceof RangeError) return { ok: false, refusals: [tooDeep(0)] };
    throw error;
  }
}

function tooDeep(offset: number): Refusal {
  return { offset, message: "collections nest too deeply", expected: `at most ${LIMITS.depth} levels` };
}

function refuse(offset: number, message: string, expected: string): never {
  throw new Refused([{ offset, message, expected }]);
}

/**
 * Looks at lexemes before the parser does: nesting is cheap to count here and dear to find out later. `-`, `?` and the
 * brackets are indicators when they are a lexeme, since the lexer marks scalars.
 */
function bouncer(largest: number): (lexeme: string, offset: number) => void {
  let flow = 0;
  let block = 0;
  let seen = 0;
  return (lexeme, offset) => {
    if (++seen > largest) refuse(offset, "too many parts", `at most ${largest} words and marks`);
    if (lexeme === "[" || lexeme === "{") flow++;
    else if (lexeme === "]" || lexeme === "}") flow--;
    else if (lexeme === "-" || lexeme === "?") block++;
    else if (lexeme === "\n" || lexeme === "\r\n") block = 0;
    if (flow > LIMITS.depth || block > LIMITS.depth) throw new Refused([tooDeep(offset)]);
  };
}

/**
 * Composes the document, and stops at the first of too many faults: the library would go on and allocate an error for
 * every character of a hostile file.
 */
function compose(text: string, largest: number): Document.Parsed {
  const refusals: Refusal[] = [];
  const report = (offset: number, message: string): void => {
    // The library quotes what it found, which may be a secret somebody pasted: only the sentence before it is kept.
    refusals.push({ offset, message: (message.split(/[:"]/, 1)[0] ?? "").trim(), expected: "valid YAML 1.2" });
    if (refusals.length >= LIMITS.refusals) throw new Refused(refusals);
  };
  const onError = (source: number | readonly number[] | { offset: number }, code: string, message: string): void => {
    const offset = typeof source === "number" ? source : "offset" in source ? source.offset : (source[0] ?? 0);
    // The library turns any exception inside it, a full stack or our own, into this code.
    if (code === "RESOURCE_EXHAUSTION") throw new Refused(refusals.length > 0 ? refusals : [tooDeep(offset)]);
    report(offset, message);
  };
  const composer = new Composer<ParsedNode>(OPTIONS);
  Object.assign(composer, { onError });
  const found: Document.Parsed[] = [];
  const parser = new Parser();
  const consume = (tokens: Iterable<CST.Token>): void => {
    for (const token of tokens) {
      if (token.type === "directive") refuse(token.offset, "a YAML directive", "no directive: YAML 1.2 is read");
      if (token.type === "error") report(token.offset, token.message);
      found.push(...composer.next(token));
      if (found.length > 1) refuse(found[1]?.range[0] ?? 0, "a second document", "one document");
    }
  };
  const admit = bouncer(largest);
  for (const lexeme of new Lexer().lex(text)) {
    admit(lexeme, parser.offset);
    consume(parser.next(lexeme));
  }
  consume(parser.end());
  found.push(...composer.end(true, text.length));
  if (refusals.length > 0) throw new Refused(refusals);
  const [document, second] = found;
  if (second) refuse(second.range[0], "a second document", "one document");
  if (!document) refuse(0, "nothing to read", "a document");
  return document;
}

/** What one conversion keeps: the anchors seen so far, those still open, and what aliases have repeated. */
interface Conversion {
  readonly anchors: Map<string, ParsedNode>;
  readonly open: Set<ParsedNode>;
  repeating: number;
  repeated: number;
}

/** The plain value below a node; the one traversal that also finds duplicate keys, foreign tags and alias bombs. */
function plainValue(node: ParsedNode | null, state: Conversion, depth: number): unknown {
  if (node === null) return null;
  if (state.repeating > 0 && ++state.repeated > LIMITS.repeated) {
    refuse(node.range[0], "aliases repeat too much", `at most ${LIMITS.repeated} repeated values`);
  }
  if (isAlias(node)) return repeated(node, state, depth);
  if (node.tag !== undefined && !CORE_TAGS.has(node.tag)) refuse(node.range[0], "a tag", "plain YAML without tags");
  if (node.anchor !== undefined) state.anchors.set(node.anchor, node);
  if (isScalar(node)) return node.value;
  if (depth > LIMITS.depth) throw new Refused([tooDeep(node.range[0])]);
  state.open.add(node);
  const value = isSeq(node)
    ? node.items.map((item) => plainValue(item as ParsedNode, state, depth + 1))
    : plainObject(node, state, depth);
  state.open.delete(node);
  return value;
}

function repeated(alias: Alias.Parsed, state: Conversion, depth: number): unknown {
  const target = state.anchors.get(alias.source);
  if (!target) refuse(alias.range[0], "an alias without its anchor", "an anchor before the alias");
  if (state.open.has(target)) refuse(alias.range[0], "an alias inside its own anchor", "a value that ends");
  state.repeating++;
  const value = plainValue(target, state, depth + 1);
  state.repeating--;
  return value;
}

function plainObject(map: YAMLMap.Parsed, state: Conversion, depth: number): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const pair of map.items) {
    const key = keyOf(pair.key);
    const offset = pair.key?.range[0] ?? map.range[0];
    if (key === undefined) refuse(offset, "a key that is no text", "a plain key");
    // `__proto__` would change the object instead of adding a key.
    if (key === "__proto__") refuse(offset, "the key __proto__", "another key");
    if (Object.hasOwn(value, key)) refuse(offset, `the key "${shownKey(key)}" twice`, "each key once");
    value[key] = plainValue(pair.value, state, depth + 1);
  }
  return value;
}

/** The text of a mapping's key; undefined for collections, aliases and null. */
function keyOf(key: unknown): string | undefined {
  return isScalar(key) && key.value !== null && typeof key.value !== "object" ? String(key.value) : undefined;
}

/** A key as messages show it; one that does not look like a key is not repeated, since it may be a pasted secret. */
export function shownKey(key: string): string {
  return /^[\w@./~-]{1,40}$/.test(key) ? key : "<withheld>";
}

/** The offset of what a path leads to, or of the nearest thing above it that exists; `key` asks for the last key itself. */
export function offsetOf(root: ParsedNode | null, path: readonly (string | number)[], key = false): number {
  let node: ParsedNode | null = root;
  let offset = root?.range[0] ?? 0;
  for (const [index, step] of path.entries()) {
    const pair: Pair<ParsedNode, ParsedNode | null> | undefined = isMap<ParsedNode, ParsedNode | null>(node)
      ? node.items.find((item) => keyOf(item.key) === String(step))
      : undefined;
    const next = isSeq<ParsedNode>(node) ? (node.items[Number(step)] ?? null) : (pair?.value ?? null);
    if (pair && ((key && index === path.length - 1) || next === null)) return pair.key.range[0];
    if (next === null) return offset;
    node = next;
    offset = next.range[0];
  }
  return offset;
}
