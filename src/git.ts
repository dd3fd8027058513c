import { type Change, type ChangeSet, type Entry, type ObjectId, SUBMODULE } from "./core/change-set.ts";
import type { Landing } from "./core/simulation.ts";
import { changedPaths, TREE_DIFF } from "./git/changed-paths.ts";
import { type History, landings } from "./git/landing.ts";
import { type ObjectReader, objectReader } from "./git/object-reader.ts";
import { parseRawDiff } from "./git/raw-diff.ts";
import { GitFault, RepositoryProblem } from "./git/repository-problem.ts";
import { commitOf, defaultBranch, mergeBases, type RevisionContext } from "./git/revision.ts";
import { type GitContext, git, runGit } from "./git/run-git.ts";
import { type Scratch, scratch, snapshot } from "./git/snapshot.ts";
import { entriesIn } from "./git/tree-folder.ts";
import { entryAt } from "./git/tree-path.ts";
import { type Commit, parseCommit } from "./objects/commit-object.ts";
import { completeChanges } from "./objects/complete-changes.ts";

/**
 * A local repository, read through git's plumbing; bare ones too. Nothing of it is run, written or fetched. Where a
 * revision is asked for, `index` and `worktree` stand for what is not committed yet.
 */
export interface Repository {
  /** The full id of the commit a revision names; throws `RepositoryProblem` when there is none. */
  commitId(revision: string): Promise<ObjectId>;
  /** The full name of the branch changes are merged into; null when none is known. */
  defaultBranch(): Promise<string | null>;
  readonly bare: boolean;
  /** The commit that a change set is compared with. */
  mergeBase(range: { readonly base: string; readonly head: string }): Promise<ObjectId>;
  changeSet(range: { readonly base: string; readonly head: string }): Promise<ChangeSet>;
  load(entries: readonly Entry[]): AsyncGenerator<readonly [ObjectId, Uint8Array]>;
  blobAt(revision: string, path: string): Promise<{ readonly entry: Entry; readonly bytes: Uint8Array } | null>;
  /** What lies directly in a folder (`""`: the root) at a revision, folders included. */
  entriesIn(revision: string, folder: string): Promise<readonly Entry[]>;
  /** The commits that `head` has and `base` has not, newest first. */
  commitsBetween(base: string, head: string): Promise<readonly Commit[]>;
  /** The paths whose content each commit itself decided. */
  changedPaths(commits: readonly Pick<Commit, "id" | "parents">[]): Promise<ReadonlyMap<ObjectId, readonly string[]>>;
  /** What landed on a branch, newest first. */
  landings(history: History): Promise<readonly Landing[]>;
  /** Ends git and removes what was put into temporary folders. */
  close(): Promise<void>;
}

/** What one open repository keeps. */
interface Open extends RevisionContext {
  readonly bare: boolean;
  context: GitContext;
  reader: ObjectReader;
  scratch: Scratch | null;
  readonly pending: Map<"index" | "worktree", ObjectId>;
  /** The trees of commits by full id. */
  readonly trees: Map<ObjectId, ObjectId>;
  readonly mergeBases: Map<string, readonly [ObjectId, ...ObjectId[]]>;
}

/** Opens the repository that a folder lies in; `index` names another index file than its own. */
export async function openRepository(directory: string, index?: string): Promise<Repository> {
  const repository: GitContext = { directory, ...(index === undefined ? {} : { index }) };
  const open: Open = {
    ...(await kindOf(repository)),
    repository,
    context: repository,
    reader: objectReader(repository),
    find: (expression) => open.reader.find(expression),
    scratch: null,
    pending: new Map(),
    trees: new Map(),
    mergeBases: new Map(),
  };
  return {
    bare: open.bare,
    commitId: (revision) => commitId(open, revision),
    defaultBranch: () => defaultBranch(open),
    mergeBase: async ({ base, head }) => (await ends(open, base, head)).mergeBases[0],
    changeSet: ({ base, head }) => changeSet(open, base, head),
    load: (entries) => load(open, entries),
    blobAt: (revision, path) => blobAt(open, revision, path),
    entriesIn: async (revision, folder) => {
      const tree = await treeOf(open, revision);
      return entriesIn(open.reader, tree, folder);
    },
    commitsBetween: (base, head) => commitsBetween(open, base, head),
    changedPaths: (commits) => changedPaths(repository, commits),
    landings: (history) => landings(open, history),
    async close() {
      await open.reader.close();
      await open.scratch?.remove();
    },
  };
}

