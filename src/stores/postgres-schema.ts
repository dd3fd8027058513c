import type pg from "pg";
import type { Migration } from "./database.ts";

/** Brings the tables of a PostgreSQL database forward; newer ones than this program knows are refused. */
export async function bringForward(pool: pg.Pool, migrations: readonly Migration[]): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    try {
      // Several instances start at once.
      await client.query(
        "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '.countersign_schema', 0))",
      );
      await client.query(
        "CREATE TABLE IF NOT EXISTS countersign_schema (version integer PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())",
      );
      const { rows } = await client.query<{ version: number }>(
        "SELECT max(version) AS version FROM countersign_schema",
      );
      const present = rows[0]?.version ?? 0;
      const newest = migrations.at(-1)?.version ?? 0;
      if (present > newest)
        throw new Error(
          `the database has schema ${present}, this program knows ${newest}; start the version that wrote it, or a newer one`,
        );
      for (const { version, sql } of migrations) {
        if (version <= present) continue;
        await client.query(sql);
        await client.query("INSERT INTO countersign_schema (version) VALUES ($1)", [version]);
      }
      await client.query("COMMIT");
    } catch (fault) {
      await client.query("ROLLBACK");
      throw fault;
    }
  } finally {
    client.release();
  }
}
