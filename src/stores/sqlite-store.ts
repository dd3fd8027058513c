import { randomBytes } from "node:crypto";
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import type { ObjectId } from "../core/change-set.ts";
import { askedTables } from "./asked-tables.ts";
import { branchPushes } from "./branch-push-table.ts";
import { bypassTables } from "./bypass-tables.ts";
import { unforced } from "./database.ts";
import { followUpTables } from "./follow-up-tables.ts";
import { groupTable } from "./group-table.ts";
import { namedTables } from "./named-tables.ts";
import { recordingTables } from "./recording-tables.ts";
import { rollbackTables } from "./rollback-tables.ts";
import type { Covered, Store, StoredBinding, StoredComment, StoredHead, StoredPush, StoredView } from "./store.ts";

/** The tables of the store. */
export const STORE_TABLES = `
CREATE TABLE binding (
  repository INTEGER NOT NULL, pull_request INTEGER NOT NULL, review INTEGER NOT NULL, person INTEGER,
  head TEXT NOT NULL, base_ref TEXT NOT NULL, seen TEXT NOT NULL, at TEXT NOT NULL, covered TEXT,
  PRIMARY KEY (repository, pull_request, review)
) STRICT, WITHOUT ROWID;
CREATE TABLE push (
  sequence INTEGER PRIMARY KEY, repository INTEGER NOT NULL, pull_request INTEGER NOT NULL,
  before TEXT, after TEXT NOT NULL, login TEXT NOT NULL, at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX push_once ON push (repository, pull_request, after, login, coalesce(before, ''));
CREATE TABLE head (
  repository INTEGER NOT NULL, pull_request INTEGER NOT NULL, installation INTEGER NOT NULL,
  owner TEXT NOT NULL, name TEXT NOT NULL, head TEXT NOT NULL, base_ref TEXT NOT NULL, open INTEGER NOT NULL, depends TEXT,
  PRIMARY KEY (repository, pull_request)
) STRICT, WITHOUT ROWID;
CREATE INDEX head_at ON head (repository, head);
CREATE INDEX head_open ON head (installation) WHERE open = 1;
CREATE TABLE view (
  repository INTEGER NOT NULL, head TEXT NOT NULL, check_name TEXT NOT NULL,
  check_run INTEGER, digest TEXT, passing INTEGER NOT NULL, premises TEXT NOT NULL,
  PRIMARY KEY (repository, head, check_name)
) STRICT, WITHOUT ROWID;
CREATE TABLE comment (
  repository INTEGER NOT NULL, pull_request INTEGER NOT NULL, id INTEGER NOT NULL, digest TEXT,
  PRIMARY KEY (repository, pull_request)
) STRICT, WITHOUT ROWID;
CREATE TABLE instance (one INTEGER PRIMARY KEY CHECK (one = 1), setting TEXT NOT NULL) STRICT;
CREATE TABLE baseline (organization INTEGER PRIMARY KEY, bytes BLOB NOT NULL, at TEXT NOT NULL) STRICT;
CREATE TABLE fingerprint_key (installation INTEGER PRIMARY KEY, key BLOB NOT NULL) STRICT;
`;

/** Who pushed, by a number that stays when the account is renamed. */
export const PUSH_PERSON = "ALTER TABLE push ADD COLUMN person INTEGER";

/**
 * A store over one SQLite database, which may hold a queue as well. What works write while they run is unforced; what
 * stands for longer than they do (policies, keys, how the instance is set) is on disk at once.
 */
export function sqliteStore(database: DatabaseSync): Store {
  return {
    ...bindings(database),
    ...heads(database),
    ...views(database),
    ...organizations(database),
    ...namedTables(database),
    ...branchPushes(database),
    ...groupTable(database),
    ...bypassTables(database),
    ...recordingTables(database),
    ...followUpTables(database),
    ...rollbackTables(database),
    ...instances(database),
    ...askedTables(database),
    close: () => database.close(),
  };
}

type Row = Readonly<Record<string, unknown>>;

function rowsOf<T>(statement: StatementSync, values: readonly SQLInputValue[], read: (row: Row) => T): readonly T[] {
  return statement.all(...values).map((row) => read(row as Row));
}

function rowOf<T>(statement: StatementSync, values: readonly SQLInputValue[], read: (row: Row) => T): T | null {
  const row = statement.get(...values);
  return row === undefined ? null : read(row as Row);
}

