import pg from "pg";
import type { Ledger, LedgerEntry, LedgerTip } from "../evidence/ledger.ts";
import { EMPTY_TREE, type ReadNodes, readFrontier, rootOf } from "../evidence/tree.ts";
import type { Migration } from "./database.ts";
import { type Find, groupedAppends, type KeptEntry } from "./grouped-appends.ts";
import { completedBy, hashAt, nodesText } from "./kept-nodes.ts";
import { bringForward } from "./postgres-schema.ts";
import { storedEntry } from "./stored-entry.ts";

/**
 * The ledger in PostgreSQL, as it is in SQLite. The triggers are asked even where a session plays a replica
 * (`session_replication_role`), and look into the table that they stand at, whatever the search path is.
 */
const LEDGER_TABLE = `
CREATE TABLE ledger_entry (
  sequence bigint PRIMARY KEY, id text NOT NULL UNIQUE, digest text NOT NULL, root text NOT NULL,
  nodes text NOT NULL, envelope text NOT NULL
);
CREATE FUNCTION ledger_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the ledger is append-only';
END $$;
CREATE FUNCTION ledger_entry_order() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  next bigint;
BEGIN
  EXECUTE format('SELECT coalesce(max(sequence) + 1, 0) FROM %I.%I', tg_table_schema, tg_table_name) INTO next;
  IF new.sequence IS DISTINCT FROM next THEN
    RAISE EXCEPTION 'the ledger only grows at its end';
  END IF;
  RETURN new;
END $$;
CREATE TRIGGER ledger_entry_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entry
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_entry_refuse();
CREATE TRIGGER ledger_entry_order BEFORE INSERT ON ledger_entry
  FOR EACH ROW EXECUTE FUNCTION ledger_entry_order();
ALTER TABLE ledger_entry ENABLE ALWAYS TRIGGER ledger_entry_refuse;
ALTER TABLE ledger_entry ENABLE ALWAYS TRIGGER ledger_entry_order;
`;

const MIGRATIONS: readonly Migration[] = [{ version: 1, sql: LEDGER_TABLE }];

/** How many entries are read at a time. */
const PAGE = 64;

/** A ledger with connections of its own. */
export interface PostgresLedger extends Ledger {
  /** Ends its connections; nothing may be under way. */
  close(): Promise<void>;
}

/** A ledger in PostgreSQL that several instances of the program append to; brings its tables forward first. */
export async function postgresLedger(url: string): Promise<PostgresLedger> {
  const pool = poolOf({ connectionString: url });
  try {
    await bringForward(pool, MIGRATIONS);
  } catch (fault) {
    await pool.end();
    throw fault;
  }
  const append = groupedAppends({
    extend: (make) =>
      exclusively(pool, async (client) => {
        const read = reading(client);
        const tip = await read.tip();
        const tree = await readFrontier(tip.size, read.nodes);
        const { entries } = await make({ tip, tree }, read.find);
        if (entries.length > 0) await insert(client, entries);
        return true;
      }),
  });
  return { append, ...reading(pool), close: () => pool.end() };
}

/** A ledger in PostgreSQL for reading alone. */
export interface PostgresLedgerReading extends Omit<PostgresLedger, "append"> {
  /** Every row in the order of their sequences, whatever is in them, for a verifier. */
  stored(): AsyncGenerator<unknown>;
}

/** Opens a ledger for reading: nothing is made, brought forward or written. */
export function postgresLedgerReading(url: string): PostgresLedgerReading {
  const pool = poolOf({ connectionString: url, options: "-c default_transaction_read_only=on" });
  return { ...reading(pool), stored: () => stored(pool), close: () => pool.end() };
}

async function* stored(pool: pg.Pool): AsyncGenerator<unknown> {
  const client = await pool.connect();
  let done = false;
  try {
    await client.query("BEGIN READ ONLY");
    await client.query(`DECLARE entries NO SCROLL CURSOR FOR SELECT ${COLUMNS} FROM ledger_entry ORDER BY sequence`);
    for (;;) {
      const { rows } = await client.query<Row>(`FETCH ${PAGE} FROM entries`);
      for (const row of rows) yield storedEntry(row);
      if (rows.length < PAGE) break;
    }
    await client.query("COMMIT");
    done = true;
  } finally {
    client.release(!done);
  }
}

