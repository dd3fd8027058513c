import type { ChangeSet, Entry, ObjectId } from "../core/change-set.ts";

/** Where the content of files comes from. */
export interface Content {
  /** Blobs by id, each once, in any order. Missing ones are a fault of the source. */
  load(entries: readonly Entry[]): AsyncIterable<readonly [ObjectId, Uint8Array]>;
}

/** A commit of the change, with the identities in it. Addresses and names are what the committer wrote, proof of nothing. */
export interface CommitIdentities {
  readonly id: ObjectId;
  readonly parents: readonly ObjectId[];
  readonly authorEmail: string;
  readonly committerEmail: string;
  readonly coAuthors: readonly string[];
  /** Whose addresses these are, as far as the hosting service was asked; null for nobody's, or a bot's. */
  readonly known?: ReadonlyMap<string, { readonly id: number; readonly login: string } | null>;
}

/** What evaluating needs of a repository. */
export interface Source extends Content {
  changeSet(range: { readonly base: string; readonly head: string }): Promise<ChangeSet>;
  /** What lies directly in a folder (`""`: the root) of a change set's base or head, folders included. */
  entriesIn(revision: string, folder: string): Promise<readonly Entry[]>;
  commitsBetween(base: string, head: string): Promise<readonly CommitIdentities[]>;
  /** The paths whose content each commit itself decided. */
  changedPaths(commits: readonly CommitIdentities[]): Promise<ReadonlyMap<ObjectId, readonly string[]>>;
}
