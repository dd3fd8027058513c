import type { DatabaseSync } from "node:sqlite";
import type { Ledger, LedgerEntry, LedgerTip } from "../evidence/ledger.ts";
import { EMPTY_TREE, type NodePlace, readFrontier, rootOf } from "../evidence/tree.ts";
import { transaction } from "./database.ts";
import { type Find, groupedAppends, type Standing } from "./grouped-appends.ts";
import { completedBy, hashAt, nodesText } from "./kept-nodes.ts";
import { storedEntry } from "./stored-entry.ts";

/**
 * The ledger: one row a record, which holds the hashes of the tree's nodes that it completes. It only grows at its end.
 * Insertions are looked at too, because `INSERT OR REPLACE` takes rows away without asking the trigger of deletions.
 */
export const LEDGER_TABLE = `
CREATE TABLE ledger_entry (
  sequence INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, digest TEXT NOT NULL, root TEXT NOT NULL,
  nodes TEXT NOT NULL, envelope TEXT NOT NULL
) STRICT;
CREATE TRIGGER ledger_entry_insert BEFORE INSERT ON ledger_entry
WHEN new.sequence IS NOT (SELECT coalesce(max(sequence) + 1, 0) FROM ledger_entry)
  OR EXISTS (SELECT 1 FROM ledger_entry WHERE id = new.id)
BEGIN SELECT RAISE(ABORT, 'the ledger only grows at its end'); END;
CREATE TRIGGER ledger_entry_update BEFORE UPDATE ON ledger_entry
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_entry_delete BEFORE DELETE ON ledger_entry
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
`;

/** How many entries are read at a time. */
const PAGE = 64;

/** A ledger in a SQLite database, which may hold other things as well. */
export function sqliteLedger(database: DatabaseSync): Ledger {
  const read = ledgerReading(database);
  const insert = database.prepare(
    "INSERT INTO ledger_entry (sequence, id, digest, root, nodes, envelope) VALUES (?, ?, ?, ?, ?, ?)",
  );
  let known: Standing = { tip: EMPTY_TIP, tree: EMPTY_TREE };
  const standing = async (): Promise<Standing> => {
    const tip = read.tip();
    // Another process may have appended meanwhile.
    if (tip.size !== known.tip.size || tip.root !== known.tip.root)
      known = { tip, tree: await readFrontier(tip.size, read.nodes) };
    return known;
  };
  const append = groupedAppends({
    async extend(make) {
      const start = await standing();
      const { entries, standing: end } = await make(start, read.find);
      if (entries.length === 0) return true;
      return transaction(database, () => {
        if (read.tip().size !== start.tip.size) return false;
        for (const { entry, text, nodes } of entries)
          insert.run(entry.sequence, entry.id, entry.digest, entry.root, nodesText(nodes), text);
        known = end;
        return true;
      });
    },
  });
  const { get, nodes, entries } = read;
  return { append, get, nodes, entries, tip: async () => read.tip() };
}

const EMPTY_TIP: LedgerTip = { size: 0, previous: null, root: rootOf(EMPTY_TREE) };

/** Every row in the order of their sequences, whatever is in them, for a verifier. Not beside writes of the same connection. */
export function* storedEntries(database: DatabaseSync): Generator<unknown> {
  const rows = database.prepare("SELECT sequence, id, digest, root, envelope FROM ledger_entry ORDER BY sequence");
  rows.setReadBigInts(true);
  for (const row of rows.iterate()) yield storedEntry(row);
}

/** A ledger in a SQLite database that may be open for reading only. */
export interface SqliteLedgerReading extends Omit<Ledger, "append" | "tip"> {
  tip(): LedgerTip;
  readonly find: Find;
}

/** Reads a ledger in a SQLite database. */
export function ledgerReading(database: DatabaseSync): SqliteLedgerReading {
  const columns = "sequence, id, digest, root, envelope";
  const one = database.prepare(`SELECT ${columns} FROM ledger_entry WHERE id = ?`);
  const many = database.prepare(`SELECT ${columns} FROM ledger_entry WHERE id IN (SELECT value FROM json_each(?))`);
  const last = database.prepare("SELECT sequence, digest, root FROM ledger_entry ORDER BY sequence DESC LIMIT 1");
  const page = database.prepare(
    `SELECT ${columns} FROM ledger_entry WHERE sequence >= ? ORDER BY sequence LIMIT ${PAGE}`,
  );
  const nodes = database.prepare("SELECT nodes FROM ledger_entry WHERE sequence = ?");
  const get = (id: string) => {
    const row = one.get(id);
    return row === undefined ? null : entryOf(row);
  };
  return {
    get: async (id) => get(id),
    async find(ids) {
      const [first, second] = ids;
      if (first === undefined || second !== undefined) return many.all(JSON.stringify(ids)).map(entryOf);
      const entry = get(first);
      return entry === null ? [] : [entry];
    },
    tip() {
      const row = last.get();
      if (row === undefined) return EMPTY_TIP;
      return { size: Number(row.sequence) + 1, previous: String(row.digest), root: String(row.root) };
    },
    async *entries(from) {
      for (let next = from; ; ) {
        const entries = page.all(next).map(entryOf);
        yield* entries;
        const end = entries.at(-1);
        if (end === undefined || entries.length < PAGE) return;
        next = end.sequence + 1;
      }
    },
    async nodes(wanted: readonly NodePlace[]) {
      return wanted.map((place) => hashAt(place, nodes.get(completedBy(place))?.nodes));
    },
  };
}

function entryOf(row: Readonly<Record<string, unknown>>): LedgerEntry {
  const { sequence, id, digest, root, envelope } = row;
  return {
    id: String(id),
    sequence: Number(sequence),
    envelope: JSON.parse(String(envelope)),
    digest: String(digest),
    root: String(root),
  };
}
