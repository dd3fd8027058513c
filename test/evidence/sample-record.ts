import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { type Envelope, type Signer, signEnvelope } from "../../src/evidence/envelope.ts";
import { type KnownKeys, knownKeys } from "../../src/evidence/key-history.ts";
import type { LedgerEntry } from "../../src/evidence/ledger.ts";
import { placedEntry } from "../../src/evidence/placed-entry.ts";
import type { UnplacedRecord } from "../../src/evidence/record.ts";
import { statementOf } from "../../src/evidence/statement.ts";
import { EMPTY_TREE } from "../../src/evidence/tree.ts";
import { localSigner } from "../../src/signing/local-signer.ts";

/** A key pair of a kind that records are signed with. */
export function newKey(kind: "ed25519" | "p256" = "ed25519"): KeyObject {
  if (kind === "ed25519") return generateKeyPairSync("ed25519").privateKey;
  return generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
}

/** A key's public half as a history has it. */
export function publicPem({ publicKey }: Pick<Signer, "publicKey">): string {
  return publicKey.export({ type: "spki", format: "pem" }).toString();
}

/** The keys of these signers, valid at all times. */
export function keysOf(...signers: readonly Signer[]): KnownKeys {
  return knownKeys({ keys: signers.map((signer) => ({ publicKey: publicPem(signer) })) });
}

/** A record of a landing, short. */
export function sampleRecord(id: string, more: Partial<UnplacedRecord> = {}): UnplacedRecord {
  return {
    record: { id },
    event: "ungoverned-merge",
    repository: { id: 7, owner: "acme", name: "support" },
    about: [],
    landed: { branch: "main", before: "1".repeat(40), after: "2".repeat(40), at: "2026-11-24T12:00:00Z", paths: [] },
    limitations: ["A token that acts as a person looks like that person."],
    ...more,
  };
}

/** What a ledger is made of here: when each record was made, with which signer, and what it says. */
export interface SamplePlan {
  readonly signer: Signer;
  readonly at?: string;
  readonly record?: Partial<UnplacedRecord>;
}

/** A ledger of these records, as the stores make them. */
export async function sampleLedger(plans: readonly SamplePlan[]): Promise<LedgerEntry[]> {
  const entries: LedgerEntry[] = [];
  let tree = EMPTY_TREE;
  for (const [sequence, { signer, at, record }] of plans.entries()) {
    const last = entries.at(-1);
    const tip = { size: sequence, previous: last?.digest ?? null, root: last?.root ?? "" };
    const id = `landing/7/main/${sequence}`;
    const envelope = await signEnvelope(statementOf(sampleRecord(id, record), tip, at ?? timeOf(sequence)), signer);
    const placed = placedEntry(id, tree, envelope);
    tree = placed.tree;
    entries.push(placed.entry);
  }
  return entries;
}

/** A ledger of so many records of one signer. */
export function ledgerOf(size: number, signer: Signer): Promise<LedgerEntry[]> {
  return sampleLedger(Array.from({ length: size }, () => ({ signer })));
}

/** One record a minute. */
export function timeOf(sequence: number): string {
  return new Date(Date.UTC(2026, 0, 1, 0, sequence)).toISOString();
}

/** These envelopes as one who may write to the ledger, but does not have the key, would put them there: all columns fit. */
export function replaced(envelopes: readonly { readonly id: string; readonly envelope: Envelope }[]): LedgerEntry[] {
  let tree = EMPTY_TREE;
  return envelopes.map(({ id, envelope }) => {
    const placed = placedEntry(id, tree, envelope);
    tree = placed.tree;
    return placed.entry;
  });
}

export const signerOf = (kind: "ed25519" | "p256" = "ed25519"): Signer => localSigner(newKey(kind));
