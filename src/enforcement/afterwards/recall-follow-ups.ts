import type { LedgerEntry } from "../../evidence/ledger.ts";
import type { EvidenceRecord } from "../../evidence/record.ts";
import type { Enforcement } from "../enforcement.ts";
import { keptRecord } from "../recording/kept-record.ts";
import { followUpsOf } from "./keep-follow-ups.ts";

/** So many records are read before it is noted how far that went. */
const STEP = 1_000;
/** What a record that closes something is named by, before the id of what it closes. */
const CLOSING = /^(?:retrospective-approval|corrective-action)\/([0-9a-f]{16})$/;

/**
 * Tells what is owed from the records that were not looked at yet: at a start after a crash the newest, and all of them where
 * the store was lost and the ledger was not. What is owed must not be forgotten with what is only remembered.
 */
export async function recallFollowUps({
  evidence,
  store,
  log,
}: Pick<Enforcement, "evidence" | "store" | "log">): Promise<void> {
  if (evidence === null) return;
  let next = await store.followUpsSeen();
  for await (const entry of evidence.ledger.entries(next)) {
    const record = readable(entry, log);
    if (record !== null) await recall(record, store);
    next = entry.sequence + 1;
    if (next % STEP === 0) await store.putFollowUpsSeen(next);
  }
  await store.putFollowUpsSeen(next);
}

/** A damaged record is told of, and keeps nothing else from being known. */
function readable(entry: LedgerEntry, log: Enforcement["log"]): EvidenceRecord | null {
  try {
    return keptRecord(entry);
  } catch (fault) {
    log.warn({ id: entry.id, sequence: entry.sequence, err: fault }, "what is owed after a record cannot be told");
    return null;
  }
}

async function recall(record: EvidenceRecord, store: Enforcement["store"]): Promise<void> {
  for (const one of followUpsOf(record)) await store.putFollowUp(one);
  const [, closed] = CLOSING.exec(record.record.id) ?? [];
  if (closed !== undefined) await store.closeFollowUp(closed, record.record.id);
}
