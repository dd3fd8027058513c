import { createHash } from "node:crypto";
import type { ObjectId } from "../core/change-set.ts";
import type { PullRequestView } from "../reports/pull-request-view.ts";
import type { Store, StoredView } from "../stores/store.ts";
import type { HostedRepository, Published } from "../work/hosting.ts";

/** A pull request and its head. */
interface PulledHead {
  readonly number: number;
  readonly head: ObjectId;
}

/** Where one check run is published. */
export interface RunPlace {
  readonly repository: HostedRepository;
  readonly store: Pick<Store, "putView" | "viewOf" | "putComment" | "commentOf">;
  /** The pull requests that it speaks for, all with one head. */
  readonly pulls: readonly [PulledHead, ...PulledHead[]];
  /** What the answer rests on beside the change and its facts. */
  readonly premises: string;
}

/** Where an answer is published. */
export interface Publication extends RunPlace {
  readonly names: readonly string[];
}

/** What a decision rests on beside the facts of its pull requests: another one may make an earlier answer wrong. */
export function premisesOf(rules: string, baseRef: string, numbers: readonly number[]): string {
  const place = createHash("sha256")
    .update(JSON.stringify([baseRef, numbers]))
    .digest("hex")
    .slice(0, 32);
  return `${rules} ${place}`;
}

/** Whether a view was written under these rules. */
export function isUnderRules({ premises }: StoredView, rules: string): boolean {
  return premises.startsWith(`${rules} `);
}

/** Which view one pull request is shown, under one check name. */
export type ViewOf = (name: string, number: number) => PullRequestView;

/**
 * Publishes an answer under every name, then with a comment on every pull request that it speaks for. `again` writes it
 * even if the same was written last.
 */
export async function publishAnswer(publication: Publication, viewOf: ViewOf, again: boolean): Promise<void> {
  const { names, pulls } = publication;
  for (const name of names) await publishCheck(publication, name, viewOf(name, pulls[0].number), again);
  const [name] = names;
  if (name === undefined) return;
  for (const { number } of pulls) await publishComment(publication, number, viewOf(name, number).comment, again);
}

/** Publishes one check run. */
export async function publishCheck(
  { repository, store, pulls, premises }: RunPlace,
  name: string,
  { checkRun }: PullRequestView,
  again: boolean,
): Promise<Published> {
  const [{ number, head }] = pulls;
  const { id } = repository.name;
  const stored = await store.viewOf(id, head, name);
  const row = { repository: id, head, checkName: name, premises };
  // Noted before it is written: a crash in between must not lead to a second run, and of a write whose answer is lost
  // nobody knows whether it was done, so it counts as one that lets it merge until another one was seen to be done.
  const writing = async () => {
    const passing = stored?.passing === true || checkRun.conclusion === "success";
    await store.putView({ ...row, checkRun: stored?.checkRun ?? null, digest: null, passing });
  };
  const lost = stored !== null && stored.checkRun === null;
  const last: Published = {
    checkRun: stored?.checkRun ?? null,
    checkRunDigest: again ? null : (stored?.digest ?? null),
    commentId: null,
    commentDigest: null,
    passing: stored?.passing ?? false,
  };
  const published = await repository.publish(
    { number, head },
    { checkRun, comment: null },
    lost ? null : last,
    writing,
  );
  await store.putView({
    ...row,
    checkRun: published.checkRun,
    digest: published.checkRunDigest,
    passing: published.passing,
  });
  return published;
}

/** Publishes the comment of a pull request; where there is none to write, one that stands stays. */
export async function publishComment(
  { repository, store, pulls }: Omit<RunPlace, "premises">,
  number: number,
  comment: string | null,
  again: boolean,
): Promise<void> {
  const stored = await store.commentOf(repository.name.id, number);
  const last: Published = {
    ...{ checkRun: null, checkRunDigest: null, passing: false },
    commentId: stored?.id ?? null,
    commentDigest: again ? null : (stored?.digest ?? null),
  };
  const place = { number, head: pulls[0].head };
  let commented = false;
  const writing = () => {
    commented = true;
    return forgetComment(store, repository.name.id, number);
  };
  const published = await repository.publish(place, { checkRun: null, comment }, last, writing);
  if (commented) await keepComment(store, repository.name.id, number, published);
}

/** Forgets what a comment says, so that it is written again; what it was written with last stands no more. */
export async function forgetComment(
  store: Pick<Store, "commentOf" | "putComment">,
  repository: number,
  pullRequest: number,
): Promise<void> {
  const comment = await store.commentOf(repository, pullRequest);
  if (comment !== null) await store.putComment({ ...comment, digest: null });
}

/** What was not written is not noted: somebody may have it written again meanwhile. */
async function keepComment(
  store: Publication["store"],
  repository: number,
  pullRequest: number,
  { commentId: id, commentDigest: digest }: Published,
): Promise<void> {
  if (id !== null) await store.putComment({ repository, pullRequest, id, digest });
}
