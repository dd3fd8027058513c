import type { Assessment } from "../core/assessment.ts";
import { byText, type Change, type ObjectId, pathOf } from "../core/change-set.ts";
import type { Evaluation } from "../core/evaluation.ts";
import type { Review } from "../core/facts.ts";
import { currentReviews } from "../core/vote.ts";
import type { CommitIdentities, Source } from "../work/source.ts";

/** An approval that counts no longer because what it covered changed: the path, and the commit that changed it. */
export interface Invalidated {
  readonly person: string;
  readonly path: string | null;
  readonly commit: ObjectId | null;
}

/** What is known of one file: what an approval covered, or what stands now. */
type Sides = ReadonlyMap<string, string>;

/** What the approval of one head covered, as far as it is known. */
export interface CoveredHead {
  readonly head: ObjectId | null;
  /** Its whole change, where it was assessed or can be read. */
  readonly changes: readonly Change[] | null;
  /** Else the governed files of it. */
  readonly entries: readonly { readonly path: string; readonly mode: string | null; readonly id: ObjectId | null }[];
}

/** Finds what ended each approval that is stale because of a change. */
export async function invalidatedApprovals(
  { assessment, facts, policy }: Evaluation,
  coveredBy: (review: Review) => Promise<CoveredHead>,
  source: Pick<Source, "commitsBetween" | "changedPaths">,
): Promise<readonly Invalidated[]> {
  const tier = assessment.tier.value;
  if (tier === "none") return [];
  const { bind } = policy.tiers[tier];
  const stale = currentReviews(facts.reviews).filter(
    ({ state, person, binding }) =>
      state === "APPROVED" && person !== null && binding !== null && binding[bind] !== assessment.digests[bind],
  );
  if (stale.length === 0) return [];
  const commits = await source.commitsBetween(assessment.changeSet.base, assessment.changeSet.head);
  const paths = await source.changedPaths(commits);
  const found: Invalidated[] = [];
  for (const review of stale) {
    const covered = await coveredBy(review);
    const changed = changedSince(covered, assessment, bind);
    const later = commitsSince(commits, covered.head);
    const commit = later.find(({ id }) => paths.get(id)?.some((path) => changed.includes(path)));
    const path = changed.find((one) => commit && paths.get(commit.id)?.includes(one)) ?? changed[0] ?? null;
    found.push({ person: review.person?.login ?? "ghost", path, commit: commit?.id ?? null });
  }
  return found;
}

function changedSince(
  { changes, entries }: CoveredHead,
  assessment: Assessment,
  bind: "facts" | "files" | "change-set",
): readonly string[] {
  const { changeSet, governedPaths, index, systems } = assessment;
  const whole = changes !== null;
  const touched = new Set(systems);
  const before = whole ? sidesOf(changes) : new Map(entries.map(({ path, mode, id }) => [path, `${mode} ${id}`]));
  const now = sidesOf(changeSet.changes);
  const named = new Set(entries.map(({ path }) => path));
  const counts = (path: string) =>
    governedPaths.has(path) ||
    named.has(path) ||
    (whole && bind === "change-set") ||
    (whole && bind === "files" && index.byPath.match(path).some((system) => touched.has(system)));
  const all = [...new Set([...before.keys(), ...now.keys()])].filter(counts);
  return all.filter((path) => before.get(path) !== now.get(path)).sort(byText);
}

function sidesOf(changes: readonly Change[]): Sides {
  return new Map(
    changes.flatMap((change): [string, string][] => {
      const { before, after } = change;
      const gone = before && before.path !== after?.path ? [[before.path, "null null"] as [string, string]] : [];
      return [...gone, ...(after ? [[pathOf(change), `${after.mode} ${after.id}`] as [string, string]] : [])];
    }),
  );
}

/** The commits that a head does not hold, oldest first; all of them where it is none of theirs. */
function commitsSince(commits: readonly CommitIdentities[], head: ObjectId | null): readonly CommitIdentities[] {
  const byId = new Map(commits.map((commit) => [commit.id, commit]));
  const held = new Set<ObjectId>();
  const next = head === null ? [] : [head];
  for (let id = next.pop(); id !== undefined; id = next.pop()) {
    const commit = byId.get(id);
    if (!commit || held.has(id)) continue;
    held.add(id);
    next.push(...commit.parents);
  }
  return commits.filter(({ id }) => !held.has(id)).reverse();
}
