import type { DatabaseSync } from "node:sqlite";
import type {
  BypassStore,
  StoredBasePush,
  StoredBranch,
  StoredBypass,
  StoredDecision,
  StoredGate,
} from "./bypass-store.ts";
import { unforced } from "./database.ts";

/** What was decided, where governed branches stood last, and what passed the gate by. */
export const BYPASS_TABLES = `
CREATE TABLE decision (
  repository INTEGER NOT NULL, pull_request INTEGER NOT NULL, head TEXT NOT NULL, base_ref TEXT NOT NULL,
  passes INTEGER NOT NULL, basis TEXT, tier TEXT NOT NULL, valid_until TEXT, at TEXT NOT NULL,
  pulls TEXT NOT NULL, paths TEXT NOT NULL,
  PRIMARY KEY (repository, pull_request, head, base_ref)
) STRICT, WITHOUT ROWID;
CREATE TABLE watched (repository INTEGER PRIMARY KEY, default_branch TEXT NOT NULL, patterns TEXT NOT NULL) STRICT;
CREATE TABLE branch_head (
  repository INTEGER NOT NULL, branch TEXT NOT NULL, installation INTEGER NOT NULL, owner TEXT NOT NULL, name TEXT NOT NULL,
  head TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY (repository, branch)
) STRICT, WITHOUT ROWID;
CREATE TABLE base_push (
  sequence INTEGER PRIMARY KEY, repository INTEGER NOT NULL, branch TEXT NOT NULL, before TEXT, after TEXT NOT NULL,
  login TEXT NOT NULL, at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX base_push_once ON base_push (repository, branch, after, coalesce(before, ''));
CREATE TABLE bypass (
  sequence INTEGER PRIMARY KEY, repository INTEGER NOT NULL, branch TEXT NOT NULL, before TEXT, after TEXT,
  cause TEXT NOT NULL, actor TEXT, pull INTEGER, at TEXT NOT NULL, detail TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX bypass_once ON bypass (repository, branch, cause, coalesce(after, at), coalesce(pull, 0));
CREATE TRIGGER bypass_stays BEFORE UPDATE ON bypass BEGIN SELECT raise(ABORT, 'rows of bypass are only ever added'); END;
CREATE TRIGGER bypass_kept BEFORE DELETE ON bypass BEGIN SELECT raise(ABORT, 'rows of bypass are only ever added'); END;
CREATE TABLE gate (
  repository INTEGER PRIMARY KEY, states TEXT NOT NULL, weak TEXT NOT NULL, at TEXT NOT NULL
) STRICT;
CREATE TABLE tracking_issue (repository INTEGER PRIMARY KEY, issue INTEGER NOT NULL, told INTEGER NOT NULL) STRICT;
`;

/** Pushes are asked for as soon as they are told; who made one that is looked at much later is not known. */
const KEPT = 30 * 86_400_000;

/** The part of a store that keeps them, over one SQLite database. */
export function bypassTables(database: DatabaseSync): BypassStore {
  return { ...decisions(database), ...branches(database), ...pushes(database), ...bypasses(database) };
}

type Row = Readonly<Record<string, unknown>>;

function decisions(database: DatabaseSync): Pick<BypassStore, "putDecision" | "decisionOf"> {
  const put = database.prepare(`
    INSERT INTO decision (repository, pull_request, head, base_ref, passes, basis, tier, valid_until, at, pulls, paths)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (repository, pull_request, head, base_ref) DO UPDATE SET passes = excluded.passes, basis = excluded.basis,
      tier = excluded.tier, valid_until = excluded.valid_until, at = excluded.at, pulls = excluded.pulls, paths = excluded.paths`);
  const one = database.prepare(
    "SELECT * FROM decision WHERE repository = ? AND pull_request = ? AND head = ? AND base_ref = ?",
  );
  return {
    async putDecision({ repository, pullRequest, head, baseRef, passes, basis, tier, validUntil, at, pulls, paths }) {
      const lists = [JSON.stringify(pulls), JSON.stringify(paths)] as const;
      unforced(database, () =>
        put.run(repository, pullRequest, head, baseRef, passes ? 1 : 0, basis, tier, validUntil, at, ...lists),
      );
    },
    async decisionOf(repository, pullRequest, head, baseRef) {
      const row = one.get(repository, pullRequest, head, baseRef) as Row | undefined;
      if (row === undefined) return null;
      const { passes, basis, tier, valid_until: validUntil, at, pulls, paths } = row;
      const lists = { pulls: JSON.parse(String(pulls)), paths: JSON.parse(String(paths)) };
      return {
        repository,
        pullRequest,
        head,
        baseRef,
        passes: passes === 1,
        basis,
        tier,
        validUntil,
        at,
        ...lists,
      } as StoredDecision;
    },
  };
}

type Branches = Pick<
  BypassStore,
  "putWatched" | "watched" | "putBranch" | "noteBranch" | "branchOf" | "branchesOf" | "branches" | "dropBranch"
>;

