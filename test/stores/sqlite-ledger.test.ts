import { fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { MIGRATIONS } from "../../src/queues/embedded-database.ts";
import { openDatabase } from "../../src/stores/database.ts";
import { sqliteLedger } from "../../src/stores/sqlite-ledger.ts";
import { ledgerContract } from "./ledger-contract.ts";
import { signing, testSigner } from "./ledger-records.ts";

function databaseFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "countersign-ledger-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "countersign.db");
}

function opened(file: string) {
  const database = openDatabase(file, MIGRATIONS);
  onTestFinished(() => {
    if (database.isOpen) database.close();
  });
  return database;
}

ledgerContract("SQLite", async () => {
  const file = databaseFile();
  const first = opened(file);
  return {
    ledger: sqliteLedger(first),
    beside: async () => sqliteLedger(opened(file)),
    afterCrash: async () => {
      first.close();
      return sqliteLedger(opened(file));
    },
  };
});

const signer = testSigner();

describe("the ledger's table in SQLite", () => {
  it.each([
    ["UPDATE ledger_entry SET root = 'x' WHERE sequence = 1", "append-only"],
    ["DELETE FROM ledger_entry WHERE sequence = 2", "append-only"],
    ["DELETE FROM ledger_entry", "append-only"],
    [
      "INSERT OR REPLACE INTO ledger_entry SELECT 1, id, digest, root, nodes, envelope FROM ledger_entry WHERE sequence = 2",
      "only grows",
    ],
    [
      "REPLACE INTO ledger_entry SELECT 3, 'r/0', digest, root, nodes, envelope FROM ledger_entry WHERE sequence = 2",
      "only grows",
    ],
    [
      "INSERT OR IGNORE INTO ledger_entry SELECT 7, 'x', digest, root, nodes, envelope FROM ledger_entry WHERE sequence = 2",
      "only grows",
    ],
    ["INSERT INTO ledger_entry (id, digest, root, nodes, envelope) VALUES ('y', '', '', '', '')", "only grows"],
    ["UPDATE OR REPLACE ledger_entry SET sequence = 0 WHERE sequence = 1", "append-only"],
  ])("refuses %s", async (sql, words) => {
    const database = opened(databaseFile());
    const ledger = sqliteLedger(database);
    for (const id of ["r/0", "r/1", "r/2"]) await ledger.append(id, signing(signer, id));
    expect(() => database.exec(sql)).toThrow(words);
    expect(database.prepare("SELECT count(*) AS size FROM ledger_entry").get()).toEqual({ size: 3 });
  });

  it("is on disk before an append returns, those that came together in one transaction", async () => {
    const database = opened(databaseFile());
    const ledger = sqliteLedger(database);
    database.exec(`CREATE TEMP TABLE seen (level INTEGER);
      CREATE TEMP TRIGGER seen AFTER INSERT ON main.ledger_entry
      BEGIN INSERT INTO seen SELECT synchronous FROM pragma_synchronous; END`);
    const commits: string[] = [];
    const exec = database.exec.bind(database);
    database.exec = (sql) => {
      commits.push(sql);
      exec(sql);
    };
    await Promise.all(["a", "b", "c"].map((id) => ledger.append(id, signing(signer, id))));
    expect(commits).toEqual(["BEGIN IMMEDIATE", "COMMIT"]);
    const more = ledger.append("d", async (tip) => {
      // What comes while another is built shares the transaction after it.
      others.push(ledger.append("e", signing(signer, "e")), ledger.append("f", signing(signer, "f")));
      return signing(signer, "d")(tip);
    });
    const others: Promise<unknown>[] = [];
    await more;
    await Promise.all(others);
    expect(commits).toHaveLength(6);
    expect(database.prepare("SELECT level FROM seen").all()).toEqual(Array(6).fill({ level: 2 }));
  });

  it("keeps nothing of a group where the disk is full, says so to each, and goes on when there is room", async () => {
    const database = opened(databaseFile());
    const ledger = sqliteLedger(database);
    await ledger.append("a", signing(signer, "a"));
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    database.exec(`PRAGMA max_page_count = ${database.prepare("PRAGMA page_count").get()?.page_count}`);
    const ids = Array.from({ length: 8 }, (_, at) => `b/${at}`);
    const results = await Promise.allSettled(ids.map((id) => ledger.append(id, signing(signer, id))));
    for (const result of results)
      expect(result).toMatchObject({
        status: "rejected",
        reason: expect.objectContaining({ message: expect.stringContaining("full") }),
      });
    expect((await ledger.tip()).size).toBe(1);
    database.exec("PRAGMA max_page_count = 1000000");
    const entries = await Promise.all(ids.map((id) => ledger.append(id, signing(signer, id))));
    expect(entries.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it("stands as it stood when the program is killed while it signs", async () => {
    const file = databaseFile();
    const child = fork(new URL("./ledger-killed.ts", import.meta.url), [file]);
    const signal = await new Promise((resolve) => child.once("exit", (_, by) => resolve(by)));
    expect(signal).toBe("SIGKILL");
    const ledger = sqliteLedger(opened(file));
    expect((await ledger.tip()).size).toBe(3);
    expect(await ledger.append("after", signing(signer, "after"))).toMatchObject({ sequence: 3 });
  });
});
