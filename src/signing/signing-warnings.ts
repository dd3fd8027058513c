import { Envelope } from "../evidence/envelope.ts";
import type { Ledger } from "../evidence/ledger.ts";
import type { OperatorSigner } from "./operator-signer.ts";

const MANUAL = "docs/evidence.md, Keys";

/** What the operator has to know about what records are signed with, one sentence or two each. `now` in milliseconds. */
export async function signingWarnings(
  { signer, keys, created }: OperatorSigner,
  ledger: Pick<Ledger, "tip" | "entries">,
  now: number,
): Promise<readonly string[]> {
  const warnings: string[] = [];
  if (created !== null)
    warnings.push(
      `records are signed with a new key, made just now: ${created}. Back this file up: without it the next start cannot go on signing with the same key. To use a key of your own, set COUNTERSIGN_SIGNING_KEY_PATH (${MANUAL}).`,
    );
  const windows = keys.get(signer.keyId)?.windows ?? [];
  if (!windows.some(({ from, until }) => now >= from && now <= until))
    warnings.push(
      `records are signed with key ${signer.keyId.slice(0, 16)}, which is not valid now by the key history: verifying them will fail. Correct its times in COUNTERSIGN_KEY_HISTORY_PATH, or sign with another key (${MANUAL}).`,
    );
  const newest = await newestKeys(ledger);
  if (newest === null)
    warnings.push(
      `the newest record cannot be read: something other than this program changed it. countersign verify says what is wrong (docs/evidence.md).`,
    );
  const unknown = newest?.find((keyid) => !keys.has(keyid));
  if (unknown !== undefined)
    warnings.push(
      `the newest record was signed with another key (${unknown.slice(0, 16)}) than the ones known now: was it left out or lost? Add its public key to COUNTERSIGN_KEY_HISTORY_PATH, or verifying the records of before will fail (${MANUAL}).`,
    );
  return warnings;
}

/** The keys that signed the newest record, none where there is no record yet; null where it cannot be read. */
async function newestKeys(ledger: Pick<Ledger, "tip" | "entries">): Promise<readonly string[] | null> {
  const { size } = await ledger.tip();
  if (size === 0) return [];
  try {
    for await (const { envelope } of ledger.entries(size - 1))
      return Envelope.parse(envelope).signatures.map(({ keyid }) => keyid);
  } catch {
    // What it is, verifying tells.
  }
  return null;
}
