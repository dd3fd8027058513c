import { hash } from "node:crypto";
import { canonicalBytes } from "../evidence/canonical.ts";
import type { LedgerEntry } from "../evidence/ledger.ts";
import type { KeptEntry } from "./grouped-appends.ts";

/** Where records lie on an evidence branch. */
export const RECORDS = "records";
/** How many records a folder holds: as many as people and pages of GitHub take. */
const A_FOLDER = 1_000;

/** What a record's name says: `000123-0a1b2c3d.json` has sequence 123. */
export interface RecordName {
  readonly sequence: number;
  /** The first hexadecimal digits of the SHA-256 of the record's id. */
  readonly mark: string;
}

/** The folder that a sequence lies in. */
export function folderOf(sequence: number): string {
  return String(Math.floor(sequence / A_FOLDER)).padStart(3, "0");
}

/** By what a record is found from its id. */
export function markOf(id: string): string {
  return hash("sha256", id, "hex").slice(0, 8);
}

/** The path of a record. */
export function recordPath({ id, sequence }: Pick<LedgerEntry, "id" | "sequence">): string {
  return `${RECORDS}/${folderOf(sequence)}/${String(sequence).padStart(6, "0")}-${markOf(id)}.json`;
}

/** Reads a record's name; null where it is none. */
export function recordNameOf(name: string): RecordName | null {
  const [, sequence, mark = ""] = /^(\d{6,15})-([0-9a-f]{8})\.json$/.exec(name) ?? [];
  return sequence === undefined ? null : { sequence: Number(sequence), mark };
}

/** A record as a file: canonical JSON on one line. */
export function recordText({ entry, nodes }: Pick<KeptEntry, "entry" | "nodes">): string {
  return `${canonicalBytes({ ...entry, nodes }).toString("utf8")}\n`;
}

/** What a record's file holds; a fault where it is none. */
export function recordIn(bytes: Uint8Array, path: string): { readonly entry: LedgerEntry; readonly nodes: string[] } {
  try {
    const { nodes, ...entry } = JSON.parse(Buffer.from(bytes).toString("utf8"));
    return { entry, nodes };
  } catch (cause) {
    throw new Error(`${path} on the evidence branch holds no record; countersign verify says what is wrong`, { cause });
  }
}

/** The same for a verifier that believes nothing: null where it is none. */
export function storedRecord(bytes: Uint8Array): unknown {
  try {
    const { id, sequence, envelope, digest, root } = JSON.parse(Buffer.from(bytes).toString("utf8"));
    return { id, sequence, envelope, digest, root };
  } catch {
    return null;
  }
}