function poolOf(config: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({ application_name: "countersign", max: 4, connectionTimeoutMillis: 10_000, ...config });
  // A connection that breaks while nobody uses it is replaced; one that is used tells whoever does.
  pool.on("error", () => {});
  return pool;
}

/**
 * Runs one transaction that no other instance appends beside. An instance that hangs while it signs loses its turn after two
 * minutes; what it had built is not kept.
 */
async function exclusively<T>(pool: pg.Pool, run: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const { promise: lost, reject } = Promise.withResolvers<never>();
  lost.catch(() => {});
  // A connection that breaks while a record is signed is told of by this event alone.
  const onError = (fault: Error) => {
    broken = fault;
    reject(fault);
  };
  client.on("error", onError);
  try {
    await client.query("BEGIN ISOLATION LEVEL READ COMMITTED");
    await client.query(TURN);
    const result = await Promise.race([run(client), lost]);
    await client.query("COMMIT");
    return result;
  } catch (fault) {
    if (!broken)
      await client.query("ROLLBACK").catch((cause: Error) => {
        broken = cause;
      });
    throw fault;
  } finally {
    // A broken one may say so more than once.
    if (!broken) client.off("error", onError);
    client.release(broken);
  }
}

/** Durable when it is committed, even where the server was told to acknowledge early. */
const TURN = `
SET LOCAL idle_in_transaction_session_timeout = '2min';
SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off';
SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '.ledger_entry', 0));
`;

async function insert(client: pg.PoolClient, entries: readonly KeptEntry[]): Promise<void> {
  await client.query(
    `INSERT INTO ledger_entry (sequence, id, digest, root, nodes, envelope)
     SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[]) ORDER BY 1`,
    [
      entries.map(({ entry }) => entry.sequence),
      entries.map(({ entry }) => entry.id),
      entries.map(({ entry }) => entry.digest),
      entries.map(({ entry }) => entry.root),
      entries.map(({ nodes }) => nodesText(nodes)),
      entries.map(({ text }) => text),
    ],
  );
}

const COLUMNS = "sequence, id, digest, root, envelope";

function reading(database: pg.Pool | pg.PoolClient) {
  const rows = async (sql: string, values: readonly unknown[] = []): Promise<readonly Row[]> =>
    (await database.query<Row>(sql, [...values])).rows;
  const nodes: ReadNodes = async (wanted) => {
    const found = await rows("SELECT sequence, nodes FROM ledger_entry WHERE sequence = ANY($1::bigint[])", [
      wanted.map(completedBy),
    ]);
    const texts = new Map(found.map((row) => [Number(row.sequence), row.nodes]));
    return wanted.map((place) => hashAt(place, texts.get(completedBy(place))));
  };
  const find: Find = async (ids) =>
    (await rows(`SELECT ${COLUMNS} FROM ledger_entry WHERE id = ANY($1::text[])`, [ids])).map(entryOf);
  return {
    nodes,
    find,
    get: async (id: string): Promise<LedgerEntry | null> => (await find([id]))[0] ?? null,
    async tip(): Promise<LedgerTip> {
      const [row] = await rows("SELECT sequence, digest, root FROM ledger_entry ORDER BY sequence DESC LIMIT 1");
      if (row === undefined) return { size: 0, previous: null, root: rootOf(EMPTY_TREE) };
      return { size: Number(row.sequence) + 1, previous: String(row.digest), root: String(row.root) };
    },
    async *entries(from: number): AsyncGenerator<LedgerEntry> {
      for (let next = from; ; ) {
        const sql = `SELECT ${COLUMNS} FROM ledger_entry WHERE sequence >= $1 ORDER BY sequence LIMIT ${PAGE}`;
        const entries = (await rows(sql, [next])).map(entryOf);
        yield* entries;
        const end = entries.at(-1);
        if (end === undefined || entries.length < PAGE) return;
        next = end.sequence + 1;
      }
    },
  };
}

type Row = Readonly<Record<string, unknown>>;

function entryOf({ sequence, id, digest, root, envelope }: Row): LedgerEntry {
  return {
    id: String(id),
    sequence: Number(sequence),
    envelope: JSON.parse(String(envelope)),
    digest: String(digest),
    root: String(root),
  };
}
