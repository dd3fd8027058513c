import type { DatabaseSync } from "node:sqlite";
import { unforced } from "./database.ts";
import type { Store, StoredGroup } from "./store.ts";

/** Merge groups, open ones and those that ended lately. */
export const GROUP_TABLE = `
CREATE TABLE merge_group (
  repository INTEGER NOT NULL, head TEXT NOT NULL, open INTEGER NOT NULL, at TEXT NOT NULL, state TEXT NOT NULL,
  PRIMARY KEY (repository, head)
) STRICT, WITHOUT ROWID;
CREATE INDEX merge_group_open ON merge_group (repository) WHERE open = 1;
CREATE INDEX merge_group_at ON merge_group (at);
`;

/** GitHub lets a group wait for six hours at most. */
const KEPT = 7 * 86_400_000;

/** The part of a store that keeps them, over one SQLite database. */
export function groupTable(database: DatabaseSync): Pick<Store, "putGroup" | "groupAt" | "openGroups"> {
  const put = database.prepare(`
    INSERT INTO merge_group (repository, head, open, at, state) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (repository, head) DO UPDATE SET open = excluded.open, at = excluded.at, state = excluded.state`);
  const forget = database.prepare("DELETE FROM merge_group WHERE at < ?");
  const one = database.prepare("SELECT state FROM merge_group WHERE repository = ? AND head = ?");
  const open = database.prepare("SELECT state FROM merge_group WHERE repository = ? AND open = 1 ORDER BY at, head");
  return {
    async putGroup(group) {
      const { repository, head, at } = group;
      unforced(database, () => put.run(repository, head, group.open ? 1 : 0, at, JSON.stringify(group)));
      forget.run(new Date(Date.parse(at) - KEPT).toISOString());
    },
    async groupAt(repository, head) {
      const row = one.get(repository, head);
      return row === undefined ? null : groupOf(row.state);
    },
    openGroups: async (repository) => open.all(repository).map(({ state }) => groupOf(state)),
  };
}

function groupOf(state: unknown): StoredGroup {
  return JSON.parse(String(state)) as StoredGroup;
}
