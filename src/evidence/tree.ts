import { createHash, hash } from "node:crypto";

// The Merkle tree of RFC 6962 and RFC 9162. Hashes are lower-case hex throughout.

/** A node's place: level 0 are leaves; a node of level n stands over 2^n of them, the first of which is index * 2^n. */
export interface NodePlace {
  readonly level: number;
  readonly index: number;
}

/** A node whose leaves are all there: it never changes again. */
export interface TreeNode extends NodePlace {
  readonly hash: string;
}

/** A tree's right edge, from which it grows: its largest complete subtrees, from the left. */
export interface Frontier {
  readonly size: number;
  readonly hashes: readonly string[];
}

/** What is known of a tree by who does not have it. */
export interface TreeHead {
  readonly size: number;
  readonly root: string;
}

/** Reads complete nodes, in the order asked for. */
export type ReadNodes = (wanted: readonly NodePlace[]) => Promise<readonly string[]>;

export const EMPTY_TREE: Frontier = { size: 0, hashes: [] };
const EMPTY_ROOT = hash("sha256", "", "hex");
const LEAF = Buffer.of(0);

/** The hash of a leaf over its bytes. */
export function leafHash(bytes: Uint8Array): string {
  return createHash("sha256").update(LEAF).update(bytes).digest("hex");
}

/** The hash of a node over its two children. */
export function nodeHash(left: string, right: string): string {
  return hash("sha256", Buffer.from(`01${left}${right}`, "hex"), "hex");
}

/** The tree with one leaf more, and the nodes that became complete by it: the leaf itself first. */
export function withLeaf(tree: Frontier, leaf: string): { tree: Frontier; completed: readonly TreeNode[] } {
  const hashes = [...tree.hashes];
  const completed: TreeNode[] = [{ level: 0, index: tree.size, hash: leaf }];
  let [grown, index] = [leaf, tree.size];
  for (let level = 1; index % 2 === 1; level++) {
    grown = nodeHash(hashes.pop() as string, grown);
    index = (index - 1) / 2;
    completed.push({ level, index, hash: grown });
  }
  return { tree: { size: tree.size + 1, hashes: [...hashes, grown] }, completed };
}

/** The root of a tree. */
export function rootOf({ hashes }: Frontier): string {
  return hashes.length === 0 ? EMPTY_ROOT : hashes.reduceRight((right, left) => nodeHash(left, right));
}

/** The right edge of a tree of this size, read from its nodes. */
export async function readFrontier(size: number, read: ReadNodes): Promise<Frontier> {
  return { size, hashes: size === 0 ? [] : await read(completeNodes({ from: 0, to: size })) };
}

/** The proof that a leaf is in the tree of the first `size` leaves: the hashes beside its way to the root, from below. */
export async function inclusionProof(index: number, size: number, read: ReadNodes): Promise<readonly string[]> {
  if (!(Number.isSafeInteger(index) && index >= 0 && index < size)) throw new RangeError("no such leaf in that tree");
  const beside: Range[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + split(to - from);
    beside.push(index < middle ? { from: middle, to } : { from, to: middle });
    if (index < middle) to = middle;
    else from = middle;
  }
  return hashesOf(beside.reverse(), read);
}

/** The proof that the tree of the first `older` leaves is how the tree of the first `newer` ones began. */
export async function consistencyProof(older: number, newer: number, read: ReadNodes): Promise<readonly string[]> {
  if (!(Number.isSafeInteger(older) && older >= 0 && older <= newer)) throw new RangeError("no such trees");
  if (older === 0 || older === newer) return [];
  const beside: Range[] = [];
  let [from, to] = [0, newer];
  while (to !== older) {
    const middle = from + split(to - from);
    beside.push(older <= middle ? { from: middle, to } : { from, to: middle });
    if (older <= middle) to = middle;
    else from = middle;
  }
  // What stands over exactly the older tree is known to whoever knows its root.
  if (from > 0) beside.push({ from, to });
  return hashesOf(beside.reverse(), read);
}

/** Whether a proof shows a leaf at its index in the tree with this root (RFC 9162, 2.1.3.2). */
export function verifyInclusion(
  { index, leaf }: { readonly index: number; readonly leaf: string },
  { size, root }: TreeHead,
  proof: readonly string[],
): boolean {
  if (!(index >= 0 && index < size) || !proof.every(isHash)) return false;
  let [at, last, hashed] = [index, size - 1, leaf];
  for (const beside of proof) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      hashed = nodeHash(beside, hashed);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, half(last)];
    } else hashed = nodeHash(hashed, beside);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && hashed === root;
}

/** Whether a proof shows that one tree is how another began (RFC 9162, 2.1.4.2). */
export function verifyConsistency(older: TreeHead, newer: TreeHead, proof: readonly string[]): boolean {
  if (older.size > newer.size || !proof.every(isHash)) return false;
  if (older.size === newer.size) return proof.length === 0 && older.root === newer.root;
  if (older.size === 0) return proof.length === 0 && older.root === EMPTY_ROOT;
  let [at, last] = [older.size - 1, newer.size - 1];
  while (at % 2 === 1) [at, last] = [half(at), half(last)];
  // Where the older tree is one complete subtree, its root is where the proof begins.
  const [first, ...others] = at === 0 ? [older.root, ...proof] : proof;
  if (first === undefined) return false;
  let [before, after] = [first, first];
  for (const beside of others) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      [before, after] = [nodeHash(beside, before), nodeHash(beside, after)];
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, half(last)];
    } else after = nodeHash(after, beside);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && before === older.root && after === newer.root;
}

/** Leaves from one to before another. */
type Range = Readonly<Record<"from" | "to", number>>;

async function hashesOf(ranges: readonly Range[], read: ReadNodes): Promise<readonly string[]> {
  const wanted = ranges.map(completeNodes);
  const all = wanted.flat();
  if (all.length === 0) return [];
  const hashes = await read(all);
  let at = 0;
  return wanted.map(({ length }) => {
    at += length;
    return rootOf({ size: length, hashes: hashes.slice(at - length, at) });
  });
}

/** The largest complete nodes over a range that begins where a subtree does. */
function completeNodes({ from, to }: Range): NodePlace[] {
  const nodes: NodePlace[] = [];
  for (let at = from; at < to; ) {
    let [level, width] = [0, 1];
    while (width * 2 <= to - at) [level, width] = [level + 1, width * 2];
    nodes.push({ level, index: at / width });
    at += width;
  }
  return nodes;
}

/** The largest power of two below a size above 1: where RFC 6962 parts it. */
function split(size: number): number {
  let width = 1;
  while (width * 2 < size) width *= 2;
  return width;
}

function half(value: number): number {
  return Math.floor(value / 2);
}

function isHash(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}
