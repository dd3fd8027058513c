import type { HostedRepository, Published } from "../work/hosting.ts";
import { publishCheckRun } from "./publish-check-run.ts";
import { publishComment } from "./publish-comment.ts";
import type { Publisher, PublishPlace } from "./publisher.ts";

/**
 * Makes check run and comment stand as the view says, with no request where they do already. `last` is what was written last
 * on this head, as far as it is known: null makes it look for a run of ours; a `checkRunDigest` or `commentDigest` of null makes
 * it write that part again, which is how a comment that somebody edited is restored (P28).
 */
export async function publish(
  publisher: Publisher,
  place: PublishPlace,
  view: Parameters<HostedRepository["publish"]>[1],
  last: Published | null,
): Promise<Published> {
  const stands = { checkRun: last?.checkRun ?? null, checkRunDigest: last?.checkRunDigest ?? null };
  const checkRun = view.checkRun === null ? stands : await publishCheckRun(publisher, place, view.checkRun, last);
  const comment = await publishComment(publisher, place, view.comment, last);
  const passing = view.checkRun === null ? (last?.passing ?? false) : view.checkRun.conclusion === "success";
  return { ...checkRun, ...comment, passing };
}