async function kindOf(context: GitContext): Promise<{ bare: boolean; shallow: boolean }> {
  const args = ["rev-parse", "--is-bare-repository", "--is-shallow-repository"];
  const { status, stdout, stderr } = await runGit(context, args);
  const [bare, shallow] = stdout.toString().split("\n");
  if (status === 0) return { bare: bare === "true", shallow: shallow === "true" };
  const words = stderr.trim().split("\n");
  if (/dubious ownership/.test(stderr))
    throw new RepositoryProblem(`${words[0]}; if you trust it: git config --global --add safe.directory <that folder>`);
  throw new RepositoryProblem(`${context.directory} is not a git repository (${words[0]}); name one with --repo DIR`);
}

async function commitId(open: Open, revision: string): Promise<ObjectId> {
  if (open.trees.has(revision)) return revision;
  const { id, bytes } = await commitOf(open, revision);
  open.trees.set(id, parseCommit(id, bytes).tree);
  return id;
}

async function treeOf(open: Open, revision: string): Promise<ObjectId> {
  if (revision === "index" || revision === "worktree") return pendingTree(open, revision);
  return open.trees.get(await commitId(open, revision)) as ObjectId;
}

async function pendingTree(open: Open, kind: "index" | "worktree"): Promise<ObjectId> {
  const known = open.pending.get(kind);
  if (known !== undefined) return known;
  if (open.bare)
    throw new RepositoryProblem(
      "a bare repository has no working tree and no index; name what is to be merged with --head REV",
    );
  if (!open.scratch) {
    open.scratch = await scratch(open.repository);
    await open.reader.close();
    open.context = open.scratch.context;
    open.reader = objectReader(open.context);
  }
  const tree = await snapshot(open.scratch, kind);
  open.pending.set(kind, tree);
  return tree;
}

/** Both ends of a range and their merge bases; what is not committed yet stands on HEAD. */
async function ends(open: Open, base: string, head: string) {
  const pending = head === "index" || head === "worktree" ? head : null;
  const baseId = await commitId(open, base);
  const headId = await commitId(open, pending ? "HEAD" : head);
  const key = `${baseId} ${headId}`;
  const found = open.mergeBases.get(key) ?? (await mergeBases(open, baseId, headId));
  open.mergeBases.set(key, found);
  return { pending, base: baseId, head: headId, mergeBases: found };
}

async function changeSet(open: Open, base: string, head: string): Promise<ChangeSet> {
  const range = await ends(open, base, head);
  const tree = await treeOf(open, range.pending ?? range.head);
  const [mergeBase, ...others] = range.mergeBases;
  const first = await treeDiff(open, mergeBase, tree);
  const further = [];
  for (const other of others)
    further.push({ fromOther: await treeDiff(open, other, tree), fromBase: await treeDiff(open, range.base, tree) });
  return { base: mergeBase, head: range.pending ?? range.head, changes: completeChanges(first, further) };
}

async function treeDiff(open: Open, from: ObjectId, to: ObjectId): Promise<readonly Change[]> {
  return parseRawDiff(await git(open.context, ["diff-tree", ...TREE_DIFF, from, to]));
}

async function* load(open: Open, entries: readonly Entry[]): AsyncGenerator<readonly [ObjectId, Uint8Array]> {
  const ids = new Set(entries.filter((entry) => entry.mode !== SUBMODULE).map((entry) => entry.id));
  for await (const { id, type, bytes } of open.reader.objects([...ids])) {
    if (type !== "blob") throw new GitFault(`the object ${id} is a ${type}; expected a file's content`);
    yield [id, bytes];
  }
}

async function blobAt(open: Open, revision: string, path: string) {
  const tree = await treeOf(open, revision);
  const entry = await entryAt(open.reader, tree, path);
  if (!entry || entry.mode === SUBMODULE || entry.mode === "040000") return null;
  for await (const [, bytes] of load(open, [entry])) return { entry, bytes };
  return null;
}

async function commitsBetween(open: Open, base: string, head: string): Promise<readonly Commit[]> {
  const [from, to] = [await commitId(open, base), await commitId(open, head)];
  const ids = (await git(open.repository, ["rev-list", "--topo-order", to, "--not", from]))
    .toString("latin1")
    .split("\n")
    .filter(Boolean);
  const commits: Commit[] = [];
  for await (const { id, bytes } of open.reader.objects(ids)) commits.push(parseCommit(id, bytes));
  return commits;
}
