import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** One step of the schema; steps are only ever added. */
export interface Migration {
  readonly version: number;
  readonly sql: string;
}

/**
 * Opens an embedded database: write-ahead log, every commit on disk before it returns (but for those that are `unforced`),
 * other processes waited for. The schema is brought forward; a newer one than this program knows is refused.
 */
export function openDatabase(path: string, migrations: readonly Migration[]): DatabaseSync {
  if (path !== ":memory:") mkdirSync(dirname(path), { recursive: true });
  const database = new DatabaseSync(path);
  database.exec(
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 16000",
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

/**
 * Runs statements whose commits go to the disk with the next one that does. The log keeps their order: a machine that
 * stops loses the newest of them together, as if it had stopped a moment before; a program that stops loses nothing. For
 * what a work writes while it runs, since one that did not end is run again. Not inside of a transaction.
 */
export function unforced<T>(database: DatabaseSync, run: () => T): T {
  database.exec("PRAGMA synchronous = NORMAL");
  try {
    return run();
  } finally {
    database.exec("PRAGMA synchronous = FULL");
  }
}

/** How long nothing is done before there is time for other things, in milliseconds. */
const QUIET = 20;
/** How often the log is brought into the file at most, in milliseconds. */
const TIDIED = 10_000;

/**
 * Brings the log into the file from time to time while nobody waits for anything. Else SQLite does when the log has
 * grown long, in the middle of a commit that somebody waits for.
 */
export function tidying(database: DatabaseSync): { resting(): void; busy(): void } {
  let last = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const tidy = () => {
    if (performance.now() - last < TIDIED) return;
    database.exec("PRAGMA wal_checkpoint(PASSIVE)");
    last = performance.now();
  };
  return {
    resting() {
      clearTimeout(timer);
      timer = setTimeout(tidy, QUIET).unref();
    },
    busy: () => clearTimeout(timer),
  };
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
