import { z } from "zod";
import { type CommentCommand, commandIn } from "../work/comment-command.ts";
import type { HostedCommand, VoidCommand } from "../work/conversation.ts";
import { Actor, personOf } from "./actor.ts";
import type { Api } from "./api.ts";
import type { BoundedCache } from "./bounded-cache.ts";

/** What is asked of a comment. */
export const COMMENT =
  "fragment Said on IssueComment { fullDatabaseId body createdAt updatedAt lastEditedAt author { ...Who } }";

/** A comment as GraphQL gives it. */
export const Comment = z.object({
  fullDatabaseId: z.coerce.number().int().positive(),
  body: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
  lastEditedAt: z.string().nullable(),
  author: Actor.nullable(),
});
export type Comment = z.infer<typeof Comment>;

const Listed = z.object({ id: z.number(), performed_via_github_app: z.unknown() });

/** Whether a person wrote a comment without an App, by the comment's id: that never changes. */
export type CommentOrigins = BoundedCache<boolean>;

/** The commands of people on a pull request: those that may count, and those that never do. */
export interface GivenCommands {
  readonly commands: readonly HostedCommand[];
  readonly voidCommands: readonly VoidCommand[];
}

/**
 * Commands of people, in comments that were never edited and that no App wrote in their name (P27, S12). Only the REST
 * API tells of the App; it is asked once for each comment that holds a command.
 */
export async function commandsOf(
  api: Api,
  pullRequest: number,
  comments: readonly Comment[],
  origins: CommentOrigins,
): Promise<GivenCommands> {
  const given = comments.flatMap((comment) => {
    const command = comment.author?.__typename === "User" ? commandIn(comment.body) : null;
    return command ? [{ comment, command: asCommand(comment, command) }] : [];
  });
  const edited = given.filter(({ comment }) => comment.lastEditedAt !== null);
  const standing = given.filter(({ comment }) => comment.lastEditedAt === null);
  const own = await writtenByThemselves(
    api,
    pullRequest,
    standing.map(({ comment }) => comment),
    origins,
  );
  const foreign = standing.filter(({ comment }) => !own.has(comment.fullDatabaseId));
  return {
    commands: standing.filter(({ comment }) => own.has(comment.fullDatabaseId)).map(({ command }) => command),
    voidCommands: [
      ...edited.map(({ command }) => ({ ...command, why: "was edited, and never counts; write it in a new comment" })),
      ...foreign.map(({ command }) => ({ ...command, why: "was written by an App, and never counts" })),
    ],
  };
}

function asCommand(comment: Comment, command: CommentCommand): HostedCommand {
  const { fullDatabaseId, author, createdAt, updatedAt } = comment;
  const untouched = updatedAt === createdAt;
  return { ...command, person: personOf(author), createdAt, comment: fullDatabaseId, untouched };
}

async function writtenByThemselves(
  api: Api,
  pullRequest: number,
  comments: readonly Comment[],
  origins: CommentOrigins,
): Promise<ReadonlySet<number>> {
  const key = ({ fullDatabaseId }: Comment) => String(fullDatabaseId);
  const unknown = comments.filter((comment) => origins.get(key(comment)) === undefined);
  const known = comments.filter((comment) => origins.get(key(comment)) === true);
  const own = new Set(known.map(({ fullDatabaseId }) => fullDatabaseId));
  if (unknown.length === 0) return own;
  const first = Math.min(...unknown.map(({ createdAt }) => Date.parse(createdAt)));
  const listed = await api.all(
    "/repos/{owner}/{repo}/issues/{issue_number}/comments",
    { issue_number: pullRequest, since: new Date(first - 1000).toISOString(), per_page: 100 },
    z.array(Listed),
  );
  const asked = new Set(unknown.map(({ fullDatabaseId }) => fullDatabaseId));
  for (const { id, performed_via_github_app: app } of listed) {
    if (!asked.has(id)) continue;
    const themselves = app === null || app === undefined;
    origins.set(String(id), themselves, ORIGIN_WEIGHT);
    if (themselves) own.add(id);
  }
  return own;
}

/** What one remembered comment weighs in bytes, roughly. */
const ORIGIN_WEIGHT = 100;
