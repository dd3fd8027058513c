import type { ObjectId } from "../core/change-set.ts";
import type { Bind, Tier } from "../core/policy.ts";
import type { Instant } from "../core/scalars.ts";
import type { BypassStore } from "./bypass-store.ts";
import type { FollowUpStore } from "./follow-up-store.ts";
import type { RecordingStore } from "./recording-store.ts";
import type { RollbackStore } from "./rollback-store.ts";

/** What a review was given on (security rule S06). */
export interface StoredBinding {
  readonly repository: number;
  readonly pullRequest: number;
  readonly review: number;
  readonly person: number | null;
  readonly head: ObjectId;
  readonly baseRef: string;
  /** Whether the head is what the event said, or only the commit that the review names today. */
  readonly seen: "event" | "commit-id";
  readonly at: Instant;
  /** What it covered there; null until a decision has looked at it. */
  readonly covered: Covered | null;
}

/** What an approval of one head covers. */
export interface Covered {
  readonly mergeBase: ObjectId;
  /** What the digests were computed with: program, policy and registry; others are computed again from the commits. */
  readonly rulesVersion: string;
  readonly digests: Readonly<Record<Bind, string>>;
  /** Tree entries of the governed files on the head's side; null for one that is gone. */
  readonly entries: readonly { readonly path: string; readonly mode: string | null; readonly id: ObjectId | null }[];
}

/** A push to a pull request's branch, by the sender of its webhook. */
export interface StoredPush {
  readonly repository: number;
  readonly pullRequest: number;
  readonly before: ObjectId | null;
  readonly after: ObjectId;
  readonly login: string;
  /** The account's number, which stays when it is renamed; null where that was not told. */
  readonly person: number | null;
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
    /** Logins in lower case of everybody whose access it asked for; absent where an older version decided. */
    readonly people?: readonly string[];
    /** The tier that was shown; absent where nothing is governed. */
    readonly tier?: Tier;
    /** Under which rules it may merge, for others that share its check; absent where it may not. */
    readonly passes?: string;
  } | null;
}

/** What was last written on one head under one check name. */
export interface StoredView {
  readonly repository: number;
  readonly head: ObjectId;
  readonly checkName: string;
  readonly checkRun: number | null;
  /** SHA-256 of the check run as it was last written. */
  readonly digest: string | null;
  /** Whether the run lets the pull request merge. */
  readonly passing: boolean;
  /** SHA-256 of what else the decision rests on: which rules, which pull requests, which base branch (security rule S19). */
  readonly premises: string;
}

/** The one comment of a pull request. */
export interface StoredComment {
  readonly repository: number;
  readonly pullRequest: number;
  readonly id: number;
  readonly digest: string | null;
}

/** A command or a press of a button, as it was first seen. */
export interface StoredAsk {
  readonly repository: number;
  readonly pullRequest: number;
  /** `comment/<number>`, or `button/<name of the command>`. */
  readonly key: string;
  readonly name: string;
  readonly argument: string;
  readonly reason: string;
  readonly login: string;
  readonly at: Instant;
  /** Whether it stood unedited, and no App had written it, when it was first seen. */
  readonly counts: boolean;
  /** The tier that was shown when it was given (security rule S06); null before any was known. */
  readonly tier: Tier | null;
  /** Whether everything was done that it asks for once: reaction, reply, requests. */
  readonly answered: boolean;
}

/** Somebody whom the App has asked to review, login or `org/team` in lower case, or tried to. */
export interface StoredReviewer {
  readonly repository: number;
  readonly pullRequest: number;
  readonly name: string;
  /** Why the hosting service would not; null where it did. */
  readonly refused: string | null;
}

/** A suspected secret that somebody of `security` called none (security rule S24). */
export interface StoredNotSecret {
  readonly repository: number;
  readonly path: string;
  readonly rule: string;
  /** Under the installation's key. */
  readonly fingerprint: string;
  readonly person: string;
  readonly reason: string;
  readonly at: Instant;
}

/** A group of a merge queue, as its webhook named it, with what was found of it. */
export interface StoredGroup {
  readonly installation: number;
  readonly repository: number;
  readonly owner: string;
  readonly name: string;
  readonly head: ObjectId;
  /** Its own branch: `gh-readonly-queue/main/pr-12-<base>`. */
  readonly branch: string;
  /** The commit that it is built on, which may be the head of another group. */
  readonly base: ObjectId;
  /** The branch that it is to land on. */
  readonly baseRef: string;
  readonly defaultBranch: string;
  /** False once the queue has dropped it, or it has landed. */
  readonly open: boolean;
  /** When it was first seen. */
  readonly at: Instant;
  /** Its pull requests, in order; empty before they were looked for. */
  readonly members: readonly number[];
  /** What it waits for on its own head: names of checks, files of workflows. */
  readonly checks: readonly string[];
  /** Since when it waits for something that nobody has to do; null while it does not. */
  readonly waitingSince: Instant | null;
  /** How often in a row it could not be decided. */
  readonly failures: number;
}

