import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type EmbeddedDatabase, embeddedDatabase } from "../../src/queues/embedded-database.ts";
import type { StoredLanding } from "../../src/stores/recording-store.ts";
import type { StoredRollback } from "../../src/stores/rollback-store.ts";

const [A, B, C] = ["a", "b", "c"].map((letter) => letter.repeat(40)) as [string, string, string];
const AT = "2026-11-24T12:00:00.000Z";
const LATER = "2026-11-25T12:00:00.000Z";

describe("what a store remembers of rollbacks", () => {
  let directory = "";
  let database: EmbeddedDatabase;
  const path = () => join(directory, "countersign.db");
  const reopened = () => {
    database.close();
    database = embeddedDatabase(path());
    return database.store;
  };
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "countersign-rollback-"));
    database = embeddedDatabase(path());
  });
  afterEach(() => {
    database.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const started: StoredRollback = {
    ...{ record: "rollback-started/1/7/comment/4", repository: 1, pull: 7, landing: "landing/1/main/b" },
    ...{ person: "olga", startedAt: AT, revert: null },
  };

  it("keeps each rollback once, and the pull request that is opened for it when it is known", async () => {
    await database.store.putRollback(started);
    await database.store.putRollback({ ...started, revert: 9, person: "eve" });
    await database.store.putRollback(started);
    await database.store.putRollback({ ...started, record: "other", repository: 2 });
    const store = reopened();
    expect(await store.rollbacksOf(1, 7)).toEqual([{ ...started, revert: 9 }]);
    expect(await store.rollbackBy(1, 9)).toEqual({ ...started, revert: 9 });
    expect((await store.openRollbacks(1)).map(({ record }) => record)).toEqual([started.record]);
    await store.finishRollbacks(1, "landing/1/main/c", "elsewhere");
    expect(await store.openRollbacks(1)).toHaveLength(1);
    await store.finishRollbacks(1, started.landing, "rollback-finished/landing/1/main/d");
    expect(await store.openRollbacks(1)).toEqual([]);
    expect(await store.rollbacksOf(1, 7)).toHaveLength(1);
    expect(await store.openRollbacks(2)).toHaveLength(1);
    expect([await store.rollbackBy(2, 9), await store.rollbackBy(1, 7)]).toEqual([null, null]);
  });

  it("finds the newest landing of a system, and of what lies outside of all", async () => {
    const landing = { repository: 1, branch: "main", before: A, after: B, pull: 7 };
    const one = { ...landing, record: "one", systems: ["bot", "desk"] };
    const two = { ...landing, record: "two", systems: ["desk"], before: B, after: C, pull: null };
    const outside = { ...landing, record: "three", systems: [] };
    for (const each of [one, two, outside, one]) await database.store.putSystemLanding(each);
    const store = reopened();
    expect(await store.lastOfSystem(1, "bot")).toEqual(one);
    expect(await store.lastOfSystem(1, "desk")).toEqual(two);
    expect(await store.lastOfSystem(1, "unregistered")).toEqual(outside);
    expect([await store.lastOfSystem(1, "none"), await store.lastOfSystem(2, "bot")]).toEqual([null, null]);
  });

  it("counts the newest rehearsal of a system and strategy, and none that failed", async () => {
    const { store } = database;
    const bot = { record: "r1", repository: 1, system: "bot", strategies: ["revert-commit", "pin-model"], at: AT };
    await store.putRehearsal({ ...bot, succeeded: true });
    await store.putRehearsal({ ...bot, succeeded: false });
    await store.putRehearsal({ ...bot, repository: 2, record: "r2", succeeded: true });
    expect(await store.rehearsalsOf(1)).toEqual(
      new Map([
        ["bot revert-commit", AT],
        ["bot pin-model", AT],
      ]),
    );
    await store.putRehearsal({ ...bot, record: "r3", strategies: ["pin-model"], at: LATER, succeeded: false });
    expect(await reopened().rehearsalsOf(1)).toEqual(new Map([["bot revert-commit", AT]]));
  });

  it("finds the landing that another one came after, on its paths", async () => {
    const landing = (record: string, paths: StoredLanding["paths"], basis: StoredLanding["basis"] = "votes") =>
      database.store.putLanding({ record, repository: 1, branch: "main", pull: 1, basis, landedAt: AT, paths });
    const at = (id: string) => ({ mode: "100644", id });
    await landing("first", [{ path: "a", entry: null }], "bypass");
    await landing("second", [{ path: "a", entry: at(A) }]);
    await landing("elsewhere", [{ path: "z", entry: null }]);
    await landing("third", [{ path: "a", entry: at(B) }]);
    expect(await database.store.landingBefore("third")).toMatchObject({ record: "second", restoredBasis: "bypass" });
    expect(await database.store.landingBefore("second")).toMatchObject({ record: "first", restoredBasis: null });
    expect([await database.store.landingBefore("first"), await database.store.landingBefore("none")]).toEqual([
      null,
      null,
    ]);
  });
});
