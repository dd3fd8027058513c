import { z } from "zod";
import { HostingFault } from "../work/hosting-fault.ts";
import type { MergeQueues, QueueEntry } from "../work/merge-queue.ts";
import { lacks } from "./accepted-permissions.ts";
import type { Api } from "./api.ts";
import { branchHead } from "./branch-head.ts";
import { collect, collected, connectionPage } from "./connection-page.ts";

/** What the queue is read with, in a token of its own: not every installation has accepted it. */
export const QUEUE_PERMISSIONS = { merge_queues: "read", pull_requests: "read" } as const;

const DOCUMENT = `query MergeQueue($owner: String!, $name: String!, $branch: String!, $after: String) {
  rateLimit { cost }
  repository(owner: $owner, name: $name) {
    mergeQueue(branch: $branch) {
      entries(first: 100, after: $after) {
        nodes { position headCommit { oid } pullRequest { number } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}`;

/** A pull request that the App may not see is an error beside the entry that names it. */
const MISSING = { pullRequest: ["NOT_FOUND", "FORBIDDEN"] } as const;

const Entry = z.object({
  position: z.int(),
  headCommit: z.object({ oid: z.string() }).nullable(),
  pullRequest: z.object({ number: z.int() }).nullable(),
});
type Entry = z.infer<typeof Entry>;
const Answer = z.object({
  repository: z.object({ mergeQueue: z.object({ entries: connectionPage(Entry) }).nullable() }),
});

/** The merge queues of a job's repository. */
export function mergeQueues(api: Api, queueApi: () => Api): MergeQueues {
  return {
    branchHead: (branch) => branchHead(api, branch),
    async entries(branch) {
      const queue = queueApi();
      if (lacks(await queue.lacking(), "merge_queues", "read")) return null;
      return readEntries(queue, branch).catch(withoutQueues);
    },
  };
}

async function readEntries(api: Api, branch: string): Promise<readonly QueueEntry[] | null> {
  const list = collected<Entry>();
  do {
    const { repository } = await api.graphql(DOCUMENT, { branch, after: list.cursor }, Answer, MISSING);
    if (repository.mergeQueue === null) return null;
    collect(list, repository.mergeQueue.entries, "entries of the merge queue");
  } while (list.cursor !== null);
  return list.items
    .toSorted((a, b) => a.position - b.position)
    .map(({ headCommit, pullRequest }) => ({ number: pullRequest?.number ?? null, head: headCommit?.oid ?? null }));
}

/** A server that knows no such field, or does not show it to Apps, is asked in vain; the groups' names say less, and enough. */
function withoutQueues(fault: unknown): null {
  if (fault instanceof HostingFault && (fault.code === "hosting/refused" || fault.code === "hosting/forbidden"))
    return null;
  throw fault;
}
