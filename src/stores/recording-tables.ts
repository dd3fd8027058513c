import type { DatabaseSync } from "node:sqlite";
import { transaction, unforced } from "./database.ts";
import type {
  KeptEntry,
  LastLanding,
  RecordedGate,
  RecordingStore,
  StoredDossier,
  StoredLanding,
  StoredMerge,
} from "./recording-store.ts";

/** What decisions rested on, merges as they were told, and recorded landings by the paths that they changed. */
export const RECORDING_TABLES = `
CREATE TABLE dossier (
  repository INTEGER NOT NULL, pull_request INTEGER NOT NULL, head TEXT NOT NULL, base_ref TEXT NOT NULL,
  document TEXT NOT NULL, limitations TEXT NOT NULL,
  PRIMARY KEY (repository, pull_request, head, base_ref)
) STRICT;
CREATE TABLE merged (
  repository INTEGER NOT NULL, pull_request INTEGER NOT NULL, head TEXT NOT NULL, base_ref TEXT NOT NULL,
  merge_commit TEXT NOT NULL, merged_at TEXT NOT NULL, person INTEGER, login TEXT,
  PRIMARY KEY (repository, pull_request)
) STRICT, WITHOUT ROWID;
CREATE INDEX merged_at_commit ON merged (repository, merge_commit);
CREATE TABLE landing (
  sequence INTEGER PRIMARY KEY, record TEXT NOT NULL UNIQUE, repository INTEGER NOT NULL, branch TEXT NOT NULL,
  pull INTEGER, basis TEXT NOT NULL, landed_at TEXT NOT NULL
) STRICT;
CREATE INDEX landing_pull ON landing (repository, pull);
CREATE TABLE landed_path (
  repository INTEGER NOT NULL, branch TEXT NOT NULL, path TEXT NOT NULL, sequence INTEGER NOT NULL, mode TEXT, id TEXT,
  PRIMARY KEY (repository, branch, path, sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX landed_path_sequence ON landed_path (sequence);
${["landing", "landed_path"]
  .flatMap((table) =>
    ["UPDATE", "DELETE"].map(
      (act) =>
        `CREATE TRIGGER ${table}_${act.toLowerCase()} BEFORE ${act} ON ${table} BEGIN SELECT raise(ABORT, 'rows of ${table} are only ever added'); END;`,
    ),
  )
  .join("\n")}
`;

/** How gates were recorded last. */
export const RECORDED_GATE_TABLE = `
CREATE TABLE recorded_gate (
  repository INTEGER NOT NULL, branch TEXT NOT NULL, digest TEXT NOT NULL, record TEXT NOT NULL,
  PRIMARY KEY (repository, branch)
) STRICT, WITHOUT ROWID;
`;

/** Heads of one pull request whose dossiers are kept: the newest, and those that are being left. */
const HEADS = 3;

/** The part of a store that keeps them, over one SQLite database. */
export function recordingTables(database: DatabaseSync): RecordingStore {
  return { ...dossiers(database), ...merges(database), ...landings(database), ...gates(database) };
}

type Row = Readonly<Record<string, unknown>>;

function dossiers(database: DatabaseSync): Pick<RecordingStore, "putDossier" | "dossierOf" | "dropDossiers"> {
  const put = database.prepare(`
    INSERT OR REPLACE INTO dossier (repository, pull_request, head, base_ref, document, limitations)
    VALUES (?, ?, ?, ?, ?, ?)`);
  const trim = database.prepare(`
    DELETE FROM dossier WHERE repository = ?1 AND pull_request = ?2 AND rowid NOT IN (
      SELECT rowid FROM dossier WHERE repository = ?1 AND pull_request = ?2 ORDER BY rowid DESC LIMIT ${HEADS})`);
  const one = database.prepare(
    "SELECT document, limitations FROM dossier WHERE repository = ? AND pull_request = ? AND head = ? AND base_ref = ?",
  );
  const drop = database.prepare("DELETE FROM dossier WHERE repository = ? AND pull_request = ?");
  return {
    async putDossier({ repository, pullRequest, head, baseRef, dossier, limitations }, passes) {
      const documents = [JSON.stringify(dossier), JSON.stringify(limitations)] as const;
      const keep = () =>
        transaction(database, () => {
          put.run(repository, pullRequest, head, baseRef, ...documents);
          trim.run(repository, pullRequest);
        });
      if (passes) keep();
      else unforced(database, keep);
    },
    async dossierOf(repository, pullRequest, head, baseRef) {
      const row = one.get(repository, pullRequest, head, baseRef);
      if (row === undefined) return null;
      const documents = { dossier: JSON.parse(String(row.document)), limitations: JSON.parse(String(row.limitations)) };
      return { repository, pullRequest, head, baseRef, ...documents } as StoredDossier;
    },
    dropDossiers: async (repository, pullRequest) => void unforced(database, () => drop.run(repository, pullRequest)),
  };
}

