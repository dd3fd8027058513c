import type { StoredObject } from "./loose-objects.ts";

/** Text or bytes, null to remove; an object for another mode (120000 link, 160000 submodule). */
export type FileChange = string | Buffer | null | { readonly mode: string; readonly data: string };

/** One row of a tree by the bytes of its name, in `latin1`. */
interface Row {
  readonly mode: string;
  readonly id: string;
}
type Folder = Map<string, Row | Folder>;

/** Reads and writes what a tree is made of. */
interface Objects {
  /** The bytes of a tree. */
  tree(id: string): Buffer;
  write(type: string, bytes: Buffer): StoredObject;
}

const FOLDER = "40000";

/** Changes files of a tree one after the other, as `git fast-import` does; returns the tree's id. */
export function editedTree(
  objects: Objects,
  base: string | null,
  changes: Iterable<readonly [string, FileChange]>,
): string {
  const root: Folder = base === null ? new Map() : opened(objects, base);
  for (const [path, change] of changes) {
    const names = path.split("/").map((name) => Buffer.from(name).toString("latin1"));
    const last = names.pop() as string;
    const folder = descended(objects, root, names, change !== null);
    if (change === null) folder?.delete(last);
    else folder?.set(last, rowOf(objects, change));
  }
  return written(objects, root) ?? objects.write("tree", Buffer.alloc(0)).id;
}

function rowOf(objects: Objects, change: NonNullable<FileChange>): Row {
  if (typeof change === "string" || Buffer.isBuffer(change))
    return { mode: "100644", id: objects.write("blob", Buffer.from(change as string)).id };
  if (change.mode === "160000") return { mode: change.mode, id: change.data };
  return { mode: change.mode, id: objects.write("blob", Buffer.from(change.data)).id };
}

/** The folder at a path; a file in its way gives way where it is to be made, else there is none. */
function descended(objects: Objects, root: Folder, names: readonly string[], make: boolean): Folder | null {
  let folder = root;
  for (const name of names) {
    const found = folder.get(name);
    let next = found instanceof Map ? found : null;
    if (next === null && found !== undefined && !(found instanceof Map) && found.mode === FOLDER)
      next = opened(objects, found.id);
    if (next === null && !make) return null;
    next ??= new Map();
    folder.set(name, next);
    folder = next;
  }
  return folder;
}

function opened(objects: Objects, id: string): Folder {
  const bytes = objects.tree(id);
  const folder: Folder = new Map();
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(32, at);
    const end = bytes.indexOf(0, space);
    const next = end + 1 + id.length / 2;
    const mode = bytes.toString("latin1", at, space);
    folder.set(bytes.toString("latin1", space + 1, end), { mode, id: bytes.toString("hex", end + 1, next) });
    at = next;
  }
  return folder;
}

/** Null where nothing is left: git knows no empty folders. */
function written(objects: Objects, folder: Folder): string | null {
  const rows: { readonly key: Buffer; readonly bytes: Buffer }[] = [];
  for (const [name, entry] of folder) {
    const id = entry instanceof Map ? written(objects, entry) : entry.id;
    if (id === null) continue;
    const mode = entry instanceof Map ? FOLDER : entry.mode;
    const bytes = Buffer.concat([Buffer.from(`${mode} ${name}\0`, "latin1"), Buffer.from(id, "hex")]);
    // A folder is sorted as if its name ended in a slash.
    rows.push({ key: Buffer.from(mode === FOLDER ? `${name}/` : name, "latin1"), bytes });
  }
  if (rows.length === 0) return null;
  rows.sort((a, b) => Buffer.compare(a.key, b.key));
  return objects.write("tree", Buffer.concat(rows.map(({ bytes }) => bytes))).id;
}
