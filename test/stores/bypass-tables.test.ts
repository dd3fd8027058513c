import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type EmbeddedDatabase, embeddedDatabase } from "../../src/queues/embedded-database.ts";
import type { StoredBypass, StoredDecision } from "../../src/stores/bypass-store.ts";

const [A, B] = ["a", "b"].map((letter) => letter.repeat(40)) as [string, string];
const AT = "2026-11-24T12:00:00.000Z";
const PLACE = { installation: 1, owner: "acme", name: "agent" };

describe("what a store remembers of branches and bypasses", () => {
  let directory = "";
  let database: EmbeddedDatabase;
  const path = () => join(directory, "countersign.db");
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "countersign-bypass-"));
    database = embeddedDatabase(path());
  });
  afterEach(() => {
    database.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const bypass = (more: Partial<StoredBypass> = {}) => ({
    ...{ repository: 7, branch: "main", before: A, after: B, cause: "direct-push" as const },
    ...{ actor: "root", pull: null, at: AT, detail: "Nobody was asked." },
    ...more,
  });

  it("P20 rows of bypasses are only ever added: the same twice is one, and none is changed or deleted", async () => {
    const { store } = database;
    expect(await store.putBypass(bypass())).toBe(true);
    expect(await store.putBypass(bypass({ detail: "again" }))).toBe(false);
    expect(await store.putBypass(bypass({ cause: "expired", pull: 3 }))).toBe(true);
    expect(await store.putBypass(bypass({ cause: "expired", pull: 4 }))).toBe(true);
    // What landed nothing is told by when it was.
    expect(await store.putBypass(bypass({ cause: "gate-weakened", after: null }))).toBe(true);
    expect(await store.putBypass(bypass({ cause: "gate-weakened", after: null }))).toBe(false);
    expect(await store.putBypass(bypass({ cause: "gate-weakened", after: null, at: "2026-11-25T12:00:00.000Z" }))).toBe(
      true,
    );
    expect((await store.bypassesOf(7, 2)).map(({ sequence }) => sequence)).toEqual([5, 4]);
    expect(await store.bypassesOf(8, 9)).toEqual([]);
    database.close();
    const raw = new DatabaseSync(path());
    for (const statement of ["UPDATE bypass SET actor = 'nobody'", "DELETE FROM bypass"])
      expect(() => raw.exec(statement)).toThrow("rows of bypass are only ever added");
    raw.close();
    database = embeddedDatabase(path());
    expect((await database.store.bypassesOf(7, 9)).at(-1)).toEqual({ sequence: 1, ...bypass() });
  });

  it("S07 S18 the newest decision of a head into a branch is kept, after a crash as well", async () => {
    const decision: StoredDecision = {
      ...{ repository: 7, pullRequest: 3, head: A, baseRef: "main", passes: true, basis: "votes", tier: "high" },
      ...{ validUntil: "2026-12-24T12:00:00.000Z", at: AT, pulls: [3, 5], paths: ["a.md", "b.py"] },
    };
    await database.store.putDecision(decision);
    await database.store.putDecision({ ...decision, baseRef: "release/1", passes: false });
    await database.store.putDecision({ ...decision, tier: "low", validUntil: null });
    database.close();
    database = embeddedDatabase(path());
    expect(await database.store.decisionOf(7, 3, A, "main")).toEqual({ ...decision, tier: "low", validUntil: null });
    expect((await database.store.decisionOf(7, 3, A, "release/1"))?.passes).toBe(false);
    expect(await database.store.decisionOf(7, 3, B, "main")).toBeNull();
  });

  it("where a branch stood is noted once and then only moved by a look", async () => {
    const { store } = database;
    const branch = { repository: 7, branch: "main", ...PLACE, head: A, at: AT };
    await store.noteBranch(branch);
    await store.noteBranch({ ...branch, head: B });
    expect(await store.branchOf(7, "main")).toEqual(branch);
    await store.putBranch({ ...branch, head: B });
    await store.putBranch({ ...branch, branch: "release/1" });
    expect((await store.branchesOf(7)).map(({ branch: name, head }) => [name, head])).toEqual([
      ["main", B],
      ["release/1", A],
    ]);
    await store.dropBranch(7, "release/1");
    expect(await store.branches()).toHaveLength(1);
  });

  it("who pushed is forgotten after a month, the newest push to a commit counts", async () => {
    const { store } = database;
    const push = { repository: 7, branch: "main", before: A, after: B, login: "root", at: AT };
    await store.putBasePush(push);
    await store.putBasePush(push);
    await store.putBasePush({ ...push, before: null, login: "anna" });
    expect(await store.basePushTo(7, "main", B)).toMatchObject({ before: null, login: "anna" });
    expect(await store.basePushTo(7, "release/1", B)).toBeNull();
    await store.putBasePush({ ...push, after: A, at: "2026-12-30T12:00:00.000Z" });
    expect(await store.basePushTo(7, "main", B)).toBeNull();
  });
});
