import type { DatabaseSync } from "node:sqlite";
import type { Instant } from "../core/scalars.ts";
import { transaction, unforced } from "../stores/database.ts";
import type { DeadWork, Delivery, Work, WorkQueue } from "./queue.ts";
import { working } from "./worker.ts";

/** How an embedded queue works. */
export interface EmbeddedOptions {
  readonly now: () => number;
  /** How many works run side by side. */
  readonly workers: number;
  /** After so many failures a work is dead. */
  readonly attempts: number;
  /** How long one run may take before another worker may take the work over, in milliseconds. */
  readonly lease: number;
  /** How long the first pause after a failure is, in milliseconds; it doubles each time. */
  readonly backoff: number;
  /** How long a dead work rests before it is tried once more, in milliseconds. */
  readonly rest: number;
}

const EMBEDDED_DEFAULTS: EmbeddedOptions = {
  now: Date.now,
  workers: 8,
  attempts: 8,
  lease: 600_000,
  backoff: 2_000,
  rest: 900_000,
};

/** The tables of the queue. */
export const QUEUE_TABLES = `
CREATE TABLE delivery (guid TEXT PRIMARY KEY, event TEXT NOT NULL, received_at TEXT NOT NULL, keys TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE work (
  key TEXT PRIMARY KEY, kind TEXT NOT NULL, payload TEXT NOT NULL, background INTEGER NOT NULL,
  generation INTEGER NOT NULL, claimed INTEGER, due INTEGER NOT NULL, leased_until INTEGER,
  attempts INTEGER NOT NULL, error TEXT, died_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX work_due ON work (background, due) WHERE died_at IS NULL;
CREATE INDEX work_dead ON work (due) WHERE died_at IS NOT NULL;
`;

interface Accepting {
  readonly delivery: Delivery;
  readonly work: readonly Work[];
  resolve(result: "accepted" | "duplicate"): void;
  reject(fault: unknown): void;
}

/** A queue over one SQLite table. Deliveries that arrive in one turn of the event loop share one transaction. */
export function embeddedQueue(database: DatabaseSync, given: Partial<EmbeddedOptions> = {}): WorkQueue {
  const options = { ...EMBEDDED_DEFAULTS, ...given };
  const rows = statements(database);
  const listeners = new Set<() => void>();
  const wake = (): void => {
    for (const listener of listeners) listener();
  };
  const put = (work: Work, due: number): void => {
    rows.put.run(work.key, work.kind, JSON.stringify(work.payload ?? null), work.background ? 1 : 0, due);
  };
  let accepting: Accepting[] = [];
  const flush = (): void => {
    const batch = accepting;
    accepting = [];
    try {
      const results = transaction(database, () => batch.map((one) => acceptOne(rows, one, put, options.now())));
      for (const [index, one] of batch.entries()) one.resolve(results[index] ?? "duplicate");
      wake();
    } catch (fault) {
      for (const one of batch) one.reject(fault);
    }
  };
  return {
    accept: (delivery, work) =>
      new Promise((resolve, reject) => {
        if (accepting.push({ delivery, work, resolve, reject }) === 1) gathered(() => accepting.length, flush);
      }),
    async add(work, dueAt) {
      const due = dueAt === undefined ? options.now() : Date.parse(dueAt);
      unforced(database, () => put(work, due));
      wake();
    },
    run: (handle) => working({ database, rows, options }, handle, listeners),
    async dead() {
      return rows.dead.all().map((row) => deadOf(row as unknown as Row));
    },
    async revive(keys) {
      let revived = 0;
      for (const key of keys) revived += Number(rows.revive.run(options.now(), key).changes);
      wake();
      return revived;
    },
    async depth() {
      const waiting: Record<string, number> = {};
      for (const row of rows.depth.all()) waiting[String(row.kind)] = Number(row.waiting);
      const oldest = Number(rows.oldest.get()?.due ?? options.now());
      return { waiting, oldest: Math.max(0, options.now() - oldest) };
    },
  };
}

/** Turns of the event loop without another delivery after which nothing more is waited for. */
const QUIET_TURNS = 3;
/** The longest that a delivery waits for others, in milliseconds. */
const GATHERING = 5;

/**
 * Calls `then` when no more deliveries arrive, or soon: one write to the disk takes as long for many as for one, and
 * while it lasts nothing is received. A delivery that comes alone waits for a few idle turns of the loop.
 */
function gathered(count: () => number, then: () => void): void {
  const latest = performance.now() + GATHERING;
  const turn = (seen: number, quiet: number): void => {
    const now = count();
    if (quiet === QUIET_TURNS || performance.now() >= latest) then();
    else setImmediate(turn, now, now === seen ? quiet + 1 : 0);
  };
  setImmediate(turn, 0, 0);
}

