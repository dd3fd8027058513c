import type { Entry, ObjectId } from "./change-set.ts";
import type { Bind, Tier } from "./policy.ts";
import type { Instant } from "./scalars.ts";

/** A login with what GitHub says of it; `null` stands for a deleted account, which never counts. */
export interface Person {
  readonly login: string;
  /** GitHub's `type`: only `User` is a person. */
  readonly type: string;
}

/** The pull request itself. */
export interface PullRequest {
  readonly author: Person;
  readonly body: string;
  readonly draft: boolean;
  /** Authors of other pull requests with this head and base: one decision speaks for all of them (security rule S02). */
  readonly otherAuthors?: readonly Person[];
  /** Who it was assigned to when it was opened: the people behind an agent's pull request. */
  readonly assignees?: readonly Person[];
  /** When its base branch was last changed: what was given before counts no longer (security rule S06). */
  readonly retargetedAt?: Instant;
}

/** What an approval covered: one digest per width, computed at the commit it was given on; `null` when that cannot be known. */
export type Binding = Readonly<Record<Bind, string>> | null;

/** A review as GitHub reports it, with what it bound. */
export interface Review {
  readonly id: number;
  readonly person: Person | null;
  /** `DISMISSED` where a person dismissed it; one that GitHub dismissed because of a push keeps the state it had (S10). */
  readonly state: string;
  readonly commit: ObjectId | null;
  readonly submittedAt: Instant;
  /** A review of GitHub's, or an approval command. */
  readonly via: "review" | "command";
  readonly binding: Binding;
  /** Why the binding cannot be known, when it is null. */
  readonly unbound?: string;
}

/** A command that a person gave in a comment which was never edited. */
export interface Command {
  readonly name: string;
  readonly argument: string;
  readonly reason: string;
  readonly person: Person | null;
  readonly createdAt: Instant;
  /** The tier that was shown when it was given, where that was recorded: a risk acceptance dies when it rises (S06). */
  readonly tier?: Tier;
}

/** The result of a check on this head, read from the app's check or the workflow run's job. */
export interface CheckResult {
  readonly name: string;
  readonly app: string;
  /** The workflow file whose newest run on this head holds the job; null when no run does. */
  readonly workflow: string | null;
  readonly head: ObjectId;
  readonly status: string;
  readonly conclusion: string | null;
  readonly completedAt: Instant | null;
}

/** The end of a named workflow on this head without the job that was looked for is a failure; this says whether it ended. */
export interface WorkflowRun {
  readonly path: string;
  readonly head: ObjectId;
  readonly status: string;
}

/** What is known of a commit of the pull request that may exclude people from approving. */
export interface CommitPeople {
  readonly id: ObjectId;
  /** Logins of its author, committer and co-authors, as far as their addresses name one. */
  readonly logins: readonly string[];
  /** Those of them that the hosting service knows as accounts of people; all of them where it was not asked. */
  readonly people?: readonly string[];
  /** Whether it changed a path with a governing finding. */
  readonly governed: boolean;
}

/** A path that the base branch changed since the merge base. */
export interface BaseChange {
  readonly path: string;
  /** Whether it is of a kind that approvals cover as a whole file. */
  readonly wholeFile: boolean;
  /** Whether a check that this change needs runs or reads it. */
  readonly checks?: true;
}

/** What the records of earlier decisions say. Without them every decision is stricter. */
export interface LedgerFacts {
  /** When the rollback of a system was last rehearsed with success, by `system strategy`; `unregistered` is outside of all. */
  readonly rehearsals: ReadonlyMap<string, Instant>;
  /** Glasses broken for other pull requests: those that hold now, and merges whose retrospective approval is still open. */
  readonly openBreakGlasses: readonly {
    readonly person: string;
    readonly systems: readonly string[];
    /** Which one, for people: `#12`. */
    readonly what: string;
  }[];
  /** What is still owed after earlier changes of the repository: from `dueAt` it holds up changes of the same systems. */
  readonly owed?: readonly {
    readonly systems: readonly string[];
    readonly dueAt: Instant;
    /** What, of whom, and what to do. */
    readonly what: string;
  }[];
  /** The newest governed merge on the paths of this change. */
  readonly lastMerge: LastMerge | null;
  /** Suspected secrets that somebody of `security` called none, remembered (S24). */
  readonly notSecrets: readonly { readonly path: string; readonly fingerprint: string }[];
}

/** A merge that a pull request may undo. */
export interface LastMerge {
  readonly mergedAt: Instant;
  /** The governed paths of that merge with what stood there before it; null where nothing did. */
  readonly before: readonly { readonly path: string; readonly entry: Pick<Entry, "mode" | "id"> | null }[];
  /** What the decision rested on that let in the content before it. */
  readonly restoredBasis: "votes" | "break-glass" | "observe" | "bypass";
}

/** Where taking a change back would not go by itself, and why. */
export interface TrialConflict {
  readonly path: string;
  /**
   * `content`: the same lines changed; `deleted`: gone on one side and changed on the other; `moved`: gone or moved on both;
   * `mode`, `kind`: other modes, or a file where the other side has a link, a submodule or a folder; the rest say why no text
   * could be merged.
   */
  readonly why: "content" | "deleted" | "moved" | "mode" | "kind" | "binary" | "too-large";
}

/** What trying to take a change back came to, with the commit that it was tried on; nothing was written. */
export interface TrialRevert {
  readonly onto: ObjectId;
  readonly conflicts: readonly TrialConflict[];
}

/** What GitHub says now. Whatever is `null` could not be read or was not given, and counts for nobody. */
export interface Facts {
  readonly pullRequest: PullRequest | null;
  readonly reviews: readonly Review[];
  readonly commands: readonly Command[];
  readonly checks: readonly CheckResult[];
  readonly workflowRuns: readonly WorkflowRun[];
  /** Active members by `org/team`, lower case; a team that is absent is unreadable. */
  readonly teams: ReadonlyMap<string, readonly string[]>;
  /** GitHub's `role_name` by login, `stranger` for who is not the account that was named; null when access is assumed. */
  readonly access: ReadonlyMap<string, string> | null;
  /** Who pushed commits that changed governed content, as far as that is told apart; null when unknown. */
  readonly pushers: readonly string[] | null;
  /** True where some of those commits came by no push that was seen. */
  readonly pushersIncomplete?: true;
  readonly commits: readonly CommitPeople[];
  /** What the base branch changed since the merge base; absent where its head is the merge base. */
  readonly baseChanges?: readonly BaseChange[];
  /** Who may not approve for a reason of their own: whoever let it in past the approval; reasons as `has done it`. */
  readonly barred?: readonly { readonly login: string; readonly reason: string }[];
  /** Absent where nothing was tried. */
  readonly trialRevert?: TrialRevert;
  readonly ledger?: LedgerFacts;
  /** Suspected secrets that were called none on earlier pull requests, where that is remembered beside a ledger (S24). */
  readonly notSecrets?: LedgerFacts["notSecrets"];
  /** What was left out, one sentence each, for the report. */
  readonly missing: readonly string[];
}

/** Facts of a change that nobody has proposed yet. */
export const NO_FACTS: Facts = {
  pullRequest: null,
  reviews: [],
  commands: [],
  checks: [],
  workflowRuns: [],
  teams: new Map(),
  access: null,
  pushers: null,
  commits: [],
  missing: ["no facts about reviews, checks and people were given"],
};
