/**
 * The paths whose content a merge itself decided. It decides what is the same in none of its parents (`sides`: what differs
 * between each parent and the merge), and where it took one parent's side although the other had changed it too (`own`: what
 * each of two parents changed since their merge base); what it merely brings together it did not decide. Null for `own` where
 * nothing is known to be a mere bringing together: more than two parents, or no common history.
 */
export function decidedByMerge(
  sides: readonly ReadonlySet<string>[],
  own: readonly ReadonlySet<string>[] | null,
): readonly string[] {
  const all = [...new Set(sides.flatMap((side) => [...side]))];
  if (own === null) return all;
  return all.filter(
    (path) =>
      sides.every((side) => side.has(path)) || sides.some((side, parent) => side.has(path) && own[parent]?.has(path)),
  );
}
