import { COMMENT_MARKER } from "../reports/comment.ts";
import type { Published } from "../work/hosting.ts";
import { HostingFault } from "../work/hosting-fault.ts";
import { lacks } from "./accepted-permissions.ts";
import { createComment, ownComment, updateComment } from "./own-comment.ts";
import { digestOf, isGone, type Publisher, type PublishPlace } from "./publisher.ts";

/** Makes our one comment stand as the view says; where the view has none, one that stands stays. */
export async function publishComment(
  publisher: Publisher,
  place: PublishPlace,
  body: string | null,
  last: Published | null,
): Promise<Pick<Published, "commentId" | "commentDigest">> {
  const known = { commentId: last?.commentId ?? null, commentDigest: last?.commentDigest ?? null };
  if (body === null) return known;
  const commentDigest = digestOf(body);
  if (commentDigest === known.commentDigest) return known;
  if (lacks(await publisher.api.lacking(), "pull_requests", "write")) return known;
  await publisher.writing("comment");
  try {
    return { commentId: await write(publisher, place, body, known.commentId), commentDigest };
  } catch (fault) {
    // Who may not write a comment has still written the check run, which says the same.
    if (!(fault instanceof HostingFault) || (fault.code !== "hosting/forbidden" && fault.code !== "hosting/refused"))
      throw fault;
    return { commentId: known.commentId, commentDigest };
  }
}

async function write(
  publisher: Publisher,
  { number }: PublishPlace,
  body: string,
  known: number | null,
): Promise<number> {
  const update = async (id: number) => {
    try {
      return await updateComment(publisher, id, body);
    } catch (fault) {
      if (isGone(fault)) return null;
      throw fault;
    }
  };
  const updated = known === null ? null : await update(known);
  if (updated !== null) return updated;
  // Looked for before every first one: an answer that was lost must not lead to a second.
  if (known === null && publisher.uncommented(number)) return createComment(publisher, number, body);
  const own = await ownComment(publisher, number, COMMENT_MARKER, known);
  if (own?.body === body) return own.id;
  const found = own === null ? null : await update(own.id);
  return found ?? (await createComment(publisher, number, body));
}
