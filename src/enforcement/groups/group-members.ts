import type { Store, StoredGroup } from "../../stores/store.ts";
import type { MergeQueues } from "../../work/merge-queue.ts";

/** Which pull requests a merge group holds, in the order they land in. */
export interface GroupMembers {
  /** Null for one that the App is not shown. */
  readonly numbers: readonly (number | null)[];
  /** The heads of the groups that end with each of them, as far as they are known. */
  readonly heads: ReadonlyMap<number, string>;
  /** The commit that the first of them is built on, where only names tell of them and no group is known to have made it. */
  readonly onto: string | null;
}

/**
 * Finds the pull requests of a group: the entries of its queue up to the one whose group this is, else what the names of
 * groups say, which only the hosting service makes (`pr-12-<the commit that it is built on>`). What commits say is no
 * way: whoever writes a title writes the message of a squashed one. Neither is proof, and none is needed: a governed
 * change that none of those found brings keeps the group from landing.
 */
export async function groupMembers(
  group: StoredGroup,
  queues: MergeQueues,
  store: Pick<Store, "groupAt">,
): Promise<GroupMembers> {
  const named = await namedMembers(group, store);
  const entries = (await queues.entries(group.baseRef)) ?? [];
  const end = entries.findLastIndex(({ head }) => head === group.head);
  if (end < 0) return named;
  const listed = entries.slice(0, end + 1);
  const heads = new Map(
    listed.flatMap(({ number, head }) => (number === null || head === null ? [] : [[number, head] as const])),
  );
  const numbers = listed.map(({ number }) => number);
  const last = named.numbers.at(-1);
  // The group was made for this one, whatever is listed.
  return { numbers: last == null || numbers.includes(last) ? numbers : [...numbers, last], heads, onto: null };
}

/** More groups than these are not built on each other. */
const LONGEST = 100;

/** The pull requests that names tell of: of this group, of the one that it is built on, and so on. */
async function namedMembers(group: StoredGroup, store: Pick<Store, "groupAt">): Promise<GroupMembers> {
  const numbers: number[] = [];
  const heads = new Map<number, string>();
  let onto: string | null = null;
  let at: StoredGroup | null = group;
  for (let count = 0; at !== null && count < LONGEST; count += 1) {
    const number = numberOf(at);
    if (number === null) break;
    numbers.unshift(number);
    heads.set(number, at.head);
    const below: StoredGroup | null = await store.groupAt(at.repository, at.base);
    onto = below === null ? at.base : null;
    // One that has landed is part of the branch by now.
    at = below?.open && below.baseRef === at.baseRef ? below : null;
  }
  return { numbers, heads, onto };
}

/** The pull request that a group was made for, by the name of its branch. */
function numberOf({ branch, baseRef }: Pick<StoredGroup, "branch" | "baseRef">): number | null {
  const start = `${GROUP_BRANCHES}${baseRef}/`;
  const [, digits] = branch.startsWith(start)
    ? (/^pr-(\d{1,9})-[0-9a-f]+$/.exec(branch.slice(start.length)) ?? [])
    : [];
  return digits === undefined ? null : Number(digits);
}

/** Where the hosting service keeps the branches of merge groups; nobody else may write there. */
const GROUP_BRANCHES = "gh-readonly-queue/";
