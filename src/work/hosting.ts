import type { ObjectId } from "../core/change-set.ts";
import type { CheckResult, Person, WorkflowRun } from "../core/facts.ts";
import type { RevalidationCheck } from "../core/policy.ts";
import type { Instant } from "../core/scalars.ts";
import type { CheckRunView, PullRequestView } from "../reports/pull-request-view.ts";
import type { Ungranted } from "../reports/report-context.ts";
import type { Revisions } from "./configuration.ts";
import type { Conversation, HostedCommand, VoidCommand } from "./conversation.ts";
import type { Landings } from "./landings.ts";
import type { MergeQueues } from "./merge-queue.ts";
import type { Reverts } from "./reverts.ts";
import type { Source } from "./source.ts";

/** A repository as an installation reaches it. The numbers never change; owner and name may. */
export interface HostedName {
  readonly installation: number;
  readonly id: number;
  readonly owner: string;
  readonly name: string;
}

/** A review as the hosting service reports it; what it covers is for the bindings to say. */
export interface HostedReview {
  readonly id: number;
  /** `id` is the account's number; null for a deleted account. */
  readonly person: (Person & { readonly id: number | null }) | null;
  /** APPROVED, CHANGES_REQUESTED, COMMENTED, DISMISSED or PENDING. */
  readonly state: string;
  /** May have been pointed at another commit since the review was given (P22). */
  readonly commit: ObjectId | null;
  readonly submittedAt: Instant;
  /** Present where the service dismissed it because of a push, which leaves its state as it was. */
  readonly dismissed?: true;
}

/** A pull request with what decides about it, as it stands now, read in one query where it fits. */
export interface HostedPullRequest {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly draft: boolean;
  readonly state: "open" | "closed" | "merged";
  readonly author: Person | null;
  readonly assignees: readonly Person[];
  readonly head: ObjectId;
  readonly headRef: string;
  /** False where the head lies in a fork. */
  readonly sameRepository: boolean;
  readonly base: { readonly ref: string; readonly head: ObjectId };
  readonly defaultBranch: { readonly name: string; readonly head: ObjectId };
  /** The number of the organisation that owns the repository; null where a person does. */
  readonly organization: number | null;
  readonly reviews: readonly HostedReview[];
  /** Logins as they are now of those who took part, by their account's number, which stays when it is renamed. */
  readonly accounts: ReadonlyMap<number, string>;
  readonly commands: readonly HostedCommand[];
  /** Commands that never count, so that people can be told. */
  readonly voidCommands: readonly VoidCommand[];
  /** When the base branch was last changed. */
  readonly retargetedAt: Instant | null;
  /** Force-pushes, oldest first; a commit that is no longer kept is null. */
  readonly forcePushes: readonly {
    readonly at: Instant;
    readonly before: ObjectId | null;
    readonly after: ObjectId | null;
  }[];
}

/** What an event said of a pull request: where to look early, never what is true. */
export interface ExpectedPullRequest {
  readonly head: ObjectId;
  /** Where its change is new: the branch that it is to be merged into. */
  readonly baseRef: string | null;
  /** Who gave a review. */
  readonly login: string | null;
  /** True where nothing was decided of it yet: then people are likely to be asked to review it. */
  readonly first?: boolean;
}

/** The members of teams, as far as they can be read. */
export interface TeamMembers {
  /** Active members, nested teams included, by `org/team` in lower case; a team that cannot be read is absent. */
  readonly members: ReadonlyMap<string, readonly string[]>;
  /** Why a team cannot be read, a sentence each, with the permission that is missing (P24). */
  readonly unreadable: readonly string[];
}

/** Members of the organisation that owns a repository, among those asked for. */
export interface OrganizationMembers {
  /** Logins in lower case; who was invited and did not accept yet is none. */
  readonly active: readonly string[];
  /** Why that cannot be read, a sentence with the permission that is missing; null where it can. */
  readonly unreadable: string | null;
}

/** Where the results of checks stand on one head. */
export interface HostedChecks {
  readonly checks: readonly CheckResult[];
  readonly workflowRuns: readonly WorkflowRun[];
}

/** What was last written for one head and check name, so that nothing is written twice. */
export interface Published {
  readonly checkRun: number | null;
  readonly commentId: number | null;
  /** What tells apart the check run as it was last written, and the comment; null where none was, or to have it written again. */
  readonly checkRunDigest: string | null;
  readonly commentDigest: string | null;
  /** Whether the run last written lets the pull request merge. */
  readonly passing: boolean;
}

/** One repository at the hosting service, for one job. Whatever cannot be read throws a `HostingFault`. */
export interface HostedRepository extends Source, Revisions {
  readonly name: HostedName;
  readonly conversation: Conversation;
  readonly landings: Landings;
  readonly queues: MergeQueues;
  readonly reverts: Reverts;
  mergeBase(range: { readonly base: ObjectId; readonly head: ObjectId }): Promise<ObjectId>;
  /** What is expected is read beside it, so that an expectation that holds saves time, and one that does not changes nothing. */
  pullRequest(number: number, expected?: ExpectedPullRequest): Promise<HostedPullRequest | null>;
  /** What the App asks for, was not granted, and is left out; null where nothing is. */
  ungranted(): Promise<Ungranted | null>;
  /** Open pull requests, all pages. */
  openPullRequests(): Promise<readonly { readonly number: number; readonly head: ObjectId; readonly base: string }[]>;
  /** `org/team`, with or without `@`. */
  teamMembers(teams: readonly string[]): Promise<TeamMembers>;
  /**
   * `role_name` by login in lower case, `unknown` for a name that no account has; `stranger` for one whose account is not the one of
   * that number in `named` (security rule S09).
   */
  access(logins: readonly string[], named?: ReadonlyMap<string, number | null>): Promise<ReadonlyMap<string, string>>;
  /** The numbers of people's accounts, by login in lower case; null where nobody has the login now. */
  accounts(logins: readonly string[]): Promise<ReadonlyMap<string, number | null>>;
  /** Who of them is an active member of the organisation that owns the repository. */
  organizationMembers(logins: readonly string[]): Promise<OrganizationMembers>;
  /**
   * Only what the named checks need: results by App, and for Actions from the newest runs of the named workflow (S16).
   * A run for a pull request counts only where it was made for one with this head and base branch that was read before
   * in this job, since it last got that base branch: another base may hold other workflows and scripts (P09, P10).
   */
  checks(
    at: { readonly head: ObjectId; readonly baseRef: string },
    wanted: readonly RevalidationCheck[],
  ): Promise<HostedChecks>;
  /**
   * Begins to read where checks stand on a head, who is in teams and what people may do; what comes of it shows where it
   * is asked for.
   */
  foresee(head: ObjectId, checks: readonly RevalidationCheck[], who: readonly string[]): Promise<void>;
  /**
   * The organisation's policy: its file's bytes; `absent` where there is no organisation, or its repository can be read
   * and holds none; or why it cannot be read, which is also all that is told of a repository that is not there (S03).
   */
  baseline(): Promise<{ readonly bytes: Uint8Array } | "absent" | { readonly unreadable: string }>;
  /** A check run of null stays as it stands. `writing` is waited for before anything is written. */
  publish(
    place: { readonly number: number; readonly head: ObjectId },
    view: Pick<PullRequestView, "comment"> & { readonly checkRun: CheckRunView | null },
    last: Published | null,
    writing: (part: "check-run" | "comment") => Promise<void>,
  ): Promise<Published>;
}

/** The hosting service, one repository at a time. */
export interface Hosting {
  open(name: HostedName, signal: AbortSignal): Promise<HostedRepository>;
}
