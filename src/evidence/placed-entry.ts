import { hash } from "node:crypto";
import { type Envelope, envelopeBytes } from "./envelope.ts";
import type { LedgerEntry } from "./ledger.ts";
import { type Frontier, leafHash, rootOf, type TreeNode, withLeaf } from "./tree.ts";

/** A ledger with one record more. */
export interface PlacedEntry {
  readonly entry: LedgerEntry;
  /** The envelope's canonical JSON. */
  readonly bytes: Buffer;
  readonly tree: Frontier;
  /** The nodes to keep: each became complete by this record. */
  readonly completed: readonly TreeNode[];
}

/** An envelope in the next place of a ledger. A leaf of its tree is the envelope's canonical JSON. */
export function placedEntry(id: string, before: Frontier, envelope: Envelope): PlacedEntry {
  const bytes = envelopeBytes(envelope);
  const { tree, completed } = withLeaf(before, leafHash(bytes));
  const digest = hash("sha256", bytes, "hex");
  return { entry: { id, sequence: before.size, envelope, digest, root: rootOf(tree) }, bytes, tree, completed };
}
