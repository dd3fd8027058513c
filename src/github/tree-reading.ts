import { z } from "zod";
import type { ObjectId } from "../core/change-set.ts";
import { pathText } from "../objects/path-text.ts";
import { type TreeRow, treeId } from "../objects/tree-object.ts";
import { HostingFault } from "../work/hosting-fault.ts";
import type { Api } from "./api.ts";
import { BLOB_FIELDS, BlobNode } from "./blob-reading.ts";
import { queryObjects, type Wanted } from "./object-query.ts";
import type { ObjectStore } from "./object-store.ts";

/**
 * The folders of one repository by tree id, for one job. A listing is taken only when its hash is the id it was asked by,
 * which proves that nothing is missing from it; so it does not matter how it came here, or whether an answer was truncated.
 */
export interface TreeReader {
  /** What lies in a folder; undefined when it was not read yet. */
  known(tree: ObjectId): readonly TreeRow[] | undefined;
  /** What lies in a folder that `read` has read. */
  rows(tree: ObjectId): readonly TreeRow[];
  /** Reads folders, many at once. */
  read(trees: Iterable<ObjectId>): Promise<void>;
  /** Reads a folder with all that is below it, as far as one answer holds it. */
  readBelow(tree: ObjectId): Promise<void>;
  /** Tries to read folders that are known by their places only; what is not there is left out. Contents may come along. */
  readAt(places: readonly Wanted[], along?: Along): Promise<void>;
}

/** Contents that are asked for in the same query, and who takes them in. */
export interface Along {
  readonly wanted: readonly Wanted[];
  take(content: z.infer<typeof BlobNode>): void;
}

const FIELDS = "... on Tree { oid entries { nameRaw mode oid } }";
const TreeNode = z.object({
  oid: z.string(),
  entries: z.array(z.object({ nameRaw: z.string(), mode: z.int(), oid: z.string() })).nullable(),
});
type TreeNode = z.infer<typeof TreeNode>;
const EitherNode = z.union([TreeNode, BlobNode]);
const TreeList = z.object({
  tree: z.array(z.object({ path: z.string(), mode: z.string(), type: z.string(), sha: z.string() })),
  truncated: z.boolean(),
});
/** Folders in one query; a folder may hold thousands of files. */
const AT_ONCE = 60;

/** Reads the folders of one repository; what the store has forgotten stays known to the job. */
export function treeReader(api: Api, store: ObjectStore): TreeReader {
  const own = new Map<ObjectId, readonly TreeRow[]>();
  const keep = (id: ObjectId, rows: readonly TreeRow[]) => {
    own.set(id, rows);
    store.trees.put(rows, id);
  };
  const known = (id: ObjectId) => {
    const rows = own.get(id) ?? store.trees.get(id);
    if (rows !== undefined) own.set(id, rows);
    return rows;
  };
  const take = (node: TreeNode | null): void => {
    if (!node?.entries) return;
    const rows = node.entries.map(rowOf);
    if (treeId(rows, node.oid) === node.oid) keep(node.oid, rows);
  };
  const readAt = async (places: readonly Wanted[], along?: Along) => {
    for (let at = 0; at < places.length; at += AT_ONCE) {
      const batch = places.slice(at, at + AT_ONCE);
      const nodes = along && at === 0 ? await readBoth(api, batch, along) : await readFolders(api, batch);
      nodes.forEach(take);
    }
  };
  return {
    known,
    rows(tree) {
      const rows = known(tree);
      if (rows === undefined) throw incomplete(tree, "was not read");
      return rows;
    },
    async read(trees) {
      const missing = [...new Set(trees)].filter((tree) => known(tree) === undefined);
      await readAt(missing.map((oid) => ({ oid })));
      for (const tree of missing) if (known(tree) === undefined) keep(tree, await folderByItself(api, tree));
    },
    async readBelow(tree) {
      const list = await api.fixed(
        "/repos/{owner}/{repo}/git/trees/{tree_sha}",
        { tree_sha: tree, recursive: 1 },
        TreeList,
      );
      for (const [id, rows] of foldersOf(tree, list.tree))
        if (known(id) === undefined && treeId(rows, id) === id) keep(id, rows);
    },
    readAt,
  };
}

function readFolders(api: Api, places: readonly Wanted[]): Promise<readonly (TreeNode | null)[]> {
  return queryObjects(api, places, FIELDS, TreeNode);
}

/** Reads folders and what comes along in one query; returns the folders. */
async function readBoth(api: Api, places: readonly Wanted[], along: Along): Promise<readonly TreeNode[]> {
  const wanted = [...places, ...along.wanted];
  const nodes = await queryObjects(api, wanted, `${FIELDS} ${BLOB_FIELDS}`, EitherNode);
  const folders: TreeNode[] = [];
  for (const node of nodes)
    if (node && "entries" in node) folders.push(node);
    else if (node) along.take(node);
  return folders;
}

function rowOf({ nameRaw, mode, oid }: { nameRaw: string; mode: number; oid: string }): TreeRow {
  return { name: pathText(Buffer.from(nameRaw, "base64")), mode: sixDigits(mode), id: oid };
}

function sixDigits(mode: number): string {
  return mode.toString(8).padStart(6, "0");
}

/** A folder whose listing does not hash to its id: an old program wrote it in a form that GitHub does not show. */
async function folderByItself(api: Api, tree: ObjectId): Promise<readonly TreeRow[]> {
  const list = await api.fixed("/repos/{owner}/{repo}/git/trees/{tree_sha}", { tree_sha: tree }, TreeList);
  if (list.truncated) throw incomplete(tree, "has more entries than GitHub lists");
  const unclear = list.tree.find(({ path }) => path.includes("\ufffd"));
  if (unclear) throw incomplete(tree, `holds a name that GitHub does not show as it is (${unclear.path})`);
  return list.tree.map(({ path, mode, sha }) => ({ name: path, mode: sixDigits(Number.parseInt(mode, 8)), id: sha }));
}

/** The folders of a listing with everything below its root, each as far as it is listed. */
function foldersOf(
  root: ObjectId,
  list: z.infer<typeof TreeList>["tree"],
): Iterable<readonly [ObjectId, readonly TreeRow[]]> {
  const folders = new Map<string, { readonly id: ObjectId; readonly rows: TreeRow[] }>([["", { id: root, rows: [] }]]);
  for (const { path, type, sha } of list) if (type === "tree") folders.set(path, { id: sha, rows: [] });
  for (const { path, mode, sha } of list) {
    const slash = path.lastIndexOf("/");
    folders.get(path.slice(0, Math.max(0, slash)))?.rows.push({ name: path.slice(slash + 1), mode, id: sha });
  }
  return [...folders.values()].map(({ id, rows }) => [id, rows] as const);
}

function incomplete(tree: ObjectId, what: string): HostingFault {
  return new HostingFault("hosting/incomplete", `the folder ${tree} ${what}, so what changed cannot be known`, {
    remedy: "Change that folder in the repository so that GitHub can show it: fewer entries, or names in UTF-8.",
  });
}
