import { GraphQLError } from "graphql";
import { actorOf, connection, gitObject, NOT_FOUND, refOf, type Slice } from "./graphql-objects.ts";
import { pullRequest, stateOf } from "./graphql-pull-request.ts";
import { queueNode } from "./graphql-queue.ts";
import { commitOf } from "./routes-git.ts";
import type { Repository, World } from "./world.ts";

interface PullRequestsAsked {
  readonly states?: readonly string[];
  readonly baseRefName?: string | null;
  readonly headRefName?: string | null;
  readonly orderBy?: { readonly direction: string } | null;
}

/** A repository. */
export function repositoryNode(world: World, repository: Repository): unknown {
  const object = ({ oid, expression }: { oid?: string; expression?: string }) => {
    if (oid) return gitObject(world, repository, oid);
    const [revision = "", path] = (expression ?? "").split(/:(.*)/s);
    const sha = commitOf(repository, revision);
    if (!sha || path === undefined) return gitObject(world, repository, sha);
    const entry = path === "" ? { sha: repository.store.read(sha).tree } : repository.store.entry(sha, path);
    return gitObject(world, repository, entry?.sha ?? null);
  };
  return {
    __typename: "Repository",
    id: `R_${repository.id}`,
    databaseId: repository.id,
    name: repository.name,
    nameWithOwner: `${repository.owner.login}/${repository.name}`,
    isPrivate: repository.private,
    isArchived: repository.archived,
    owner: actorOf(repository.owner),
    defaultBranchRef: refOf(world, repository, `refs/heads/${repository.defaultBranch}`),
    ref: ({ qualifiedName }: { qualifiedName: string }) => refOf(world, repository, qualifiedName),
    object,
    mergeQueue: ({ branch }: { branch?: string }) => queueNode(world, repository, branch ?? repository.defaultBranch),
    pullRequest: ({ number }: { number: number }) => {
      const pull = repository.pulls.get(number);
      if (!pull) throw new GraphQLError(`Could not resolve to a PullRequest with the number of ${number}.`, NOT_FOUND);
      return pullRequest(world, repository, pull);
    },
    pullRequests: ({ states, baseRefName, headRefName, orderBy, ...slice }: Slice & PullRequestsAsked) => {
      const pulls = [...repository.pulls.values()]
        .filter((pull) => states?.includes(stateOf(pull)) ?? true)
        .filter(({ base }) => (baseRefName ?? base.ref) === base.ref)
        .filter(({ head }) => (headRefName ?? head.ref) === head.ref);
      if (orderBy?.direction === "DESC") pulls.reverse();
      return connection(
        pulls.map((pull) => pullRequest(world, repository, pull)),
        slice,
      );
    },
  };
}
