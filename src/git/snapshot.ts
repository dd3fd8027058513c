import { mkdtempSync, rmSync } from "node:fs";
import { copyFile, lstat, mkdir, rm, stat, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { ObjectId } from "../core/change-set.ts";
import { RepositoryProblem } from "./repository-problem.ts";
import { endRunning, failed, type GitContext, git, runGit } from "./run-git.ts";

/** A temporary folder for objects that the repository does not hold. */
export interface Scratch {
  /** The context that sees the repository's objects and those of the folder. */
  readonly context: GitContext;
  readonly folder: string;
  remove(): Promise<void>;
}

/** Makes the folder, for the work tree (not a bare repository) that a context lies in. */
export async function scratch(repository: GitContext): Promise<Scratch> {
  const path = async (args: readonly string[]) =>
    (await git(repository, ["rev-parse", ...args])).toString().replace(/\n$/, "");
  const directory = await path(["--show-toplevel"]);
  const borrowed = quoted(await path(["--path-format=absolute", "--git-path", "objects"]));
  const index = repository.index ?? (await path(["--path-format=absolute", "--git-path", "index"]));
  const settings = await disabledFilters(repository);
  // At one go: a signal between making the folder and minding it would leave it behind.
  const folder = mkdtempSync(join(tmpdir(), "countersign-"));
  const own = join(folder, "objects");
  // Whatever ends the program, no content of somebody's working tree stays behind.
  const sweep = () => {
    endRunning();
    // A run that was just ended may finish its last write while the folder is emptied.
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 10 });
  };
  process.once("exit", sweep);
  await mkdir(own);
  const remove = async () => {
    process.off("exit", sweep);
    await rm(folder, { recursive: true, force: true });
  };
  return { folder, remove, context: { directory, index, settings, objects: { own, borrowed } } };
}

/**
 * Writes the index, or the working tree with everything that is not ignored, as a tree into the temporary folder.
 * git's own plumbing does it, so that line ends, links, modes and submodules come out as a commit would have them; the
 * repository, its index and its objects stay untouched. Filters are not run: they are programs.
 */
export async function snapshot({ context, folder }: Scratch, kind: "index" | "worktree"): Promise<ObjectId> {
  const index = join(folder, kind);
  await copyIndex(context.index ?? "", index);
  const copied = { ...context, index };
  if (kind === "worktree") await addEverything(copied);
  return writeTree(copied);
}

/**
 * Copies an index with its age: git looks again at a file that changed no earlier than the index was written, which a
 * younger copy would keep it from.
 */
async function copyIndex(from: string, to: string): Promise<void> {
  try {
    const { mtimeMs } = await stat(from);
    await copyFile(from, to);
    const age = Math.floor(mtimeMs - 1) / 1000;
    await utimes(to, age, age);
  } catch (fault) {
    // No index: nothing was ever added.
    if (!(fault instanceof Error && "code" in fault && fault.code === "ENOENT")) throw fault;
  }
}

function quoted(path: string): string {
  return path.includes(delimiter) || path.startsWith('"') ? `"${path.replace(/[\\"]/g, "\\$&")}"` : path;
}

async function disabledFilters(repository: GitContext): Promise<string[]> {
  const names = (
    await runGit(repository, ["config", "-z", "--name-only", "--get-regexp", "^filter\\."])
  ).stdout.toString();
  return [
    ...new Set(
      names
        .split("\0")
        .filter((name) => name !== "")
        .map((name) => name.slice(0, name.lastIndexOf("."))),
    ),
  ].flatMap((filter) => [`${filter}.clean=`, `${filter}.process=`, `${filter}.required=false`]);
}

async function addEverything(context: GitContext): Promise<void> {
  const changed = await git(context, ["diff-files", "-z", "--name-only", "--ignore-submodules=dirty"]);
  const untracked = await git(context, ["ls-files", "-z", "--others", "--exclude-standard"]);
  const nested = await nestedRepositories(context, untracked);
  const args = ["update-index", "-z", "--add", "--remove", "--stdin"];
  const result = await runGit(context, args, Buffer.concat([changed, nested]));
  if (result.status !== 0) throw failed(args, result.stderr);
}

/** Untracked paths, where a repository inside the repository stands as a submodule would, and is left out without a commit. */
async function nestedRepositories(context: GitContext, untracked: Buffer): Promise<Buffer> {
  const kept: Buffer[] = [];
  for (let at = 0; at < untracked.length; ) {
    const end = untracked.indexOf(0, at);
    const nested = untracked[end - 1] === 47;
    const path = untracked.subarray(at, nested ? end - 1 : end);
    if (!nested || (await hasCommit(context, path))) kept.push(path, Buffer.of(0));
    at = end + 1;
  }
  return Buffer.concat(kept);
}

async function hasCommit(context: GitContext, path: Buffer): Promise<boolean> {
  const full = Buffer.concat([Buffer.from(`${context.directory}/`), path]);
  if (!(await lstat(full)).isDirectory()) return false;
  const directory = full.toString();
  return (await runGit({ directory }, ["rev-parse", "--verify", "--quiet", "HEAD"])).status === 0;
}

async function writeTree(context: GitContext): Promise<ObjectId> {
  const args = ["write-tree", "--missing-ok"];
  const result = await runGit(context, args);
  if (result.status === 0) return result.stdout.toString("latin1").trim();
  if (/unmerged/.test(result.stderr))
    throw new RepositoryProblem(
      "the index holds unmerged files; resolve the conflicts and git add them, or leave --staged out",
    );
  throw failed(args, result.stderr);
}
