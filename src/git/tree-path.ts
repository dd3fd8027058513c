import type { Entry, ObjectId } from "../core/change-set.ts";
import { pathBytes } from "../objects/path-text.ts";
import type { ObjectReader } from "./object-reader.ts";

/** Finds what stands at a path of a tree, walking down the tree objects; null where nothing does. */
export async function entryAt(reader: ObjectReader, tree: ObjectId, path: string): Promise<Entry | null> {
  let id = tree;
  const parts = path.split("/");
  for (const [depth, part] of parts.entries()) {
    const found = await childOf(reader, id, pathBytes(part));
    if (!found) return null;
    if (depth === parts.length - 1) return { path, ...found };
    if (found.mode !== "040000") return null;
    id = found.id;
  }
  return null;
}

async function childOf(
  reader: ObjectReader,
  tree: ObjectId,
  name: Buffer,
): Promise<{ mode: string; id: ObjectId } | null> {
  const idLength = tree.length / 2;
  for await (const { bytes } of reader.objects([tree])) {
    for (let at = 0; at < bytes.length; ) {
      const space = bytes.indexOf(32, at);
      const end = bytes.indexOf(0, space);
      if (bytes.subarray(space + 1, end).equals(name))
        return {
          mode: bytes.toString("latin1", at, space).padStart(6, "0"),
          id: bytes.toString("hex", end + 1, end + 1 + idLength),
        };
      at = end + 1 + idLength;
    }
  }
  return null;
}
