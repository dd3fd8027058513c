import type { Store } from "../stores/store.ts";
import type { HostedPullRequest, HostedRepository } from "../work/hosting.ts";

/**
 * All open pull requests with the head and base branch of one, itself included, the lowest number first: they share one
 * decision (security rule S02). Only those that were seen before can be found, the others find this one.
 */
export async function sameHead(
  repository: HostedRepository,
  pull: HostedPullRequest,
  store: Pick<Store, "headsAt">,
): Promise<readonly [HostedPullRequest, ...HostedPullRequest[]]> {
  const known = (await store.headsAt(repository.name.id, pull.head)).filter(
    ({ pullRequest, open, baseRef }) => open && pullRequest !== pull.number && baseRef === pull.base.ref,
  );
  const others: HostedPullRequest[] = [];
  for (const { pullRequest } of known) {
    const other = await repository.pullRequest(pullRequest);
    if (other?.state === "open" && other.head === pull.head && other.base.ref === pull.base.ref) others.push(other);
  }
  const all = [pull, ...others].sort((a, b) => a.number - b.number);
  return all as [HostedPullRequest, ...HostedPullRequest[]];
}
