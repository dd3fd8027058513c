import type { DatabaseSync } from "node:sqlite";
import type { Instant } from "../core/scalars.ts";
import { unforced } from "./database.ts";
import type { Store, StoredPush } from "./store.ts";

/** Who pushed to branches that may be proposed later. */
export const BRANCH_PUSH_TABLE = `
CREATE TABLE branch_push (
  sequence INTEGER PRIMARY KEY, repository INTEGER NOT NULL, before TEXT, after TEXT NOT NULL,
  login TEXT NOT NULL, person INTEGER, at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX branch_push_once ON branch_push (repository, after, login, coalesce(before, ''));
`;

/** Branches that lie about for longer are proposed as if whoever does so had pushed them. */
const KEPT = 180 * 86_400_000;

/** The part of a store that keeps them, over one SQLite database. */
export function branchPushes(database: DatabaseSync): Pick<Store, "putBranchPush" | "branchPushesTo"> {
  const put = database.prepare(
    "INSERT INTO branch_push (repository, before, after, login, person, at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
  );
  const forget = database.prepare(
    "DELETE FROM branch_push WHERE sequence IN (SELECT sequence FROM branch_push ORDER BY sequence LIMIT 10) AND at < ?",
  );
  const to = database.prepare(
    "SELECT repository, before, after, login, person, at FROM branch_push WHERE repository = ? AND after = ? ORDER BY sequence",
  );
  return {
    async putBranchPush({ repository, before, after, login, person, at }) {
      unforced(database, () => put.run(repository, before, after, login, person, at));
      forget.run(oldest(at));
    },
    branchPushesTo: async (repository, after) =>
      to.all(repository, after).map((row) => ({ ...row }) as unknown as Omit<StoredPush, "pullRequest">),
  };
}

function oldest(at: Instant): string {
  return new Date(Date.parse(at) - KEPT).toISOString();
}
