import { signEnvelope } from "../../evidence/envelope.ts";
import type { LedgerEntry } from "../../evidence/ledger.ts";
import type { UnplacedRecord } from "../../evidence/record.ts";
import { statementOf } from "../../evidence/statement.ts";
import type { Enforcement, Evidence } from "../enforcement.ts";

/** Signs a record and keeps it, durable when it returns. One with the same id is kept once: what stands is given back. */
export function keepRecord(
  record: UnplacedRecord,
  { ledger, signer }: Evidence,
  { now }: Pick<Enforcement, "now">,
): Promise<LedgerEntry> {
  return ledger.append(record.record.id, (tip) => signEnvelope(statementOf(record, tip, now()), signer));
}
