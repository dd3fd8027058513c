import { envelopeDigest } from "../evidence/envelope.ts";
import type { KnownKeys } from "../evidence/key-history.ts";
import type { LedgerTip } from "../evidence/ledger.ts";
import type { EvidenceRecord } from "../evidence/record.ts";
import { verifyLedger, type Witness } from "../evidence/verification.ts";
import { verificationReport } from "../reports/verification.ts";
import type { CommandIo } from "./command-io.ts";
import { type LedgerInPlace, openLedgerSource } from "./ledger-source.ts";
import { Usage } from "./usage.ts";
import { verificationJson } from "./verify-export.ts";

/** A ledger that stands as it was signed, at least as far as its keys and what left it before can tell. */
export interface VerifiedSource {
  readonly tip: LedgerTip;
  /** Names this ledger and no other: by the digest of its first record. */
  readonly origin: string;
}

/** Opens a ledger where it is kept, for a command that signs something about it. */
export async function openLedgerInPlace(
  command: string,
  name: string | undefined,
  branch: string | undefined,
): Promise<LedgerInPlace> {
  if (name === undefined)
    throw new Usage(
      `${command} needs the App's database, a repository or a postgres:// URL; see countersign ${command} --help`,
    );
  const source = await openLedgerSource(name, branch);
  if (source.kind !== "export") return source;
  await source.close();
  throw new Usage(`${command} needs a ledger where it is kept, not an export; see countersign ${command} --help`);
}

/** Verifies a ledger before anything is signed about it; null where it does not stand, which is told. */
export async function verifiedSource(
  source: LedgerInPlace,
  name: string,
  known: { readonly keys: KnownKeys; readonly witnesses: readonly Witness[] },
  io: CommandIo,
  seen?: (record: EvidenceRecord) => void,
): Promise<VerifiedSource | null> {
  const verification = await verifyLedger(source.stored(), known, seen);
  const json = verificationJson(source.kind === "PostgreSQL" ? source.kind : name, source.kind, verification);
  if (!json.ok) {
    const paper = { color: false, width: io.width ?? null };
    io.stderr(`${verificationReport(json, paper)}countersign: nothing is signed about a ledger that does not stand\n`);
    return null;
  }
  for await (const { envelope } of source.reading.entries(0))
    return { tip: verification.tip, origin: `countersign/${envelopeDigest(envelope).slice(0, 16)}` };
  io.stderr("countersign: nothing is recorded yet\n");
  return null;
}
