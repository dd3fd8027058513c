import { byText, type Change, pathOf } from "../core/change-set.ts";

/** What differs between another merge base and the head, and between the base itself and the head. */
export interface FurtherBase {
  readonly fromOther: readonly Change[];
  readonly fromBase: readonly Change[];
}

/**
 * A change set, sorted by path. With several merge bases (criss-cross merges) a file may equal the first and still undo
 * what the base got through another. What differs from any of them and from the base itself is part of the change.
 */
export function completeChanges(first: readonly Change[], further: readonly FurtherBase[]): readonly Change[] {
  const changes = new Map(first.map((change) => [pathOf(change), change]));
  for (const { fromOther, fromBase } of further) {
    const merged = new Set(fromBase.map(pathOf));
    for (const change of fromOther)
      if (!changes.has(pathOf(change)) && merged.has(pathOf(change))) changes.set(pathOf(change), change);
  }
  return [...changes.values()].sort((a, b) => byText(pathOf(a), pathOf(b)));
}
