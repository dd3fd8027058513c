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
  const kept = wellFormed(record);
  return ledger.append(kept.record.id, (tip) => signEnvelope(statementOf(kept, tip, now()), signer));
}

/**
 * The same without halves of characters, which canonical JSON cannot say: a value in somebody's file may hold them, and must
 * not keep what landed from being recorded.
 */
function wellFormed<T>(value: T): T {
  if (typeof value === "string") return value.toWellFormed() as T;
  if (Array.isArray(value)) return value.map(wellFormed) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key.toWellFormed(), wellFormed(one)])) as T;
}
