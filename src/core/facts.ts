import type { ObjectId } from "./change-set.ts";
import type { Bind } from "./policy.ts";
import type { Instant } from "./scalars.ts";

/** A login with what GitHub says of it; `null` stands for a deleted account, which never counts. */
export interface Person {
  readonly login: string;
  /** GitHub's `type`: only `User` is a person. */
  readonly type: string;
}

/** What an approval covered: one digest per width, computed at the commit it was given on; `null` when that cannot be known. */
export type Binding = Readonly<Record<Bind, string>> | null;

/** A review as GitHub reports it, with what it bound. */
export interface Review {
  readonly id: number;
  readonly person: Person | null;
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
  /** Whether it changed a path with a governing finding. */
  readonly governed: boolean;
}

/** What GitHub says now. Whatever is `null` could not be read or was not given, and counts for nobody. */
export interface Facts {
  readonly pullRequest: { readonly author: Person; readonly body: string; readonly draft: boolean } | null;
  readonly reviews: readonly Review[];
  readonly commands: readonly Command[];
  readonly checks: readonly CheckResult[];
  readonly workflowRuns: readonly WorkflowRun[];
  /** Members by `org/team`, lower case; a team that is absent is unreadable. */
  readonly teams: ReadonlyMap<string, readonly string[]>;
  /** GitHub's `role_name` by login; null when access is assumed. */
  readonly access: ReadonlyMap<string, string> | null;
  /** Who pushed; null when unknown. */
  readonly pushers: readonly string[] | null;
  readonly commits: readonly CommitPeople[];
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
