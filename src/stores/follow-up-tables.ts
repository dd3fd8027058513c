import type { DatabaseSync } from "node:sqlite";
import { transaction, unforced } from "./database.ts";
import type { FollowUpStore, StoredFollowUp, StoredGlass, StoredOwnerIssue } from "./follow-up-store.ts";

/** What is owed after records, glasses that are broken now, and the issues in which owners are told. */
export const FOLLOW_UP_TABLES = `
CREATE TABLE follow_up (
  id TEXT PRIMARY KEY, repository INTEGER NOT NULL, kind TEXT NOT NULL, record TEXT NOT NULL, cause TEXT NOT NULL,
  pull INTEGER, branch TEXT NOT NULL, before TEXT, after TEXT, person TEXT, systems TEXT NOT NULL, owner TEXT NOT NULL,
  opened_at TEXT NOT NULL, due_at TEXT NOT NULL, closed_by TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX follow_up_open ON follow_up (repository, due_at) WHERE closed_by IS NULL;
CREATE INDEX follow_up_record ON follow_up (record);
CREATE INDEX follow_up_landed ON follow_up (repository, branch, after);
CREATE TRIGGER follow_up_kept BEFORE DELETE ON follow_up BEGIN SELECT raise(ABORT, 'rows of follow_up are only ever added and closed'); END;
CREATE TRIGGER follow_up_stays BEFORE UPDATE ON follow_up
WHEN old.closed_by IS NOT NULL OR new.closed_by IS NULL OR new.id <> old.id OR new.repository <> old.repository
  OR new.kind <> old.kind OR new.record <> old.record OR new.cause <> old.cause OR new.pull IS NOT old.pull
  OR new.branch <> old.branch OR new.before IS NOT old.before OR new.after IS NOT old.after
  OR new.person IS NOT old.person OR new.systems <> old.systems OR new.owner <> old.owner
  OR new.opened_at <> old.opened_at OR new.due_at <> old.due_at
BEGIN SELECT raise(ABORT, 'rows of follow_up are only ever added and closed'); END;
CREATE TABLE glass (
  repository INTEGER NOT NULL, pull_request INTEGER NOT NULL, person TEXT NOT NULL, systems TEXT NOT NULL,
  until TEXT NOT NULL, record TEXT NOT NULL,
  PRIMARY KEY (repository, pull_request)
) STRICT, WITHOUT ROWID;
CREATE TABLE follow_ups_seen (one INTEGER PRIMARY KEY CHECK (one = 1), next INTEGER NOT NULL) STRICT;
CREATE TABLE owner_issue (
  repository INTEGER NOT NULL, owner TEXT NOT NULL, issue INTEGER NOT NULL, told TEXT NOT NULL,
  PRIMARY KEY (repository, owner)
) STRICT, WITHOUT ROWID;
`;

/** The part of a store that keeps them, over one SQLite database. */
export function followUpTables(database: DatabaseSync): FollowUpStore {
  return { ...followUps(database), ...seen(database), ...glasses(database), ...issues(database) };
}

type Row = Readonly<Record<string, unknown>>;
type FollowUps = Pick<
  FollowUpStore,
  "putFollowUp" | "closeFollowUp" | "openFollowUps" | "followUpsOf" | "followUpsAt" | "openBreakGlasses"
>;

