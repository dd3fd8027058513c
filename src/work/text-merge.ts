import { diff3MergeRegions } from "node-diff3";

/** Why two changes of one text do not come together by themselves. */
export type TextConflict = "content" | "binary" | "too-large";

/** So many comparisons of lines are worth a trial; hostile text must not hold anything up. */
const MOST_WORK = 300_000_000;
const LARGEST = 4 << 20;
/** Git takes what has a zero among its first bytes for binary. */
const LOOKED_AT = 8_000;

/**
 * Brings two changes of one text together as git does: what only one side changed is taken, and lines that both changed,
 * or that touch, conflict.
 */
export function mergedText(base: Uint8Array, ours: Uint8Array, theirs: Uint8Array): Uint8Array | TextConflict {
  const all = [base, ours, theirs];
  if (all.some(isBinary)) return "binary";
  if (all.some(({ length }) => length > LARGEST)) return "too-large";
  const [o = [], a = [], b = []] = all.map(linesOf);
  const from = sharedStart(o, a, b);
  const end = sharedEnd(o, a, b, from);
  const middle = (lines: readonly string[]) => lines.slice(from, lines.length - end);
  const [mo, ma, mb] = [middle(o), middle(a), middle(b)];
  if (workOf(mo, ma) + workOf(mo, mb) > MOST_WORK) return "too-large";
  const lines = o.slice(0, from);
  for (const region of diff3MergeRegions(ma, mo, mb)) {
    const taken = region.stable ? region.bufferContent : agreed(region.aContent, region.bContent);
    if (taken === null) return "content";
    for (const line of taken) lines.push(line);
  }
  return Buffer.from(lines.concat(o.slice(o.length - end)).join(""), "latin1");
}

/** Whether git would not merge it line by line. */
function isBinary(bytes: Uint8Array): boolean {
  return bytes.subarray(0, LOOKED_AT).includes(0);
}

/** Lines with their ends, a byte a character. */
function linesOf(bytes: Uint8Array): string[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  const lines: string[] = [];
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf("\n", at);
    lines.push(end < 0 ? text.slice(at) : text.slice(at, end + 1));
    at = end < 0 ? text.length : end + 1;
  }
  return lines;
}

function sharedStart(o: readonly string[], a: readonly string[], b: readonly string[]): number {
  const most = Math.min(o.length, a.length, b.length);
  let at = 0;
  while (at < most && o[at] === a[at] && o[at] === b[at]) at += 1;
  return at;
}

function sharedEnd(o: readonly string[], a: readonly string[], b: readonly string[], from: number): number {
  const most = Math.min(o.length, a.length, b.length) - from;
  let end = 0;
  while (end < most && o.at(-1 - end) === a.at(-1 - end) && o.at(-1 - end) === b.at(-1 - end)) end += 1;
  return end;
}

/** What comparing two texts costs at most: lines that repeat are compared with each of their like. */
function workOf(one: readonly string[], other: readonly string[]): number {
  const times = new Map<string, number>();
  for (const line of other) times.set(line, (times.get(line) ?? 0) + 1);
  const repeats = one.reduce((sum, line) => sum + Math.max(0, (times.get(line) ?? 0) - 1), 0);
  return one.length * other.length + repeats * Math.min(one.length, other.length);
}

function agreed(a: readonly string[], b: readonly string[]): readonly string[] | null {
  return a.length === b.length && a.every((line, at) => line === b[at]) ? a : null;
}