/** What the program remembers between jobs. All of it can be lost with only stricter decisions as the price. */
export interface Store extends BypassStore, RecordingStore, FollowUpStore, RollbackStore {
  /**
   * The head that an event named stays, whatever the review names later (P22); what it covered may be completed for that
   * head, and is not forgotten.
   */
  putBinding(binding: StoredBinding): Promise<void>;
  bindingsOf(repository: number, pullRequest: number): Promise<readonly StoredBinding[]>;
  putPush(push: StoredPush): Promise<void>;
  /** A push to a branch that nobody proposed yet; forgotten after some months. */
  putBranchPush(push: Omit<StoredPush, "pullRequest">): Promise<void>;
  branchPushesTo(repository: number, after: ObjectId): Promise<readonly Omit<StoredPush, "pullRequest">[]>;
  /** In the order they were stored. */
  pushesOf(repository: number, pullRequest: number): Promise<readonly StoredPush[]>;
  putHead(head: StoredHead): Promise<void>;
  headOf(repository: number, pullRequest: number): Promise<StoredHead | null>;
  headsAt(repository: number, head: ObjectId): Promise<readonly StoredHead[]>;
  openHeads(repository: number): Promise<readonly StoredHead[]>;
  /** Of all repositories of an installation: a team or the organisation's policy changed. */
  openHeadsOf(installation: number): Promise<readonly StoredHead[]>;
  putView(view: StoredView): Promise<void>;
  viewOf(repository: number, head: ObjectId, checkName: string): Promise<StoredView | null>;
  /** What stands on one head, under every check name. */
  viewsAt(repository: number, head: ObjectId): Promise<readonly StoredView[]>;
  putComment(comment: StoredComment): Promise<void>;
  commentOf(repository: number, pullRequest: number): Promise<StoredComment | null>;
  putAsk(ask: StoredAsk): Promise<void>;
  asksOf(repository: number, pullRequest: number): Promise<readonly StoredAsk[]>;
  putReviewer(reviewer: StoredReviewer): Promise<void>;
  reviewersOf(repository: number, pullRequest: number): Promise<readonly StoredReviewer[]>;
  putGroup(group: StoredGroup): Promise<void>;
  groupAt(repository: number, head: ObjectId): Promise<StoredGroup | null>;
  /** The groups that wait to land, the oldest first. */
  openGroups(repository: number): Promise<readonly StoredGroup[]>;
  /** The first that was put for a path, rule and fingerprint stays. */
  putNotSecret(decision: StoredNotSecret): Promise<void>;
  notSecretsOf(repository: number): Promise<readonly StoredNotSecret[]>;
  /** The organisation's policy as last read, kept per organisation id (security rule S03). */
  putBaseline(organization: number, bytes: Uint8Array, at: Instant): Promise<void>;
  baselineOf(organization: number): Promise<{ readonly bytes: Uint8Array; readonly at: Instant } | null>;
  /** An owner of the organisation says that it has no policy any more. */
  forgetBaseline(organization: number): Promise<boolean>;
  /** The accounts behind the logins that a repository's rules name, as they were when they were named (security rule S09). */
  namedPeople(repository: number): Promise<ReadonlyMap<string, number | null>>;
  /** All of them at once; who is not among them is named no longer. */
  putNamedPeople(repository: number, people: ReadonlyMap<string, number | null>): Promise<void>;
  /** The commit that a policy of this content was shown at first: not each new one of the branch, whose checks would all be written again. */
  policyShownAt(repository: number, blob: ObjectId, commit: ObjectId): Promise<ObjectId>;
  /** The key that an installation's fingerprints are made with; made when it is first asked for, the same ever after. */
  fingerprintKey(installation: number): Promise<Uint8Array>;
  /** Repositories with open pull requests, as last seen. */
  openRepositories(): Promise<readonly Pick<StoredHead, "installation" | "repository" | "owner" | "name">[]>;
  /** How this instance was set when it last ran, as it was noted; null the first time. */
  instanceSetting(): Promise<string | null>;
  putInstanceSetting(setting: string): Promise<void>;
  close(): void;
}
