import type { ObjectId } from "../core/change-set.ts";
import type { TreeRow } from "../objects/tree-object.ts";
import type { CommitIdentities } from "../work/source.ts";
import { type BoundedCache, boundedCache } from "./bounded-cache.ts";

/** A commit as far as it is used. */
export interface HostedCommit extends CommitIdentities {
  readonly tree: ObjectId;
  /** True once it was asked who its co-authors are; who is not among the answers stays unknown. */
  readonly coAuthorsAsked?: true;
}

/** What two commits are to each other. */
export interface Comparison {
  /** Merge bases, the one that GitHub and git choose first. */
  readonly mergeBases: readonly [ObjectId, ...ObjectId[]];
  /** The commits that the head has and the base has not, newest first; null where they were not asked for. */
  readonly commits: readonly HostedCommit[] | null;
  /** Paths that GitHub says differ: a hint where to look, never proof; null where it names too many. */
  readonly hints: readonly string[] | null;
}

/** A file of a commit that came along with something else; null when the commit has none of that path. */
export type KnownFile = { readonly mode: string; readonly id: ObjectId } | null;

/** What never changes of one repository: git's objects by id, and what follows from them. */
export interface ObjectStore {
  /** Whether the repository was not read before: then what every decision looks at is still to be read as well. */
  readonly fresh: boolean;
  readonly trees: Kept<readonly TreeRow[]>;
  readonly commits: Kept<HostedCommit>;
  readonly blobs: Kept<Uint8Array>;
  /** By base and head. */
  readonly comparisons: Kept<Comparison>;
  /** By commit and path. */
  readonly files: Kept<KnownFile>;
}

/** A part of the store. What was put in may be gone again: it is bounded. */
export interface Kept<T> {
  get(...key: readonly string[]): T | undefined;
  put(value: T, ...key: readonly string[]): void;
}

/** Makes the stores of all repositories, which together take up at most so many bytes, roughly. */
export function objectStores(capacity: number): (repository: number) => ObjectStore {
  const cache = boundedCache<unknown>(capacity);
  return (repository) => ({
    fresh: isFirst(cache, `${repository} opened`),
    trees: part(
      cache,
      `${repository} tree`,
      (rows) => 200 + rows.reduce((sum, { name }) => sum + 180 + name.length, 0),
    ),
    commits: part(
      cache,
      `${repository} commit`,
      ({ parents, coAuthors }) => 600 + 100 * (parents.length + coAuthors.length),
    ),
    blobs: part(cache, `${repository} blob`, ({ length }) => 200 + length),
    comparisons: part(
      cache,
      `${repository} comparison`,
      ({ commits, hints }) => 400 + 900 * (commits?.length ?? 0) + 150 * (hints?.length ?? 0),
    ),
    files: part(cache, `${repository} file`, () => 400),
  });
}

function isFirst(cache: BoundedCache<unknown>, key: string): boolean {
  const first = cache.get(key) === undefined;
  cache.set(key, true, 100);
  return first;
}

function part<T>(cache: BoundedCache<unknown>, name: string, weigh: (value: T) => number): Kept<T> {
  const keyOf = (key: readonly string[]) => [name, ...key].join(" ");
  return {
    get: (...key) => cache.get(keyOf(key)) as T | undefined,
    put: (value, ...key) => cache.set(keyOf(key), value, weigh(value)),
  };
}
