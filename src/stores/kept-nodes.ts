import type { NodePlace } from "../evidence/tree.ts";

// Each entry keeps the hashes of the nodes that it completes, by level: every node is found by one read, and none is kept twice.

/** The sequence of the entry that completes a node. */
export function completedBy({ level, index }: NodePlace): number {
  return (index + 1) * 2 ** level - 1;
}

const LENGTH = 64;

/** The hashes as one text, the leaf first. */
export function nodesText(nodes: readonly string[]): string {
  return nodes.join("");
}

/** The hash of a node from the text of the entry that completes it. */
export function hashAt({ level, index }: NodePlace, text: unknown): string {
  const hash = typeof text === "string" ? text.slice(level * LENGTH, (level + 1) * LENGTH) : "";
  if (hash.length !== LENGTH) throw new Error(`the ledger has no node ${index} at level ${level}`);
  return hash;
}
