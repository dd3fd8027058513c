import type { Assessment } from "../core/assessment.ts";
import type { ChangeSet, ObjectId } from "../core/change-set.ts";
import type { Detector } from "../core/detector.ts";
import type { BaseChange, Binding, Command, CommitPeople, Facts, Review } from "../core/facts.ts";
import { namesCommit } from "../core/independence.ts";
import { neededChecks } from "../core/revalidation.ts";
import { baseMoves, sidesOf } from "./base-moves.ts";
import type { Push, PushedCommit } from "./pushers.ts";
import { seenPushers } from "./seen-pushers.ts";
import type { CommitIdentities, Source } from "./source.ts";
import { trialMerge } from "./trial-merge.ts";
import { withdrawalsOf } from "./withdrawals.ts";

/** What is known of what a review was given on, beside the commit that it names. */
export type Given =
  /** What it covered, as it would be computed now. */
  | { readonly digests: NonNullable<Binding> }
  /** Where it was given; the commit that it names today may be another one. */
  | { readonly head: ObjectId }
  /** Why that cannot be known. */
  | { readonly unknown: string };

type UnboundReview = Omit<Review, "binding" | "unbound"> & { readonly given?: Given };

/** Facts before bindings: what GitHub says, with the reviews still unbound. */
export interface UnboundFacts {
  readonly facts: Omit<Facts, "reviews" | "commits" | "baseChanges">;
  readonly reviews: readonly UnboundReview[];
  /** Who pushed what, where that was watched: then the facts' `pushers` follow from it. */
  readonly pushes?: readonly Push[];
  /** Logins as they are now, by account number: the address in a commit may hold an older one. */
  readonly accounts?: ReadonlyMap<number, string>;
}

/** What binding needs beside the facts. */
export interface Binder {
  readonly source: Source;
  readonly detectors: readonly Detector[];
  readonly base: string;
  /** Whether a named check runs or reads a file. */
  defines(path: string): boolean;
  /** The assessment of another state of the change, under the same rules. */
  assessmentAt(changeSet: ChangeSet): Promise<Assessment>;
}

/** Completes facts from the repository: what each review covered, who made governed commits, what the base changed since. */
export async function boundFacts(
  { facts, reviews, pushes, accounts = new Map() }: UnboundFacts,
  current: Assessment,
  binder: Binder,
): Promise<{ readonly facts: Facts; readonly assessments: ReadonlyMap<ObjectId, Assessment> }> {
  const { head } = current.changeSet;
  const assessments = new Map([[head, current]]);
  const commits = await commitPeople(current, binder.source, accounts);
  const { source } = binder;
  const known = [head, ...commits.map(({ id }) => id)];
  const makers = [facts.pullRequest?.author, ...(facts.pullRequest?.otherAuthors ?? [])];
  const authors = makers.flatMap((person) => (person ? [person.login] : []));
  const bound: Review[] = [];
  const commands = await glassesOn(facts.commands, known, current, { ...binder, assessments });
  const given = [...reviews, ...approvalsByCommand(facts.commands, known)];
  const all: readonly UnboundReview[] = [...given, ...withdrawalsOf(facts.commands, given)];
  for (const { given: on, ...review } of all)
    bound.push({ ...review, ...(await bindingOf(review.commit, on, assessments, binder)) });
  return {
    assessments,
    facts: {
      ...facts,
      commands,
      reviews: bound,
      commits: commits.map(({ parents: _, ...commit }) => commit),
      ...(pushes ? await seenPushers(pushes, { mergeBase: current.changeSet.base, commits, authors, source }) : {}),
      ...(await afterBase(current, binder)),
    },
  };
}

/** `/countersign approve <sha>` counts like a review of the commit it names, the head or an earlier one. */
function approvalsByCommand(commands: readonly Command[], commits: readonly ObjectId[]): readonly UnboundReview[] {
  return commands.flatMap(({ name, argument, person, createdAt }, position): UnboundReview[] => {
    const commit = name === "approve" ? commits.find((id) => namesCommit(argument, id)) : undefined;
    if (commit === undefined) return [];
    return [{ id: -1 - position, person, state: "APPROVED", commit, submittedAt: createdAt, via: "command" }];
  });
}

/**
 * A glass that was broken for an earlier commit of the pull request holds for its head as well, where what is governed
 * stayed the same (security rule S14): as when the branch is brought up to date before it is merged.
 */
async function glassesOn(
  commands: readonly Command[],
  known: readonly ObjectId[],
  { changeSet, digests, policy, tier }: Assessment,
  { assessments, ...binder }: Binder & { readonly assessments: Map<ObjectId, Assessment> },
): Promise<readonly Command[]> {
  if (tier.value === "none") return commands;
  const { bind } = policy.tiers[tier.value];
  const found: Command[] = [];
  for (const command of commands) {
    const commit = command.name === "break-glass" ? known.find((id) => namesCommit(command.argument, id)) : undefined;
    const covered = commit === undefined ? null : (await bindingOf(commit, undefined, assessments, binder)).binding;
    found.push(covered?.[bind] === digests[bind] ? { ...command, argument: changeSet.head } : command);
  }
  return found;
}

