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
  const unknown = await lastUnknownKey(ledger, keys);
  if (unknown !== null)
    warnings.push(
      `the newest record was signed with another key (${unknown.slice(0, 16)}) than the ones known now: was it left out or lost? Add its public key to COUNTERSIGN_KEY_HISTORY_PATH, or verifying the records of before will fail (${MANUAL}).`,
    );
  return warnings;
}

async function lastUnknownKey(
  ledger: Pick<Ledger, "tip" | "entries">,
  keys: OperatorSigner["keys"],
): Promise<string | null> {
  const { size } = await ledger.tip();
  if (size === 0) return null;
  for await (const { envelope } of ledger.entries(size - 1))
    return envelope.signatures.find(({ keyid }) => !keys.has(keyid))?.keyid ?? null;
  return null;
}