type Bindings = Pick<Store, "putBinding" | "bindingsOf" | "putPush" | "pushesOf">;

function bindings(database: DatabaseSync): Bindings {
  const put = database.prepare(`
    INSERT INTO binding (repository, pull_request, review, person, head, base_ref, seen, at, covered)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (repository, pull_request, review) DO UPDATE SET
      person = coalesce(excluded.person, person), head = excluded.head, base_ref = excluded.base_ref, at = excluded.at,
      seen = CASE WHEN seen = 'event' THEN seen ELSE excluded.seen END,
      covered = CASE WHEN excluded.head = head THEN coalesce(excluded.covered, covered) ELSE excluded.covered END
    WHERE seen = 'commit-id' OR (excluded.head = head AND excluded.base_ref = base_ref)`);
  const all = database.prepare("SELECT * FROM binding WHERE repository = ? AND pull_request = ? ORDER BY review");
  const push = database.prepare(
    "INSERT INTO push (repository, pull_request, before, after, login, person, at) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
  );
  const pushes = database.prepare("SELECT * FROM push WHERE repository = ? AND pull_request = ? ORDER BY sequence");
  return {
    async putBinding({ repository, pullRequest, review, person, head, baseRef, seen, at, covered }) {
      const json = covered && JSON.stringify(covered);
      unforced(database, () => put.run(repository, pullRequest, review, person, head, baseRef, seen, at, json));
    },
    bindingsOf: async (repository, pullRequest) => rowsOf(all, [repository, pullRequest], bindingOf),
    async putPush({ repository, pullRequest, before, after, login, person, at }) {
      unforced(database, () => push.run(repository, pullRequest, before, after, login, person, at));
    },
    pushesOf: async (repository, pullRequest) => rowsOf(pushes, [repository, pullRequest], pushOf),
  };
}

function bindingOf({ pull_request: pullRequest, base_ref: baseRef, covered, ...row }: Row): StoredBinding {
  const read = typeof covered === "string" ? (JSON.parse(covered) as Covered) : null;
  return { ...row, pullRequest, baseRef, covered: read } as StoredBinding;
}

function pushOf({ pull_request: pullRequest, sequence: _, ...row }: Row): StoredPush {
  return { ...row, pullRequest } as StoredPush;
}

type Heads = Pick<Store, "putHead" | "headOf" | "headsAt" | "openHeads" | "openHeadsOf">;

function heads(database: DatabaseSync): Heads {
  const put = database.prepare(`
    INSERT INTO head (repository, pull_request, installation, owner, name, head, base_ref, open, depends)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (repository, pull_request) DO UPDATE SET
      installation = excluded.installation, owner = excluded.owner, name = excluded.name, head = excluded.head,
      base_ref = excluded.base_ref, open = excluded.open, depends = excluded.depends`);
  const select = (where: string) => database.prepare(`SELECT * FROM head WHERE ${where} ORDER BY pull_request`);
  const one = select("repository = ? AND pull_request = ?");
  const at = select("repository = ? AND head = ?");
  const open = select("repository = ? AND open = 1");
  const ofInstallation = select("installation = ? AND open = 1");
  return {
    async putHead({ repository, pullRequest, installation, owner, name, head, baseRef, open: isOpen, depends }) {
      const json = depends && JSON.stringify(depends);
      const row = [repository, pullRequest, installation, owner, name, head, baseRef, isOpen ? 1 : 0, json];
      unforced(database, () => put.run(...row));
    },
    headOf: async (repository, pullRequest) => rowOf(one, [repository, pullRequest], headOf),
    headsAt: async (repository, head) => rowsOf(at, [repository, head], headOf),
    openHeads: async (repository) => rowsOf(open, [repository], headOf),
    openHeadsOf: async (installation) => rowsOf(ofInstallation, [installation], headOf),
  };
}

function headOf({ pull_request: pullRequest, base_ref: baseRef, open, depends, ...row }: Row): StoredHead {
  const read = typeof depends === "string" ? (JSON.parse(depends) as StoredHead["depends"]) : null;
  return { ...row, pullRequest, baseRef, open: open === 1, depends: read } as StoredHead;
}

