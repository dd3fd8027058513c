/** A way through commits by their parents; null from a function means that git has to be asked. */
interface Walk {
  /** Undefined for what is no commit. */
  parents(commit: string): readonly string[] | undefined;
}

/** Longer histories are left to git. */
const MOST = 400;

/** A commit with all that it comes from; null where that is too long. */
export function ancestry({ parents }: Walk, commit: string): ReadonlySet<string> | null {
  const found = new Set([commit]);
  for (const one of found) {
    const above = parents(one);
    if (above === undefined || found.size > MOST) return null;
    for (const parent of above) found.add(parent);
  }
  return found;
}

/** The only best common ancestor of two commits, `none`, or null where there are several, or too many to look at. */
export function onlyMergeBase(walk: Walk, a: string, b: string): string | "none" | null {
  const [one, other] = [ancestry(walk, a), ancestry(walk, b)];
  if (one === null || other === null) return null;
  const best = new Set([...one].filter((commit) => other.has(commit)));
  for (const commit of [...best])
    for (const parent of walk.parents(commit) ?? [])
      for (const above of best.has(parent) ? (ancestry(walk, parent) ?? []) : []) best.delete(above);
  if (best.size === 0) return "none";
  return best.size === 1 ? ([...best][0] as string) : null;
}

/** The commits of a straight line that `head` has and `base` has not, oldest first; null where the line is not straight. */
export function straightBetween(walk: Walk, base: string, head: string): readonly string[] | null {
  const known = ancestry(walk, base);
  if (known === null) return null;
  const line: string[] = [];
  for (let at: string | undefined = head; at !== undefined && !known.has(at); ) {
    const above: readonly string[] | undefined = walk.parents(at);
    if (above === undefined || above.length > 1 || line.length > MOST) return null;
    line.push(at);
    at = above[0];
  }
  return line.reverse();
}
