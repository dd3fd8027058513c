import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ancestry, onlyMergeBase, straightBetween } from "./commit-walk.ts";
import { batched, parsed, rowOf, rowsOf } from "./git-forms.ts";
import { type ChangedFile, changed, type TouchedPaths, touchedPaths } from "./git-output.ts";
import { identity, importedCommit } from "./imported-commit.ts";
import { looseObjects, type StoredObject } from "./loose-objects.ts";
import { changedBetween, touchedBetween } from "./tree-changes.ts";
import { editedTree, type FileChange } from "./tree-edit.ts";

/** What one commit changes. */
export type FileChanges = Readonly<Record<string, FileChange>>;

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
  changedFiles(from: string, to: string): readonly ChangedFile[];
  /** The paths that each of these commits changed, against its first parent; a rename is a removal and an addition. */
  touched(commits: readonly string[]): ReadonlyMap<string, TouchedPaths>;
  remove(): void;
}

/** What `git init --bare` writes of the formats. */
const CONFIG = {
  sha1: "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n",
  sha256:
    "[core]\n\trepositoryformatversion = 1\n\tfilemode = true\n\tbare = true\n[extensions]\n\tobjectformat = sha256\n",
} as const;

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
  for (const folder of ["objects", "refs"]) mkdirSync(join(directory, folder));
  writeFileSync(join(directory, "HEAD"), "ref: refs/heads/main\n");
  writeFileSync(join(directory, "config"), CONFIG[format]);
  const commits = new Map<string, StoredCommit>();
  const trees = new Map<string, readonly TreeRow[]>();
  // An object never changes, and a program that is started for each look takes most of the time.
  const objects = new Map<string, StoredObject>();
  const loose = looseObjects(directory, format);
  const object = (sha: string): StoredObject | null => {
    store.preload([sha]);
    return objects.get(sha) ?? null;
  };
  const bytesOf = (sha: string, type: string): Buffer => {
    const found = object(sha);
    if (found?.type !== type) throw new Error(`${sha} is no ${type}`);
    return found.bytes;
  };

  const writing = {
    tree: (sha: string) => bytesOf(sha, "tree"),
    write(type: string, bytes: Buffer) {
      const made = loose.write(type, bytes);
      objects.set(made.id, made);
      return made;
    },
  };
  const treeOf = (sha: string) => (object(sha)?.type === "commit" ? store.read(sha).tree : sha);
  const rowsIn = (tree: string) => store.tree(tree, false);
  const touchedBy = (id: string): TouchedPaths => {
    const [first] = store.read(id).parents;
    return touchedBetween(rowsIn, first === undefined ? null : treeOf(first), treeOf(id));
  };
  // What is in a pack is found by git itself, which then answers the whole question.
  const near = (sha: string) => objects.get(sha) ?? loose.read(sha);
  const walk = { parents: (sha: string) => (near(sha)?.type === "commit" ? store.read(sha).parents : undefined) };
  const answers = new Map<string, unknown>();
  const once = <T>(question: readonly string[], answer: () => T): T => {
    const key = question.join(" ");
    if (!answers.has(key)) answers.set(key, answer());
    return answers.get(key) as T;
  };

  const store: GitStore = {
    directory,
    commit({ parents, files, message = "change", author }) {
      const changes = Object.entries(files);
      if (changes.length > IMPORTED) return importedCommit(run, { parents, files, message, author });
      const [first] = parents;
      const tree = editedTree(writing, first ? store.read(first).tree : null, changes);
      const above = parents.map((parent) => `parent ${parent}\n`).join("");
      const who = identity(author);
      const raw = `tree ${tree}\n${above}author ${who}\ncommitter ${who}\n\n${message}`;
      return writing.write("commit", Buffer.from(raw)).id;
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
    writeTree: (base, files) => editedTree(writing, base === null ? null : treeOf(base), files),
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
        : rowsOf(bytesOf(treeOf(sha), "tree"), sha.length / 2);
      trees.set(key, rows);
      return rows;
    },
    blob: (sha) => bytesOf(sha, "blob"),
    type: (sha) => object(sha)?.type ?? null,
    preload(ids) {
      const asked = ids.filter((id) => /^[0-9a-f]{40,64}$/.test(id) && !objects.has(id));
      for (const found of asked.map(loose.read)) if (found) objects.set(found.id, found);
      const missing = asked.filter((id) => !objects.has(id));
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
        const only = onlyMergeBase(walk, a, b);
        if (only !== null) return only === "none" ? null : only;
        const result = attempt(["merge-base", a, b]);
        return result.status === 0 ? result.stdout.toString().trim() : null;
      }),
    isAncestor: (ancestor, descendant) =>
      ancestry(walk, descendant)?.has(ancestor) ??
      attempt(["merge-base", "--is-ancestor", ancestor, descendant]).status === 0,
    between: (base, head) =>
      once(
        ["rev-list", base, head],
        () =>
          straightBetween(walk, base, head) ??
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
        const plain = changedBetween(rowsIn, treeOf(from), treeOf(to));
        if (plain !== null) return plain;
        const args = ["diff-tree", "-r", "-z", "-M", "--raw", "--no-abbrev", from, to];
        return changed(run(args).toString("utf8").split("\0"));
      }),
    touched(ids) {
      if (ids.every((id) => near(id) !== null)) return new Map(ids.map((id) => [id, touchedBy(id)] as const));
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

/** Commits with more files are left to git, which packs them. */
const IMPORTED = 200;
