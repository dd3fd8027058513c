import type { Command } from "../core/facts.ts";

/** A command of a person in a comment that stands. */
export interface HostedCommand extends Command {
  /** The comment's number. */
  readonly comment: number;
  /** False where the comment changed since it was written, as far as its times show: then it counts only if it was seen before. */
  readonly untouched: boolean;
}

/** A command that never counts, whoever gave it. */
export interface VoidCommand extends HostedCommand {
  /** Why: the sentence that begins with the comment. */
  readonly why: string;
}

/** What is put under a comment: seen and done, counted, or refused. */
export type Reaction = "eyes" | "+1" | "confused";

/** Somebody who may be asked to review: a login, or `org/team` in lower case. */
export type Reviewer = string;

/** Who was asked to review a pull request, by lower-case login or `org/team`. */
export interface ReviewRequests {
  /** Asked now. */
  readonly open: ReadonlySet<Reviewer>;
  /** Asked at any time. */
  readonly ever: ReadonlySet<Reviewer>;
  /** Who took themselves off. */
  readonly declined: ReadonlySet<Reviewer>;
  /** Who reviewed, even if only with a comment. */
  readonly reviewed: ReadonlySet<Reviewer>;
}

/** What the App says to people beside check and decision comment. */
export interface Conversation {
  /** Whether it may put reactions, which takes a permission that not everybody grants. */
  mayReact(): Promise<boolean>;
  /** Whether it may write comments. */
  mayReply(): Promise<boolean>;
  /** Puts a reaction under a comment, once; nothing where the comment is gone. */
  react(comment: number, reaction: Reaction): Promise<void>;
  /** Makes the one comment that answers `key` on a pull request stand as given. */
  reply(pullRequest: number, key: string, body: string): Promise<void>;
  reviewRequests(pullRequest: number): Promise<ReviewRequests>;
  /** Asks people and teams to review; returns whom the hosting service would not ask, and why. */
  requestReviewers(pullRequest: number, reviewers: readonly Reviewer[]): Promise<ReadonlyMap<Reviewer, string>>;
}
