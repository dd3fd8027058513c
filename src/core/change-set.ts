/** A git object id: 40 hexadecimal digits in a SHA-1 repository, 64 in a SHA-256 one. */
export type ObjectId = string;

/** A git tree entry. `mode` is git's: 100644, 100755, 120000 (symbolic link) or 160000 (submodule). */
export interface Entry {
  readonly path: string;
  readonly mode: string;
  readonly id: ObjectId;
}

/** One file on both sides; a side that is missing is absent, so at least one of the two stands. */
export interface Change {
  readonly before?: Entry;
  readonly after?: Entry;
}

/** The files that differ between a pull request's merge base and its head, sorted by path, complete. */
export interface ChangeSet {
  /** The merge base commit. */
  readonly base: ObjectId;
  /** The head commit, or `index` or `worktree` for a change that is not committed yet. */
  readonly head: ObjectId | "index" | "worktree";
  readonly changes: readonly Change[];
}

export const SYMBOLIC_LINK = "120000";
export const SUBMODULE = "160000";

/** The path a change is known by: where it is now, or where it was when it is gone. */
export function pathOf(change: Change): string {
  return (change.after ?? change.before)?.path ?? "";
}

/** Compares by code units, the order every digest and report of this program uses. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
