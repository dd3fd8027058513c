import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { GitStore } from "./git-store.ts";

/** A file of a history: its mode, and its content (for a submodule the commit's id). */
export interface HistoryFile {
  readonly mode: string;
  readonly data: Buffer;
}

/** A commit of a history; parents are places in it. Paths are bytes, written as Latin-1. */
export interface HistoryCommit {
  readonly parents: readonly number[];
  readonly files: ReadonlyMap<string, HistoryFile>;
  readonly message?: string;
  /** Seconds since 1970. */
  readonly at: number;
}

/** Writes commits of any shape into a store, in one run of git; gives their ids. */
export function writeHistory(store: GitStore, commits: readonly HistoryCommit[]): readonly string[] {
  const parts: Buffer[] = [];
  const text = (value: string) => parts.push(Buffer.from(value, "latin1"));
  for (const [index, { parents, files, message = "change", at }] of commits.entries()) {
    const who = `P${index % 3} <p${index % 3}@example.com> ${at} +0000`;
    // A branch without a beginning starts a history of its own.
    text(`reset refs/history/${index}\n\ncommit refs/history/${index}\nmark :${index + 1}\n`);
    const said = Buffer.from(message);
    text(`author ${who}\ncommitter ${who}\ndata ${said.length}\n`);
    parts.push(said);
    text("\n");
    for (const [order, parent] of parents.entries()) text(`${order === 0 ? "from" : "merge"} :${parent + 1}\n`);
    text("deleteall\n");
    for (const [path, { mode, data }] of files) {
      if (mode === "160000") text(`M 160000 ${data.toString()} ${quoted(path)}\n`);
      else {
        text(`M ${mode} inline ${quoted(path)}\ndata ${data.length}\n`);
        parts.push(data);
        text("\n");
      }
    }
    text("\n");
  }
  const marks = join(store.directory, "history-marks");
  execFileSync("git", ["-C", store.directory, "fast-import", "--quiet", "--force", `--export-marks=${marks}`], {
    input: Buffer.concat(parts),
    env: { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null" },
  });
  const rows = readFileSync(marks, "utf8").trim().split("\n");
  rmSync(marks);
  const ids = new Map(rows.map((row) => row.split(" ") as [string, string]));
  return commits.map((_, index) => ids.get(`:${index + 1}`) ?? "");
}

function quoted(path: string): string {
  const escaped = [...Buffer.from(path, "latin1")].map((byte) =>
    byte < 0x20 || byte > 0x7e || byte === 0x22 || byte === 0x5c
      ? `\\${byte.toString(8).padStart(3, "0")}`
      : String.fromCharCode(byte),
  );
  return `"${escaped.join("")}"`;
}
