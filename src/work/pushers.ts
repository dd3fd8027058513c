import type { ObjectId } from "../core/change-set.ts";
import type { CommitPeople, Facts } from "../core/facts.ts";

/** One push to a pull request's branch. */
export interface Push {
  /** Where the branch stood; null where it was new, or is not known. */
  readonly before: ObjectId | null;
  readonly after: ObjectId;
  readonly login: string;
}

/** A commit of the change, with where it stands. */
export interface PushedCommit extends CommitPeople {
  readonly parents: readonly ObjectId[];
}

/**
 * Who pushed commits that changed governed content (P26), each once; null where nobody is known. Incomplete where that is
 * not known of every such commit, since somebody who is not named may then have made the change.
 */
export function pushersOf(
  pushes: readonly Push[],
  commits: readonly PushedCommit[],
): Pick<Facts, "pushers" | "pushersIncomplete"> {
  const byId = new Map(commits.map((commit) => [commit.id, commit]));
  const governed = new Set(commits.filter((commit) => commit.governed).map(({ id }) => id));
  const unknown = new Set(governed);
  const pushers = new Map<string, string>();
  for (const { before, after, login } of pushes) {
    const old = reachable(before, byId, new Set());
    const pushed = [...reachable(after, byId, old)].filter((id) => governed.has(id));
    for (const id of pushed) unknown.delete(id);
    if (pushed.length > 0 || governed.size === 0) pushers.set(login.toLowerCase(), login);
  }
  if (pushers.size === 0) return { pushers: null };
  return { pushers: [...pushers.values()], ...(unknown.size > 0 ? { pushersIncomplete: true } : {}) };
}

/** The commits of the change that one of them leads to, without those that are known already. */
function reachable(
  from: ObjectId | null,
  commits: ReadonlyMap<ObjectId, PushedCommit>,
  known: ReadonlySet<ObjectId>,
): ReadonlySet<ObjectId> {
  const found = new Set<ObjectId>();
  const next = from === null ? [] : [from];
  for (let id = next.pop(); id !== undefined; id = next.pop()) {
    const commit = commits.get(id);
    if (!commit || known.has(id) || found.has(id)) continue;
    found.add(id);
    next.push(...commit.parents);
  }
  return found;
}