type Instances = Pick<Store, "openRepositories" | "instanceSetting" | "putInstanceSetting">;

function instances(database: DatabaseSync): Instances {
  const repositories = database.prepare(
    "SELECT max(installation) AS installation, repository, owner, name FROM head WHERE open = 1 GROUP BY repository",
  );
  const noted = database.prepare("SELECT setting FROM instance");
  const note = database.prepare(
    "INSERT INTO instance (one, setting) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET setting = excluded.setting",
  );
  return {
    openRepositories: async () =>
      rowsOf(repositories, [], (row) => ({ ...row }) as Awaited<ReturnType<Store["openRepositories"]>>[number]),
    instanceSetting: async () => rowOf(noted, [], (row) => String(row.setting)),
    async putInstanceSetting(setting) {
      note.run(setting);
    },
  };
}

type Views = Pick<Store, "putView" | "viewOf" | "viewsAt" | "putComment" | "commentOf">;

function views(database: DatabaseSync): Views {
  const put = database.prepare(`
    INSERT INTO view (repository, head, check_name, check_run, digest, passing, premises) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (repository, head, check_name) DO UPDATE SET
      check_run = excluded.check_run, digest = excluded.digest, passing = excluded.passing, premises = excluded.premises`);
  const one = database.prepare("SELECT * FROM view WHERE repository = ? AND head = ? AND check_name = ?");
  const all = database.prepare("SELECT * FROM view WHERE repository = ? AND head = ? ORDER BY check_name");
  const comment = database.prepare(`
    INSERT INTO comment (repository, pull_request, id, digest) VALUES (?, ?, ?, ?)
    ON CONFLICT (repository, pull_request) DO UPDATE SET id = excluded.id, digest = excluded.digest`);
  const commentOf = database.prepare("SELECT * FROM comment WHERE repository = ? AND pull_request = ?");
  return {
    async putView({ repository, head, checkName, checkRun, digest, passing, premises }) {
      const note = () => put.run(repository, head, checkName, checkRun, digest, passing ? 1 : 0, premises);
      // That something is about to be written must be known whatever happens then, or it would count as unwritten.
      if (digest === null) note();
      else unforced(database, note);
    },
    viewOf: async (repository, head, checkName) => rowOf(one, [repository, head, checkName], viewOf),
    viewsAt: async (repository: number, head: ObjectId) => rowsOf(all, [repository, head], viewOf),
    async putComment({ repository, pullRequest, id, digest }) {
      unforced(database, () => comment.run(repository, pullRequest, id, digest));
    },
    commentOf: async (repository, pullRequest) =>
      rowOf(
        commentOf,
        [repository, pullRequest],
        ({ id, digest }) => ({ repository, pullRequest, id, digest }) as StoredComment,
      ),
  };
}

function viewOf({ check_name: checkName, check_run: checkRun, passing, ...row }: Row): StoredView {
  return { ...row, checkName, checkRun, passing: passing === 1 } as StoredView;
}

type Organizations = Pick<Store, "putBaseline" | "baselineOf" | "forgetBaseline" | "fingerprintKey">;

function organizations(database: DatabaseSync): Organizations {
  const put = database.prepare(`
    INSERT INTO baseline (organization, bytes, at) VALUES (?, ?, ?)
    ON CONFLICT (organization) DO UPDATE SET bytes = excluded.bytes, at = excluded.at`);
  const one = database.prepare("SELECT bytes, at FROM baseline WHERE organization = ?");
  const forget = database.prepare("DELETE FROM baseline WHERE organization = ?");
  const makeKey = database.prepare(
    "INSERT INTO fingerprint_key (installation, key) VALUES (?, ?) ON CONFLICT DO NOTHING",
  );
  const key = database.prepare("SELECT key FROM fingerprint_key WHERE installation = ?");
  return {
    async putBaseline(organization, bytes, at) {
      put.run(organization, bytes, at);
    },
    baselineOf: async (organization) =>
      rowOf(one, [organization], ({ bytes, at }) => ({ bytes: bytes as Uint8Array, at: String(at) })),
    forgetBaseline: async (organization) => forget.run(organization).changes > 0,
    async fingerprintKey(installation) {
      if (key.get(installation) === undefined) makeKey.run(installation, randomBytes(32));
      return key.get(installation)?.key as Uint8Array;
    },
  };
}