function merges(database: DatabaseSync): Pick<RecordingStore, "putMerge" | "mergesAt"> {
  const put = database.prepare(`
    INSERT OR REPLACE INTO merged (repository, pull_request, head, base_ref, merge_commit, merged_at, person, login)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
  const at = database.prepare(
    "SELECT * FROM merged WHERE repository = ? AND base_ref = ? AND merge_commit = ? ORDER BY pull_request",
  );
  return {
    async putMerge({ repository, pullRequest, head, baseRef, commit, mergedAt, by }) {
      const who = [by?.id ?? null, by?.login ?? null] as const;
      unforced(database, () => put.run(repository, pullRequest, head, baseRef, commit, mergedAt, ...who));
    },
    mergesAt: async (repository, baseRef, commit) => at.all(repository, baseRef, commit).map(mergeOf),
  };
}

function mergeOf({ pull_request, base_ref, merge_commit, merged_at, person, login, ...row }: Row): StoredMerge {
  const by = person === null ? null : { id: person, login };
  const names = { pullRequest: pull_request, baseRef: base_ref, commit: merge_commit, mergedAt: merged_at };
  return { repository: row.repository, head: row.head, ...names, by } as StoredMerge;
}

function gates(database: DatabaseSync): Pick<RecordingStore, "putRecordedGate" | "recordedGate"> {
  const put = database.prepare(
    "INSERT OR REPLACE INTO recorded_gate (repository, branch, digest, record) VALUES (?, ?, ?, ?)",
  );
  const one = database.prepare("SELECT * FROM recorded_gate WHERE repository = ? AND branch = ?");
  return {
    putRecordedGate: async ({ repository, branch, digest, record }) =>
      void unforced(database, () => put.run(repository, branch, digest, record)),
    async recordedGate(repository, branch) {
      const row = one.get(repository, branch);
      return row === undefined ? null : ({ ...row } as unknown as RecordedGate);
    },
  };
}

/** Parameters of one statement are bounded; the newest of many paths is looked for path by path anyway. */
function landings(
  database: DatabaseSync,
): Pick<RecordingStore, "putLanding" | "lastLanding" | "landingBefore" | "landingOf"> {
  const put = database.prepare(`
    INSERT INTO landing (record, repository, branch, pull, basis, landed_at) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT DO NOTHING`);
  const putPath = database.prepare(
    "INSERT INTO landed_path (repository, branch, path, sequence, mode, id) VALUES (?, ?, ?, ?, ?, ?)",
  );
  const byRecord = database.prepare("SELECT sequence, repository, branch FROM landing WHERE record = ?");
  const pathsOf = database.prepare("SELECT path FROM landed_path WHERE sequence = ?");
  const ofPull = database.prepare(
    "SELECT record FROM landing WHERE repository = ? AND pull = ? ORDER BY sequence DESC LIMIT 1",
  );
  const newestOn = landingsByPath(database);
  return {
    async putLanding({ record, repository, branch, pull, basis, landedAt, paths }) {
      const add = () => {
        const { changes, lastInsertRowid } = put.run(record, repository, branch, pull, basis, landedAt);
        if (changes === 0) return;
        for (const { path, entry } of paths)
          putPath.run(repository, branch, path, lastInsertRowid, entry?.mode ?? null, entry?.id ?? null);
      };
      unforced(database, () => transaction(database, add));
    },
    lastLanding: async (repository, branch, paths) => newestOn(repository, branch, paths, Number.MAX_SAFE_INTEGER),
    async landingBefore(record) {
      const own = byRecord.get(record);
      if (own === undefined) return null;
      const sequence = Number(own.sequence);
      const paths = pathsOf.all(sequence).map(({ path }) => String(path));
      return newestOn(Number(own.repository), String(own.branch), paths, sequence);
    },
    async landingOf(repository, pullRequest) {
      const record = ofPull.get(repository, pullRequest)?.record;
      return record === undefined ? null : String(record);
    },
  };
}

/** The newest landing on some paths before a place in the order. */
function landingsByPath(database: DatabaseSync) {
  const newest = database.prepare(
    "SELECT max(sequence) AS sequence FROM landed_path WHERE repository = ? AND branch = ? AND path = ? AND sequence < ?",
  );
  const one = database.prepare("SELECT * FROM landing WHERE sequence = ?");
  const pathsOf = database.prepare("SELECT path, mode, id FROM landed_path WHERE sequence = ? ORDER BY path");
  const before = (repository: number, branch: string, path: string, sequence: number): number | null => {
    const found = newest.get(repository, branch, path, sequence)?.sequence;
    return typeof found === "number" ? found : null;
  };
  return (repository: number, branch: string, paths: readonly string[], until: number): LastLanding | null => {
    const found = paths.flatMap((path) => before(repository, branch, path, until) ?? []);
    if (found.length === 0) return null;
    const sequence = Math.max(...found);
    const row = one.get(sequence) as Row;
    const changed = pathsOf.all(sequence).map((at) => ({ path: String(at.path), entry: entryOf(at) }));
    const earlier = changed.map(({ path }) => before(repository, branch, path, sequence));
    const bases = earlier.map((at) => (at === null ? null : (one.get(at)?.basis as StoredLanding["basis"])));
    return { ...landingOf(row), paths: changed, restoredBasis: weakest(bases) };
  };
}

function entryOf({ mode, id }: Row): KeptEntry {
  return mode === null ? null : { mode: String(mode), id: String(id) };
}

function landingOf({
  record,
  repository,
  branch,
  pull,
  basis,
  landed_at: landedAt,
}: Row): Omit<StoredLanding, "paths"> {
  return { record, repository, branch, pull, basis, landedAt } as Omit<StoredLanding, "paths">;
}

/** From what says least for a content to what says most. */
const BASES = ["bypass", "observe", "break-glass", "votes"] as const;

/** One path that nothing vouches for spoils the others. */
function weakest(bases: readonly LastLanding["restoredBasis"][]): LastLanding["restoredBasis"] {
  if (bases.includes(null)) return null;
  return BASES.find((basis) => bases.includes(basis)) ?? null;
}
