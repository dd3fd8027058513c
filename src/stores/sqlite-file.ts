import { closeSync, openSync, readSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

/** Whether a file begins as a SQLite database does. */
export function isSqliteFile(path: string): boolean {
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(16);
    return readSync(file, bytes, 0, 16, 0) === 16 && bytes.toString("latin1") === "SQLite format 3\0";
  } finally {
    closeSync(file);
  }
}

/**
 * Opens a database that nobody vouches for, for reading: nothing in it is run, and a table has to be one. The program that
 * works on it may be running.
 */
export function openForReading(path: string, table: string): DatabaseSync {
  const database = new DatabaseSync(path, { readOnly: true, enableForeignKeyConstraints: false });
  try {
    database.exec("PRAGMA busy_timeout = 5000; PRAGMA trusted_schema = OFF");
    const row = database.prepare("SELECT type FROM sqlite_schema WHERE name = ?").get(table);
    if (row?.type !== "table") throw new Error(`it holds no ${table}`);
    return database;
  } catch (fault) {
    database.close();
    throw fault;
  }
}
