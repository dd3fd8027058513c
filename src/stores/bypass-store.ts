import type { ObjectId } from "../core/change-set.ts";
import type { Tier } from "../core/policy.ts";
import type { Instant } from "../core/scalars.ts";

/** The newest decision about one head of a pull request into one branch. */
export interface StoredDecision {
  readonly repository: number;
  readonly pullRequest: number;
  readonly head: ObjectId;
  readonly baseRef: string;
  /** Whether it lets the pull request merge. */
  readonly passes: boolean;
  readonly basis: "votes" | "break-glass" | "observe" | null;
  readonly tier: Tier;
  readonly validUntil: Instant | null;
  readonly at: Instant;
  /** Every pull request that it spoke for. */
  readonly pulls: readonly number[];
  /** The governed paths of the change. */
  readonly paths: readonly string[];
}

/** A governed branch where it was last looked at. */
export interface StoredBranch {
  readonly repository: number;
  readonly branch: string;
  readonly installation: number;
  readonly owner: string;
  readonly name: string;
  readonly head: ObjectId;
  readonly at: Instant;
}

/** A push to a governed branch, by the sender of its webhook. */
export interface StoredBasePush {
  readonly repository: number;
  readonly branch: string;
  /** Null where the push made the branch. */
  readonly before: ObjectId | null;
  readonly after: ObjectId;
  readonly login: string;
  readonly at: Instant;
}

export const BYPASS_CAUSES = [
  "direct-push",
  "force-push",
  "admin-merge",
  "local-merge",
  "expired",
  "votes",
  "changed",
  "forged-check",
  "gate-weakened",
  "comment-changed",
] as const;
/** How the gate was passed by, or what would let it be. */
export type BypassCause = (typeof BYPASS_CAUSES)[number];

/** Something that passed the gate by. Rows are only ever added. */
export interface StoredBypass {
  readonly sequence: number;
  readonly repository: number;
  readonly branch: string;
  readonly before: ObjectId | null;
  /** The commit that landed; null where none did. */
  readonly after: ObjectId | null;
  readonly cause: BypassCause;
  /** Login of who did it; null where that is not known. */
  readonly actor: string | null;
  readonly pull: number | null;
  readonly at: Instant;
  /** What else is known, sentences for people. */
  readonly detail: string;
}

/** How GitHub's rules stood when they were last looked at. */
export interface StoredGate {
  /** What was seen, by branch and what was looked at; `ok` stays until it is ok again. */
  readonly states: Readonly<Record<string, string>>;
  /** What is weaker than it should be, sentences for people. */
  readonly weak: readonly { readonly what: string; readonly fix: string | null; readonly since: Instant }[];
  readonly at: Instant;
}

/** What a store remembers to notice that the gate was passed by. */
export interface BypassStore {
  putDecision(decision: StoredDecision): Promise<void>;
  decisionOf(repository: number, pullRequest: number, head: ObjectId, baseRef: string): Promise<StoredDecision | null>;
  /** Which branches are governed, as last read, so that pushes to others cost nothing. */
  putWatched(
    repository: number,
    watched: { readonly defaultBranch: string; readonly patterns: readonly string[] },
  ): Promise<void>;
  watched(repository: number): Promise<{ readonly defaultBranch: string; readonly patterns: readonly string[] } | null>;
  /** Everything up to this head was looked at. */
  putBranch(branch: StoredBranch): Promise<void>;
  /** The same, unless it was noted before. */
  noteBranch(branch: StoredBranch): Promise<void>;
  branchOf(repository: number, branch: string): Promise<StoredBranch | null>;
  branchesOf(repository: number): Promise<readonly StoredBranch[]>;
  branches(): Promise<readonly StoredBranch[]>;
  dropBranch(repository: number, branch: string): Promise<void>;
  putBasePush(push: StoredBasePush): Promise<void>;
  basePushTo(repository: number, branch: string, after: ObjectId): Promise<StoredBasePush | null>;
  /** False where it is known already. */
  putBypass(bypass: Omit<StoredBypass, "sequence">): Promise<boolean>;
  /** The newest first. */
  bypassesOf(repository: number, most: number): Promise<readonly StoredBypass[]>;
  putGate(repository: number, gate: StoredGate): Promise<void>;
  gateOf(repository: number): Promise<StoredGate | null>;
  /** The issue that tells of them, with the newest that its watchers were told of. */
  putTrackingIssue(repository: number, issue: number, told: number): Promise<void>;
  trackingIssueOf(repository: number): Promise<{ readonly issue: number; readonly told: number } | null>;
}
