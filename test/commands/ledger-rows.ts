import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { run } from "../../src/commands/run.ts";
import type { Envelope } from "../../src/evidence/envelope.ts";
import type { Ledger } from "../../src/evidence/ledger.ts";
import { placedEntry } from "../../src/evidence/placed-entry.ts";
import { EMPTY_TREE, type Frontier } from "../../src/evidence/tree.ts";
import { MIGRATIONS } from "../../src/queues/embedded-database.ts";
import { recordPath, recordText } from "../../src/stores/branch-record.ts";
import { openDatabase } from "../../src/stores/database.ts";
import { nodesText } from "../../src/stores/kept-nodes.ts";
import { postgresLedger } from "../../src/stores/postgres-ledger.ts";
import { sqliteLedger } from "../../src/stores/sqlite-ledger.ts";
import { gitStore } from "../github/git-store.ts";
import { signing, testSigner } from "../stores/ledger-records.ts";
import type { PostgresServer } from "../stores/postgres-server.ts";
import { recorded } from "./repository.ts";

/** One row as a ledger keeps it, for somebody who has the whole store in his hands. */
export interface Row {
  readonly id: string;
  readonly sequence: number;
  readonly digest: string;
  readonly root: string;
  readonly nodes: readonly string[];
  readonly envelope: Envelope;
}

export const signer = testSigner();
export const stranger = testSigner();
export const SIZE = 8;

/** Where a ledger is kept, and how its rows are replaced by others without anything that refuses. */
export interface KeptPlace {
  /** What `verify` is told. */
  readonly source: string;
  replace(rows: readonly Row[]): Promise<void>;
}

/** A folder that goes with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "countersign-verify-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Rows as they come about when envelopes are appended one after the other. */
export function rowsOf(envelopes: readonly { readonly id: string; readonly envelope: Envelope }[]): Row[] {
  let tree: Frontier = EMPTY_TREE;
  return envelopes.map(({ id, envelope }) => {
    const placed = placedEntry(id, tree, envelope);
    tree = placed.tree;
    return { ...placed.entry, nodes: placed.completed.map(({ hash }) => hash) };
  });
}

/** Rows of records that a key signed one after the other, on top of what is there. */
export async function signedRows(ids: readonly string[], by = signer, before: readonly Row[] = []): Promise<Row[]> {
  let rows = [...before];
  for (const [at, id] of ids.entries()) {
    const last = rows.at(-1);
    const tip = { size: rows.length, previous: last?.digest ?? null, root: last?.root ?? "" };
    const envelope = await signing(by, id, 1 + (at % 2))(tip);
    rows = rowsOf([...rows, { id, envelope }]);
  }
  return rows;
}

/** The records that every ledger of these tests begins with. */
export const honestRows = await signedRows(Array.from({ length: SIZE }, (_, at) => `r/${at}`));

async function fill(ledger: Ledger): Promise<void> {
  for (const { id, envelope } of honestRows) await ledger.append(id, async () => envelope);
}

/** The App's database, with the records. */
export async function sqlitePlace(folder = temporaryFolder()): Promise<KeptPlace> {
  const source = join(folder, "countersign.db");
  const database = openDatabase(source, MIGRATIONS);
  onTestFinished(() => database.close());
  await fill(sqliteLedger(database));
  return {
    source,
    async replace(rows) {
      for (const name of ["insert", "update", "delete"]) database.exec(`DROP TRIGGER IF EXISTS ledger_entry_${name}`);
      database.exec("DELETE FROM ledger_entry");
      const insert = database.prepare("INSERT INTO ledger_entry VALUES (?, ?, ?, ?, ?, ?)");
      for (const { sequence, id, digest, root, nodes, envelope } of rows)
        insert.run(sequence, id, digest, root, nodesText(nodes), JSON.stringify(envelope));
    },
  };
}

/** A PostgreSQL database with the records. */
export async function postgresPlace(server: PostgresServer): Promise<KeptPlace> {
  const source = await server.database();
  const ledger = await postgresLedger(source);
  await fill(ledger).finally(() => ledger.close());
  return {
    source,
    async replace(rows) {
      await server.run(source, "ALTER TABLE ledger_entry DISABLE TRIGGER ALL");
      await server.run(source, "DELETE FROM ledger_entry");
      for (const { sequence, id, digest, root, nodes, envelope } of rows)
        await server.run(source, "INSERT INTO ledger_entry VALUES ($1, $2, $3, $4, $5, $6)", [
          ...[sequence, id, digest, root],
          ...[nodesText(nodes), JSON.stringify(envelope)],
        ]);
    },
  };
}

/** A clone with the evidence branch. */
export async function branchPlace(): Promise<KeptPlace> {
  const store = gitStore();
  onTestFinished(() => store.remove());
  const replace = async (rows: readonly Row[]) => {
    const files = rows.map(({ nodes, ...entry }) => [recordPath(entry), recordText({ entry, nodes })] as const);
    const tree = store.writeTree(null, new Map(files));
    const who = { name: "mallory", email: "mallory@example.com", date: "2026-11-24T12:00:00Z" };
    const commit = store.commitTree(tree, [], "records", who);
    execFileSync("git", ["-C", store.directory, "update-ref", "refs/heads/countersign-evidence", commit]);
  };
  await replace(honestRows);
  return { source: store.directory, replace };
}

/** An export of the whole ledger. */
export async function exportPlace(): Promise<KeptPlace> {
  const folder = temporaryFolder();
  const { source: database } = await sqlitePlace(folder);
  const source = join(folder, "all.jsonl");
  const made = await command(["export", database, "--out", source], { COUNTERSIGN_SIGNING_KEY: privatePem() });
  if (made.exit !== 0) throw new Error(made.err);
  const [head = ""] = readFileSync(source, "utf8").split("\n");
  return {
    source,
    async replace(rows) {
      const lines = rows.map(({ nodes: _, ...entry }) => JSON.stringify(entry));
      writeFileSync(source, `${[head, ...lines].join("\n")}\n`);
    },
  };
}

/** The private key of the ledgers' signer, as the environment has it. */
export function privatePem(): string {
  return signer.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

/** A file with the public key of a signer. */
export function keyFile(of = signer): string {
  const path = join(temporaryFolder(), "public.pem");
  writeFileSync(path, of.publicKey.export({ type: "spki", format: "pem" }));
  return path;
}

/** Runs a command to its end. */
export async function command(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const { io, out, err } = recorded();
  const exit = await run(args, { ...io, environment });
  return { exit, out: out(), err: err() };
}