/** A work as it lies in the table. */
export interface Row {
  readonly key: string;
  readonly kind: string;
  readonly payload: string;
  readonly background: number;
  readonly generation: number;
  readonly attempts: number;
  readonly error: string | null;
  readonly died_at: number | null;
}

/** What is asked of the tables. */
export type Statements = ReturnType<typeof statements>;

function statements(database: DatabaseSync) {
  return {
    deliver: database.prepare(
      "INSERT INTO delivery (guid, event, received_at, keys) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
    ),
    delivered: database.prepare("SELECT keys FROM delivery WHERE guid = ?"),
    // A run that is under way saw the state before this work was added: only then does the new instant replace the old.
    put: database.prepare(`
      INSERT INTO work (key, kind, payload, background, generation, due, attempts) VALUES (?, ?, ?, ?, 1, ?, 0)
      ON CONFLICT (key) DO UPDATE SET
        kind = excluded.kind, payload = excluded.payload, generation = generation + 1,
        background = CASE WHEN claimed = generation THEN excluded.background ELSE min(background, excluded.background) END,
        due = CASE WHEN claimed = generation OR died_at IS NOT NULL THEN excluded.due ELSE min(due, excluded.due) END,
        attempts = CASE WHEN died_at IS NOT NULL THEN 0 ELSE attempts END, died_at = NULL`),
    claim: database.prepare(`
      UPDATE work SET claimed = generation, leased_until = ?2 WHERE key = (
        SELECT key FROM work WHERE died_at IS NULL AND due <= ?1 AND (leased_until IS NULL OR leased_until <= ?1)
        ORDER BY background, due LIMIT 1)
      RETURNING key, kind, payload, background, generation, attempts`),
    // What died may have been due for long, and its answer may be wrong meanwhile: nothing rests for ever.
    claimDead: database.prepare(`
      UPDATE work SET claimed = generation, leased_until = ?2 WHERE key = (
        SELECT key FROM work WHERE died_at IS NOT NULL AND due <= ?1 AND (leased_until IS NULL OR leased_until <= ?1)
        ORDER BY due LIMIT 1)
      RETURNING key, kind, payload, background, generation, attempts`),
    wakeDead: database.prepare("UPDATE work SET due = min(due, ?) WHERE died_at IS NOT NULL AND error <> ?"),
    done: database.prepare("DELETE FROM work WHERE key = ? AND generation = ?"),
    release: database.prepare("UPDATE work SET claimed = NULL, leased_until = NULL, attempts = 0 WHERE key = ?"),
    interrupted: database.prepare("UPDATE work SET claimed = NULL, leased_until = NULL WHERE key = ?"),
    failed: database.prepare(
      "UPDATE work SET claimed = NULL, leased_until = NULL, attempts = ?2, error = ?3, due = max(due, ?4), died_at = ?5 WHERE key = ?1",
    ),
    crashed: database.prepare("SELECT key, attempts FROM work WHERE leased_until IS NOT NULL"),
    next: database.prepare("SELECT min(max(due, coalesce(leased_until, 0))) AS at FROM work"),
    dead: database.prepare("SELECT * FROM work WHERE died_at IS NOT NULL ORDER BY died_at"),
    revive: database.prepare(
      "UPDATE work SET died_at = NULL, attempts = 0, due = ? WHERE key = ? AND died_at IS NOT NULL",
    ),
    depth: database.prepare("SELECT kind, count(*) AS waiting FROM work WHERE died_at IS NULL GROUP BY kind"),
    forget: database.prepare("DELETE FROM delivery WHERE received_at < ?"),
    oldest: database.prepare("SELECT min(due) AS due FROM work WHERE died_at IS NULL AND leased_until IS NULL"),
  };
}

function acceptOne(
  rows: Statements,
  { delivery, work }: Accepting,
  put: (work: Work, due: number) => void,
  now: number,
): "accepted" | "duplicate" {
  const keys = JSON.stringify(work.flatMap(({ key, leadsTo = [] }) => [key, ...leadsTo]));
  if (rows.deliver.run(delivery.guid, delivery.event, delivery.receivedAt, keys).changes > 0) {
    for (const one of work) put(one, now);
    return "accepted";
  }
  const known = JSON.parse(String(rows.delivered.get(delivery.guid)?.keys ?? "[]")) as string[];
  let revived = 0;
  for (const key of known) revived += Number(rows.revive.run(now, key).changes);
  return revived > 0 ? "accepted" : "duplicate";
}

function deadOf(row: Row): DeadWork {
  return {
    key: row.key,
    kind: row.kind,
    payload: JSON.parse(row.payload),
    background: row.background === 1,
    attempts: row.attempts,
    error: row.error ?? "",
    diedAt: new Date(row.died_at ?? 0).toISOString() as Instant,
  };
}
