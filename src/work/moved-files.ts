import type { Entry, ObjectId } from "../core/change-set.ts";

/** What stands at a path on both ends of one side's changes; null where nothing does. */
export interface PathChange {
  readonly before: Entry | null;
  readonly after: Entry | null;
}

/** Contents by blob id, as far as they were read. */
export type Contents = ReadonlyMap<ObjectId, Uint8Array>;

/** More pairs than this are not compared by content. */
export const MOST_PAIRS = 400;
/** Git takes files for the same one that moved from half of their content on. */
const ALIKE = 0.5;
/** Git counts content in lines, and in pieces of lines that are longer. */
const PIECE = 64;

/** The files that one side may have moved: those that went while the other side touches them, and those that came. */
export function movable(
  own: ReadonlyMap<string, PathChange>,
  other: ReadonlyMap<string, PathChange>,
): { readonly gone: readonly Entry[]; readonly came: readonly Entry[] } {
  const gone = [...own].flatMap(([path, { before, after }]) =>
    before && !after && isFile(before) && other.has(path) ? [before] : [],
  );
  const came = [...own.values()].flatMap(({ before, after }) => (!before && after && isFile(after) ? [after] : []));
  return { gone, came: gone.length === 0 ? [] : came };
}

/** Pairs of a file that went and the one that it became: those that are the same first, then those most alike. */
export function movedFiles(
  { gone, came }: { readonly gone: readonly Entry[]; readonly came: readonly Entry[] },
  contents: Contents,
): ReadonlyMap<string, Entry> {
  const moved = new Map<string, Entry>();
  const taken = new Set<string>();
  const take = (from: Entry, to: Entry) => {
    if (moved.has(from.path) || taken.has(to.path)) return;
    moved.set(from.path, to);
    taken.add(to.path);
  };
  const name = ({ path }: Entry) => path.slice(path.lastIndexOf("/") + 1);
  const same = gone.flatMap((from) => came.filter(({ id }) => id === from.id).map((to) => [from, to] as const));
  for (const [from, to] of same.filter(([from, to]) => name(from) === name(to))) take(from, to);
  for (const [from, to] of same) take(from, to);
  const left = gone.filter(({ path }) => !moved.has(path));
  const free = came.filter(({ path }) => !taken.has(path));
  if (left.length * free.length > MOST_PAIRS) return moved;
  const scored = left.flatMap((from) => free.map((to) => ({ from, to, score: likeness(from, to, contents) })));
  scored.sort((a, b) => b.score - a.score);
  for (const { from, to, score } of scored) if (score >= ALIKE) take(from, to);
  return moved;
}

function isFile({ mode }: Entry): boolean {
  return mode.startsWith("100");
}

/** The share of the larger file that both have. */
function likeness(from: Entry, to: Entry, contents: Contents): number {
  const [one, other] = [contents.get(from.id), contents.get(to.id)];
  if (one === undefined || other === undefined || one.length + other.length === 0) return 0;
  const pieces = piecesOf(one);
  let shared = 0;
  for (const [piece, times] of piecesOf(other)) shared += piece.length * Math.min(times, pieces.get(piece) ?? 0);
  return shared / Math.max(one.length, other.length);
}

function piecesOf(bytes: Uint8Array): Map<string, number> {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  const pieces = new Map<string, number>();
  for (let at = 0; at < text.length; ) {
    const line = text.indexOf("\n", at);
    const end = Math.min(line < 0 ? text.length : line + 1, at + PIECE);
    const piece = text.slice(at, end);
    pieces.set(piece, (pieces.get(piece) ?? 0) + 1);
    at = end;
  }
  return pieces;
}
