import type { Ledger } from "../evidence/ledger.ts";
import { ASKED_TABLES } from "../stores/asked-tables.ts";
import { BRANCH_PUSH_TABLE } from "../stores/branch-push-table.ts";
import { BYPASS_TABLES } from "../stores/bypass-tables.ts";
import { openDatabase } from "../stores/database.ts";
import { FOLLOW_UP_TABLES } from "../stores/follow-up-tables.ts";
import { GROUP_TABLE } from "../stores/group-table.ts";
import { NAMED_TABLES, SHOWN_POLICY_TABLE } from "../stores/named-tables.ts";
import { RECORDED_GATE_TABLE, RECORDING_TABLES } from "../stores/recording-tables.ts";
import { ROLLBACK_TABLES } from "../stores/rollback-tables.ts";
import { soleOwner } from "../stores/sole-owner.ts";
import { LEDGER_TABLE, sqliteLedger } from "../stores/sqlite-ledger.ts";
import { PUSH_PERSON, STORE_TABLES, sqliteStore } from "../stores/sqlite-store.ts";
import type { Store } from "../stores/store.ts";
import { type EmbeddedOptions, embeddedQueue, QUEUE_TABLES } from "./embedded.ts";
import type { WorkQueue } from "./queue.ts";

/** Store, ledger and queue in one file, so that one backup holds everything. */
export interface EmbeddedDatabase {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly queue: WorkQueue;
  /** Closes the file; nothing may be under way. */
  close(): void;
}

/** The steps of the schema of them all. */
export const MIGRATIONS = [
  { version: 1, sql: `${QUEUE_TABLES}${STORE_TABLES}` },
  { version: 2, sql: ASKED_TABLES },
  { version: 3, sql: PUSH_PERSON },
  { version: 4, sql: NAMED_TABLES },
  { version: 5, sql: BRANCH_PUSH_TABLE },
  { version: 6, sql: GROUP_TABLE },
  { version: 7, sql: BYPASS_TABLES },
  { version: 8, sql: RECORDING_TABLES },
  { version: 9, sql: LEDGER_TABLE },
  { version: 10, sql: FOLLOW_UP_TABLES },
  { version: 11, sql: ROLLBACK_TABLES },
  { version: 12, sql: RECORDED_GATE_TABLE },
  { version: 13, sql: SHOWN_POLICY_TABLE },
];

/** Opens the embedded database, `:memory:` for one that leaves nothing behind. */
export function embeddedDatabase(path: string, options: Partial<EmbeddedOptions> = {}): EmbeddedDatabase {
  const database = openDatabase(path, MIGRATIONS);
  const store = sqliteStore(database);
  const ledger = sqliteLedger(database);
  return { store, ledger, queue: embeddedQueue(database, options), close: () => store.close() };
}

/** The same for a program that works it off, as the only one that does. */
export function ownedDatabase(path: string, options: Partial<EmbeddedOptions> = {}): EmbeddedDatabase {
  const owner = soleOwner(path);
  try {
    const opened = embeddedDatabase(path, options);
    const close = () => {
      opened.close();
      owner.release();
    };
    return { ...opened, close };
  } catch (fault) {
    owner.release();
    throw fault;
  }
}
