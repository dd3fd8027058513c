import type { ObjectId } from "../core/change-set.ts";

/** An entry of a merge queue. */
export interface QueueEntry {
  /** The pull request's number; null for one that the App is not shown. */
  readonly number: number | null;
  /** The head of its group, which holds it and every entry before it; null while none is built. */
  readonly head: ObjectId | null;
}

/** The merge queues of one repository. */
export interface MergeQueues {
  /** Where a branch stands, which is how a group that is gone is known; null where there is none. */
  branchHead(branch: string): Promise<ObjectId | null>;
  /** Everything that waits to land on a branch, in its order; null where there is no queue, or none that may be seen. */
  entries(branch: string): Promise<readonly QueueEntry[] | null>;
}
