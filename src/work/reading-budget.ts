import { byText, type Entry } from "../core/change-set.ts";
import type { Content } from "./source.ts";

/** How much may be read beside the change itself, and how much was. A file counts once, whatever the side. */
export interface ReadingBudget {
  readonly maxFiles: number;
  readonly maxBytes: number;
  readonly seen: Set<string>;
  bytes: number;
  /** Something was left out. */
  exhausted: boolean;
}

/** A budget of which nothing is used. */
export function readingBudget(maxFiles: number, maxBytes: number): ReadingBudget {
  return { maxFiles, maxBytes, seen: new Set(), bytes: 0, exhausted: false };
}

/**
 * Loads files in the order of their paths until the budget is used up. They are asked for together: where each question
 * goes over a network, one at a time would take too many.
 */
export async function* withinBudget(
  entries: readonly Entry[],
  content: Content,
  budget: ReadingBudget,
): AsyncGenerator<readonly [Entry, Uint8Array]> {
  const wanted = [...entries].sort((a, b) => byText(a.path, b.path));
  const planned = wanted.slice(0, lengthWithin(wanted, budget));
  const uses = Map.groupBy(planned, ({ id }) => id);
  const loaded = content.load([...uses.values()].map((group) => group[0] as Entry))[Symbol.asyncIterator]();
  const ready = new Map<string, Uint8Array>();
  try {
    for (const entry of planned) {
      const key = keyOf(entry);
      const fresh = !budget.seen.has(key);
      if (fresh && budget.bytes >= budget.maxBytes) {
        budget.exhausted = true;
        return;
      }
      while (!ready.has(entry.id)) {
        const next = await loaded.next();
        if (next.done) break;
        ready.set(...next.value);
      }
      const bytes = ready.get(entry.id);
      if (bytes === undefined) continue;
      if (uses.get(entry.id)?.at(-1) === entry) ready.delete(entry.id);
      if (fresh) budget.bytes += bytes.length;
      budget.seen.add(key);
      yield [entry, bytes];
    }
  } finally {
    await loaded.return?.();
  }
  if (planned.length < wanted.length) budget.exhausted = true;
}

/** How many of the files, from the first, the budget's number of files allows. */
function lengthWithin(entries: readonly Entry[], { seen, maxFiles }: ReadingBudget): number {
  const fresh = new Set<string>();
  for (const [index, entry] of entries.entries()) {
    const key = keyOf(entry);
    if (seen.has(key)) continue;
    if (seen.size + fresh.size >= maxFiles) return index;
    fresh.add(key);
  }
  return entries.length;
}

function keyOf({ id, path }: Entry): string {
  return `${id} ${path}`;
}
