import type { Instant } from "../core/scalars.ts";

/** Something to do. Works of one key are the same work: they coalesce while they wait and never run side by side. */
export interface Work {
  readonly key: string;
  /** Which job does it. */
  readonly kind: string;
  /** JSON; the newest of coalesced works counts. */
  readonly payload: unknown;
  /** Interactive work goes before background work. */
  readonly background?: boolean;
  /** Keys of works that this one adds when it is done: a delivery that is sent again takes those up as well. */
  readonly leadsTo?: readonly string[];
}

/** A webhook delivery as GitHub numbers it. */
export interface Delivery {
  /** `X-GitHub-Delivery`; the same for a redelivery. */
  readonly guid: string;
  readonly event: string;
  readonly receivedAt: Instant;
}

/** A work that failed as often as it is tried in a row. It is tried once more after a long rest, and when a program starts. */
export interface DeadWork extends Work {
  readonly attempts: number;
  readonly error: string;
  readonly diedAt: Instant;
}

/** A queue that is being worked off. */
export interface Running {
  /** Takes no new work, waits for what is under way. */
  stop(): Promise<void>;
  /** Waits until nothing is due and nothing under way. */
  idle(): Promise<void>;
}

/**
 * Durable work: what `accept` returned for survives whatever happens, and what `add` returned for survives a crash of the
 * program. Where the machine stops, what was added last may be lost, and with it the end of the work that added it.
 */
export interface WorkQueue {
  /**
   * Stores a delivery and the work it causes in one transaction. A delivery that is known is a duplicate and causes
   * nothing, except where its work, or what that led to, has died: then that work is taken up again.
   */
  accept(delivery: Delivery, work: readonly Work[]): Promise<"accepted" | "duplicate">;
  /** Adds work, at once or at an instant; an earlier instant of the same key holds. During a run of the key it asks for another run. */
  add(work: Work, dueAt?: Instant): Promise<void>;
  /** Works it off until stopped; a failure is tried again later, longer each time, and dies at the last attempt, to be tried once in a long while. */
  run(handle: (work: Work, signal: AbortSignal) => Promise<void>): Running;
  dead(): Promise<readonly DeadWork[]>;
  /** Takes dead work up again; returns how many. */
  revive(keys: readonly string[]): Promise<number>;
  /** What waits, by kind, and how long the oldest that is due has waited, in milliseconds. */
  depth(): Promise<{ readonly waiting: Readonly<Record<string, number>>; readonly oldest: number }>;
}
