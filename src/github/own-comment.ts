import { z } from "zod";
import type { Api } from "./api.ts";

const LIST = "/repos/{owner}/{repo}/issues/{issue_number}/comments";
const CREATE = "POST /repos/{owner}/{repo}/issues/{issue_number}/comments";
const UPDATE = "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}";

const Written = z.object({ id: z.int() });
const Comment = z.object({
  id: z.int(),
  body: z.string().nullish(),
  performed_via_github_app: z.object({ id: z.int() }).nullish(),
});

/** Who is asked, and as which App. */
interface Commenter {
  readonly api: Api;
  readonly appId: number | string;
}

/** Our comment that begins with a marker. By marker and App: a stranger's that looks like one of ours is none (P28). */
export async function ownComment(
  { api, appId }: Commenter,
  pullRequest: number,
  marker: string,
  except: number | null = null,
): Promise<{ readonly id: number; readonly body: string } | null> {
  const comments = await api.all(LIST, { issue_number: pullRequest }, z.array(Comment));
  const own = comments.find(
    ({ id, body, performed_via_github_app: app }) =>
      String(app?.id) === String(appId) && id !== except && body?.startsWith(marker),
  );
  return own ? { id: own.id, body: own.body ?? "" } : null;
}

/** Writes a comment; returns its number. */
export async function createComment({ api }: Commenter, pullRequest: number, body: string): Promise<number> {
  return (await api.write(CREATE, { issue_number: pullRequest, body }, Written)).id;
}

/** Writes a comment anew; returns its number. */
export async function updateComment({ api }: Commenter, id: number, body: string): Promise<number> {
  return (await api.write(UPDATE, { comment_id: id, body }, Written)).id;
}
