import { seenWitness } from "../src/commands/seen-witness.ts";
import { verificationJson } from "../src/commands/verify-export.ts";
import { KeyHistory, type KnownKeys, knownKeys, UnusableKey } from "../src/evidence/key-history.ts";
import { verifyLedger, type Witness } from "../src/evidence/verification.ts";
import { workflowHosting } from "../src/github/hosting.ts";
import type { WorkflowTokens } from "../src/github/tokens.ts";
import type { VerificationJson } from "../src/reports/verification.ts";
import { storedRecords } from "../src/stores/branch-ledger.ts";
import type { WorkflowEvent } from "./event.ts";
import { evidenceBranch } from "./evidence.ts";
import { InvalidInput } from "./inputs.ts";

/** What the command verify is asked. */
export interface VerifyOptions {
  readonly tokens: WorkflowTokens;
  readonly evidenceBranch: string;
  /** A public key in PEM form, or a history of keys as JSON. */
  readonly publicKey: string;
  /** What was seen of the branch before, `SEQUENCE:ROOT` each. */
  readonly seen: readonly string[];
}

/** Verifies the evidence branch from its first record to its last; only what a known key signed is believed. */
export async function verify(
  { apiUrl: baseUrl, repository }: WorkflowEvent,
  { tokens, evidenceBranch: branch, publicKey, seen }: VerifyOptions,
  signal: AbortSignal,
): Promise<VerificationJson> {
  const keys = keysIn(publicKey);
  const witnesses = seen.map(witnessIn);
  const hosting = workflowHosting({ appId: 0, tokens, baseUrl });
  const opened = evidenceBranch(hosting, { repository, branch }, signal);
  if ((await opened.tip()) === null) throw new InvalidInput(`input evidence-branch: there is no branch ${branch} here`);
  return verificationJson(branch, "branch", await verifyLedger(storedRecords(opened), { keys, witnesses }));
}

function witnessIn(place: string): Witness {
  try {
    return seenWitness(place);
  } catch (fault) {
    throw new InvalidInput(`input seen: ${(fault as Error).message}`);
  }
}

function keysIn(text: string): KnownKeys {
  try {
    return knownKeys(
      text.trim().startsWith("{") ? KeyHistory.parse(JSON.parse(text)) : { keys: [{ publicKey: text }] },
    );
  } catch (fault) {
    const why =
      fault instanceof UnusableKey ? fault.message : "expected a public key in PEM form, or a history of keys as JSON";
    throw new InvalidInput(
      `input public-key: ${why}; keep it outside of this repository: one beside the records proves nothing`,
    );
  }
}
