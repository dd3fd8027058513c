import { readFile } from "node:fs/promises";
import type { ObjectId } from "../core/change-set.ts";
import type { GitObject } from "./object-reader.ts";
import { RepositoryProblem } from "./repository-problem.ts";
import { type GitContext, git, runGit } from "./run-git.ts";

/** What looking up revisions needs of an open repository. */
export interface RevisionContext {
  readonly repository: GitContext;
  /** Whether history ends before its beginning here. */
  readonly shallow: boolean;
  find(expression: string): Promise<GitObject | null>;
}

const ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** The commit that a revision as a person writes it names. */
export async function commitOf(context: RevisionContext, revision: string): Promise<GitObject> {
  const found = await commitAt(context, revision);
  if (found) return found;
  const remedy = context.shallow
    ? "this clone is shallow, so it may only be missing here: fetch it with git fetch --unshallow"
    : "name a branch, a tag or a commit of this repository (git fetch brings those of the remote)";
  throw new RepositoryProblem(`the revision ${JSON.stringify(revision)} is not known; ${remedy}`);
}

/** Asked of a running git, one line, so that no revision can be an option of it. */
async function commitAt(context: RevisionContext, revision: string): Promise<GitObject | null> {
  if (revision === "" || revision.startsWith("-") || /[\0-\x1f\x7f]/.test(revision)) return null;
  return context.find(`${revision}^{commit}`);
}

/** The best common ancestors of two commits, the one git and GitHub choose first. */
export async function mergeBases(
  { repository, shallow }: RevisionContext,
  base: ObjectId,
  head: ObjectId,
): Promise<readonly [ObjectId, ...ObjectId[]]> {
  const result = await runGit(repository, ["merge-base", "--all", base, head]);
  const [first, ...others] = result.stdout
    .toString("latin1")
    .split("\n")
    .filter((line) => ID.test(line));
  if (shallow && (first === undefined || (await isCut(repository, base, head))))
    throw new RepositoryProblem(
      `this clone is shallow: the history between ${base.slice(0, 12)} and ${head.slice(0, 12)} is cut off, so what changed cannot be known; fetch it with: git fetch --unshallow (in actions/checkout: fetch-depth: 0)`,
    );
  if (first === undefined)
    throw new RepositoryProblem(
      `${base.slice(0, 12)} and ${head.slice(0, 12)} have no common history, so there is no merge base to compare with; name the branch that the change was made from with --base REV`,
    );
  return [first, ...others];
}

/** Whether a commit that only one of the two has lost its parents: a nearer common ancestor could hide behind it. */
async function isCut(context: GitContext, base: ObjectId, head: ObjectId): Promise<boolean> {
  const rows = (await git(context, ["rev-list", "--parents", `${base}...${head}`])).toString("latin1").split("\n");
  const orphans = rows.filter((row) => ID.test(row));
  if (orphans.length === 0) return false;
  const path = (await git(context, ["rev-parse", "--path-format=absolute", "--git-path", "shallow"]))
    .toString()
    .replace(/\n$/, "");
  const cut = new Set((await readFile(path, "latin1")).split("\n"));
  return orphans.some((id) => cut.has(id));
}

/** The branch that changes are merged into: the remote's, the configured one, `main`, `master`; null when none exists. */
export async function defaultBranch(context: RevisionContext): Promise<string | null> {
  const configured = (await runGit(context.repository, ["config", "--get", "init.defaultBranch"])).stdout
    .toString()
    .trim();
  const names = [
    "refs/remotes/origin/HEAD",
    ...[configured, "main", "master"].flatMap((name) =>
      name ? [`refs/heads/${name}`, `refs/remotes/origin/${name}`] : [],
    ),
  ];
  for (const name of names) if ((await commitAt(context, name)) !== null) return name;
  return null;
}
