import type { ChangedFile, TouchedPaths } from "./git-output.ts";
import type { TreeRow } from "./git-store.ts";

/** A file that differs between two trees. */
interface TreeChange {
  readonly path: string;
  readonly before: TreeRow | undefined;
  readonly after: TreeRow | undefined;
}

/** The rows of one folder. */
type RowsOf = (tree: string) => readonly TreeRow[];

/** What differs between two trees, file by file, in git's order; null stands for an empty one. */
function treeChanges(rowsOf: RowsOf, before: string | null, after: string | null, above = ""): TreeChange[] {
  if (before === after) return [];
  // A folder is another thing than a file of its name, and sorted as if its name ended in a slash.
  const named = (tree: string | null) =>
    new Map((tree === null ? [] : rowsOf(tree)).map((row) => [keyOf(row), row] as const));
  const [old, fresh] = [named(before), named(after)];
  const keys = [...new Set([...old.keys(), ...fresh.keys()])].sort((a, b) =>
    Buffer.compare(Buffer.from(a, "latin1"), Buffer.from(b, "latin1")),
  );
  return keys.flatMap((key) => {
    const [one, other] = [old.get(key), fresh.get(key)];
    const row = (one ?? other) as TreeRow;
    const path = `${above}${row.path}`;
    if (row.type === "tree") return treeChanges(rowsOf, one?.sha ?? null, other?.sha ?? null, `${path}/`);
    return one?.sha === other?.sha && one?.mode === other?.mode ? [] : [{ path, before: one, after: other }];
  });
}

function keyOf({ path, raw, type }: TreeRow): string {
  return `${(raw ?? Buffer.from(path)).toString("latin1")}${type === "tree" ? "/" : ""}`;
}

/** The paths that a commit changed, as a push says it. */
export function touchedBetween(rowsOf: RowsOf, before: string | null, after: string): TouchedPaths {
  const changes = treeChanges(rowsOf, before, after);
  const paths = (which: (change: TreeChange) => boolean) => changes.filter(which).map(({ path }) => path);
  return {
    added: paths((one) => !one.before),
    removed: paths((one) => !one.after),
    modified: paths((one) => one.before !== undefined && one.after !== undefined),
  };
}

/** What differs as `git diff-tree -M` says it; null where something may have been renamed, which git has to find. */
export function changedBetween(rowsOf: RowsOf, before: string, after: string): readonly ChangedFile[] | null {
  const changes = treeChanges(rowsOf, before, after);
  if (changes.some((one) => !one.before) && changes.some((one) => !one.after)) return null;
  return changes.map(({ path, before: one, after: other }) => {
    if (!one) return { path, status: "added", sha: (other as TreeRow).sha };
    if (!other) return { path, status: "removed", sha: one.sha };
    // A link that becomes a file is of another type; a file that may be run is not.
    const status = one.mode.slice(0, 3) === other.mode.slice(0, 3) ? "modified" : "changed";
    return { path, status, sha: other.sha };
  });
}
