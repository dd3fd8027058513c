import type { LedgerEntry } from "../../evidence/ledger.ts";
import type { EvidenceRecord } from "../../evidence/record.ts";
import { Statement } from "../../evidence/record.ts";
import type { Receipt } from "../../reports/evidence-comment.ts";

/** The record that an entry of this program's own ledger holds. */
export function keptRecord({ envelope }: LedgerEntry): EvidenceRecord {
  return Statement.parse(JSON.parse(Buffer.from(envelope.payload, "base64").toString("utf8"))).predicate;
}

/** A record's place as people are shown it. */
export function receiptOf({ id, sequence, root, envelope }: LedgerEntry): Receipt {
  return { id, sequence, root, keyId: envelope.signatures[0]?.keyid ?? "" };
}
