import { hash } from "node:crypto";
import { z } from "zod";
import { ahead } from "./ahead.ts";
import { Envelope, envelopeBytes } from "./envelope.ts";
import { type CheckedEnvelope, checkEnvelope, outsideItsTime } from "./envelope-check.ts";
import type { KnownKeys } from "./key-history.ts";
import type { LedgerTip } from "./ledger.ts";
import { orderOf } from "./order.ts";
import { type EvidenceProblem, PROBLEM, problemAt } from "./problem.ts";
import { problemList, type Report } from "./problem-list.ts";
import type { EvidenceRecord } from "./record.ts";
import { EMPTY_TREE, type Frontier, leafHash, rootOf, type TreeHead, withLeaf } from "./tree.ts";

/** What is known of a ledger from elsewhere: a checkpoint that left it, the tip that an evidence comment shows. */
export interface Witness extends TreeHead {
  /** Where it comes from, as a sentence begins: `The checkpoint of 2026-11-25`. */
  readonly source: string;
}

/** What verifying a ledger came to. */
export interface Verification {
  /** Where the ledger stands by its records, whatever it says of itself. */
  readonly tip: LedgerTip;
  /** The first thousand of them. */
  readonly problems: readonly EvidenceProblem[];
  readonly problemCount: number;
  /** So many records from the first on are those that a witness saw: a change of them would show even to the key's holder. */
  readonly witnessed: number;
  /** When the first and the last record were made, RFC 3339; null where there are none. */
  readonly period: { readonly first: string; readonly last: string } | null;
}

/** One record as a ledger or an export gives it. */
const Entry = z.strictObject({
  id: z.string(),
  sequence: z.number(),
  envelope: Envelope,
  digest: z.string(),
  root: z.string(),
});
type Entry = z.infer<typeof Entry>;

/**
 * Verifies a ledger from its first record to its last, one record at a time, in flat memory. Nothing that it reads is believed
 * before it is verified. `seen` gets each record that is whole and signed by a known key.
 */
export async function verifyLedger(
  entries: AsyncIterable<unknown> | Iterable<unknown>,
  { keys, witnesses = [] }: { readonly keys: KnownKeys; readonly witnesses?: readonly Witness[] },
  seen: (record: EvidenceRecord) => void = () => {},
): Promise<Verification> {
  const { report, found } = problemList();
  const order = orderOf(report);
  const compared = witnessesOf(witnesses, report);
  let tree = EMPTY_TREE;
  let previous: string | null = null;
  let period = null as Verification["period"];
  let newest = -Infinity;
  compared.at(tree);
  for await (const { entry, bytes, checked } of ahead(entries, prepared(keys))) {
    const at = tree.size;
    tree = withLeaf(tree, leafHash(bytes)).tree;
    previous = hash("sha256", bytes, "hex");
    const { place, record } = checked;
    const late = place && entry && outsideItsTime(entry.envelope, place, keys, newest);
    for (const problem of late && checked.problems.length === 0 ? [late] : checked.problems)
      report(problemAt(place?.sequence ?? at, problem));
    order.next(place && { ...place, digest: previous });
    const clean = found.count === 0 && place?.sequence === at;
    if (place && entry) compareRow(entry, place, { at, digest: previous, tree, clean }, report);
    compared.at(tree);
    if (!place) continue;
    newest = Math.max(newest, Date.parse(place.createdAt));
    period = { first: period?.first ?? place.createdAt, last: place.createdAt };
    if (record) seen(record);
  }
  compared.end(tree, order.end());
  const problems = found.problems.sort((a, b) => a.sequence - b.sequence);
  const tip = { size: tree.size, previous, root: rootOf(tree) };
  return { tip, problems, problemCount: found.count, witnessed: compared.confirmed(), period };
}

const UNREADABLE: CheckedEnvelope = {
  place: null,
  record: null,
  problems: [{ code: "unreadable", detail: "it is not in the form of an entry" }],
};

/** What can be done of a record before its place is known: most of it. */
function prepared(keys: KnownKeys) {
  return (given: unknown) => {
    const entry = Entry.safeParse(given).data ?? null;
    const bytes = bytesOf(entry?.envelope ?? null);
    const checked = entry ? checkEnvelope(entry.envelope, keys) : Promise.resolve(UNREADABLE);
    const result = checked.then((checked) => ({ entry, bytes, checked }));
    return { weight: bytes.length, result };
  };
}

/** The bytes that the tree and the chain stand over. What has no JSON form is none of ours, whatever its bytes. */
function bytesOf(envelope: Envelope | null): Buffer {
  try {
    return envelope ? envelopeBytes(envelope) : Buffer.of();
  } catch {
    return Buffer.of();
  }
}

/** Compares what a ledger says beside an envelope with the envelope. */
function compareRow(
  { id, sequence, digest, root }: Entry,
  place: EvidenceRecord["record"],
  real: { readonly at: number; readonly digest: string; readonly tree: Frontier; readonly clean: boolean },
  report: Report,
): void {
  const differs = [
    ...(place.id === id ? [] : ["id"]),
    // Numbered as it stands here: that it was signed for another place is told by the order.
    ...(place.sequence === sequence || real.at === sequence ? [] : ["sequence"]),
    ...(real.digest === digest ? [] : ["digest"]),
    // After anything else was found, every root after it differs and says nothing more.
    ...(real.clean && rootOf(real.tree) !== root ? ["root"] : []),
  ];
  if (differs.length > 0) report(PROBLEM.rowChanged(place.sequence, differs));
}

/** Compares the tree with each witness at its size. */
function witnessesOf(witnesses: readonly Witness[], report: Report) {
  const waiting = [...witnesses].sort((a, b) => b.size - a.size);
  let confirmed = 0;
  return {
    at(tree: Frontier) {
      for (let next = waiting.at(-1); next && next.size <= tree.size; next = waiting.at(-1)) {
        const { size, root, source } = next;
        waiting.pop();
        if (rootOf(tree) === root) confirmed = size;
        else report(PROBLEM.rewritten(source, size));
      }
    },
    /** `spoken` is the size that the records themselves speak of: what is missing before it is no cut end. */
    end(tree: Frontier, spoken: number) {
      for (const { source, size } of waiting) if (size > spoken) report(PROBLEM.truncated(source, size, tree.size));
    },
    confirmed: () => confirmed,
  };
}
