import type { DatabaseSync } from "node:sqlite";
import { tidying, unforced } from "../stores/database.ts";
import type { EmbeddedOptions, Row, Statements } from "./embedded.ts";
import type { Running, Work } from "./queue.ts";

type Handle = (work: Work, signal: AbortSignal) => Promise<void>;

interface Parts {
  readonly database: DatabaseSync;
  readonly rows: Statements;
  readonly options: EmbeddedOptions;
}

/** Runs one claimed work: done, asked for again meanwhile, or failed and due later. */
async function runOne(row: Row, parts: Parts, handle: Handle, stopped: AbortSignal) {
  const { database, rows, options } = parts;
  const work: Work = {
    key: row.key,
    kind: row.kind,
    payload: JSON.parse(row.payload),
    background: row.background === 1,
  };
  try {
    await handle(work, AbortSignal.any([stopped, AbortSignal.timeout(options.lease)]));
    unforced(database, () => {
      if (rows.done.run(row.key, row.generation).changes === 0) rows.release.run(row.key);
    });
  } catch (fault) {
    // Ended with the program, through no fault of its own.
    if (stopped.aborted) return void unforced(database, () => rows.interrupted.run(row.key));
    const message = (fault instanceof Error ? fault.message : String(fault)).slice(0, LONGEST_ERROR);
    fail(parts, row.key, row.attempts, message);
  }
}

const LONGEST_ERROR = 2000;

/** Notes a failure: the work is due again later, longer each time, and dies at the last attempt, to be tried once in a while. */
function fail({ database, rows, options }: Parts, key: string, before: number, error: string): void {
  const attempts = before + 1;
  const dies = attempts >= options.attempts;
  // After one crash nobody knows yet whose fault it was.
  const longer = error === CRASHED && before === 0 ? 0 : options.backoff * 2 ** Math.min(attempts - 1, 10);
  const pause = dies ? options.rest * 2 ** Math.min(attempts - options.attempts, 7) : longer;
  const now = options.now();
  unforced(database, () => rows.failed.run(key, attempts, error, now + pause, dies ? now : null));
}

/** The error of a work during which the program ended without being told to. */
const CRASHED = "the program ended while this was under way";

/**
 * One process owns an embedded queue: a lease that stands at the start is a run that a crash ended. It counts as a failure,
 * so that a work which ends the program does not do so for ever; all else that died is tried at once.
 */
function takeOver(parts: Parts): void {
  const { rows, options } = parts;
  for (const { key, attempts } of rows.crashed.all()) fail(parts, String(key), Number(attempts), CRASHED);
  rows.wakeDead.run(options.now(), CRASHED);
}
/** Another process may add work too: this often it is looked for, in milliseconds. */
const LOOK = 60_000;

/** GitHub delivers again for three days; so long and longer a delivery is known, in milliseconds. */
const REMEMBERED = 7 * 86_400_000;

function forgettingDeliveries({ rows, options }: Parts): NodeJS.Timeout {
  const forget = () => void rows.forget.run(new Date(options.now() - REMEMBERED).toISOString());
  forget();
  return setInterval(forget, REMEMBERED / 100).unref();
}

function claim({ database, rows, options }: Parts): Row | undefined {
  const now = options.now();
  const until = now + options.lease;
  const row = unforced(database, () => rows.claim.get(now, until) ?? rows.claimDead.get(now, until));
  return row as unknown as Row | undefined;
}

/** Milliseconds until the next work is due. */
function untilNext({ rows, options }: Parts): number {
  const at = rows.next.get()?.at;
  return at === null || at === undefined ? LOOK : Number(at) - options.now();
}

/** Works a queue off: as many works side by side as the options say, each claimed by its key. */
export function working(parts: Parts, handle: Handle, listeners: Set<() => void>): Running {
  const { database, options } = parts;
  takeOver(parts);
  const stopped = new AbortController();
  const underway = new Set<Promise<void>>();
  const waiting: (() => void)[] = [];
  let timer: NodeJS.Timeout | undefined;
  const tidy = tidying(database);
  const isFree = () => !stopped.signal.aborted && underway.size < options.workers;
  const start = (row: Row): void => {
    // A moment later, so that it counts as under way before it can add work itself.
    const run = Promise.resolve()
      .then(() => runOne(row, parts, handle, stopped.signal))
      .finally(() => {
        underway.delete(run);
        pump();
      });
    underway.add(run);
  };
  const pump = (): void => {
    clearTimeout(timer);
    tidy.busy();
    for (let row = isFree() && claim(parts); row; row = isFree() && claim(parts)) start(row);
    if (!isFree()) return;
    if (underway.size === 0) tidy.resting();
    const pause = untilNext(parts);
    if (underway.size === 0 && pause > 0) for (const resolve of waiting.splice(0)) resolve();
    timer = setTimeout(pump, Math.min(LOOK, Math.max(0, pause))).unref();
  };
  const forgetting = forgettingDeliveries(parts);
  listeners.add(pump);
  setImmediate(pump);
  return {
    async stop() {
      listeners.delete(pump);
      clearTimeout(timer);
      tidy.busy();
      clearInterval(forgetting);
      stopped.abort();
      await Promise.all(underway);
    },
    idle: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        setImmediate(pump);
      }),
  };
}
