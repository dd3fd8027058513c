import { z } from "zod";
import type { Command } from "../core/facts.ts";
import { type CommentCommand, commandIn } from "../work/comment-command.ts";
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

const Listed = z.object({
  id: z.number(),
  created_at: z.string(),
  updated_at: z.string(),
  performed_via_github_app: z.unknown(),
});

/** Whether a person wrote a comment without an App, by the comment's id: that never changes. */
export type CommentOrigins = BoundedCache<boolean>;

/**
 * Commands of people, in comments that were never edited and that no App wrote in their name (P27, S12). Only the REST
 * API tells of the App; it is asked once for each comment that holds a command.
 */
export async function commandsOf(
  api: Api,
  pullRequest: number,
  comments: readonly Comment[],
  origins: CommentOrigins,
): Promise<readonly Command[]> {
  const candidates = comments.flatMap((comment) => {
    const untouched = comment.lastEditedAt === null && comment.updatedAt === comment.createdAt;
    const command = untouched && comment.author?.__typename === "User" ? commandIn(comment.body) : null;
    return command ? [{ comment, command }] : [];
  });
  const own = await writtenByThemselves(
    api,
    pullRequest,
    candidates.map(({ comment }) => comment),
    origins,
  );
  return candidates.flatMap((candidate) => (own.has(candidate.comment.fullDatabaseId) ? [asCommand(candidate)] : []));
}

function asCommand({ comment, command }: { readonly comment: Comment; readonly command: CommentCommand }): Command {
  return { ...command, person: personOf(comment.author), createdAt: comment.createdAt };
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
  for (const { id, created_at, updated_at, performed_via_github_app: app } of listed) {
    if (!asked.has(id)) continue;
    origins.set(String(id), app === null || app === undefined, ORIGIN_WEIGHT);
    if ((app === null || app === undefined) && created_at === updated_at) own.add(id);
  }
  return own;
}

/** What one remembered comment weighs in bytes, roughly. */
const ORIGIN_WEIGHT = 100;
