import { describe, expect, it, onTestFinished } from "vitest";
import { type PostgresLedger, postgresLedger, postgresLedgerReading } from "../../src/stores/postgres-ledger.ts";
import { ledgerContract } from "./ledger-contract.ts";
import { signing, testSigner } from "./ledger-records.ts";
import { postgresServer } from "./postgres-server.ts";

const server = postgresServer();
const signer = testSigner();

async function opened(url: string): Promise<PostgresLedger> {
  const ledger = await postgresLedger(url);
  onTestFinished(() => ledger.close());
  return ledger;
}

/** Ends every connection that the program has. */
const cutOff = (url: string) =>
  server.run(
    url,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'countersign'`,
  );

ledgerContract("PostgreSQL", async () => {
  const url = await server.database();
  return {
    ledger: await opened(url),
    beside: () => opened(url),
    afterCrash: async () => {
      await cutOff(url);
      return opened(url);
    },
  };
});

describe("the ledger's table in PostgreSQL", () => {
  it.each([
    ["UPDATE ledger_entry SET root = 'x' WHERE sequence = 1", "append-only"],
    ["DELETE FROM ledger_entry WHERE sequence = 2", "append-only"],
    ["TRUNCATE ledger_entry", "append-only"],
    ["TRUNCATE ledger_entry CASCADE", "append-only"],
    ["SET session_replication_role = replica; DELETE FROM ledger_entry", "append-only"],
    [
      "INSERT INTO ledger_entry SELECT 7, 'x', digest, root, nodes, envelope FROM ledger_entry WHERE sequence = 2",
      "only grows",
    ],
    [
      "INSERT INTO ledger_entry SELECT 3, 'r/0', digest, root, nodes, envelope FROM ledger_entry WHERE sequence = 2",
      "duplicate key",
    ],
    [
      "INSERT INTO ledger_entry SELECT * FROM ledger_entry WHERE sequence = 2 ON CONFLICT (sequence) DO UPDATE SET root = 'x'",
      "append-only",
    ],
  ])("refuses %s", async (sql, words) => {
    const url = await server.database();
    const ledger = await opened(url);
    for (const id of ["r/0", "r/1", "r/2"]) await ledger.append(id, signing(signer, id));
    await expect(server.run(url, sql)).rejects.toThrow(words);
    expect((await ledger.tip()).size).toBe(3);
  });

  it("is brought forward once by instances that start together, and refused when it is newer", async () => {
    const url = await server.database();
    await Promise.all([opened(url), opened(url), opened(url)]);
    expect((await server.run(url, "SELECT version FROM countersign_schema")).rows).toEqual([{ version: 1 }]);
    await server.run(url, "INSERT INTO countersign_schema (version) VALUES (99)");
    await expect(postgresLedger(url)).rejects.toThrow("has schema 99, this program knows 1");
  });

  it("keeps one transaction for what comes together, on disk even where the server acknowledges early", async () => {
    const url = await server.database();
    await server.run(
      url,
      "ALTER DATABASE CURRENT SET synchronous_commit = off".replace("CURRENT", new URL(url).pathname.slice(1)),
    );
    const ledger = await opened(url);
    await server.run(
      url,
      `CREATE TABLE seen (level text, transaction xid8);
       CREATE FUNCTION seen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         INSERT INTO seen VALUES (current_setting('synchronous_commit'), pg_current_xact_id()); RETURN new; END $$;
       CREATE TRIGGER seen AFTER INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION seen()`,
    );
    await Promise.all(["a", "b", "c"].map((id) => ledger.append(id, signing(signer, id))));
    const { rows } = await server.run(
      url,
      "SELECT count(*)::int AS rows, count(DISTINCT transaction)::int AS transactions, min(level), max(level) FROM seen",
    );
    expect(rows).toEqual([{ rows: 3, transactions: 1, min: "on", max: "on" }]);
  });

  it("is read without writing anything, and gives connections back that broke", async () => {
    const url = await server.database();
    const ledger = await opened(url);
    const entry = await ledger.append("a", signing(signer, "a"));
    await cutOff(url);
    expect(await ledger.get("a")).toEqual(entry);
    const reading = postgresLedgerReading(url);
    onTestFinished(() => reading.close());
    expect(await reading.get("a")).toEqual(entry);
    const empty = postgresLedgerReading(await server.database());
    onTestFinished(() => empty.close());
    await expect(empty.tip()).rejects.toThrow("ledger_entry");
  });
});
