import { copyFile, lstat, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { ObjectId } from "../core/change-set.ts";
import { RepositoryProblem } from "./repository-problem.ts";
import { failed, type GitContext, git, runGit } from "./run-git.ts";

/** What is not committed yet, as a tree that only a temporary folder holds. */
export interface Snapshot {
  readonly tree: ObjectId;
  /** The context that sees the repository's objects and the snapshot's. */
  readonly context: GitContext;
  remove(): Promise<void>;
}

/**
 * Writes the index, or the working tree with everything that is not ignored, as a tree into a temporary object folder.
 * git's own plumbing does it, so that line ends, links, modes and submodules come out as a commit would have them; the
 * repository, its index and its objects stay untouched. Filters are not run: they are programs.
 */
export async function snapshot(repository: GitContext, kind: "index" | "worktree"): Promise<Snapshot> {
  const folder = await mkdtemp(join(tmpdir(), "countersign-"));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const path = async (name: string) =>
      (await git(repository, ["rev-parse", "--path-format=absolute", "--git-path", name]))
        .toString()
        .replace(/\n$/, "");
    const own = join(folder, "objects");
    await mkdir(own);
    const top = (await git(repository, ["rev-parse", "--show-toplevel"])).toString().replace(/\n$/, "");
    const index = join(folder, "index");
    await copyFile(repository.index ?? (await path("index")), index).catch((fault: NodeJS.ErrnoException) => {
      if (fault.code !== "ENOENT") throw fault; // no index: nothing was ever added
    });
    const context: GitContext = {
      directory: top,
      index,
      objects: { own, borrowed: quoted(await path("objects")) },
      settings: await disabledFilters(repository),
    };
    if (kind === "worktree") await addEverything(context);
    return { tree: await writeTree(context), context, remove };
  } catch (fault) {
    await remove();
    throw fault;
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
