import type { Store } from "../../stores/store.ts";
import type { HostedPullRequest } from "../../work/hosting.ts";
import type { PullRequests } from "../pooled-facts.ts";

/**
 * Pull requests with the person behind those that the App opened to take something back: whoever asked for it is its author
 * in all but name, and approves it no more than an author does (security rule S12).
 */
export async function withAskers(
  pulls: PullRequests,
  repository: number,
  store: Pick<Store, "rollbackBy">,
): Promise<PullRequests> {
  const [first, ...others] = pulls;
  const rest: HostedPullRequest[] = [];
  for (const pull of others) rest.push(await withAsker(pull, repository, store));
  return [await withAsker(first, repository, store), ...rest];
}

async function withAsker(
  pull: HostedPullRequest,
  repository: number,
  store: Pick<Store, "rollbackBy">,
): Promise<HostedPullRequest> {
  if (pull.author === null || pull.author.type === "User") return pull;
  const asked = await store.rollbackBy(repository, pull.number);
  if (asked === null) return pull;
  return { ...pull, assignees: [...pull.assignees, { login: asked.person, type: "User" }] };
}
