import { createHash } from "node:crypto";
import { z } from "zod";
import { canonicalBytes } from "../evidence/canonical.ts";
import { type Checkpoint, readCheckpoint, signCheckpoint } from "../evidence/checkpoint.ts";
import { Envelope, type Signer, signedBytes } from "../evidence/envelope.ts";
import type { ProvenRecord } from "../evidence/excerpt.ts";
import { isSignedBy, type KnownKeys } from "../evidence/key-history.ts";
import type { LedgerEntry, LedgerTip } from "../evidence/ledger.ts";
import { inclusionProof, type ReadNodes } from "../evidence/tree.ts";

// An export is JSON lines: a head that is signed, then one entry a line in order, with its proof where others are left out.

const EXPORT_TYPE = "application/vnd.countersign.export+json";

const Head = z.strictObject({
  version: z.literal(1),
  /** A signed note over the ledger that it was taken from. */
  checkpoint: z.string(),
  /** The numbers of the repositories whose records it holds; null where it holds them all. */
  repositories: z.array(z.int()).nullable(),
  /** How many records follow, and the SHA-256 over their digests in hexadecimal digits, one after the other. */
  count: z.int().nonnegative(),
  digest: z.string(),
});

/** What an export says of itself, as its maker signed it. */
export interface ExportHead extends Omit<z.infer<typeof Head>, "checkpoint" | "version"> {
  readonly checkpoint: Checkpoint;
}

/** A ledger that was verified, and what of it is exported. */
export interface Exported {
  readonly tip: LedgerTip;
  /** The numbers of the repositories; null for all records. */
  readonly repositories: readonly number[] | null;
  readonly reading: { entries(from: number): AsyncIterable<LedgerEntry>; readonly nodes: ReadNodes };
}

/** Writes an export line by line. Throws where the ledger is another one than a moment before. */
export async function* exportLines(
  exported: Exported,
  { signer, origin, at }: { readonly signer: Signer; readonly origin: string; readonly at: string },
): AsyncGenerator<string> {
  const { tip, repositories } = exported;
  const first = tally();
  for await (const entry of chosen(exported)) first.add(entry);
  const checkpoint = await signCheckpoint({ origin, at }, tip, signer);
  const head = { version: 1, checkpoint, repositories, ...first.sum() };
  yield line(await signHead(head, signer));
  const second = tally();
  for await (const entry of chosen(exported)) {
    second.add(entry);
    if (repositories === null) yield line(entry);
    else yield line(await proven(entry, exported));
  }
  if (second.sum().digest !== first.sum().digest) throw new Error("the ledger changed while it was exported");
}

async function* chosen({ tip, repositories, reading }: Exported): AsyncGenerator<LedgerEntry> {
  for await (const entry of reading.entries(0)) {
    if (entry.sequence >= tip.size) return;
    if (repositories === null || repositories.includes(repositoryOf(entry))) yield entry;
  }
}

async function proven({ envelope, sequence }: LedgerEntry, { tip, reading }: Exported): Promise<ProvenRecord> {
  return { envelope, proof: [...(await inclusionProof(sequence, tip.size, reading.nodes))] };
}

/** The entries were verified before: a payload is a statement about a repository. */
function repositoryOf({ envelope }: LedgerEntry): number {
  return JSON.parse(Buffer.from(envelope.payload, "base64").toString("utf8")).predicate.repository.id;
}

/** Counts records, and sums up which they are and in which order. */
export function tally(): {
  add(entry: Pick<LedgerEntry, "digest">): void;
  sum(): { readonly count: number; readonly digest: string };
} {
  const hash = createHash("sha256");
  let count = 0;
  return {
    add({ digest }) {
      hash.update(digest);
      count += 1;
    },
    sum: () => ({ count, digest: hash.copy().digest("hex") }),
  };
}

async function signHead(head: object, signer: Signer): Promise<Envelope> {
  const payload = canonicalBytes(head);
  const signature = await signer.sign(signedBytes(EXPORT_TYPE, payload));
  const signatures = [{ keyid: signer.keyId, sig: Buffer.from(signature).toString("base64") }];
  return { payloadType: EXPORT_TYPE, payload: payload.toString("base64"), signatures };
}

function line(value: object): string {
  return `${canonicalBytes(value).toString("utf8")}\n`;
}

/** Whether the first line of a file is the head of an export, whoever signed it. */
export function isExportHead(value: unknown): boolean {
  const read = Envelope.safeParse(value);
  return read.success && read.data.payloadType === EXPORT_TYPE;
}

/** Reads the head of an export and verifies it by the keys that are known; the problem is one sentence without an end. */
export function readExportHead(
  value: unknown,
  keys: KnownKeys,
): { readonly head: ExportHead } | { readonly problem: string } {
  const { payload, signatures } = Envelope.parse(value);
  const bytes = Buffer.from(payload, "base64");
  const [signature, second] = signatures;
  const known = signature && keys.get(signature.keyid);
  if (!signature || second || !known) return { problem: "no key that is known signed its head" };
  if (!isSignedBy(known.key, signedBytes(EXPORT_TYPE, bytes), Buffer.from(signature.sig, "base64")))
    return { problem: "its head was changed after it was signed" };
  const read = Head.safeParse(JSON.parse(bytes.toString("utf8")));
  if (!read.success) return { problem: "its head is signed, but of another version of the program" };
  const checkpoint = readCheckpoint(read.data.checkpoint, keys);
  if ("problem" in checkpoint) return { problem: `its checkpoint cannot be believed: ${checkpoint.problem}` };
  const { repositories, count, digest } = read.data;
  return { head: { ...checkpoint, repositories, count, digest } };
}
