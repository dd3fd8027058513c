import type { Change, Entry, ObjectId } from "../core/change-set.ts";
import { FOLDER, type TreeRow } from "../objects/tree-object.ts";
import type { TreeReader } from "./tree-reading.ts";

/** Two trees to compare; null is the empty tree. */
export interface TreePair {
  readonly before: ObjectId | null;
  readonly after: ObjectId | null;
}

/** Two folders of one place that differ, and to which pair they belong. */
interface OpenPair extends TreePair {
  readonly pair: number;
  /** With a slash at its end; empty for the root. */
  readonly prefix: string;
}

/**
 * The files that differ, by pair. All pairs go down one level at a time, and only into folders that differ, so that the
 * folders of a level are read together.
 */
export async function treeDifferences(reader: TreeReader, pairs: readonly TreePair[]): Promise<Change[][]> {
  const changes: Change[][] = pairs.map(() => []);
  let open: OpenPair[] = pairs.map((pair, index) => ({ ...pair, pair: index, prefix: "" })).filter(differs);
  while (open.length > 0) {
    await reader.read(open.flatMap(({ before, after }) => [before, after].filter((id) => id !== null)));
    const deeper: OpenPair[] = [];
    for (const place of open) {
      const found = changes[place.pair] as Change[];
      compare(
        reader,
        place,
        (change) => found.push(change),
        (pair) => deeper.push(pair),
      );
    }
    open = deeper;
  }
  return changes;
}

function differs({ before, after }: TreePair): boolean {
  return before !== after;
}

function compare(
  reader: TreeReader,
  { before, after, pair, prefix }: OpenPair,
  changed: (change: Change) => void,
  deeper: (pair: OpenPair) => void,
): void {
  const left = before === null ? [] : reader.rows(before);
  const right = new Map((after === null ? [] : reader.rows(after)).map((row) => [row.name, row]));
  const visit = (name: string, old: TreeRow | undefined, fresh: TreeRow | undefined) => {
    if (old?.id === fresh?.id && modeOf(old) === modeOf(fresh)) return;
    const path = prefix + name;
    const folders = { before: folderOf(old), after: folderOf(fresh) };
    if (differs(folders)) deeper({ ...folders, pair, prefix: `${path}/` });
    const files = { ...side("before", path, old), ...side("after", path, fresh) };
    if (files.before || files.after) changed(files);
  };
  for (const row of left) {
    visit(row.name, row, right.get(row.name));
    right.delete(row.name);
  }
  for (const row of right.values()) visit(row.name, undefined, row);
}

function folderOf(row: TreeRow | undefined): ObjectId | null {
  return row?.mode === FOLDER ? row.id : null;
}

function side(name: "before" | "after", path: string, row: TreeRow | undefined): { before?: Entry; after?: Entry } {
  return row === undefined || row.mode === FOLDER ? {} : { [name]: { path, mode: modeOf(row), id: row.id } };
}

/** Modes as git compares them: of a file only whether it may be run, which old programs wrote in other ways. */
function modeOf(row: TreeRow | undefined): string {
  if (row === undefined) return "";
  if (!row.mode.startsWith("100")) return row.mode;
  return Number.parseInt(row.mode, 8) & 0o100 ? "100755" : "100644";
}
