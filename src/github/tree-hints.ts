import { type ObjectId, SUBMODULE } from "../core/change-set.ts";
import { FOLDER } from "../objects/tree-object.ts";
import type { Wanted } from "./object-query.ts";
import type { TreeReader } from "./tree-reading.ts";

/** A commit, and paths at which its folders are likely to be asked for. */
export interface HintedSide {
  readonly commit: ObjectId;
  readonly tree: ObjectId;
  readonly hints: readonly string[] | null;
}

/** Where every decision may look, whatever changed: rules, and the workflows that named checks come from. */
const ALWAYS = [".github/workflows/x"];

/** The folders above the hinted paths that are not known yet and may exist: by id where it is known, else by place. */
export function placesOfHints(reader: TreeReader, sides: readonly HintedSide[]): readonly Wanted[] {
  const places = new Map<string, Wanted>();
  for (const { commit, tree, hints } of sides) {
    for (const folder of foldersAbove([...(hints ?? []), ...ALWAYS])) {
      const id = idOf(reader, tree, folder);
      if (id === "none" || (id !== "unknown" && reader.known(id) !== undefined)) continue;
      const expression = `${commit}:${folder}`;
      places.set(id === "unknown" ? expression : id, id === "unknown" ? { expression } : { oid: id });
    }
  }
  return [...places.values()];
}

/** The contents at the hinted paths that are not known yet and may exist: by id where it is known, else by place. */
export function contentsOfHints(
  reader: TreeReader,
  sides: readonly HintedSide[],
  known: (id: ObjectId) => boolean,
): readonly Wanted[] {
  const wanted = new Map<string, Wanted>();
  for (const { commit, tree, hints } of sides) {
    for (const path of hints ?? []) {
      if (path.includes("\ufffd")) continue;
      const slash = path.lastIndexOf("/");
      const folder = idOf(reader, tree, path.slice(0, Math.max(0, slash)));
      const rows = folder === "none" ? [] : folder === "unknown" ? undefined : reader.known(folder);
      if (rows === undefined) {
        const expression = `${commit}:${path}`;
        wanted.set(expression, { expression });
        continue;
      }
      const row = rows.find(({ name }) => name === path.slice(slash + 1));
      if (row && row.mode !== FOLDER && row.mode !== SUBMODULE && !known(row.id)) wanted.set(row.id, { oid: row.id });
    }
  }
  return [...wanted.values()];
}

/** Each folder after the one it lies in; the root is `""`. */
function foldersAbove(paths: readonly string[]): Iterable<string> {
  const folders = new Set([""]);
  for (const path of paths)
    for (let slash = path.indexOf("/"); slash >= 0; slash = path.indexOf("/", slash + 1))
      // A name that GitHub does not show as it is leads nowhere.
      if (!path.includes("\ufffd")) folders.add(path.slice(0, slash));
  return folders;
}

/** The id of a folder, as far as the folders above it are known. */
function idOf(reader: TreeReader, root: ObjectId, folder: string): ObjectId | "none" | "unknown" {
  let id = root;
  for (const part of folder === "" ? [] : folder.split("/")) {
    const rows = reader.known(id);
    if (rows === undefined) return "unknown";
    const row = rows.find(({ name, mode }) => name === part && mode === FOLDER);
    if (row === undefined) return "none";
    id = row.id;
  }
  return id;
}