function followUps(database: DatabaseSync): FollowUps {
  const put = database.prepare(`
    INSERT INTO follow_up (id, repository, kind, record, cause, pull, branch, before, after, person, systems, owner, opened_at, due_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`);
  const close = database.prepare("UPDATE follow_up SET closed_by = ? WHERE id = ? AND closed_by IS NULL");
  const select = (where: string) => database.prepare(`SELECT * FROM follow_up WHERE ${where} ORDER BY due_at, id`);
  const open = select("repository = ? AND closed_by IS NULL");
  const ofRecord = select("record = ?");
  const landed = select("repository = ? AND branch = ? AND after IS ?");
  const broken = select("closed_by IS NULL AND cause = 'break-glass' AND kind = 'retrospective-approval'");
  return {
    async putFollowUp(one) {
      const about = [one.id, one.repository, one.kind, one.record, one.cause, one.pull, one.branch] as const;
      const landed = [one.before, one.after, one.person, JSON.stringify(one.systems)] as const;
      return put.run(...about, ...landed, one.owner, one.openedAt, one.dueAt).changes > 0;
    },
    closeFollowUp: async (id, closedBy) => close.run(closedBy, id).changes > 0,
    openFollowUps: async (repository) => open.all(repository).map(followUpOf),
    followUpsOf: async (record) => ofRecord.all(record).map(followUpOf),
    followUpsAt: async (repository, branch, after) => landed.all(repository, branch, after).map(followUpOf),
    openBreakGlasses: async () => broken.all().map(followUpOf),
  };
}

function followUpOf({ systems, opened_at: openedAt, due_at: dueAt, closed_by: closedBy, ...row }: Row): StoredFollowUp {
  return { ...row, systems: JSON.parse(String(systems)), openedAt, dueAt, closedBy } as StoredFollowUp;
}

function seen(database: DatabaseSync): Pick<FollowUpStore, "followUpsSeen" | "putFollowUpsSeen"> {
  const one = database.prepare("SELECT next FROM follow_ups_seen");
  const put = database.prepare("INSERT OR REPLACE INTO follow_ups_seen (one, next) VALUES (1, ?)");
  return {
    followUpsSeen: async () => Number(one.get()?.next ?? 0),
    putFollowUpsSeen: async (next) => void put.run(next),
  };
}

function glasses(database: DatabaseSync): Pick<FollowUpStore, "claimGlass" | "glassesAt" | "dropGlass"> {
  const put = database.prepare(
    "INSERT OR REPLACE INTO glass (repository, pull_request, person, systems, until, record) VALUES (?, ?, ?, ?, ?, ?)",
  );
  const holding = database.prepare("SELECT * FROM glass WHERE until > ? ORDER BY until");
  const drop = database.prepare("DELETE FROM glass WHERE repository = ? AND pull_request = ?");
  return {
    // On disk when it returns: what is let through by it must be known to the next who asks.
    claimGlass: async ({ repository, pulls, person, systems, until, record }, now) =>
      transaction(database, () => {
        const others = holding
          .all(now)
          .map(glassOf)
          .filter((one) => one.repository !== repository || !pulls.includes(one.pullRequest));
        const taken = others.some(
          (one) =>
            one.person.toLowerCase() === person.toLowerCase() ||
            (one.repository === repository && one.systems.some((id) => systems.includes(id))),
        );
        if (taken) return false;
        for (const pull of pulls) put.run(repository, pull, person, JSON.stringify(systems), until, record);
        return true;
      }),
    glassesAt: async (now) => holding.all(now).map(glassOf),
    dropGlass: async (repository, pullRequest) => void unforced(database, () => drop.run(repository, pullRequest)),
  };
}

function glassOf({ pull_request: pullRequest, systems, ...row }: Row): StoredGlass {
  return { ...row, pullRequest, systems: JSON.parse(String(systems)) } as unknown as StoredGlass;
}

function issues(database: DatabaseSync): Pick<FollowUpStore, "putOwnerIssue" | "ownerIssues"> {
  const put = database.prepare(
    "INSERT OR REPLACE INTO owner_issue (repository, owner, issue, told) VALUES (?, ?, ?, ?)",
  );
  const all = database.prepare("SELECT owner, issue, told FROM owner_issue WHERE repository = ? ORDER BY owner");
  return {
    putOwnerIssue: async (repository, { owner, issue, told }) =>
      void put.run(repository, owner, issue, JSON.stringify(told)),
    ownerIssues: async (repository) =>
      all
        .all(repository)
        .map(({ owner, issue, told }) => ({ owner, issue, told: JSON.parse(String(told)) }) as StoredOwnerIssue),
  };
}