async function bindingOf(
  named: ObjectId | null,
  given: Given | undefined,
  assessments: Map<ObjectId, Assessment>,
  { source, base, assessmentAt }: Binder,
): Promise<{ binding: Binding; unbound?: string }> {
  if (given && "digests" in given) return { binding: given.digests };
  if (given && "unknown" in given) return { binding: null, unbound: given.unknown };
  const commit = given?.head ?? named;
  if (commit === null) return { binding: null, unbound: "the review names no commit" };
  try {
    const found = assessments.get(commit) ?? (await assessmentAt(await source.changeSet({ base, head: commit })));
    assessments.set(commit, found);
    return { binding: found.digests };
  } catch (fault) {
    return { binding: null, unbound: fault instanceof Error ? fault.message : String(fault) };
  }
}

async function commitPeople(
  { changeSet, governedPaths }: Assessment,
  source: Source,
  accounts: ReadonlyMap<number, string>,
): Promise<PushedCommit[]> {
  if (changeSet.head === "index" || changeSet.head === "worktree") return [];
  const commits = await source.commitsBetween(changeSet.base, changeSet.head);
  // Above 250 commits every commit counts: GitHub's own lists end there, and App and command line must agree.
  const paths = commits.length > 250 ? null : await source.changedPaths(commits);
  return commits.map((commit) => ({
    id: commit.id,
    parents: commit.parents,
    ...namedIn(commit, accounts),
    governed: paths === null || (paths.get(commit.id) ?? []).some((path) => governedPaths.has(path)),
  }));
}

/**
 * Whom a commit names: as the hosting service knows the addresses in it, else as they say themselves, which may exclude
 * somebody but is nobody who is known to stand behind an agent.
 */
function namedIn(
  { authorEmail, committerEmail, coAuthors, known }: CommitIdentities,
  accounts: ReadonlyMap<number, string>,
): Pick<CommitPeople, "logins" | "people"> {
  const addresses = [...new Set([authorEmail, committerEmail, ...coAuthors])];
  const behind = (address: string) => {
    const account = known?.get(address);
    return account ? [accounts.get(account.id) ?? account.login] : [];
  };
  const people = addresses.flatMap((address) => (known?.has(address) ? behind(address) : loginOf(address, accounts)));
  const logins = addresses.flatMap((address) => {
    const found = behind(address);
    return found.length > 0 ? found : loginOf(address, accounts);
  });
  return { logins: [...new Set(logins)], ...(known ? { people: [...new Set(people)] } : {}) };
}

/** The login that an address of GitHub's own form names: `1234+octocat@users.noreply.github.com`; managed users' have a `_`. */
function loginOf(address: string, accounts: ReadonlyMap<number, string>): string[] {
  const match = /(?:^|<)(?:(\d{1,15})\+)?([A-Za-z0-9_-]+)@users\.noreply\.github\.com>?$/.exec(address.trim());
  const [, id, login] = match ?? [];
  return login === undefined ? [] : [(id === undefined ? undefined : accounts.get(Number(id))) ?? login];
}

/** What the base's head has changed since the merge base (security rule S07), and whether the change could be taken back there. */
async function afterBase(
  current: Assessment,
  binder: Binder,
): Promise<Required<Pick<Facts, "baseChanges" | "trialRevert">>> {
  const { changeSet } = current;
  const { base, source } = binder;
  const moved = changeSet.base === base ? [] : (await source.changeSet({ base: changeSet.base, head: base })).changes;
  // What goes in by itself comes out by itself at once: what would not is what both sides changed.
  const { conflicts } = await trialMerge(moved, changeSet.changes, source);
  return {
    baseChanges: changeSet.base === base ? [] : await baseChanges(current, moved, binder),
    trialRevert: { onto: base, conflicts },
  };
}

async function baseChanges(
  current: Assessment,
  changes: ChangeSet["changes"],
  binder: Binder,
): Promise<readonly BaseChange[]> {
  const { changeSet, index, systems } = current;
  const touched = new Set(systems);
  const near = changes.filter((change) =>
    sidesOf(change).some((path) => index.byPath.match(path).some((system) => touched.has(system))),
  );
  const moved = await binder.assessmentAt({ base: changeSet.base, head: binder.base, changes: near });
  const defines = neededChecks(current).length > 0 ? binder.defines : () => false;
  return baseMoves({ changes, findings: moved.findings, detectors: binder.detectors, defines });
}
