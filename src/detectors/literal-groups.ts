import type { Literal } from "../core/detector.ts";

/** Literals that belong to one object: their common path and each one's path below it. */
export interface LiteralGroup {
  readonly path: readonly string[];
  readonly line: number;
  readonly fields: readonly { readonly path: readonly string[]; readonly value: string; readonly line: number }[];
}

/**
 * Groups literals by the first `depth(path)` parts of their paths, null leaving one out. A path that comes again begins
 * a new group: repeated blocks and calls of one name carry no index.
 */
export function groupLiterals(
  literals: readonly Literal[],
  depth: (path: readonly string[]) => number | null,
): readonly LiteralGroup[] {
  const groups: (LiteralGroup & { readonly fields: LiteralGroup["fields"][number][] })[] = [];
  const open = new Map<string, { readonly group: (typeof groups)[number]; readonly seen: Set<string> }>();
  let last: { readonly path: readonly string[]; readonly name: string } | null = null;
  for (const { path, value, line } of literals) {
    const length = depth(path);
    if (length === null) continue;
    const above = path.slice(0, length);
    // Neighbours mostly lie in one object: its name is not put together again.
    if (last?.path.length !== length || !last.path.every((part, index) => part === path[index]))
      last = { path: above, name: JSON.stringify(above) };
    const { name } = last;
    const below = path.slice(length);
    const field = JSON.stringify(below);
    let current = open.get(name);
    if (!current || current.seen.has(field)) {
      current = { group: { path: above, line, fields: [] }, seen: new Set() };
      groups.push(current.group);
      open.set(name, current);
    }
    current.seen.add(field);
    current.group.fields.push({ path: below, value, line });
  }
  return groups;
}

/** The values below a field of a group, whatever the spelling of its name: a scalar, a list, or a map's leaves. */
export function valuesOf(group: LiteralGroup, name: RegExp): readonly string[] {
  return group.fields.filter(({ path }) => name.test(path[0] ?? "")).map(({ value }) => value);
}

/** The one value of a field, or undefined. */
export function valueIn(group: LiteralGroup, name: RegExp): string | undefined {
  return group.fields.find(({ path }) => path.length === 1 && name.test(path[0] ?? ""))?.value;
}
