import { keepFollowUps } from "./afterwards/keep-follow-ups.ts";
import { reportBypass } from "./bypass/report-bypass.ts";
import { repositoryPlace } from "./bypass/watched-branches.ts";
import { type Enforcement, hostedName } from "./enforcement.ts";
import { decideWork, type Payload } from "./job.ts";
import { forgetComment } from "./publication.ts";
import { changedComment } from "./recording/changed-comment.ts";
import { evidenceWork } from "./recording/evidence-job.ts";
import { keepRecord } from "./recording/keep-record.ts";

/**
 * Has our comment written again that somebody else changed or deleted: comments are views, and this one is ours (P28). That
 * it was changed is recorded and told. Once it is merged the evidence is written again, as the record has it.
 */
export async function restoreComment(
  work: Payload<"restore-comment">,
  enforcement: Enforcement,
  signal: AbortSignal,
): Promise<void> {
  const { evidence, store, queue, log } = enforcement;
  const { repository: id, number, comment, login } = work;
  if ((await store.commentOf(id, number))?.id !== comment) return;
  const landing = await store.landingOf(id, number);
  const repository = await enforcement.hosting.open(hostedName(work), signal);
  const { record, bypass } = await changedComment(work, repository, landing, enforcement);
  if (evidence !== null) {
    await keepRecord(record, evidence, enforcement);
    await keepFollowUps(record, repositoryPlace(repository), enforcement);
  }
  log.warn({ repository: id, number, login, comment }, "somebody else changed the comment; it is written again");
  await reportBypass(repository, bypass, enforcement);
  await forgetComment(store, id, number);
  const place = repositoryPlace(repository);
  if (landing === null) await queue.add(decideWork({ ...place, number }, "the comment was changed"));
  else await queue.add(evidenceWork(place, landing, { again: true }));
}
