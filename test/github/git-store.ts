import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { changed, type TouchedPaths, touchedPaths } from "./git-output.ts";

/** What one commit changes: text or bytes, null to remove; an object for another mode (120000 link, 160000 submodule). */
export type FileChanges = Readonly<
  Record<string, string | Buffer | null | { readonly mode: string; readonly data: string }>
>;

/** One row of a tree. */
export interface TreeRow {
  readonly path: string;
  readonly mode: string;
  readonly type: "blob" | "tree" | "commit";
  readonly sha: string;
  readonly size?: number;
  /** The path's bytes, where they were read: `path` shows what is no UTF-8 as U+FFFD, as GitHub does. */
  readonly raw?: Buffer;
}

/** A commit as git stores it. */
export interface StoredCommit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: GitPerson;
  readonly committer: GitPerson;
  readonly message: string;
}

/** Name, address and time inside a commit. */
export interface GitPerson {
  readonly name: string;
  readonly email: string;
  readonly date: string;
}

/** Real git objects in a bare repository of its own, shared by a repository and its forks as GitHub shares a network. */
export interface GitStore {
  readonly directory: string;
  commit(options: {
    readonly parents: readonly string[];
    readonly files: FileChanges;
    readonly message?: string;
    readonly author: GitPerson;
  }): string;
  commitTree(
    tree: string,
    parents: readonly string[],
    message: string,
    author: GitPerson,
    committer?: GitPerson,
  ): string;
  /** The tree with files more, or with other content, than one that is there. */
  writeTree(base: string | null, files: ReadonlyMap<string, string>): string;
  read(sha: string): StoredCommit;
  tree(sha: string, recursive: boolean): readonly TreeRow[];
  blob(sha: string): Buffer;
  type(sha: string): string | null;
  /** Reads objects ahead in one run of git. */
  preload(ids: readonly string[]): void;
  entry(commit: string, path: string): TreeRow | null;
  mergeBase(a: string, b: string): string | null;
  isAncestor(ancestor: string, descendant: string): boolean;
  /** Commits of `head` that `base` has not, oldest first. */
  between(base: string, head: string): readonly string[];
  /** The tree of a real three-way merge, or null where it conflicts. */
  mergeTree(ours: string, theirs: string): string | null;
  changedFiles(from: string, to: string): readonly { path: string; previous?: string; status: string; sha: string }[];
  /** The paths that each of these commits changed, against its first parent; a rename is a removal and an addition. */
  touched(commits: readonly string[]): ReadonlyMap<string, TouchedPaths>;
  remove(): void;
}

