import type { Envelope } from "./envelope.ts";

/** One record in its place. */
export interface LedgerEntry {
  readonly id: string;
  /** From 0, without gaps. */
  readonly sequence: number;
  readonly envelope: Envelope;
  /** SHA-256 of the envelope's canonical JSON, lower-case hex: what the next record names as `previous`. */
  readonly digest: string;
  /** The RFC 6962 root over the envelopes up to this one, lower-case hex. */
  readonly root: string;
}

/** Where a ledger stands. */
export interface LedgerTip {
  readonly size: number;
  readonly previous: string | null;
  readonly root: string;
}

/** An append-only store of signed records: a hash chain, and a tree over it. */
export interface Ledger {
  /**
   * Keeps one record, durable when it returns. The same id is kept once: what is there already is given back and `build`
   * is not called. `build` signs a record for the place it gets; appends never run beside each other. Where another writer was
   * faster, it is called again for another place; it must not wait for an append itself.
   */
  append(id: string, build: (tip: LedgerTip) => Promise<Envelope>): Promise<LedgerEntry>;
  get(id: string): Promise<LedgerEntry | null>;
  tip(): Promise<LedgerTip>;
  /** In order, from a sequence. */
  entries(from: number): AsyncIterable<LedgerEntry>;
  /** Hashes of the tree's complete nodes, by level and index (level 0 are leaves), lower-case hex; for proofs in O(log n) reads. */
  nodes(wanted: readonly { readonly level: number; readonly index: number }[]): Promise<readonly string[]>;
}
