import type { ObjectId } from "../core/change-set.ts";
import type { Instant } from "../core/scalars.ts";

/** Somebody's word that a merge be taken back. */
export interface StoredRollback {
  /** The id of the record that says so. */
  readonly record: string;
  readonly repository: number;
  /** The merged pull request that is to be taken back, and the record of its landing. */
  readonly pull: number;
  readonly landing: string;
  readonly person: string;
  readonly startedAt: Instant;
  /** The pull request that was opened for it; null where people open it themselves. */
  readonly revert: number | null;
}

/** A recorded landing on a governed branch, as the newest one of a system is found. */
export interface StoredSystemLanding {
  /** The id of its record. */
  readonly record: string;
  readonly repository: number;
  /** Ids of the systems that it touched; empty where it lies outside of all. */
  readonly systems: readonly string[];
  readonly branch: string;
  readonly before: ObjectId;
  readonly after: ObjectId;
  readonly pull: number | null;
}

/** What came of rehearsing how a system is taken back. */
export interface StoredRehearsal {
  readonly record: string;
  readonly repository: number;
  /** A system's id, or `unregistered`. */
  readonly system: string;
  readonly strategies: readonly string[];
  readonly at: Instant;
  readonly succeeded: boolean;
}

/** What a store remembers of rollbacks; everything of it can be told from the records again. */
export interface RollbackStore {
  /** Kept once for each record; the pull request that was opened may be told later. */
  putRollback(rollback: StoredRollback): Promise<void>;
  /** The oldest first. */
  rollbacksOf(repository: number, pull: number): Promise<readonly StoredRollback[]>;
  /** Those that are begun and not finished, the oldest first. */
  openRollbacks(repository: number): Promise<readonly StoredRollback[]>;
  /** Closes those of a landing that are open. */
  finishRollbacks(repository: number, landing: string, record: string): Promise<void>;
  /** The one for which a pull request was opened; null where it is an ordinary one. */
  rollbackBy(repository: number, revert: number): Promise<StoredRollback | null>;
  /** Kept once for each record. */
  putSystemLanding(landing: StoredSystemLanding): Promise<void>;
  /** The newest landing that touched a system, or lay outside of all; null where none is known. */
  lastOfSystem(repository: number, system: string): Promise<StoredSystemLanding | null>;
  /** Kept once for each record. */
  putRehearsal(rehearsal: StoredRehearsal): Promise<void>;
  /** When each was last rehearsed, by `system strategy`; one whose newest rehearsal failed is not among them. */
  rehearsalsOf(repository: number): Promise<ReadonlyMap<string, Instant>>;
}