/** Makes an empty store. */
export function gitStore(format: "sha1" | "sha256" = "sha1"): GitStore {
  const directory = mkdtempSync(join(tmpdir(), "loopback-github-"));
  const env = {
    PATH: process.env.PATH ?? "",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_SYSTEM: "/dev/null",
    LC_ALL: "C",
  };
  const run = (args: readonly string[], input?: string | Buffer, extra: NodeJS.ProcessEnv = {}): Buffer =>
    execFileSync("git", ["-C", directory, ...args], {
      env: { ...env, ...extra },
      input: input ?? "",
      maxBuffer: 1 << 29,
      stdio: ["pipe", "pipe", "pipe"],
    });
  const text = (args: readonly string[]): string => run(args).toString("utf8").trim();
  const attempt = (args: readonly string[]) =>
    spawnSync("git", ["-C", directory, ...args], { env, maxBuffer: 1 << 29 });
  run(["init", "--quiet", "--bare", `--object-format=${format}`]);
  const commits = new Map<string, StoredCommit>();
  const trees = new Map<string, readonly TreeRow[]>();
  // An object never changes, and a program that is started for each look takes most of the time.
  const objects = new Map<string, StoredObject>();
  const object = (sha: string): StoredObject | null => {
    store.preload([sha]);
    return objects.get(sha) ?? null;
  };
  const bytesOf = (sha: string, type: string): Buffer => {
    const found = object(sha);
    if (found?.type !== type) throw new Error(`${sha} is no ${type}`);
    return found.bytes;
  };

  let indexes = 0;
  const answers = new Map<string, unknown>();
  const once = <T>(question: readonly string[], answer: () => T): T => {
    const key = question.join(" ");
    if (!answers.has(key)) answers.set(key, answer());
    return answers.get(key) as T;
  };

  const store: GitStore = {
    directory,
    commit({ parents, files, message = "change", author }) {
      const who = `${author.name} <${author.email}> ${Math.floor(Date.parse(author.date) / 1000)} +0000`;
      const parts: (string | Buffer)[] = ["commit refs/loopback/new\n", `author ${who}\ncommitter ${who}\n`];
      parts.push(`data ${Buffer.byteLength(message)}\n${message}\n`);
      const [first, ...others] = parents;
      if (first) parts.push(`from ${first}\n`);
      for (const parent of others) parts.push(`merge ${parent}\n`);
      for (const [path, change] of Object.entries(files)) {
        const name = JSON.stringify(path);
        if (change === null) parts.push(`D ${name}\n`);
        else if (typeof change === "object" && !Buffer.isBuffer(change) && change.mode === "160000")
          parts.push(`M 160000 ${change.data} ${name}\n`);
        else {
          const plain = typeof change === "string" || Buffer.isBuffer(change);
          const data = Buffer.from(plain ? change : change.data);
          parts.push(`M ${plain ? "100644" : change.mode} inline ${name}\ndata ${data.length}\n`, data, "\n");
        }
      }
      run(["update-ref", "-d", "refs/loopback/new"]);
      run(["fast-import", "--quiet", "--force"], Buffer.concat(parts.map((part) => Buffer.from(part as string))));
      return text(["rev-parse", "refs/loopback/new"]);
    },
    commitTree(tree, parents, message, author, committer = author) {
      const date = ({ date }: GitPerson) => `${Math.floor(Date.parse(date) / 1000)} +0000`;
      return run(["commit-tree", tree, ...parents.flatMap((parent) => ["-p", parent]), "-F", "-"], message, {
        GIT_AUTHOR_NAME: author.name,
        GIT_AUTHOR_EMAIL: author.email,
        GIT_AUTHOR_DATE: date(author),
        GIT_COMMITTER_NAME: committer.name,
        GIT_COMMITTER_EMAIL: committer.email,
        GIT_COMMITTER_DATE: date(committer),
      })
        .toString()
        .trim();
    },
    writeTree(base, files) {
      const index = { GIT_INDEX_FILE: join(directory, `index-${++indexes}`) };
      const rows = [...files].map(([path, content]) => {
        const id = run(["hash-object", "-w", "--stdin"], content).toString().trim();
        return `100644 ${id}\t${path}`;
      });
      run(base === null ? ["read-tree", "--empty"] : ["read-tree", base], "", index);
      run(["update-index", "--add", "--index-info"], `${rows.join("\n")}\n`, index);
      const tree = run(["write-tree"], "", index).toString().trim();
      rmSync(index.GIT_INDEX_FILE);
      return tree;
    },
    read(sha) {
      const known = commits.get(sha);
      if (known) return known;
      const commit = parsed(sha, bytesOf(sha, "commit").toString("utf8"));
      commits.set(sha, commit);
      return commit;
    },
    tree(sha, recursive) {
      const key = `${sha} ${recursive}`;
      const known = trees.get(key);
      if (known) return known;
      const rows = recursive
        ? run(["ls-tree", "-z", "-l", "-r", "-t", sha]).toString("utf8").split("\0").filter(Boolean).map(rowOf)
        : rowsOf(bytesOf(object(sha)?.type === "commit" ? store.read(sha).tree : sha, "tree"), sha.length / 2);
      trees.set(key, rows);
      return rows;
    },
    blob: (sha) => bytesOf(sha, "blob"),
    type: (sha) => object(sha)?.type ?? null,
    preload(ids) {
      const missing = ids.filter((id) => /^[0-9a-f]{40,64}$/.test(id) && !objects.has(id));
      if (missing.length === 0) return;
      const output = run(["cat-file", "--batch"], missing.map((id) => `${id}\n`).join(""));
      for (const found of batched(output)) objects.set(found.id, found);
    },
    entry(commit, path) {
      let tree = store.read(commit).tree;
      const parts = path.split("/");
      for (const [depth, part] of parts.entries()) {
        const row = store.tree(tree, false).find((one) => one.path === part);
        if (!row) return null;
        if (depth === parts.length - 1) return { ...row, path };
        if (row.type !== "tree") return null;
        tree = row.sha;
      }
      return null;
    },
    mergeBase: (a, b) =>
      once(["merge-base", a, b], () => {
        const result = attempt(["merge-base", a, b]);
        return result.status === 0 ? result.stdout.toString().trim() : null;
      }),
    isAncestor: (ancestor, descendant) => attempt(["merge-base", "--is-ancestor", ancestor, descendant]).status === 0,
    between: (base, head) =>
      once(["rev-list", base, head], () =>
        text(["rev-list", "--reverse", "--topo-order", head, `^${base}`])
          .split("\n")
          .filter(Boolean),
      ),
    mergeTree(ours, theirs) {
      const result = attempt(["merge-tree", "--write-tree", ours, theirs]);
      return result.status === 0 ? (result.stdout.toString().split("\n")[0] ?? null) : null;
    },
    changedFiles: (from, to) =>
      once(["diff-tree", from, to], () => {
        const args = ["diff-tree", "-r", "-z", "-M", "--raw", "--no-abbrev", from, to];
        return changed(run(args).toString("utf8").split("\0"));
      }),
    touched(ids) {
      if (ids.length === 0) return new Map();
      const args = ["diff-tree", "--stdin", "-r", "-z", "--name-status", "--root", "--diff-merges=first-parent"];
      return touchedPaths(
        run(args, `${ids.join("\n")}\n`)
          .toString("utf8")
          .split("\0"),
      );
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
  return store;
}

interface StoredObject {
  readonly id: string;
  readonly type: string;
  readonly bytes: Buffer;
}

/** What `git cat-file --batch` wrote; objects that are missing are left out. */
function batched(output: Buffer): StoredObject[] {
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

function rowsOf(bytes: Buffer, idLength: number): TreeRow[] {
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

function rowOf(row: string): TreeRow {
  const [meta = "", path = ""] = row.split("\t");
  const [mode = "", type = "", sha = "", size = ""] = meta.split(/ +/);
  return { path, mode, type: type as TreeRow["type"], sha, ...(size === "-" ? {} : { size: Number(size) }) };
}

function parsed(sha: string, raw: string): StoredCommit {
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
