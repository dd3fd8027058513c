import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** One step of the schema; steps are only ever added. */
export interface Migration {
  readonly version: number;
  readonly sql: string;
}

/**
 * Opens an embedded database: write-ahead log, every commit on disk before it returns, other processes waited for. The
 * schema is brought forward; a newer one than this program knows is refused.
 */
export function openDatabase(path: string, migrations: readonly Migration[]): DatabaseSync {
  if (path !== ":memory:") mkdirSync(dirname(path), { recursive: true });
  const database = new DatabaseSync(path);
  database.exec(
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 4000",
  );
  const newest = migrations.at(-1)?.version ?? 0;
  const present = versionOf(database);
  if (present > newest)
    throw new Error(
      `${path} has schema ${present}, this program knows ${newest}; start the version that wrote it, or a newer one`,
    );
  for (const { version, sql } of migrations) {
    if (version <= present) continue;
    transaction(database, () => {
      // Another process may have been faster.
      if (versionOf(database) >= version) return;
      database.exec(sql);
      database.exec(`PRAGMA user_version = ${version}`);
    });
  }
  return database;
}

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare("PRAGMA user_version").get()?.user_version ?? 0);
}

/** Runs a function in one transaction; an exception rolls it back. */
export function transaction<T>(database: DatabaseSync, run: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = run();
    database.exec("COMMIT");
    return result;
  } catch (fault) {
    database.exec("ROLLBACK");
    throw fault;
  }
}
