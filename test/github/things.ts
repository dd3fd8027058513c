import type { GitStore } from "./git-store.ts";
import type { MergeQueueParameters, Protection, RuleSuite } from "./rule-things.ts";

export type * from "./rule-things.ts";

/** A person, a bot or an organisation. */
export interface Account {
  readonly id: number;
  login: string;
  readonly type: "User" | "Bot" | "Organization";
  token: string;
  /** A deleted account: what it did stays, with nobody behind it. */
  gone?: boolean;
  /** Addresses that it showed to be its own, beside the one that GitHub gives it. */
  emails?: readonly string[];
  /** Organisations only: members by login, and their role. */
  readonly members: Map<string, "admin" | "member">;
  /** Those of them who have not accepted yet. */
  invited?: Set<string>;
}

export interface Team {
  readonly id: number;
  organisation: string;
  slug: string;
  /** As people see it; the slug follows from it. */
  name: string;
  /** The slug of the team above it. */
  parent: string | null;
  readonly members: Map<string, "active" | "pending">;
}

/** A GitHub App with its key; `webhook` is where its events go. */
export interface App {
  readonly id: number;
  readonly slug: string;
  readonly owner: string;
  readonly privateKey: string;
  readonly publicKey: string;
  permissions: Readonly<Record<string, string>>;
  events: readonly string[];
  webhook: { url: string; secret: string } | null;
}

export interface Installation {
  readonly id: number;
  readonly app: App;
  readonly account: Account;
  /** What the account's owner accepted; may lag behind the App's. */
  permissions: Readonly<Record<string, string>>;
  suspendedAt: string | null;
  suspendedBy: Account | null;
  /** Ids of repositories; null is all of the account. */
  selection: Set<number> | null;
}

export type RepositoryRole = "read" | "triage" | "write" | "maintain" | "admin";

/** A team's role in a repository, with everybody whom it reaches. */
export interface TeamAccess {
  readonly team: Team;
  readonly role: RepositoryRole;
  members(): ReadonlyMap<string, "active" | "pending">;
}

/** What a branch demands of a merge. */
export interface BranchRules {
  requiredChecks: { context: string; integrationId: number | null }[];
  strict: boolean;
  requiredApprovals: number;
  dismissStale: boolean;
  /** Logins of those whom the rules do not stop. */
  bypass: string[];
  /** Whether merges go through a queue, and how it works. */
  mergeQueue?: MergeQueueParameters;
}

/** A pull request in a merge queue. */
export interface QueueEntry {
  readonly id: number;
  readonly pull: PullRequest;
  readonly enqueuer: Account;
  readonly enqueuedAt: string;
  readonly jump: boolean;
  /** Its branch in the queue, once it is built on what is before it. */
  group: { readonly branch: string; readonly baseSha: string; readonly headSha: string } | null;
}

/** The merge queue of a branch. */
export interface MergeQueue {
  readonly id: number;
  readonly branch: string;
  readonly entries: QueueEntry[];
  /** Whether it has waited long enough for the least number of entries. */
  waited: boolean;
}

export interface Repository {
  readonly id: number;
  owner: Account;
  name: string;
  readonly store: GitStore;
  readonly refs: Map<string, string>;
  defaultBranch: string;
  private: boolean;
  archived: boolean;
  /** A fork that was deleted: its pull requests stay, without a repository to their head. */
  deleted: boolean;
  /** Whether a merge deletes the head branch. */
  deleteBranchOnMerge: boolean;
  readonly collaborators: Map<string, RepositoryRole>;
  /** What teams may do; the teams below them inherit it. */
  readonly teams: TeamAccess[];
  readonly rules: Map<string, BranchRules>;
  /** Classic protection by branch. */
  readonly protections: Map<string, Protection>;
  readonly ruleSuites: RuleSuite[];
  /** Every push, the oldest first. */
  readonly activities: Activity[];
  /** Merge queues by branch; one begins with the first pull request in it. */
  readonly queues: Map<string, MergeQueue>;
  readonly pulls: Map<number, PullRequest>;
  readonly issues: Map<number, Issue>;
  readonly checkRuns: CheckRun[];
  readonly checkSuites: CheckSuite[];
  readonly statuses: Status[];
  readonly runs: WorkflowRun[];
  readonly fork: Repository | null;
  nextNumber: number;
}

