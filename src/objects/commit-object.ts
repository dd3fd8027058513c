import type { ObjectId } from "../core/change-set.ts";

/** A commit with the identities written in it; they prove nothing. */
export interface Commit {
  readonly id: ObjectId;
  readonly tree: ObjectId;
  readonly parents: readonly ObjectId[];
  readonly authorEmail: string;
  readonly committerEmail: string;
  /** Addresses of `Co-authored-by` lines. */
  readonly coAuthors: readonly string[];
}

/** Reads a commit object as git stores it, so that neither mailmap nor settings of the repository change it. */
export function parseCommit(id: ObjectId, bytes: Buffer): Commit {
  const end = bytes.indexOf("\n\n");
  const header = bytes
    .subarray(0, end < 0 ? bytes.length : end)
    .toString()
    .split("\n");
  const message = end < 0 ? "" : bytes.subarray(end + 2).toString();
  const values = (name: string) =>
    header.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
  return {
    id,
    tree: values("tree")[0] ?? "",
    parents: values("parent"),
    authorEmail: emailOf(values("author")[0] ?? ""),
    committerEmail: emailOf(values("committer")[0] ?? ""),
    coAuthors: coAuthorsOf(message),
  };
}

/** Addresses of the `Co-authored-by` lines of a message. */
export function coAuthorsOf(message: string): readonly string[] {
  return message
    .split("\n")
    .filter((line) => /^co-authored-by:/i.test(line))
    .map(emailOf);
}

function emailOf(line: string): string {
  const start = line.indexOf("<");
  const end = line.indexOf(">", start);
  return start < 0 || end < 0 ? "" : line.slice(start + 1, end);
}
