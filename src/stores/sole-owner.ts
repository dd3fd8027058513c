import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** How long another program that is about to end is waited for, in milliseconds. */
const PATIENCE = 10_000;

/**
 * Makes this program the only one that works on a database, until it releases it or ends: two at once would answer the same
 * pull request side by side, and the older answer could be written last. Others may still read it.
 */
export function soleOwner(path: string, patience = PATIENCE): { release(): void } {
  if (path === ":memory:") return { release: () => {} };
  mkdirSync(dirname(path), { recursive: true });
  // A file of its own, whose lock the operating system gives back however the program ends.
  const lock = new DatabaseSync(`${path}.lock`);
  try {
    lock.exec(`PRAGMA busy_timeout = ${patience}; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE`);
  } catch (fault) {
    lock.close();
    const locked = fault instanceof Error && /locked|busy/i.test(fault.message);
    throw locked
      ? new Error(`another program works on ${path}; stop it first, or give this one another DATABASE_PATH`)
      : fault;
  }
  return { release: () => lock.close() };
}
