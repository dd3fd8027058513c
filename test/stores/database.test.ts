import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Dossier } from "../../src/evidence/record.ts";
import { embeddedQueue } from "../../src/queues/embedded.ts";
import { MIGRATIONS } from "../../src/queues/embedded-database.ts";
import { openDatabase, tidying } from "../../src/stores/database.ts";
import { sqliteStore } from "../../src/stores/sqlite-store.ts";

let folder: string;
let database: DatabaseSync;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "countersign-database-"));
  database = openDatabase(join(folder, "x.db"), MIGRATIONS);
});
afterEach(() => {
  vi.useRealTimers();
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

const [NORMAL, FULL] = [1, 2];
const level = () => Number(database.prepare("PRAGMA synchronous").get()?.synchronous);

/** How firmly each statement on a table was committed, in order, as a trigger of this connection sees it. */
function firmness(table: string, event = "INSERT"): () => number[] {
  database.exec(`CREATE TEMP TABLE firm_${table} (level INTEGER);
    CREATE TEMP TRIGGER seen_${table} AFTER ${event} ON main.${table}
    BEGIN INSERT INTO firm_${table} SELECT synchronous FROM pragma_synchronous; END`);
  return () =>
    database
      .prepare(`SELECT level FROM firm_${table}`)
      .all()
      .map((row) => Number(row.level));
}

const place = { repository: 1, pullRequest: 2 };
const view = { repository: 1, head: "a", checkName: "countersign", digest: null, passing: false, premises: "x" };
const head = { ...place, installation: 3, owner: "acme", name: "agent", head: "a", baseRef: "main" };
const at = "2026-11-24T12:00:00Z";

describe("what must be on disk when it is said to be", () => {
  it("is a delivery with its work; what a work adds while it runs goes there with the next", async () => {
    const [deliveries, works] = [firmness("delivery"), firmness("work")];
    const queue = embeddedQueue(database);
    const work = { key: "a", kind: "k", payload: 1 };
    await queue.accept({ guid: "1", event: "push", receivedAt: at }, [work]);
    await queue.add({ ...work, key: "b" });
    await queue.accept({ guid: "2", event: "push", receivedAt: at }, [{ ...work, key: "c" }]);
    expect([deliveries(), works(), level()]).toEqual([[FULL, FULL], [FULL, NORMAL, FULL], FULL]);
  });

  it("is that a check run is about to be written, not that it was: what is lost then is looked for", async () => {
    const [inserted, updated] = [firmness("view"), () => database.prepare("SELECT check_run FROM view").get()];
    const store = sqliteStore(database);
    await store.putView({ ...view, checkRun: null });
    await store.putView({ ...view, head: "b", checkRun: 7 });
    await store.putView({ ...view, head: "c", checkRun: 7, digest: "x" });
    expect([inserted(), updated(), level()]).toEqual([[FULL, FULL, NORMAL], { check_run: null }, FULL]);
  });

  it("is what stands for longer than works run", async () => {
    const [baselines, keys, settings] = [firmness("baseline"), firmness("fingerprint_key"), firmness("instance")];
    const store = sqliteStore(database);
    await store.putBaseline(1, new Uint8Array([1]), at);
    await store.putInstanceSetting("x");
    expect(await store.fingerprintKey(1)).toEqual(await store.fingerprintKey(1));
    expect([baselines(), keys(), settings()]).toEqual([[FULL], [FULL], [FULL]]);
  });

  it("S18 is what a decision rests on that lets something through, and not what one does that lets nothing", async () => {
    const dossiers = firmness("dossier");
    const store = sqliteStore(database);
    const kept = { ...place, head: "a", baseRef: "main", dossier: {} as Dossier, limitations: [] };
    await store.putDossier(kept, true);
    await store.putDossier({ ...kept, head: "b" }, false);
    expect([dossiers(), level()]).toEqual([[FULL, NORMAL], FULL]);
  });

  it("is not what the same work would write again", async () => {
    const seen = ["head", "push", "binding", "comment"].map((table) => firmness(table));
    const store = sqliteStore(database);
    await store.putHead({ ...head, open: true, depends: null });
    await store.putPush({ ...place, before: null, after: "a", login: "dora", person: 4, at });
    const binding = { ...place, review: 1, person: 2, head: "a", baseRef: "main", seen: "event", at } as const;
    await store.putBinding({ ...binding, covered: null });
    await store.putComment({ ...place, id: 1, digest: null });
    expect(seen.map((levels) => levels())).toEqual([[NORMAL], [NORMAL], [NORMAL], [NORMAL]]);
    await expect(store.putHead({ ...head, open: true, depends: null, owner: null as never })).rejects.toThrow();
    expect(level()).toBe(FULL);
  });
});

describe("the log", () => {
  const inLog = () => Number(database.prepare("PRAGMA wal_checkpoint(NOOP)").get()?.log ?? -1);
  const inFile = () => Number(database.prepare("PRAGMA wal_checkpoint(NOOP)").get()?.checkpointed ?? -1);

  it("is brought into the file while nobody waits, at most every ten seconds", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    const tidy = tidying(database);
    database.exec("PRAGMA wal_checkpoint(TRUNCATE); CREATE TABLE more (a)");
    tidy.resting();
    vi.advanceTimersByTime(100);
    expect([inLog() > 0, inFile()]).toEqual([true, 0]);
    vi.advanceTimersByTime(10_000);
    tidy.resting();
    tidy.busy();
    vi.advanceTimersByTime(100);
    expect(inFile()).toBe(0);
    tidy.resting();
    vi.advanceTimersByTime(100);
    expect(inFile()).toBe(inLog());
    expect(inLog()).toBeGreaterThan(0);
  });
});
