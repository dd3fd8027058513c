import { GraphQLError } from "graphql";
import { grants } from "./access.ts";
import { accountOf } from "./callers.ts";
import { actorOf, commit, connection, NOT_FOUND, type Slice } from "./graphql-objects.ts";
import { pullRequest } from "./graphql-pull-request.ts";
import { dequeue, enqueue, entryOf, entryState } from "./merge-queue.ts";
import { queueRuleOf } from "./rules.ts";
import type { Call } from "./server.ts";
import { mergeViolations } from "./violations.ts";
import type { MergeQueue, PullRequest, QueueEntry, Repository, World } from "./world.ts";
import { reaches, roleOf } from "./world.ts";

const STATES = { queued: "QUEUED", waiting: "AWAITING_CHECKS", green: "MERGEABLE", red: "UNMERGEABLE" } as const;

/** The merge queue of a branch; null where its rules ask for none. */
export function queueNode(world: World, repository: Repository, branch: string): unknown {
  const rule = queueRuleOf(world, repository, branch);
  if (!rule) return null;
  const queue = repository.queues.get(branch);
  return {
    __typename: "MergeQueue",
    id: `MQ_${repository.id}_${branch}`,
    configuration: {
      checkResponseTimeout: rule.check_response_timeout_minutes,
      maximumEntriesToBuild: rule.max_entries_to_build,
      maximumEntriesToMerge: rule.max_entries_to_merge,
      mergeMethod: rule.merge_method,
      mergingStrategy: rule.grouping_strategy,
      minimumEntriesToMerge: rule.min_entries_to_merge,
      minimumEntriesToMergeWaitTime: rule.min_entries_to_merge_wait_minutes,
    },
    entries: (slice: Slice) =>
      connection(queue?.entries.map((entry) => entryNode(world, repository, queue, entry)) ?? [], slice),
    nextEntryEstimatedTimeToMerge: null,
    repository: { __typename: "Repository", id: `R_${repository.id}`, databaseId: repository.id },
    resourcePath: `/${repository.owner.login}/${repository.name}/queue/${branch}`,
    url: `https://github.example/${repository.owner.login}/${repository.name}/queue/${branch}`,
  };
}

/** An entry of a merge queue; positions begin with 1. */
export function entryNode(world: World, repository: Repository, queue: MergeQueue, entry: QueueEntry): unknown {
  const { group } = entry;
  return {
    __typename: "MergeQueueEntry",
    id: `MQE_${entry.id}`,
    position: queue.entries.indexOf(entry) + 1,
    state: STATES[entryState({ world }, repository, queue, entry)],
    enqueuedAt: entry.enqueuedAt,
    enqueuer: actorOf(entry.enqueuer),
    estimatedTimeToMerge: null,
    jump: entry.jump,
    solo: false,
    baseCommit: group ? () => commit(world, repository, group.baseSha) : null,
    headCommit: group ? () => commit(world, repository, group.headSha) : null,
    mergeQueue: () => queueNode(world, repository, queue.branch),
    pullRequest: () => pullRequest(world, repository, entry.pull),
  };
}

/** What `enqueuePullRequest` takes. */
export interface EnqueueInput {
  readonly pullRequestId: string;
  readonly expectedHeadOid?: string | null;
  readonly jump?: boolean | null;
  readonly clientMutationId?: string | null;
}

/** What `dequeuePullRequest` takes: the pull request's id. */
export interface DequeueInput {
  readonly id: string;
  readonly clientMutationId?: string | null;
}

/** Puts a pull request into its base's queue, where all but the queue itself is met. */
export function enqueued(call: Call, input: EnqueueInput): unknown {
  const { repository, pull } = writable(call, input.pullRequestId);
  const refuse = (message: string) => new GraphQLError(message, { extensions: { type: "UNPROCESSABLE" } });
  if (pull.state !== "open" || pull.draft) throw refuse("Pull request is not open");
  if (!queueRuleOf(call.world, repository, pull.base.ref)) throw refuse("The branch has no merge queue");
  if (entryOf(repository, pull)) throw refuse("Pull request is already in the queue");
  if ((input.expectedHeadOid ?? pull.head.sha) !== pull.head.sha)
    throw refuse("Head commit does not match expectedHeadOid");
  // Its head need not be up to date: the queue builds it onto the base.
  const [broken] = mergeViolations(call.world, repository, pull).filter(
    ({ rule, message }) =>
      rule.type !== "merge_queue" && rule.enforcement === "active" && message !== "Head branch is out of date.",
  );
  if (broken) throw refuse(broken.message);
  const entry = enqueue(call, repository, pull, accountOf(call), input.jump === true);
  const queue = repository.queues.get(pull.base.ref);
  return {
    clientMutationId: input.clientMutationId ?? null,
    mergeQueueEntry: queue?.entries.includes(entry) ? entryNode(call.world, repository, queue, entry) : null,
  };
}

/** Takes a pull request out of its queue. */
export function dequeued(call: Call, input: DequeueInput): unknown {
  const { repository, pull } = writable(call, input.id);
  const found = entryOf(repository, pull);
  if (!found) throw new GraphQLError("Pull request is not in the queue", { extensions: { type: "UNPROCESSABLE" } });
  const mergeQueueEntry = entryNode(call.world, repository, found.queue, found.entry);
  dequeue(call, repository, pull, accountOf(call), "MANUAL");
  return { clientMutationId: input.clientMutationId ?? null, mergeQueueEntry };
}

function writable({ world, actor }: Call, id: string): { repository: Repository; pull: PullRequest } {
  for (const repository of world.repositories)
    for (const pull of repository.pulls.values()) {
      if (`PR_${pull.id}` !== id) continue;
      const may =
        actor.kind === "user"
          ? reaches(roleOf(repository, actor.account.login), "write")
          : actor.kind === "installation" && grants(actor.permissions, "merge_queues", "write");
      if (!may) throw new GraphQLError("Resource not accessible", { extensions: { type: "FORBIDDEN" } });
      return { repository, pull };
    }
  throw new GraphQLError(`Could not resolve to a node with the global id of '${id}'`, NOT_FOUND);
}
