import { GraphQLError } from "graphql";
import { grants } from "./access.ts";
import { moveBranch } from "./branches.ts";
import { accountOf } from "./callers.ts";
import { NOT_FOUND } from "./graphql-objects.ts";
import { pullRequest } from "./graphql-pull-request.ts";
import { landedCommits } from "./landing.ts";
import { openPull } from "./opened-pull.ts";
import type { Call } from "./server.ts";
import { gitPerson, type PullRequest, type Repository, reaches, roleOf } from "./world.ts";

/** What `revertPullRequest` takes. */
export interface RevertInput {
  readonly pullRequestId: string;
  readonly title?: string | null;
  readonly body?: string | null;
  readonly draft?: boolean | null;
  readonly clientMutationId?: string | null;
}

const refuse = (message: string) => new GraphQLError(message, { extensions: { type: "UNPROCESSABLE" } });

/** Opens a pull request that takes a merged one back, from a branch of its own, as the button "Revert" does. */
export function reverted(call: Call, input: RevertInput): unknown {
  const { repository, pull } = revertible(call, input.pullRequestId);
  const by = accountOf(call);
  const base = pull.base.ref;
  const tip = repository.refs.get(`refs/heads/${base}`);
  if (pull.merged === null || tip === undefined) throw refuse("Pull request is not merged");
  const tree = treeWithout(repository, pull, tip);
  if (tree === null) throw refuse("Sorry, this pull request couldn’t be reverted automatically.");
  const title = input.title ?? `Revert "${pull.title}"`;
  const { store } = repository;
  const sha = store.commitTree(tree, [tip], title, gitPerson(by, call.world.now()));
  const ref = freeBranch(repository, `revert-${pull.number}-${pull.head.ref}`);
  moveBranch(call, repository, ref, sha, by);
  const body = input.body ?? `Reverts ${repository.owner.login}/${repository.name}#${pull.number}`;
  const opened = openPull(call, repository, by, {
    ...{ title, body, draft: input.draft === true },
    ...{ head: { repository, ref, sha }, base: { ref: base, sha: tip } },
  });
  return {
    clientMutationId: input.clientMutationId ?? null,
    pullRequest: pullRequest(call.world, repository, pull),
    revertPullRequest: pullRequest(call.world, repository, opened),
  };
}

/** The branch's tree without what the pull request brought: a real three-way merge; null where that conflicts. */
function treeWithout(repository: Repository, pull: PullRequest, tip: string): string | null {
  const { store } = repository;
  const landed = landedCommits(repository, pull);
  const [before] = store.read(landed.at(-1) ?? "").parents;
  if (pull.merged === null || before === undefined) return null;
  const root = (commit: string, parents: readonly string[]) =>
    store.commitTree(store.read(commit).tree, parents, "trial", gitPerson(repository.owner, "2026-01-01T00:00:00Z"));
  const start = root(pull.merged.sha, []);
  return store.mergeTree(root(tip, [start]), root(before, [start]));
}

function freeBranch({ refs }: Repository, wanted: string): string {
  for (let count = 0; ; count += 1) {
    const name = count === 0 ? wanted : `${wanted}-${count}`;
    if (!refs.has(`refs/heads/${name}`)) return name;
  }
}

function revertible({ world, actor }: Call, id: string): { repository: Repository; pull: PullRequest } {
  for (const repository of world.repositories)
    for (const pull of repository.pulls.values()) {
      if (`PR_${pull.id}` !== id) continue;
      const may =
        actor.kind === "user"
          ? reaches(roleOf(repository, actor.account.login), "write")
          : actor.kind === "installation" &&
            grants(actor.permissions, "contents", "write") &&
            grants(actor.permissions, "pull_requests", "write");
      if (!may) throw new GraphQLError("Resource not accessible by integration", { extensions: { type: "FORBIDDEN" } });
      return { repository, pull };
    }
  throw new GraphQLError(`Could not resolve to a node with the global id of '${id}'`, NOT_FOUND);
}
