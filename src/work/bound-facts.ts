import type { Assessment } from "../core/assessment.ts";
import type { Change, ChangeSet, ObjectId } from "../core/change-set.ts";
import type { Detector } from "../core/detector.ts";
import type { BaseChange, Binding, Command, CommitPeople, Facts, Review } from "../core/facts.ts";
import { namesCommit } from "../core/independence.ts";
import { pathsOf } from "../core/touched-systems.ts";
import type { Source } from "./source.ts";

type UnboundReview = Omit<Review, "binding" | "unbound">;

/** Facts before bindings: what GitHub says, with the reviews still unbound. */
export interface UnboundFacts {
  readonly facts: Omit<Facts, "reviews" | "commits" | "baseChanges">;
  readonly reviews: readonly UnboundReview[];
}

/** What binding needs beside the facts. */
export interface Binder {
  readonly source: Source;
  readonly detectors: readonly Detector[];
  readonly base: string;
  /** The assessment of another state of the change, under the same rules. */
  assessmentAt(changeSet: ChangeSet): Promise<Assessment>;
}

/** Completes facts from the repository: what each review covered, who made governed commits, what the base changed since. */
export async function boundFacts(
  { facts, reviews }: UnboundFacts,
  current: Assessment,
  binder: Binder,
): Promise<Facts> {
  const bindings = new Map<ObjectId, { binding: Binding; unbound?: string }>();
  const bound: Review[] = [];
  for (const review of [...reviews, ...approvalsByCommand(facts.commands, current.changeSet.head)]) {
    if (review.commit === null) {
      bound.push({ ...review, binding: null, unbound: "the review names no commit" });
      continue;
    }
    const known = bindings.get(review.commit) ?? (await bindingAt(review.commit, current, binder));
    bindings.set(review.commit, known);
    bound.push({ ...review, ...known });
  }
  return {
    ...facts,
    reviews: bound,
    commits: await commitPeople(current, binder.source),
    baseChanges: await baseChanges(current, binder),
  };
}

/** `/countersign approve <sha>` counts like a review of this head. */
function approvalsByCommand(commands: readonly Command[], head: ChangeSet["head"]): readonly UnboundReview[] {
  return commands
    .filter(({ name, argument }) => name === "approve" && namesCommit(argument, head))
    .map(({ person, createdAt }, position) => ({
      id: -1 - position,
      person,
      state: "APPROVED",
      commit: head,
      submittedAt: createdAt,
      via: "command",
    }));
}

async function bindingAt(
  commit: ObjectId,
  current: Assessment,
  { source, base, assessmentAt }: Binder,
): Promise<{ binding: Binding; unbound?: string }> {
  if (commit === current.changeSet.head) return { binding: current.digests };
  try {
    return { binding: (await assessmentAt(await source.changeSet({ base, head: commit }))).digests };
  } catch (fault) {
    return { binding: null, unbound: fault instanceof Error ? fault.message : String(fault) };
  }
}

async function commitPeople({ changeSet, governedPaths }: Assessment, source: Source): Promise<CommitPeople[]> {
  if (changeSet.head === "index" || changeSet.head === "worktree") return [];
  const commits = await source.commitsBetween(changeSet.base, changeSet.head);
  // Above 250 commits every commit counts: GitHub's own lists end there, and App and command line must agree.
  const paths = commits.length > 250 ? null : await source.changedPaths(commits);
  return commits.map((commit) => ({
    id: commit.id,
    logins: [commit.authorEmail, commit.committerEmail, ...commit.coAuthors].flatMap(loginOf),
    governed: paths === null || (paths.get(commit.id) ?? []).some((path) => governedPaths.has(path)),
  }));
}

/** The login that an address of GitHub's own form names: `1234+octocat@users.noreply.github.com`. */
function loginOf(identity: string): string[] {
  const match = /(?:^|<)(?:\d+\+)?([A-Za-z0-9-]+)@users\.noreply\.github\.com>?$/.exec(identity.trim());
  return match?.[1] ? [match[1]] : [];
}

/** What the base's head has changed since the merge base (security rule S07). */
async function baseChanges(current: Assessment, binder: Binder): Promise<BaseChange[]> {
  const { changeSet, index, systems } = current;
  if (changeSet.base === binder.base) return [];
  const { changes } = await binder.source.changeSet({ base: changeSet.base, head: binder.base });
  const touched = new Set(systems);
  const near = changes.filter((change) =>
    sidesOf(change).some((path) => index.byPath.match(path).some((system) => touched.has(system))),
  );
  const moved = await binder.assessmentAt({ base: changeSet.base, head: binder.base, changes: near });
  const rules = binder.detectors.flatMap((detector) => detector.rules.filter(({ wholeFile }) => wholeFile));
  const whole = new Set(rules.map(({ id }) => id));
  const governed = new Set(
    moved.findings.filter(({ finding }) => whole.has(finding.rule)).flatMap(({ finding }) => pathsOf(finding)),
  );
  return [...new Set(changes.flatMap(sidesOf))].map((path) => ({ path, wholeFile: governed.has(path) }));
}

function sidesOf({ before, after }: Change): string[] {
  return [before?.path, after?.path].filter((path) => path !== undefined);
}
