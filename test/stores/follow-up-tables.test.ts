import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type EmbeddedDatabase, embeddedDatabase } from "../../src/queues/embedded-database.ts";
import type { StoredFollowUp } from "../../src/stores/follow-up-store.ts";

const [A, B] = ["a", "b"].map((letter) => letter.repeat(40)) as [string, string];
const AT = "2026-11-24T12:00:00.000Z";

describe("what a store remembers of what is owed", () => {
  let directory = "";
  let database: EmbeddedDatabase;
  const path = () => join(directory, "countersign.db");
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "countersign-follow-up-"));
    database = embeddedDatabase(path());
  });
  afterEach(() => {
    database.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const owed = (id: string, more: Partial<StoredFollowUp> = {}): Omit<StoredFollowUp, "closedBy"> => ({
    ...{ id, repository: 7, kind: "retrospective-approval", record: "landing/7/main/b", cause: "break-glass" },
    ...{ pull: 3, branch: "main", before: A, after: B, person: "gus", systems: ["support", "sales"] },
    ...{ owner: "@olga", openedAt: AT, dueAt: "2026-11-26T12:00:00.000Z" },
    ...more,
  });

  it("S14 is kept once, closed once, and there after a crash", async () => {
    expect(await database.store.putFollowUp(owed("1"))).toBe(true);
    expect(await database.store.putFollowUp(owed("1", { owner: "@nobody" }))).toBe(false);
    const early = owed("2", { kind: "corrective-action", dueAt: "2026-11-25T12:00:00.000Z", pull: null, person: null });
    await database.store.putFollowUp(early);
    await database.store.putFollowUp(owed("3", { repository: 8, record: "landing/8/main/b" }));
    database.close();
    database = embeddedDatabase(path());
    const { store } = database;
    expect(await store.openFollowUps(7)).toEqual([
      { ...early, closedBy: null },
      { ...owed("1"), closedBy: null },
    ]);
    expect(await store.closeFollowUp("1", "approval/1")).toBe(true);
    expect(await store.closeFollowUp("1", "approval/2")).toBe(false);
    expect((await store.openFollowUps(7)).map(({ id }) => id)).toEqual(["2"]);
    expect((await store.followUpsOf("landing/7/main/b")).map(({ closedBy }) => closedBy)).toEqual([null, "approval/1"]);
    expect(await store.putFollowUp(owed("1"))).toBe(false);
  });

  it("nobody takes a row away, changes what it says or opens it again by hand", async () => {
    await database.store.putFollowUp(owed("1"));
    await database.store.putFollowUp(owed("2"));
    await database.store.closeFollowUp("2", "approval/1");
    database.close();
    const raw = new DatabaseSync(path());
    for (const statement of [
      "DELETE FROM follow_up",
      "UPDATE follow_up SET due_at = '2036-01-01T00:00:00Z' WHERE id = '1'",
      "UPDATE follow_up SET owner = '@nobody', closed_by = 'x' WHERE id = '1'",
      "UPDATE follow_up SET closed_by = NULL WHERE id = '2'",
      "UPDATE follow_up SET closed_by = 'other' WHERE id = '2'",
    ])
      expect(() => raw.exec(statement), statement).toThrow("rows of follow_up are only ever added and closed");
    raw.close();
    database = embeddedDatabase(path());
  });

  it("S14 open glasses are approvals owed for them, wherever, and those that hold now", async () => {
    const { store } = database;
    await store.putFollowUp(owed("1"));
    await store.putFollowUp(owed("2", { repository: 8 }));
    await store.putFollowUp(owed("3", { cause: "direct-push" }));
    await store.putFollowUp(owed("4", { kind: "corrective-action" }));
    await store.closeFollowUp("2", "approval/1");
    expect((await store.openBreakGlasses()).map(({ id }) => id)).toEqual(["1"]);
  });

  it("S14 of glasses that are broken at once the first is noted, and the next by its person or on its systems is not", async () => {
    const { store } = database;
    const glass = { repository: 7, person: "gus", systems: ["support"], record: "break-glass/1" };
    const claim = (pull: number, more: object = {}, now = AT) =>
      store.claimGlass({ ...glass, pulls: [pull], until: "2026-11-24T16:00:00.000Z", ...more }, now);
    expect(await Promise.all([claim(3), claim(4), claim(5, { person: "gwen" })])).toEqual([true, false, false]);
    expect(await claim(6, { person: "gwen", systems: ["sales"] })).toBe(true);
    // Systems are a repository's own, people are not.
    expect(await claim(3, { repository: 8, person: "gill" })).toBe(true);
    expect(await claim(4, { repository: 8, person: "GUS", systems: [] })).toBe(false);
    // The same decision again, by somebody else and for longer.
    expect(await claim(3, { person: "gina", until: "2026-11-24T17:00:00.000Z" })).toBe(true);
    const held = (await store.glassesAt(AT)).filter(({ repository }) => repository === 7);
    expect(held.map(({ pullRequest, person }) => [pullRequest, person])).toEqual([
      [6, "gwen"],
      [3, "gina"],
    ]);
    expect(await claim(7, {}, "2026-11-24T17:00:00.000Z")).toBe(true);
    await store.dropGlass(7, 3);
    await store.dropGlass(7, 6);
    expect((await store.glassesAt(AT)).map(({ repository, pullRequest }) => `${repository}/${pullRequest}`)).toEqual([
      "7/7",
      "8/3",
    ]);
  });

  it("how far the records were looked at for what is owed after them", async () => {
    expect(await database.store.followUpsSeen()).toBe(0);
    await database.store.putFollowUpsSeen(7);
    await database.store.putFollowUpsSeen(9);
    database.close();
    database = embeddedDatabase(path());
    expect(await database.store.followUpsSeen()).toBe(9);
  });

  it("one issue for each owner, with what was told there", async () => {
    const { store } = database;
    await store.putOwnerIssue(7, { owner: "@olga", issue: 12, told: ["1"] });
    await store.putOwnerIssue(7, { owner: "@olga", issue: 12, told: ["1", "1 overdue"] });
    await store.putOwnerIssue(7, { owner: "", issue: 13, told: [] });
    await store.putOwnerIssue(8, { owner: "@olga", issue: 1, told: [] });
    expect(await store.ownerIssues(7)).toEqual([
      { owner: "", issue: 13, told: [] },
      { owner: "@olga", issue: 12, told: ["1", "1 overdue"] },
    ]);
  });
});
