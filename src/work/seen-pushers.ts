import type { ObjectId } from "../core/change-set.ts";
import type { Facts } from "../core/facts.ts";
import { type Push, type PushedCommit, pushersOf } from "./pushers.ts";
import type { Source } from "./source.ts";

/** The change that pushes are looked at for. */
export interface PushedChange {
  readonly mergeBase: ObjectId;
  readonly commits: readonly PushedCommit[];
  /** Who is excluded anyhow: what exactly they pushed need not be known. */
  readonly authors: readonly string[];
  readonly source: Pick<Source, "commitsBetween">;
}

/** Pull requests whose branch was rewritten more often are judged by the newest of their heads. */
const MOST_HEADS = 20;

/**
 * Who pushed commits that changed governed content (P26), also where a force-push has taken away the head that they pushed
 * and left a commit of theirs below it. A head that cannot be read any more counts as holding all of it.
 */
export async function seenPushers(
  pushes: readonly Push[],
  { mergeBase, commits, authors, source }: PushedChange,
): Promise<Pick<Facts, "pushers" | "pushersIncomplete">> {
  const present = new Set(commits.map(({ id }) => id));
  const excluded = new Set(authors.map((login) => login.toLowerCase()));
  const headsOf = ({ before, after }: Push) =>
    [before, after].filter((id): id is ObjectId => id !== null && id !== mergeBase && !present.has(id));
  const among = pushersOf(pushes, commits);
  const matters = pushes.some((push) => !excluded.has(push.login.toLowerCase()) && headsOf(push).length > 0);
  if (!matters && among.pushers !== null && !among.pushersIncomplete) return among;
  const heads = [...new Set(pushes.flatMap(headsOf))].reverse();
  const further = new Map<ObjectId, PushedCommit>();
  const unread = new Set(heads.slice(MOST_HEADS));
  for (const head of heads.slice(0, MOST_HEADS)) {
    try {
      for (const { id, parents } of await source.commitsBetween(mergeBase, head))
        if (!present.has(id)) further.set(id, { id, parents, logins: [], governed: false });
    } catch {
      unread.add(head);
    }
  }
  const found = pushersOf(pushes, [...commits, ...further.values()]);
  const unreadable = pushes.filter(({ after }) => unread.has(after)).map(({ login }) => login.toLowerCase());
  if (unreadable.length === 0) return found;
  return { ...found, pushers: [...new Set([...(found.pushers ?? []), ...unreadable])] };
}
