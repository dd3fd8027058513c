import type { GitPerson, StoredCommit, TreeRow } from "./git-store.ts";
import type { StoredObject } from "./loose-objects.ts";

/** What `git cat-file --batch` wrote; objects that are missing are left out. */
export function batched(output: Buffer): StoredObject[] {
  const found: StoredObject[] = [];
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf(10, at);
    const [id = "", type = "", size = ""] = output.toString("latin1", at, end).split(" ");
    at = end + 1;
    if (!/^\d+$/.test(size)) continue;
    found.push({ id, type, bytes: output.subarray(at, at + Number(size)) });
    at += Number(size) + 1;
  }
  return found;
}

const TYPES: Readonly<Record<string, TreeRow["type"]>> = { "040000": "tree", "160000": "commit" };

/** Reads the bytes of a tree. */
export function rowsOf(bytes: Buffer, idLength: number): TreeRow[] {
  const rows: TreeRow[] = [];
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(32, at);
    const end = bytes.indexOf(0, space);
    const mode = bytes.toString("latin1", at, space).padStart(6, "0");
    const raw = bytes.subarray(space + 1, end);
    const sha = bytes.toString("hex", end + 1, end + 1 + idLength);
    rows.push({ path: raw.toString("utf8"), raw, mode, type: TYPES[mode] ?? "blob", sha });
    at = end + 1 + idLength;
  }
  return rows;
}

/** Reads a row of `git ls-tree -z -l`. */
export function rowOf(row: string): TreeRow {
  const [meta = "", path = ""] = row.split("\t");
  const [mode = "", type = "", sha = "", size = ""] = meta.split(/ +/);
  return { path, mode, type: type as TreeRow["type"], sha, ...(size === "-" ? {} : { size: Number(size) }) };
}

/** Reads the text of a commit. */
export function parsed(sha: string, raw: string): StoredCommit {
  const end = raw.indexOf("\n\n");
  const head = raw.slice(0, end).split("\n");
  const field = (name: string) => head.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1) ?? "";
  return {
    sha,
    tree: field("tree"),
    parents: head.filter((line) => line.startsWith("parent ")).map((line) => line.slice(7)),
    author: person(field("author")),
    committer: person(field("committer")),
    message: raw.slice(end + 2),
  };
}

function person(line: string): GitPerson {
  const [, name = "", email = "", seconds = "0"] = /^(.*) <(.*)> (\d+) /.exec(line) ?? [];
  return { name, email, date: new Date(Number(seconds) * 1000).toISOString() };
}
