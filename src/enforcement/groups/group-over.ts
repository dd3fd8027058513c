import type { Store, StoredGroup } from "../../stores/store.ts";
import type { HostedPullRequest } from "../../work/hosting.ts";

/**
 * The merge group that speaks for the head of a pull request: its own commit, on its way into the same branch. Nothing
 * goes there past the queue, where the pull request would be decided by what it has itself; a stranger who proposes the
 * commit of a group once more must not keep that from landing (security rule S02).
 */
export async function groupOver(
  { head, base }: Pick<HostedPullRequest, "head" | "base">,
  repository: number,
  store: Pick<Store, "groupAt">,
): Promise<StoredGroup | null> {
  const group = await store.groupAt(repository, head);
  return group?.open && group.baseRef === base.ref ? group : null;
}
