import { expandBraces } from "./brace-expansion.ts";
import { compileSegment, type SegmentPattern } from "./segment-pattern.ts";

/** Finds the values whose globs match a path. */
export interface PathMatcher<T> {
  /** The values in the order of their rows, each once. */
  match(path: string): readonly T[];
}

/** A place in the trie of path segments: what may follow, and the rows whose glob ends here. */
interface Node {
  readonly literals: Map<string, Node>;
  /** Wildcard segments by their fixed start, or their fixed end where they have no start. */
  readonly byStart: Buckets;
  readonly byEnd: Buckets;
  /** The node of `**`: reached without a segment, and stays. */
  anyDepth: Node | null;
  readonly stays: boolean;
  readonly rows: number[];
  /** The last step of a match that entered it, so that none enters twice. */
  step: number;
}

interface Wild {
  readonly pattern: SegmentPattern;
  readonly node: Node;
}

interface Buckets {
  readonly lengths: number[];
  /** By that text, and in there by the whole segment. */
  readonly wilds: Map<string, Map<string, Wild>>;
}

/**
 * Compiles many globs into one trie, so that a path costs its own length and not the number of globs.
 * Globs know `**`, `*`, `?`, `[abc]`, `{a,b}` and `\`; they match after NFC and case folding, dotfiles included.
 */
export function compilePaths<T>(
  rows: readonly { readonly patterns: readonly string[]; readonly value: T }[],
): PathMatcher<T> {
  const root = newNode(false);
  rows.forEach(({ patterns }, row) => {
    for (const pattern of new Set(patterns)) for (const glob of expandBraces(pattern)) insert(root, glob, row);
  });
  const values = rows.map(({ value }) => value);
  return {
    match: (path) => {
      const found = matchingRows(root, fold(path).split("/"));
      if (found.length <= 1) return found.map((row) => values[row] as T);
      return [...new Set(found.sort((a, b) => a - b).map((row) => values[row] as T))];
    },
  };
}

/** Two paths that a case-insensitive or normalising file system takes for one fold to the same text. */
export function fold(path: string): string {
  if (/^[\0-\x7f]*$/.test(path)) return path.toLowerCase();
  return path.normalize("NFC").toUpperCase().toLowerCase().normalize("NFC");
}

function newNode(stays: boolean): Node {
  const buckets = () => ({ lengths: [], wilds: new Map() });
  return { literals: new Map(), byStart: buckets(), byEnd: buckets(), anyDepth: null, stays, rows: [], step: 0 };
}

function insert(root: Node, glob: string, row: number): void {
  let node = root;
  for (const segment of fold(glob.replace(/^(?:\.\/)+/, "")).split("/")) node = childFor(node, segment);
  node.rows.push(row);
}

function childFor(node: Node, segment: string): Node {
  if (segment === "**") {
    if (node.stays) return node;
    node.anyDepth ??= newNode(true);
    return node.anyDepth;
  }
  const pattern = compileSegment(segment);
  if (typeof pattern === "string") {
    const known = node.literals.get(pattern) ?? newNode(false);
    node.literals.set(pattern, known);
    return known;
  }
  const [buckets, key] = pattern.start === "" ? [node.byEnd, pattern.end] : [node.byStart, pattern.start];
  const bucket = buckets.wilds.get(key) ?? new Map<string, Wild>();
  const wild = bucket.get(segment) ?? { pattern, node: newNode(false) };
  bucket.set(segment, wild);
  buckets.wilds.set(key, bucket);
  if (!buckets.lengths.includes(key.length)) buckets.lengths.push(key.length);
  return wild.node;
}

/** Counts the steps of all matches. */
let steps = 0;

function matchingRows(root: Node, segments: readonly string[]): number[] {
  let active: Node[] = [];
  steps++;
  enter(active, root);
  for (const segment of segments) {
    const next: Node[] = [];
    steps++;
    for (const node of active) advance(next, node, segment);
    if (next.length === 0) return [];
    active = next;
  }
  return active.length === 1 ? [...(active[0] as Node).rows] : active.flatMap(({ rows }) => rows);
}

function enter(active: Node[], node: Node): void {
  if (node.step === steps) return;
  node.step = steps;
  active.push(node);
  if (node.anyDepth) enter(active, node.anyDepth);
}

function advance(next: Node[], node: Node, segment: string): void {
  if (node.stays) enter(next, node);
  const literal = node.literals.get(segment);
  if (literal) enter(next, literal);
  for (const length of node.byStart.lengths)
    if (segment.length >= length) enterMatching(next, node.byStart.wilds.get(segment.slice(0, length)), segment);
  for (const length of node.byEnd.lengths)
    if (segment.length >= length)
      enterMatching(next, node.byEnd.wilds.get(segment.slice(segment.length - length)), segment);
}

function enterMatching(next: Node[], wilds: ReadonlyMap<string, Wild> | undefined, segment: string): void {
  if (!wilds) return;
  for (const wild of wilds.values()) if (wild.pattern.matches(segment)) enter(next, wild.node);
}
