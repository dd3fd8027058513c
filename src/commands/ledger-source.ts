import { createReadStream, statSync } from "node:fs";
import type { Ledger } from "../evidence/ledger.ts";
import { plain } from "../reports/plain.ts";
import { isSqliteFile, openForReading } from "../stores/sqlite-file.ts";
import { ledgerReading, storedEntries } from "../stores/sqlite-ledger.ts";
import { jsonLines } from "./json-lines.ts";
import { Usage } from "./usage.ts";

/** Where records are read from, by a caller who believes none of them. */
export type LedgerSource = LedgerInPlace | ExportedLedger;

/** A ledger where it is kept. */
export interface LedgerInPlace {
  readonly kind: "database" | "PostgreSQL" | "branch";
  /** The folder that a database lies in; null elsewhere. */
  readonly folder: string | null;
  /** Every entry in order, whatever is in it. */
  stored(): AsyncIterable<unknown> | Iterable<unknown>;
  readonly reading: Pick<Ledger, "entries" | "nodes">;
  close(): Promise<void>;
}

/** What `countersign export` wrote. */
export interface ExportedLedger {
  readonly kind: "export";
  lines(): AsyncIterable<unknown>;
  close(): Promise<void>;
}

/** The branch that evidence is kept on where no other name is given. */
export const EVIDENCE_BRANCH = "countersign-evidence";

/** Opens what a caller names: an export, a database, a PostgreSQL URL, or a local repository with an evidence branch. */
export async function openLedgerSource(name: string, branch = EVIDENCE_BRANCH): Promise<LedgerSource> {
  if (/^postgres(?:ql)?:\/\//.test(name)) return postgresSource(name);
  const kind = kindOf(name);
  if (kind === "folder") return branchSource(name, branch);
  if (kind === "database") return databaseSource(name);
  return { kind: "export", lines: () => jsonLines(createReadStream(name)), close: async () => {} };
}

function kindOf(path: string): "folder" | "database" | "file" {
  try {
    if (statSync(path).isDirectory()) return "folder";
    return isSqliteFile(path) ? "database" : "file";
  } catch (fault) {
    const code = (fault as NodeJS.ErrnoException).code ?? "unknown";
    throw new Usage(
      `${plain(path)} cannot be read (${code}); expected an export, the App's database, a folder of a repository with an evidence branch, or a postgres:// URL`,
    );
  }
}

function databaseSource(path: string): LedgerInPlace {
  try {
    const database = openForReading(path, "ledger_entry");
    const reading = ledgerReading(database);
    const close = async () => database.close();
    return { kind: "database", folder: folderOf(path), stored: () => storedEntries(database), reading, close };
  } catch (fault) {
    throw new Usage(`${plain(path)} is no database with a ledger (${plain((fault as Error).message)})`);
  }
}

function folderOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) || "/" : ".";
}

async function postgresSource(url: string): Promise<LedgerInPlace> {
  const { postgresLedgerReading } = await import("../stores/postgres-ledger.ts");
  const ledger = postgresLedgerReading(url);
  try {
    await ledger.tip();
  } catch (fault) {
    await ledger.close();
    // Not the URL itself, which may hold a password.
    throw new Usage(`the PostgreSQL database has no ledger that can be read (${plain((fault as Error).message)})`);
  }
  return { kind: "PostgreSQL", folder: null, stored: ledger.stored, reading: ledger, close: ledger.close };
}

async function branchSource(directory: string, branch: string): Promise<LedgerInPlace> {
  const { openEvidenceBranch } = await import("../git/evidence-branch.ts");
  const { branchReading, storedRecords } = await import("../stores/branch-ledger.ts");
  const opened = await openEvidenceBranch(directory, branch);
  const stored = () => storedRecords(opened);
  return { kind: "branch", folder: null, stored, reading: branchReading(opened), close: opened.close };
}
