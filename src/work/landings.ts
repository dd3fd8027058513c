import type { ChangeSet, ObjectId } from "../core/change-set.ts";
import type { Instant } from "../core/scalars.ts";
import type { Demands } from "../doctor/inspection.ts";
import type { Seen } from "../doctor/seen.ts";
import type { CheckRunView } from "../reports/pull-request-view.ts";
import type { HostedCommand } from "./conversation.ts";

/** A pull request that the hosting service says brought a commit into a branch. */
export interface LandedPull {
  readonly number: number;
  readonly head: ObjectId;
  readonly baseRef: string;
  readonly mergedAt: Instant;
}

/** Where a repository lies, as far as its branches need it. */
export interface BranchPlace {
  /** `https://github.com`, or the address of an Enterprise Server. */
  readonly server: string;
  readonly defaultBranch: string;
  /** The number of the organisation that owns it; null where a person does. */
  readonly organization: number | null;
  readonly private: boolean;
  readonly archived: boolean;
}

/** The newest check runs by one name on a commit. */
export interface NamedRun {
  /** The slug of the App that reported it. */
  readonly app: string;
  /** Whether that is this one. */
  readonly own: boolean;
  readonly conclusion: string | null;
}

/** What came into the branches of one repository, what GitHub demands there, and where people are told. */
export interface Landings {
  place(): Promise<BranchPlace>;
  branchHead(branch: string): Promise<ObjectId | null>;
  /** What differs between two commits, whatever their history. */
  difference(before: ObjectId, after: ObjectId): Promise<ChangeSet>;
  /** Merged pull requests that brought a commit in. */
  pullsOf(commit: ObjectId): Promise<readonly LandedPull[]>;
  /** Who merged a pull request; null where nobody is named. */
  mergerOf(pullRequest: number): Promise<string | null>;
  parentsOf(commit: ObjectId): Promise<readonly ObjectId[]>;
  /** Whether a commit was made by the hosting service itself, as its button and its queue do. */
  isOwnCommit(commit: ObjectId): Promise<boolean>;
  runsNamed(commit: ObjectId, name: string): Promise<readonly NamedRun[]>;
  /** What rulesets demand of a branch; null where the plan has no rules. */
  rules(branch: string): Promise<Seen<readonly Demands[]> | null>;
  /** Makes the one check run of ours with this name on a commit stand as it is given. */
  mark(commit: ObjectId, view: CheckRunView): Promise<void>;
  readonly issue: TrackingIssues;
}

/** An issue as it is to stand. */
export interface TrackedIssue {
  readonly title: string;
  readonly body: string;
  /** Whose it is: `@login` or `@org/team`, empty for what the rules name nobody for; null for the one of the gate itself. */
  readonly owner: string | null;
  /** `kept` leaves it to people whether one that stands is open. */
  readonly state: "open" | "closed" | "kept";
}

/** The issues in which a repository's people are told, one for each owner. */
export interface TrackingIssues {
  /** Whether the App may write issues; not every installation grants it. */
  mayWrite(): Promise<boolean>;
  /**
   * Writes the issue of that number, or else one that is found by marker and App, or else a new one, assigned to its owner;
   * returns its number. Null where the repository has no issues.
   */
  put(
    number: number | null,
    issue: TrackedIssue,
  ): Promise<{
    readonly number: number;
    readonly created: boolean;
  } | null>;
  /** Whether there is one of an owner, by marker and App. */
  exists(owner: string): Promise<boolean>;
  /** Tells those who watch it. */
  comment(number: number, body: string): Promise<void>;
  /** Commands of people in comments that no App wrote in their name; only those that are `untouched` may count. */
  commands(number: number): Promise<readonly HostedCommand[]>;
  /** Makes the one comment that answers `key` stand as given. */
  answer(number: number, key: string, body: string): Promise<void>;
}
