import type { DatabaseSync } from "node:sqlite";
import { UNREGISTERED } from "../core/rollback-plan.ts";
import { transaction, unforced } from "./database.ts";
import type { RollbackStore, StoredRollback, StoredSystemLanding } from "./rollback-store.ts";

/** Rollbacks that were started, landings by the systems that they touched, and rehearsals. */
export const ROLLBACK_TABLES = `
CREATE TABLE rollback (
  sequence INTEGER PRIMARY KEY, record TEXT NOT NULL UNIQUE, repository INTEGER NOT NULL, pull INTEGER NOT NULL,
  landing TEXT NOT NULL, person TEXT NOT NULL, started_at TEXT NOT NULL, revert INTEGER,
  finished_by TEXT
) STRICT;
CREATE INDEX rollback_pull ON rollback (repository, pull);
CREATE INDEX rollback_open ON rollback (repository) WHERE finished_by IS NULL;
CREATE INDEX rollback_revert ON rollback (repository, revert);
CREATE TABLE system_landing (
  repository INTEGER NOT NULL, system TEXT NOT NULL, sequence INTEGER NOT NULL, document TEXT NOT NULL,
  PRIMARY KEY (repository, system)
) STRICT, WITHOUT ROWID;
CREATE TABLE system_landing_record (record TEXT PRIMARY KEY, sequence INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE rehearsal (
  sequence INTEGER PRIMARY KEY, record TEXT NOT NULL, repository INTEGER NOT NULL, system TEXT NOT NULL,
  strategy TEXT NOT NULL, at TEXT NOT NULL, succeeded INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX rehearsal_once ON rehearsal (record, system, strategy);
CREATE INDEX rehearsal_system ON rehearsal (repository, system, strategy);
`;

/** The part of a store that keeps them, over one SQLite database. */
export function rollbackTables(database: DatabaseSync): RollbackStore {
  return { ...rollbacks(database), ...systemLandings(database), ...rehearsals(database) };
}

type Row = Readonly<Record<string, unknown>>;

type Rollbacks = Pick<
  RollbackStore,
  "putRollback" | "rollbacksOf" | "openRollbacks" | "finishRollbacks" | "rollbackBy"
>;

function rollbacks(database: DatabaseSync): Rollbacks {
  const put = database.prepare(`
    INSERT INTO rollback (record, repository, pull, landing, person, started_at, revert) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (record) DO UPDATE SET revert = coalesce(excluded.revert, revert)`);
  const ofPull = database.prepare("SELECT * FROM rollback WHERE repository = ? AND pull = ? ORDER BY sequence");
  const open = database.prepare(
    "SELECT * FROM rollback WHERE repository = ? AND finished_by IS NULL ORDER BY sequence LIMIT 100",
  );
  const finish = database.prepare(
    "UPDATE rollback SET finished_by = ? WHERE repository = ? AND landing = ? AND finished_by IS NULL",
  );
  const by = database.prepare("SELECT * FROM rollback WHERE repository = ? AND revert = ? ORDER BY sequence LIMIT 1");
  return {
    async putRollback({ record, repository, pull, landing, person, startedAt, revert }) {
      put.run(record, repository, pull, landing, person, startedAt, revert);
    },
    rollbacksOf: async (repository, pull) => ofPull.all(repository, pull).map(rollbackOf),
    openRollbacks: async (repository) => open.all(repository).map(rollbackOf),
    async finishRollbacks(repository, landing, record) {
      finish.run(record, repository, landing);
    },
    async rollbackBy(repository, revert) {
      const row = by.get(repository, revert);
      return row === undefined ? null : rollbackOf(row);
    },
  };
}

function rollbackOf({ started_at: startedAt, sequence: _, finished_by: __, ...row }: Row): StoredRollback {
  return { ...row, startedAt } as StoredRollback;
}

function systemLandings(database: DatabaseSync): Pick<RollbackStore, "putSystemLanding" | "lastOfSystem"> {
  const note = database.prepare(`
    INSERT INTO system_landing_record (record, sequence)
    VALUES (?, (SELECT coalesce(max(sequence), 0) + 1 FROM system_landing_record)) ON CONFLICT DO NOTHING RETURNING sequence`);
  const put = database.prepare(`
    INSERT INTO system_landing (repository, system, sequence, document) VALUES (?, ?, ?, ?)
    ON CONFLICT (repository, system) DO UPDATE SET sequence = excluded.sequence, document = excluded.document`);
  const one = database.prepare("SELECT document FROM system_landing WHERE repository = ? AND system = ?");
  return {
    async putSystemLanding(landing) {
      const { systems, repository, record } = landing;
      const document = JSON.stringify(landing);
      const add = () => {
        const sequence = note.get(record)?.sequence;
        if (typeof sequence !== "number") return;
        for (const system of systems.length > 0 ? systems : [UNREGISTERED])
          put.run(repository, system, sequence, document);
      };
      unforced(database, () => transaction(database, add));
    },
    async lastOfSystem(repository, system) {
      const row = one.get(repository, system);
      return row === undefined ? null : (JSON.parse(String(row.document)) as StoredSystemLanding);
    },
  };
}

function rehearsals(database: DatabaseSync): Pick<RollbackStore, "putRehearsal" | "rehearsalsOf"> {
  const put = database.prepare(`
    INSERT INTO rehearsal (record, repository, system, strategy, at, succeeded) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT DO NOTHING`);
  const newest = database.prepare(`
    SELECT system, strategy, at, succeeded FROM rehearsal WHERE sequence IN (
      SELECT max(sequence) FROM rehearsal WHERE repository = ? GROUP BY system, strategy)`);
  return {
    async putRehearsal({ record, repository, system, strategies, at, succeeded }) {
      transaction(database, () => {
        for (const strategy of strategies) put.run(record, repository, system, strategy, at, succeeded ? 1 : 0);
      });
    },
    rehearsalsOf: async (repository) =>
      new Map(
        newest
          .all(repository)
          .filter(({ succeeded }) => succeeded === 1)
          .map(({ system, strategy, at }) => [`${system} ${strategy}`, String(at)]),
      ),
  };
}
