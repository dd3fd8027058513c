import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Dossier } from "../../src/evidence/record.ts";
import { type EmbeddedDatabase, embeddedDatabase } from "../../src/queues/embedded-database.ts";
import type { StoredLanding } from "../../src/stores/recording-store.ts";

const [A, B, C] = ["a", "b", "c"].map((letter) => letter.repeat(40)) as [string, string, string];
const AT = "2026-11-24T12:00:00Z";

describe("what a store remembers of landings", () => {
  let folder: string;
  let database: EmbeddedDatabase;
  const open = () => embeddedDatabase(join(folder, "x.db"));
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "countersign-recording-"));
    database = open();
  });
  afterEach(() => {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const landing = (record: string, paths: StoredLanding["paths"], more: Partial<StoredLanding> = {}) =>
    database.store.putLanding({
      ...{ record, repository: 1, branch: "main", pull: 7, basis: "votes", landedAt: AT, paths },
      ...more,
    });
  const entry = (id: string) => ({ mode: "100644", id });

  it("is the dossier of each of the last heads of a pull request, after a crash as well, until it is dropped", async () => {
    const dossier = { decision: { basis: "votes" } } as unknown as Dossier;
    const put = (head: string, pullRequest = 7) =>
      database.store.putDossier(
        { repository: 1, pullRequest, head, baseRef: "main", dossier, limitations: ["one"] },
        head !== C,
      );
    await put(A);
    await put(A, 8);
    const again = open();
    expect(await again.store.dossierOf(1, 7, A, "main")).toMatchObject({ dossier, limitations: ["one"], head: A });
    again.close();
    expect(await database.store.dossierOf(1, 7, A, "release")).toBeNull();
    for (const head of [B, C]) await put(head);
    expect(await database.store.dossierOf(1, 7, A, "main")).not.toBeNull();
    await put("d".repeat(40));
    expect(await database.store.dossierOf(1, 7, A, "main")).toBeNull();
    await database.store.dropDossiers(1, 7);
    expect(await database.store.dossierOf(1, 7, C, "main")).toBeNull();
    expect(await database.store.dossierOf(1, 8, A, "main")).not.toBeNull();
  });

  it("is which merges ended with a commit of a branch, and who merged", async () => {
    const merge = { repository: 1, pullRequest: 7, head: A, baseRef: "main", commit: B, mergedAt: AT };
    await database.store.putMerge({ ...merge, by: { id: 5, login: "olga" } });
    await database.store.putMerge({ ...merge, by: { id: 5, login: "olga" } });
    await database.store.putMerge({ ...merge, pullRequest: 9, baseRef: "release", by: null });
    expect(await database.store.mergesAt(1, "main", B)).toEqual([{ ...merge, by: { id: 5, login: "olga" } }]);
    expect(await database.store.mergesAt(1, "release", B)).toMatchObject([{ pullRequest: 9, by: null }]);
    expect(await database.store.mergesAt(1, "main", A)).toEqual([]);
  });

  it("S08 is the newest landing on any of some paths, with what let in the content before it", async () => {
    await landing("first", [{ path: "a", entry: null }], { pull: 1 });
    await landing("second", [{ path: "b", entry: entry(A) }], { pull: 2 });
    await landing("third", [
      { path: "a", entry: entry(A) },
      { path: "b", entry: entry(B) },
    ]);
    await landing("third", [{ path: "c", entry: null }]);
    await landing("elsewhere", [{ path: "a", entry: entry(C) }], { branch: "release" });
    const last = await database.store.lastLanding(1, "main", ["x", "b"]);
    expect(last).toMatchObject({ record: "third", restoredBasis: "votes", landedAt: AT, pull: 7 });
    expect(last?.paths).toEqual([
      { path: "a", entry: entry(A) },
      { path: "b", entry: entry(B) },
    ]);
    expect(await database.store.lastLanding(1, "main", ["x", "c"])).toBeNull();
    expect(await database.store.landingOf(1, 2)).toBe("second");
    expect(await database.store.landingOf(1, 3)).toBeNull();
  });

  it.each([
    ["votes", "votes", "votes"],
    ["votes", "break-glass", "break-glass"],
    ["break-glass", "observe", "observe"],
    ["bypass", "votes", "bypass"],
    ["votes", null, null],
  ] as const)("S08 content that %s and %s let in is no better than the weaker: %s", async (one, other, all) => {
    await landing("a", [{ path: "a", entry: null }], { basis: one });
    if (other !== null) await landing("b", [{ path: "b", entry: null }], { basis: other });
    await landing("both", [
      { path: "a", entry: entry(A) },
      { path: "b", entry: entry(B) },
    ]);
    expect((await database.store.lastLanding(1, "main", ["a"]))?.restoredBasis).toBe(all);
  });
});