function branches(database: DatabaseSync): Branches {
  const putWatched = database.prepare(`
    INSERT INTO watched (repository, default_branch, patterns) VALUES (?, ?, ?)
    ON CONFLICT (repository) DO UPDATE SET default_branch = excluded.default_branch, patterns = excluded.patterns`);
  const watched = database.prepare("SELECT * FROM watched WHERE repository = ?");
  const insert =
    "INSERT INTO branch_head (repository, branch, installation, owner, name, head, at) VALUES (?, ?, ?, ?, ?, ?, ?)";
  const put = database.prepare(`${insert} ON CONFLICT (repository, branch) DO UPDATE SET
    installation = excluded.installation, owner = excluded.owner, name = excluded.name, head = excluded.head, at = excluded.at`);
  const note = database.prepare(`${insert} ON CONFLICT DO NOTHING`);
  const one = database.prepare("SELECT * FROM branch_head WHERE repository = ? AND branch = ?");
  const own = database.prepare("SELECT * FROM branch_head WHERE repository = ? ORDER BY branch");
  const all = database.prepare("SELECT * FROM branch_head ORDER BY repository, branch");
  const drop = database.prepare("DELETE FROM branch_head WHERE repository = ? AND branch = ?");
  const valuesOf = ({ repository, branch, installation, owner, name, head, at }: StoredBranch) =>
    [repository, branch, installation, owner, name, head, at] as const;
  return {
    putWatched: async (repository, { defaultBranch, patterns }) =>
      void putWatched.run(repository, defaultBranch, JSON.stringify(patterns)),
    async watched(repository) {
      const row = watched.get(repository);
      if (row === undefined) return null;
      return { defaultBranch: String(row.default_branch), patterns: JSON.parse(String(row.patterns)) };
    },
    putBranch: async (branch) => void put.run(...valuesOf(branch)),
    noteBranch: async (branch) => void unforced(database, () => note.run(...valuesOf(branch))),
    branchOf: async (repository, branch) => {
      const row = one.get(repository, branch);
      return row === undefined ? null : ({ ...row } as unknown as StoredBranch);
    },
    branchesOf: async (repository) => own.all(repository).map((row) => ({ ...row }) as unknown as StoredBranch),
    branches: async () => all.all().map((row) => ({ ...row }) as unknown as StoredBranch),
    dropBranch: async (repository, branch) => void drop.run(repository, branch),
  };
}

function pushes(database: DatabaseSync): Pick<BypassStore, "putBasePush" | "basePushTo"> {
  const putPush = database.prepare(
    "INSERT INTO base_push (repository, branch, before, after, login, at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
  );
  const forget = database.prepare(
    "DELETE FROM base_push WHERE sequence IN (SELECT sequence FROM base_push ORDER BY sequence LIMIT 10) AND at < ?",
  );
  const push = database.prepare(
    "SELECT * FROM base_push WHERE repository = ? AND branch = ? AND after = ? ORDER BY sequence DESC LIMIT 1",
  );
  return {
    async putBasePush({ repository, branch, before, after, login, at }) {
      unforced(database, () => putPush.run(repository, branch, before, after, login, at));
      forget.run(new Date(Date.parse(at) - KEPT).toISOString());
    },
    async basePushTo(repository, branch, after) {
      const row = push.get(repository, branch, after);
      return row === undefined ? null : ({ ...row } as unknown as StoredBasePush);
    },
  };
}

type Bypasses = Pick<
  BypassStore,
  "putBypass" | "bypassesOf" | "putGate" | "gateOf" | "putTrackingIssue" | "trackingIssueOf"
>;

function bypasses(database: DatabaseSync): Bypasses {
  const put = database.prepare(`
    INSERT INTO bypass (repository, branch, before, after, cause, actor, pull, at, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO NOTHING`);
  const all = database.prepare("SELECT * FROM bypass WHERE repository = ? ORDER BY sequence DESC LIMIT ?");
  const putGate = database.prepare(`
    INSERT INTO gate (repository, states, weak, at) VALUES (?, ?, ?, ?)
    ON CONFLICT (repository) DO UPDATE SET states = excluded.states, weak = excluded.weak, at = excluded.at`);
  const gate = database.prepare("SELECT * FROM gate WHERE repository = ?");
  const putIssue = database.prepare(`
    INSERT INTO tracking_issue (repository, issue, told) VALUES (?, ?, ?)
    ON CONFLICT (repository) DO UPDATE SET issue = excluded.issue, told = excluded.told`);
  const issue = database.prepare("SELECT issue, told FROM tracking_issue WHERE repository = ?");
  return {
    async putBypass({ repository, branch, before, after, cause, actor, pull, at, detail }) {
      return put.run(repository, branch, before, after, cause, actor, pull, at, detail).changes > 0;
    },
    bypassesOf: async (repository, most) =>
      all.all(repository, most).map((row) => ({ ...row }) as unknown as StoredBypass),
    putGate: async (repository, { states, weak, at }) =>
      void putGate.run(repository, JSON.stringify(states), JSON.stringify(weak), at),
    async gateOf(repository) {
      const row = gate.get(repository);
      if (row === undefined) return null;
      return { states: JSON.parse(String(row.states)), weak: JSON.parse(String(row.weak)), at: row.at } as StoredGate;
    },
    putTrackingIssue: async (repository, number, told) => void putIssue.run(repository, number, told),
    async trackingIssueOf(repository) {
      const row = issue.get(repository);
      return row === undefined ? null : { issue: Number(row.issue), told: Number(row.told) };
    },
  };
}
