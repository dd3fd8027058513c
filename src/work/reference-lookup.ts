import { type Entry, SUBMODULE, SYMBOLIC_LINK } from "../core/change-set.ts";
import { folderOf, referencedPaths } from "./reference-path.ts";

/** One side's tree, as far as it was looked at. */
export interface TreeSide {
  readonly revision: string;
  /** What the change set has on this side, by path. */
  readonly changed: ReadonlyMap<string, Entry>;
  /** Paths that this side has not, though the other one does. */
  readonly absent: ReadonlySet<string>;
  readonly folders: Map<string, ReadonlyMap<string, Entry>>;
  /** What lies directly in a folder at a revision, folders included. */
  entriesIn(revision: string, folder: string): Promise<readonly Entry[]>;
}

/** The files that a reference means: those of the nearest place where any is. A `*` may stand in the last part. */
export async function referencedFiles(from: string, reference: string, tree: TreeSide): Promise<readonly Entry[]> {
  for (const path of referencedPaths(from, reference)) {
    const name = path.slice(path.lastIndexOf("/") + 1);
    const entries = name.includes("*") ? await matching(path, tree) : await entryAt(path, tree);
    const plain = entries.filter((entry) => isPlain(entry) && entry.path !== from);
    if (plain.length > 0) return plain;
  }
  return [];
}

/** What stands at a path: one entry or none. */
export async function entryAt(path: string, tree: TreeSide): Promise<readonly Entry[]> {
  const changed = tree.changed.get(path);
  if (changed) return [changed];
  if (tree.absent.has(path)) return [];
  const entry = (await folderAt(folderOf(path), tree)).get(path);
  return entry ? [entry] : [];
}

async function matching(path: string, tree: TreeSide): Promise<readonly Entry[]> {
  const pieces = path.slice(path.lastIndexOf("/") + 1).split(/\*+/);
  const first = pieces[0] ?? "";
  const last = pieces.at(-1) ?? "";
  const folder = await folderAt(folderOf(path), tree);
  return [...folder.values()].filter((entry) => {
    const name = entry.path.slice(entry.path.lastIndexOf("/") + 1);
    if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false;
    let at = first.length;
    for (const piece of pieces.slice(1, -1)) {
      at = name.indexOf(piece, at);
      if (at < 0) return false;
      at += piece.length;
    }
    return at <= name.length - last.length;
  });
}

/** What lies directly in a folder, by path; each folder is listed once. */
export async function folderAt(folder: string, tree: TreeSide): Promise<ReadonlyMap<string, Entry>> {
  const known = tree.folders.get(folder);
  if (known) return known;
  // A folder that is not there costs one look at the folder above it, not one at the whole tree.
  const above = folder === "" ? null : await folderAt(folderOf(folder), tree);
  const there = above === null || above.get(folder)?.mode === FOLDER;
  const entries = there ? await tree.entriesIn(tree.revision, folder) : [];
  const listed = new Map(entries.map((entry) => [entry.path, entry]));
  tree.folders.set(folder, listed);
  return listed;
}

const FOLDER = "040000";

/** Whether an entry is a file with content of its own. */
export function isPlain(entry: Entry): boolean {
  return entry.mode !== FOLDER && entry.mode !== SUBMODULE && entry.mode !== SYMBOLIC_LINK;
}
