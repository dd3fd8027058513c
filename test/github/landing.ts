import type { GitPerson } from "./git-store.ts";
import { type Account, gitPerson, type PullRequest, type Repository } from "./world.ts";

/** Ways to merge, by the API's names. */
export type MergeMethod = "merge" | "squash" | "rebase";

/** Makes the commits that put a pull request onto a tip; the last of them, or null where they conflict. */
export function landing(
  repository: Repository,
  tip: string,
  pull: PullRequest,
  method: MergeMethod,
  by: Account,
  at: string,
): string | null {
  const { store } = repository;
  // Commits that GitHub makes are committed by itself; "rebase and merge will always create new commit SHAs".
  const committer = { name: "GitHub", email: "noreply@github.com", date: at };
  if (method === "rebase") return rebased(repository, tip, pull, committer);
  const tree = store.mergeTree(tip, pull.head.sha);
  if (tree === null) return null;
  const author = gitPerson(by, at);
  if (method === "squash") return store.commitTree(tree, [tip], `${pull.title} (#${pull.number})`, author, committer);
  return store.commitTree(
    tree,
    [tip, pull.head.sha],
    `Merge pull request #${pull.number} from ${pull.head.ref}`,
    author,
    committer,
  );
}

function rebased({ store }: Repository, tip: string, pull: PullRequest, committer: GitPerson): string | null {
  let parent = tip;
  for (const commit of store.between(tip, pull.head.sha)) {
    const next = store.mergeTree(parent, commit);
    if (next === null) return null;
    const original = store.read(commit);
    parent = store.commitTree(next, [parent], original.message, original.author, committer);
  }
  return parent;
}

/** The commits that a merged pull request brought into its base: of a rebase as many as it has, else one. */
export function landedCommits({ store }: Repository, { merged, head }: PullRequest): readonly string[] {
  if (!merged) return [];
  const { parents, message } = store.read(merged.sha);
  const own = store.read(head.sha);
  if (parents.length !== 1 || message !== own.message || merged.sha === head.sha) return [merged.sha];
  const landed = [merged.sha];
  let [theirs, ours] = [own.parents[0], parents[0]];
  while (theirs !== undefined && ours !== undefined && theirs !== ours) {
    const [one, other] = [store.read(theirs), store.read(ours)];
    if (one.message !== other.message || one.parents.length !== 1) break;
    landed.push(ours);
    [theirs, ours] = [one.parents[0], other.parents[0]];
  }
  return landed;
}
