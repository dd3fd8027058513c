import type { Envelope } from "../evidence/envelope.ts";
import type { Ledger, LedgerEntry, LedgerTip } from "../evidence/ledger.ts";
import { placedEntry } from "../evidence/placed-entry.ts";
import type { Frontier } from "../evidence/tree.ts";

/** Where a ledger stands, with the edge from which its tree grows. */
export interface Standing {
  readonly tip: LedgerTip;
  readonly tree: Frontier;
}

/** An entry as a ledger keeps it: with the hashes of the tree's nodes that it completes, by level, its own leaf first. */
export interface KeptEntry {
  readonly entry: LedgerEntry;
  /** The envelope's canonical JSON. */
  readonly text: string;
  readonly nodes: readonly string[];
}

/** What is to be kept, as a whole or not at all, and where the ledger stands then. */
export interface Extension {
  readonly entries: readonly KeptEntry[];
  readonly standing: Standing;
}

/** Finds entries by their ids; those that are not there are left out. */
export type Find = (ids: readonly string[]) => Promise<readonly LedgerEntry[]>;

/** Where one kind of ledger keeps its entries. */
export interface Keeping {
  /**
   * Shows where the ledger stands and keeps what follows there, durably, all of it or nothing. False where another writer
   * was faster: nothing was kept, and all is to be made anew. `find` gives what is kept under ids.
   */
  extend(make: (standing: Standing, find: Find) => Promise<Extension>): Promise<boolean>;
}

interface Waiting {
  readonly id: string;
  readonly build: (tip: LedgerTip) => Promise<Envelope>;
  resolve(entry: LedgerEntry): void;
  reject(fault: unknown): void;
}

/** One transaction takes no longer than anybody wants to wait for, however many come at once. */
const MOST = 64;
/** How often a group is made anew because another writer was faster. */
const TRIES = 40;
const LONGEST_PAUSE = 500;

/**
 * Appends one after the other, as they came. Those that come while others are being kept share the next transaction, so that
 * many at once cost little more than one. What cannot be built fails alone; what cannot be kept fails with its group.
 */
export function groupedAppends(keeping: Keeping): Ledger["append"] {
  const waiting: Waiting[] = [];
  let running = false;
  const drain = async () => {
    // What is asked for in one turn belongs together.
    await null;
    while (waiting.length > 0) await settle(keeping, waiting.splice(0, MOST));
    running = false;
  };
  return (id, build) =>
    new Promise((resolve, reject) => {
      waiting.push({ id, build, resolve, reject });
      if (running) return;
      running = true;
      void drain();
    });
}

type Outcome = { readonly entry: LedgerEntry } | { readonly fault: unknown };

async function settle(keeping: Keeping, group: readonly Waiting[]): Promise<void> {
  try {
    const outcomes = await kept(keeping, group);
    for (const [at, { resolve, reject }] of group.entries()) {
      const outcome = outcomes[at] as Outcome;
      if ("entry" in outcome) resolve(outcome.entry);
      else reject(outcome.fault);
    }
  } catch (fault) {
    for (const { reject } of group) reject(fault);
  }
}

async function kept(keeping: Keeping, group: readonly Waiting[]): Promise<readonly Outcome[]> {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    let outcomes: readonly Outcome[] = [];
    const done = await keeping.extend(async (standing, find) => {
      const made = await build(standing, find, group);
      outcomes = made.outcomes;
      return made.extension;
    });
    if (done) return outcomes;
    // Writers that met each other must not meet again.
    await pause(Math.random() * Math.min(LONGEST_PAUSE, 10 * 2 ** Math.min(tries, 10)));
  }
  throw new Error(`another writer was faster ${TRIES} times; is the ledger written to from too many places?`);
}

async function build(
  start: Standing,
  find: Find,
  group: readonly Waiting[],
): Promise<{ readonly outcomes: readonly Outcome[]; readonly extension: Extension }> {
  const known = new Map((await find(group.map(({ id }) => id))).map((entry) => [entry.id, entry]));
  const entries: KeptEntry[] = [];
  const outcomes: Outcome[] = [];
  let standing = start;
  for (const { id, build: buildOne } of group) {
    const present = known.get(id);
    if (present !== undefined) {
      outcomes.push({ entry: present });
      continue;
    }
    try {
      const { entry, bytes, tree, completed } = placedEntry(id, standing.tree, await buildOne(standing.tip));
      standing = { tip: { size: tree.size, previous: entry.digest, root: entry.root }, tree };
      entries.push({ entry, text: bytes.toString("utf8"), nodes: completed.map(({ hash }) => hash) });
      known.set(id, entry);
      outcomes.push({ entry });
    } catch (fault) {
      outcomes.push({ fault });
    }
  }
  return { outcomes, extension: { entries, standing } };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
