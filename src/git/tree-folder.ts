import type { Entry, ObjectId } from "../core/change-set.ts";
import type { ObjectReader } from "./object-reader.ts";
import { pathText } from "./path-text.ts";
import { entryAt } from "./tree-path.ts";

/** What lies directly in a folder of a tree (`""`: its root), folders included; nothing where there is no such folder. */
export async function entriesIn(reader: ObjectReader, tree: ObjectId, folder: string): Promise<readonly Entry[]> {
  const own = folder === "" ? { mode: "040000", id: tree } : await entryAt(reader, tree, folder);
  if (own?.mode !== "040000") return [];
  const entries: Entry[] = [];
  const idLength = tree.length / 2;
  for await (const { bytes } of reader.objects([own.id])) {
    for (let at = 0; at < bytes.length; ) {
      const space = bytes.indexOf(32, at);
      const end = bytes.indexOf(0, space);
      const name = pathText(bytes.subarray(space + 1, end));
      entries.push({
        path: folder === "" ? name : `${folder}/${name}`,
        mode: bytes.toString("latin1", at, space).padStart(6, "0"),
        id: bytes.toString("hex", end + 1, end + 1 + idLength),
      });
      at = end + 1 + idLength;
    }
  }
  return entries;
}
