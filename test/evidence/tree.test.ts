import { hash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  consistencyProof,
  EMPTY_TREE,
  type Frontier,
  inclusionProof,
  leafHash,
  nodeHash,
  type ReadNodes,
  readFrontier,
  rootOf,
  verifyConsistency,
  verifyInclusion,
  withLeaf,
} from "../../src/evidence/tree.ts";

/** The leaves and roots that the reference implementation of certificate transparency is tested with. */
const PUBLISHED: readonly (readonly [leaf: string, root: string])[] = [
  ["", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"],
  ["00", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
  ["10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"],
  ["2021", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"],
  ["3031", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"],
  ["40414243", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"],
  ["5051525354555657", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"],
  ["606162636465666768696a6b6c6d6e6f", "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"],
];
const EMPTY_ROOT = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** A tree of so many leaves with every complete node, and a count of the nodes that were read. */
function grown(leaves: readonly string[]) {
  let tree: Frontier = EMPTY_TREE;
  const nodes = new Map<string, string>();
  const trees = [tree];
  for (const leaf of leaves) {
    const { tree: next, completed } = withLeaf(tree, leaf);
    for (const { level, index, hash: value } of completed) nodes.set(`${level}/${index}`, value);
    tree = next;
    trees.push(tree);
  }
  const reads = { count: 0 };
  const read: ReadNodes = async (wanted) => {
    reads.count += wanted.length;
    return wanted.map(({ level, index }) => {
      const value = nodes.get(`${level}/${index}`);
      if (value === undefined) throw new Error(`node ${level}/${index} is not complete`);
      return value;
    });
  };
  return { trees, read, reads, root: (size: number) => rootOf(trees[size] as Frontier) };
}

/** RFC 6962 2.1, word for word, and as slow. */
function naiveRoot(leaves: readonly string[]): string {
  if (leaves.length === 0) return hash("sha256", "", "hex");
  if (leaves.length === 1) return leaves[0] as string;
  const k = naiveSplit(leaves.length);
  return nodeHash(naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k)));
}

/** RFC 6962 2.1.1: PATH(m, D[n]). */
function naivePath(m: number, leaves: readonly string[]): string[] {
  if (leaves.length <= 1) return [];
  const k = naiveSplit(leaves.length);
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)];
  return m < k ? [...naivePath(m, left), naiveRoot(right)] : [...naivePath(m - k, right), naiveRoot(left)];
}

/** RFC 6962 2.1.2: SUBPROOF(m, D[n], b). */
function naiveSubproof(m: number, leaves: readonly string[], known: boolean): string[] {
  if (m === leaves.length) return known ? [] : [naiveRoot(leaves)];
  const k = naiveSplit(leaves.length);
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)];
  return m <= k
    ? [...naiveSubproof(m, left, known), naiveRoot(right)]
    : [...naiveSubproof(m - k, right, false), naiveRoot(left)];
}

function naiveSplit(size: number): number {
  let k = 1;
  while (k < size / 2) k *= 2;
  return k;
}

const LEAVES = Array.from({ length: 64 }, (_, at) => leafHash(Buffer.from(`leaf ${at}`)));

