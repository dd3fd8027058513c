import { createHash } from "node:crypto";
import type { ObjectId } from "../core/change-set.ts";
import { pathBytes, pathText } from "./path-text.ts";

/** One row of a git tree: what lies directly in one folder. `mode` has six digits; a folder's is 040000. */
export interface TreeRow {
  readonly name: string;
  readonly mode: string;
  readonly id: ObjectId;
}

/** The mode of a folder. */
export const FOLDER = "040000";

/** Reads a tree object as git stores it. */
export function parseTree(bytes: Buffer, idLength: number): TreeRow[] {
  const rows: TreeRow[] = [];
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(32, at);
    const end = bytes.indexOf(0, space);
    rows.push({
      name: pathText(bytes.subarray(space + 1, end)),
      mode: bytes.toString("latin1", at, space).padStart(6, "0"),
      id: bytes.toString("hex", end + 1, end + 1 + idLength),
    });
    at = end + 1 + idLength;
  }
  return rows;
}

/** The id that git gives a tree of these rows, in their order: it proves that they are all, and exactly so. */
export function treeId(rows: readonly TreeRow[], like: ObjectId): ObjectId {
  const parts = rows.flatMap(({ name, mode, id }) => [
    Buffer.from(`${mode.replace(/^0+/, "")} `, "latin1"),
    pathBytes(name),
    Buffer.of(0),
    Buffer.from(id, "hex"),
  ]);
  return objectId("tree", Buffer.concat(parts), like);
}

/** The id that git gives an object, in the format of another id of the same repository (SHA-1 or SHA-256). */
export function objectId(type: "blob" | "tree", bytes: Uint8Array, like: ObjectId): ObjectId {
  return createHash(like.length === 64 ? "sha256" : "sha1")
    .update(`${type} ${bytes.length}\0`)
    .update(bytes)
    .digest("hex");
}
