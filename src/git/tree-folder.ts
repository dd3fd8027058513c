import type { Entry, ObjectId } from "../core/change-set.ts";
import { FOLDER, parseTree } from "../objects/tree-object.ts";
import type { ObjectReader } from "./object-reader.ts";
import { entryAt } from "./tree-path.ts";

/** What lies directly in a folder of a tree (`""`: its root), folders included; nothing where there is no such folder. */
export async function entriesIn(reader: ObjectReader, tree: ObjectId, folder: string): Promise<readonly Entry[]> {
  const own = folder === "" ? { mode: FOLDER, id: tree } : await entryAt(reader, tree, folder);
  if (own?.mode !== FOLDER) return [];
  const entries: Entry[] = [];
  for await (const { bytes } of reader.objects([own.id]))
    for (const { name, mode, id } of parseTree(bytes, tree.length / 2))
      entries.push({ path: folder === "" ? name : `${folder}/${name}`, mode, id });
  return entries;
}
