import { advance, dequeue, dropFailed, enqueue, entryOf } from "./merge-queue.ts";
import type { LoopbackGitHub } from "./server.ts";
import { stageOf } from "./stage.ts";
import type { MergeQueue, PullRequest, QueueEntry, Repository } from "./world.ts";

/** What people and time do to merge queues, without asking whether GitHub would allow it. */
export interface QueueActs {
  enqueue(repository: Repository, pull: PullRequest, by: string, jump?: boolean): QueueEntry;
  dequeue(repository: Repository, pull: PullRequest, by: string): void;
  /** The wait for the least number of entries is over. */
  waited(repository: Repository, branch: string): void;
  /** The checks of a pull request's group did not come in time. */
  timeOut(repository: Repository, pull: PullRequest): void;
  queue(repository: Repository, branch: string): MergeQueue | null;
}

/** Acts on merge queues of a loopback GitHub. */
export function queueActs(github: LoopbackGitHub): QueueActs {
  const stage = stageOf(github);
  const { world } = stage;
  return {
    enqueue: (repository, pull, by, jump) => enqueue(stage, repository, pull, world.user(by), jump),
    dequeue: (repository, pull, by) => dequeue(stage, repository, pull, world.user(by), "MANUAL"),
    waited(repository, branch) {
      const queue = repository.queues.get(branch);
      if (queue) queue.waited = true;
      advance(stage, repository, branch);
    },
    timeOut(repository, pull) {
      const found = entryOf(repository, pull);
      if (!found) throw new Error(`pull request ${pull.number} is in no queue`);
      dropFailed(stage, repository, found.queue, found.entry, "CI_TIMEOUT");
      advance(stage, repository, found.queue.branch);
    },
    queue: (repository, branch) => repository.queues.get(branch) ?? null,
  };
}
