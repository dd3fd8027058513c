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