describe("the tree (RFC 6962, RFC 9162)", () => {
  it("has the published roots for sizes 0 to 8", () => {
    const { root } = grown(PUBLISHED.map(([leaf]) => leafHash(Buffer.from(leaf, "hex"))));
    expect(root(0)).toBe(EMPTY_ROOT);
    expect(PUBLISHED.map((_, at) => root(at + 1))).toEqual(PUBLISHED.map(([, published]) => published));
  });

  it("has the roots of the definition for every size up to 64, and its edge can be read back from its nodes", async () => {
    const { trees, read, root } = grown(LEAVES);
    for (let size = 0; size <= 64; size++) {
      expect(root(size)).toBe(naiveRoot(LEAVES.slice(0, size)));
      expect(await readFrontier(size, read)).toEqual(trees[size]);
    }
  });

  it("gives the inclusion proofs of the definition for every leaf of every size up to 64, and they verify", async () => {
    const { read, root } = grown(LEAVES);
    for (let size = 1; size <= 64; size++) {
      for (let index = 0; index < size; index++) {
        const proof = await inclusionProof(index, size, read);
        expect(proof).toEqual(naivePath(index, LEAVES.slice(0, size)));
        expect(verifyInclusion({ index, leaf: LEAVES[index] as string }, { size, root: root(size) }, proof)).toBe(true);
      }
    }
  });

  it("gives the consistency proofs of the definition between all sizes up to 64, and they verify", async () => {
    const { read, root } = grown(LEAVES);
    for (let newer = 0; newer <= 64; newer++) {
      for (let older = 0; older <= newer; older++) {
        const proof = await consistencyProof(older, newer, read);
        const defined = older === 0 ? [] : naiveSubproof(older, LEAVES.slice(0, newer), true);
        expect(proof).toEqual(defined);
        const verified = verifyConsistency(
          { size: older, root: root(older) },
          { size: newer, root: root(newer) },
          proof,
        );
        expect(verified).toBe(true);
      }
    }
  });

  it("no inclusion proof verifies for another leaf, place, size, root, or with anything of it changed", async () => {
    const { read, root } = grown(LEAVES);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 64 }), fc.nat(), fc.nat(), async (size, a, b) => {
        const index = a % size;
        const leaf = LEAVES[index] as string;
        const proof = await inclusionProof(index, size, read);
        const tree = { size, root: root(size) };
        const at = b % Math.max(1, proof.length);
        const other = (b + 1 + index) % 64;
        const changed = proof.map((one, here) => (here === at ? nodeHash(one, one) : one));
        expect(verifyInclusion({ index, leaf }, tree, changed)).toBe(false);
        expect(verifyInclusion({ index, leaf }, tree, proof.toSpliced(at, 1))).toBe(false);
        expect(verifyInclusion({ index, leaf }, tree, [...proof, leaf])).toBe(false);
        expect(verifyInclusion({ index, leaf }, tree, ["no hash", ...proof])).toBe(false);
        expect(verifyInclusion({ index, leaf: nodeHash(leaf, leaf) }, tree, proof)).toBe(false);
        if (other !== index) expect(verifyInclusion({ index: other, leaf }, tree, proof)).toBe(false);
        if (size < 64) expect(verifyInclusion({ index, leaf }, { ...tree, root: root(size + 1) }, proof)).toBe(false);
      }),
    );
  });

  it("no consistency proof verifies for other roots, the other way round, or with anything of it changed", async () => {
    const { read, root } = grown(LEAVES);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 64 }), fc.nat(), fc.nat(), async (newer, a, b) => {
        const older = 1 + (a % (newer - 1));
        const [before, after] = [
          { size: older, root: root(older) },
          { size: newer, root: root(newer) },
        ];
        const proof = await consistencyProof(older, newer, read);
        const at = b % proof.length;
        const changed = proof.map((one, here) => (here === at ? nodeHash(one, one) : one));
        expect(verifyConsistency(before, after, changed)).toBe(false);
        expect(verifyConsistency(before, after, proof.toSpliced(at, 1))).toBe(false);
        expect(verifyConsistency(before, after, [...proof, EMPTY_ROOT])).toBe(false);
        expect(verifyConsistency(before, after, [])).toBe(false);
        expect(verifyConsistency(after, before, proof)).toBe(false);
        expect(verifyConsistency({ ...before, root: EMPTY_ROOT }, after, proof)).toBe(false);
        expect(verifyConsistency(before, { ...after, root: EMPTY_ROOT }, proof)).toBe(false);
      }),
    );
  });

  it("the empty tree is how every tree began, under its own root alone", () => {
    const { root } = grown(LEAVES);
    const newer = { size: 9, root: root(9) };
    expect(verifyConsistency({ size: 0, root: EMPTY_ROOT }, newer, [])).toBe(true);
    expect(verifyConsistency({ size: 0, root: root(1) }, newer, [])).toBe(false);
    expect(verifyConsistency(newer, { ...newer, root: root(8) }, [])).toBe(false);
  });

  it("a proof in a tree of a million leaves reads fewer than 40 nodes, in one go", async () => {
    // Nodes of a tree whose leaves are all one: each is known by its level.
    const levels = [leafHash(Buffer.of(1))];
    for (let level = 1; level <= 20; level++) {
      const below = levels[level - 1] as string;
      levels.push(nodeHash(below, below));
    }
    const size = 999_983;
    let [calls, most] = [0, 0];
    const read: ReadNodes = async (wanted) => {
      calls += 1;
      most = Math.max(most, wanted.length);
      return wanted.map(({ level, index }) => {
        expect((index + 1) * 2 ** level).toBeLessThanOrEqual(size);
        return levels[level] as string;
      });
    };
    const root = rootOf(await readFrontier(size, read));
    const proof = await inclusionProof(777_777, size, read);
    expect(verifyInclusion({ index: 777_777, leaf: levels[0] as string }, { size, root }, proof)).toBe(true);
    const older = 123_457;
    const begun = rootOf(await readFrontier(older, read));
    const consistent = await consistencyProof(older, size, read);
    expect(verifyConsistency({ size: older, root: begun }, { size, root }, consistent)).toBe(true);
    expect(calls).toBe(4);
    expect(most).toBeLessThan(40);
  });

  it("gives no proof of what is not there", async () => {
    const { read } = grown(LEAVES.slice(0, 5));
    await expect(inclusionProof(5, 5, read)).rejects.toThrow("no such leaf");
    await expect(inclusionProof(-1, 5, read)).rejects.toThrow("no such leaf");
    await expect(inclusionProof(0.5, 5, read)).rejects.toThrow("no such leaf");
    await expect(consistencyProof(6, 5, read)).rejects.toThrow("no such trees");
  });
});
