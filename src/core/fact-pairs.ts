import type { Detector, Fact } from "./detector.ts";

/** How alike two facts are, 0 to 1. */
export type Likeness = NonNullable<Detector["likeness"]>;

/** A fact with the one of the other side that it became; a side is absent for a fact that came or went. */
export interface FactPair {
  readonly before?: Fact;
  readonly after?: Fact;
}

const MAX_COMPARISONS = 4_000;
const ALIKE = 0.5;

/** Pairs what one side lost with what the other got: in file order, or the most alike first where a detector tells how alike. */
export function pairFacts(removed: readonly Fact[], added: readonly Fact[], likeness?: Likeness): FactPair[] {
  // Too many to compare each with each: pairs in order are shown less well, but nothing is hidden.
  if (!likeness || removed.length * added.length > MAX_COMPARISONS) return inOrder(removed, added);
  const candidates = removed
    .flatMap((before, row) =>
      added.map((after, column) => ({ row, column, before, after, score: likeness(before, after) })),
    )
    .filter(({ score }) => score >= ALIKE)
    .sort((a, b) => b.score - a.score || a.row - b.row || a.column - b.column);
  const partner = new Map<number, Fact>();
  const taken = new Set<number>();
  for (const { row, column, after } of candidates) {
    if (partner.has(row) || taken.has(column)) continue;
    partner.set(row, after);
    taken.add(column);
  }
  const kept = removed.map((before, row): FactPair => {
    const after = partner.get(row);
    return after ? { before, after } : { before };
  });
  return [...kept, ...added.filter((_, column) => !taken.has(column)).map((after) => ({ after }))];
}

function inOrder(removed: readonly Fact[], added: readonly Fact[]): FactPair[] {
  return Array.from({ length: Math.max(removed.length, added.length) }, (_, index) => {
    const before = removed[index];
    const after = added[index];
    return { ...(before ? { before } : {}), ...(after ? { after } : {}) };
  });
}
