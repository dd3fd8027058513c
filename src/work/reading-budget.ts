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

/** Loads files in the order of their paths until the budget is used up. */
export async function* withinBudget(
  entries: readonly Entry[],
  content: Content,
  budget: ReadingBudget,
): AsyncGenerator<readonly [Entry, Uint8Array]> {
  for (const entry of [...entries].sort((a, b) => byText(a.path, b.path))) {
    const key = `${entry.id} ${entry.path}`;
    const fresh = !budget.seen.has(key);
    if (fresh && (budget.seen.size >= budget.maxFiles || budget.bytes >= budget.maxBytes)) {
      budget.exhausted = true;
      return;
    }
    for await (const [, bytes] of content.load([entry])) {
      if (fresh) budget.bytes += bytes.length;
      budget.seen.add(key);
      yield [entry, bytes];
    }
  }
}
