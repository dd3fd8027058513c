import type { MergeGroup, Place, Repository } from "./job.ts";

/** What a webhook says happened, in the words of this program. It only says where to look again; what is true is read then. */
export type HostedEvent =
  | PullRequestEvent
  | ReviewEvent
  | ChecksEvent
  | AskedEvent
  | BranchEvent
  | ClosedEvent
  /** A group of a merge queue was built, or dropped. */
  | { readonly type: "group"; readonly group: MergeGroup; readonly ended: boolean; readonly reason: string }
  | CommandEvent
  /** Somebody else changed or deleted a comment of ours (P28). */
  | {
      readonly type: "comment";
      readonly place: Place;
      readonly comment: number;
      readonly login: string;
      readonly person: number | null;
      readonly deleted: boolean;
      /** When it was changed, as far as that is told. */
      readonly at: string | null;
    }
  /** Somebody else reported a good result by a name of ours. */
  | {
      readonly type: "forged";
      readonly repository: Repository;
      readonly head: string;
      readonly check: string;
      readonly app: string;
      readonly number: number | null;
    }
  /** What GitHub demands of branches was changed; of one repository, or of any of an installation. */
  | {
      readonly type: "gate";
      readonly installation: number;
      readonly repository: Repository | null;
      readonly login: string;
      readonly reason: string;
    }
  | AccessEvent
  | PeopleEvent
  /** Repositories that are new to the App, or known by another name now. */
  | { readonly type: "repositories"; readonly repositories: readonly Repository[]; readonly reason: string }
  /** The App may do more, or again, in an installation, whose repositories the service may or may not name. */
  | {
      readonly type: "granted";
      readonly installation: number;
      readonly repositories: readonly Repository[];
      readonly reason: string;
    };

/** A pull request was opened, pushed to, retargeted, or edited. */
export interface PullRequestEvent {
  readonly type: "pull-request";
  readonly place: Place;
  readonly head: string;
  /** False where only a governed pull request can be decided otherwise now: its text, draft state or assignees. */
  readonly always: boolean;
  readonly reason: string;
  /** Present where the event is a push. */
  readonly push: {
    readonly before: string | null;
    readonly after: string;
    readonly login: string;
    /** The account's number. */
    readonly person: number | null;
    readonly at: string;
    /** Present where it is to be merged into the default branch. */
    readonly baseRef?: string;
  } | null;
}

/** A pull request was closed or merged. */
export interface ClosedEvent {
  readonly type: "closed";
  readonly place: Place;
  readonly head: string;
  readonly baseRef: string;
  /** Present where it was merged. */
  readonly merged?: {
    /** What GitHub calls its default branch. */
    readonly defaultBranch: string | undefined;
    /** What stands in the branch since, and who merged; null where that is not told. */
    readonly merge: {
      readonly commit: string;
      readonly at: string;
      readonly by: { readonly id: number; readonly login: string } | null;
    } | null;
  };
}

/** A review that counts was given, or one was dismissed. */
export interface ReviewEvent {
  /** The review that was dismissed. */
  readonly dismissed?: number;
  readonly type: "review";
  readonly place: Place;
  readonly head: string;
  readonly reason: string;
  /** Null where nothing is to be bound. */
  readonly vote: {
    readonly review: number;
    readonly person: number | null;
    readonly commit: string;
    readonly baseRef: string;
    readonly submittedAt: string;
    readonly login: string;
  } | null;
}

/** Results on a commit that are not ours. */
export interface ChecksEvent {
  readonly type: "checks";
  readonly repository: Repository;
  readonly head: string;
  /** The check, or the workflow's file. */
  readonly name: string;
  /** Pull requests that GitHub names; none for forks (P16). */
  readonly numbers: readonly number[];
  readonly reason: string;
}

/** A person asked with a button of our own check (P15). */
export interface AskedEvent {
  readonly type: "asked";
  readonly repository: Repository;
  readonly head: string;
  readonly numbers: readonly number[];
  readonly login: string;
  readonly asks: string;
}

/** Who may do what in one repository. */
export interface AccessEvent {
  readonly type: "access";
  readonly repository: Repository;
  /** Whose access it is; null where it may be anybody's. */
  readonly login: string | null;
  readonly reason: string;
}

/** Who is in an organisation or in its teams. */
export interface PeopleEvent {
  readonly type: "people";
  readonly installation: number;
  /** `org/team` in lower case; `any` where it cannot be told which, since teams nest and are renamed. */
  readonly teams: readonly string[] | "any";
  /** Who came or went; null where it may be anybody. */
  readonly login: string | null;
  readonly reason: string;
}

/** A branch moved. */
export interface BranchEvent {
  readonly type: "branch";
  readonly repository: Repository;
  readonly ref: string;
  /** Whether this repository's policy or registry may be another one now. */
  readonly rules: boolean;
  /** Whether the organisation's policy may be. */
  readonly baseline: boolean;
  /** The commits that it has now and had not before, as far as they are told. */
  readonly brought?: readonly string[];
  /** Where it went and who moved it; null where that is not told. */
  readonly landed?: {
    readonly defaultBranch: string;
    readonly before: string | null;
    readonly after: string;
    readonly login: string;
  } | null;
  /** Who moved it, for when it is proposed later; none of the default branch, and where that is not known. */
  readonly pushed?: {
    readonly before: string | null;
    readonly after: string;
    readonly login: string;
    readonly person: number | null;
  } | null;
}

/** A comment that is, or was, a command. */
export interface CommandEvent {
  readonly type: "command";
  readonly place: Place;
  /** Whether it was just written or edited. */
  readonly fresh: boolean;
  /** True where it stands in an issue that is no pull request. */
  readonly onIssue?: true;
  readonly reason: string;
}