/** A branch that moved; null for an end that does not exist. */
export interface Activity {
  readonly ref: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly by: Account;
  readonly forced: boolean;
}

export interface Issue {
  readonly number: number;
  readonly id: number;
  title: string;
  body: string;
  state: "open" | "closed";
  readonly author: Account;
  readonly comments: Comment[];
  labels: string[];
  /** None on a pull request, which has its own. */
  readonly assignees?: readonly Account[];
  readonly createdAt: string;
}

export interface Comment {
  readonly id: number;
  readonly author: Account;
  readonly app: App | null;
  body: string;
  readonly createdAt: string;
  updatedAt: string;
  /** When GraphQL says that it was edited; follows from `updatedAt` when left out. */
  readonly editedAt?: string | null;
  readonly reactions: { content: string; user: string }[];
}

export interface Review {
  readonly id: number;
  readonly author: Account;
  state: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED" | "PENDING";
  body: string;
  commit: string;
  readonly submittedAt: string;
}

export interface PullRequest {
  readonly id: number;
  readonly number: number;
  readonly issue: Issue;
  title: string;
  readonly head: { repository: Repository; ref: string; sha: string };
  base: { ref: string; sha: string };
  draft: boolean;
  state: "open" | "closed";
  merged: { sha: string; by: Account; at: string } | null;
  readonly reviews: Review[];
  readonly requestedReviewers: Set<string>;
  readonly requestedTeams: Set<string>;
  readonly timeline: TimelineEvent[];
  assignees: string[];
  updatedAt: string;
}

/** What happened to a pull request; each kind of event has some of the fields. */
export interface TimelineEvent {
  readonly event:
    | "added_to_merge_queue"
    | "assigned"
    | "automatic_base_change_succeeded"
    | "base_ref_changed"
    | "head_ref_force_pushed"
    | "removed_from_merge_queue"
    | "review_dismissed"
    | "review_request_removed"
    | "review_requested";
  readonly actor: string;
  readonly at: string;
  /** A force-push's ends, or a retarget's branches. */
  readonly from?: string;
  readonly to?: string;
  readonly review?: Review;
  readonly previousState?: string;
  /** The commit whose push dismissed the review; none where a person did. */
  readonly commit?: string;
  readonly assignee?: string;
  /** Who was asked for a review: a login, or `org/team`. */
  readonly reviewer?: string;
  /** Why it left the merge queue. */
  readonly reason?: string;
}

export interface CheckRun {
  readonly id: number;
  readonly app: App;
  readonly headSha: string;
  name: string;
  status: "queued" | "in_progress" | "completed";
  conclusion: string | null;
  detailsUrl: string | null;
  externalId: string;
  startedAt: string;
  completedAt: string | null;
  output: { title: string | null; summary: string | null; text: string | null };
  readonly annotations: unknown[];
  actions: readonly unknown[];
  readonly suite: number;
}

/** The check runs of one App on one commit. */
export interface CheckSuite {
  readonly id: number;
  readonly app: App;
  readonly headSha: string;
  /** Null where no push to a branch of this repository brought the commit: a fork's. */
  readonly headBranch: string | null;
  readonly before: string | null;
  readonly createdAt: string;
}

export interface Status {
  readonly id: number;
  readonly sha: string;
  readonly context: string;
  readonly state: string;
  readonly description: string;
  readonly creator: Account;
  readonly createdAt: string;
}

export interface Job {
  readonly id: number;
  readonly name: string;
  status: string;
  conclusion: string | null;
  completedAt: string | null;
  readonly attempt: number;
}

export interface WorkflowRun {
  readonly id: number;
  readonly path: string;
  readonly name: string;
  readonly headSha: string;
  readonly headBranch: string;
  /** Where the head branch lies: a fork for a fork's pull request. */
  readonly headRepository: Repository;
  readonly event: string;
  readonly createdAt: string;
  readonly number: number;
  attempt: number;
  status: string;
  conclusion: string | null;
  readonly jobs: Job[];
}
