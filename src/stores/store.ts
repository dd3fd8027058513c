import type { ObjectId } from "../core/change-set.ts";
import type { Bind } from "../core/policy.ts";
import type { Instant } from "../core/scalars.ts";

/** What a review covered when it was given (security rule S06). */
export interface StoredBinding {
  readonly repository: number;
  readonly pullRequest: number;
  readonly review: number;
  readonly person: number | null;
  readonly head: ObjectId;
  readonly mergeBase: ObjectId;
  readonly baseRef: string;
  /** What the digests were computed with: program, policy and registry; others are computed again from the commits. */
  readonly rulesVersion: string;
  readonly digests: Readonly<Record<Bind, string>>;
  /** Tree entries of the governed files on the head's side; null for one that is gone. */
  readonly entries: readonly { readonly path: string; readonly mode: string | null; readonly id: ObjectId | null }[];
  /** Whether the head is what the event said, or only the commit that the review names today. */
  readonly seen: "event" | "commit-id";
  readonly at: Instant;
}

/** A push to a pull request's branch, by the sender of its webhook. */
export interface StoredPush {
  readonly repository: number;
  readonly pullRequest: number;
  readonly before: ObjectId | null;
  readonly after: ObjectId;
  readonly login: string;
  readonly at: Instant;
}

/** A pull request as last seen, for finding it by its head (forks' checks name no pull request, P16). */
export interface StoredHead {
  readonly installation: number;
  readonly repository: number;
  /** Owner and name as last seen: events about people name no repository. */
  readonly owner: string;
  readonly name: string;
  readonly pullRequest: number;
  readonly head: ObjectId;
  readonly baseRef: string;
  readonly open: boolean;
  /** What the last decision depended on, so that events which cannot change it cost nothing; null before the first. */
  readonly depends: {
    readonly governed: boolean;
    /** Names of the checks it needs, and the files of the workflows whose runs it reads: `.github/workflows/evals.yml`. */
    readonly checks: readonly string[];
    /** `org/team` in lower case, of every team whose members it asked for. */
    readonly teams: readonly string[];
  } | null;
}

/** What was last written on one head under one check name, and in one pull request's comment. */
export interface StoredView {
  readonly repository: number;
  readonly pullRequest: number;
  readonly head: ObjectId;
  readonly checkName: string;
  readonly checkRun: number | null;
  readonly commentId: number | null;
  readonly checkRunDigest: string | null;
  readonly commentDigest: string | null;
  readonly passing: boolean;
}

/** What the program remembers between jobs. All of it can be lost with only stricter decisions as the price. */
export interface Store {
  putBinding(binding: StoredBinding): Promise<void>;
  bindingsOf(repository: number, pullRequest: number): Promise<readonly StoredBinding[]>;
  putPush(push: StoredPush): Promise<void>;
  pushesOf(repository: number, pullRequest: number): Promise<readonly StoredPush[]>;
  putHead(head: StoredHead): Promise<void>;
  headOf(repository: number, pullRequest: number): Promise<StoredHead | null>;
  headsAt(repository: number, head: ObjectId): Promise<readonly StoredHead[]>;
  openHeads(repository: number): Promise<readonly StoredHead[]>;
  /** Of all repositories of an installation: a team or the organisation's policy changed. */
  openHeadsOf(installation: number): Promise<readonly StoredHead[]>;
  putView(view: StoredView): Promise<void>;
  viewOf(repository: number, head: ObjectId, checkName: string): Promise<StoredView | null>;
  /** The comment of a pull request, whatever head it was written for. */
  commentOf(
    repository: number,
    pullRequest: number,
  ): Promise<{ readonly id: number; readonly digest: string | null } | null>;
  /** The organisation's policy as last read, kept per organisation id (security rule S03). */
  putBaseline(organization: number, bytes: Uint8Array, at: Instant): Promise<void>;
  baselineOf(organization: number): Promise<{ readonly bytes: Uint8Array; readonly at: Instant } | null>;
  close(): void;
}
