import type { ObjectId } from "../../core/change-set.ts";
import type { Evaluation } from "../../core/evaluation.ts";
import { type Configuration, readConfiguration } from "../../work/configuration.ts";
import { evaluateChange } from "../../work/evaluate.ts";
import type { HostedRepository } from "../../work/hosting.ts";
import { HostingFault } from "../../work/hosting-fault.ts";
import type { BranchPlace, LandedPull } from "../../work/landings.ts";
import type { Enforcement } from "../enforcement.ts";
import { noFile, type PresentRules, sourcesFor } from "../matter.ts";
import { hashing } from "../recording/hashing.ts";
import { mayMerge } from "../shared-check.ts";

/** Where a repository lies; null where it is gone, or the App may not see it now: it is looked at when it is back. */
export async function placeIfSeen({ landings }: Pick<HostedRepository, "landings">): Promise<BranchPlace | null> {
  try {
    return await landings.place();
  } catch (fault) {
    if (fault instanceof HostingFault && UNSEEN.has(fault.code)) return null;
    throw fault;
  }
}

const UNSEEN: ReadonlySet<HostingFault["code"]> = new Set([
  "hosting/not-found",
  "hosting/forbidden",
  "hosting/refused",
]);

/** A branch that is governed, as one look at it sees it. */
export interface Watched {
  readonly repository: HostedRepository;
  readonly branch: string;
  readonly present: PresentRules;
  readonly defaultBranch: { readonly name: string; readonly head: ObjectId };
  /** What landed between two commits, by what it changed on the branch. */
  evaluated(range: Pick<Landing, "from" | "to">): Promise<LandedEvaluation>;
}

/** A part of what came into a branch: one pull request, or what was pushed past them. */
export interface Landing {
  readonly from: ObjectId;
  readonly to: ObjectId;
  /** Null where no pull request brought it. */
  readonly pull: LandedPull | null;
  /** Further pull requests that the same commit merged. */
  readonly others: readonly number[];
  /** How many commits the branch went on by, one parent after the other; null where they were not listed. */
  readonly commits: number | null;
  /** The commits that came after it in the same look, the next first. */
  readonly later: readonly ObjectId[];
  /** Whether it replaced history instead of going on with it. */
  readonly forced: boolean;
}

/** What came in is held against the rules before it: none that come with it say what they may do themselves. */
export async function landedRules(
  { repository, branch, present, defaultBranch }: Omit<Watched, "evaluated">,
  { from, to }: Pick<Landing, "from" | "to">,
  enforcement: Enforcement,
): Promise<Configuration> {
  const onDefault = branch === defaultBranch.name;
  const places = {
    ...{ base: from, mergeBase: from, head: to },
    ...{ rules: onDefault ? from : defaultBranch.head, branch: onDefault ? undefined : from },
  };
  const sources = { ...sourcesFor(repository, present.organization), ...places };
  const read = await readConfiguration(repository, sources, noFile, enforcement);
  return enforcement.observes ? { ...read, policy: { ...read.policy, mode: "observe" } } : read;
}

/** What landed, evaluated by what it changed on the branch, without anybody's word on it. */
export interface LandedEvaluation {
  readonly evaluation: Evaluation;
  readonly configuration: Configuration;
  readonly rules: readonly string[];
  /** SHA-256 of what was read, by the blob's id. */
  readonly hashes: ReadonlyMap<ObjectId, string>;
  /** Whether anything of it is governed. */
  readonly governed: boolean;
  /** Whether anybody had to be asked. */
  readonly asks: boolean;
}

/** Evaluates what landed between two commits; what is asked for twice in a row is evaluated once. */
export function landedEvaluations(watched: Omit<Watched, "evaluated">, enforcement: Enforcement): Watched["evaluated"] {
  let last: { readonly key: string; readonly found: Promise<LandedEvaluation> } | null = null;
  return ({ from, to }) => {
    const key = `${from} ${to}`;
    if (last?.key !== key) last = { key, found: landedEvaluation(watched, { from, to }, enforcement) };
    return last.found;
  };
}

async function landedEvaluation(
  watched: Omit<Watched, "evaluated">,
  { from, to }: Pick<Landing, "from" | "to">,
  enforcement: Enforcement,
): Promise<LandedEvaluation> {
  const { repository } = watched;
  const configuration = await landedRules(watched, { from, to }, enforcement);
  const hashes = new Map<ObjectId, string>();
  const landed = { ...hashing(repository, hashes), changeSet: () => repository.landings.difference(from, to) };
  const { evaluation, rules } = await evaluateChange(landed, {
    ...{ base: from, head: to, configuration, facts: null, now: enforcement.now() },
    fingerprintKey: await enforcement.store.fingerprintKey(repository.name.installation),
    progress: () => {},
  });
  const governed = evaluation.assessment.tier.value !== "none";
  return { evaluation, configuration, rules, hashes, governed, asks: governed && !mayMerge(evaluation) };
}

/** Commits of one look; what is beyond waits for the next. */
const MOST = 100;

/** What one look at a branch found: what landed, in order, and whether there is more behind it. */
export interface Landed {
  readonly landings: readonly Landing[];
  readonly more: boolean;
}

/**
 * Takes what came between two commits of a branch apart by the pull requests that brought it. Of what no pull request
 * brought, each commit may have stood there by itself, and been taken back by the next; unless it is known as `one` push.
 */
export async function landingsBetween(
  watched: Watched,
  { from, to, one }: { readonly from: ObjectId; readonly to: ObjectId; readonly one: boolean },
  store: Enforcement["store"],
): Promise<Landed> {
  const whole: Landing = { from, to, pull: null, others: [], commits: null, later: [], forced: true };
  const line = await lineBetween(watched, { from, to, one });
  if (line === "forced") return { landings: [whole], more: false };
  if (line === "aside") return { landings: [{ ...whole, forced: false }], more: false };
  const steps = line.slice(0, MOST);
  const landings: Landing[] = [];
  for (const [at, id] of steps.entries()) {
    const { pull, others } = await broughtBy(watched, id, store);
    const last = landings.at(-1);
    // A rebase lands one commit for each of the pull request, and a push as many as it likes.
    const goesOn = last && last.pull?.number === pull?.number && (pull !== null || one);
    const later = steps.slice(at + 1);
    if (goesOn) landings[landings.length - 1] = { ...last, to: id, others, commits: (last.commits ?? 0) + 1, later };
    else landings.push({ from: steps[at - 1] ?? from, to: id, pull, others, commits: 1, later, forced: false });
  }
  return { landings, more: line.length > MOST };
}

/** The commits by which a branch went on, the oldest first; unless it was replaced, or what it stood at was merged into another line. */
async function lineBetween(
  { repository }: Pick<Watched, "repository">,
  { from, to, one }: { readonly from: ObjectId; readonly to: ObjectId; readonly one: boolean },
): Promise<readonly ObjectId[] | "forced" | "aside"> {
  // The commit of one push was read already; most often it is all that is new on the line.
  if (one && (await repository.landings.parentsOf(to))[0] === from) return [to];
  const mergeBase = await repository.mergeBase({ base: from, head: to }).catch(() => null);
  if (mergeBase !== from) return "forced";
  const parents = new Map((await repository.commitsBetween(from, to)).map(({ id, parents: [first] }) => [id, first]));
  const line: ObjectId[] = [];
  for (let id: ObjectId | undefined = to; id !== undefined && id !== from; id = parents.get(id)) {
    if (!parents.has(id)) return "aside";
    line.push(id);
  }
  return line.reverse();
}

/** The pull request that a commit of the branch came with: as its webhook told, else as the hosting service knows it. */
export async function broughtBy(
  { repository, branch }: Pick<Watched, "repository" | "branch">,
  commit: ObjectId,
  store: Enforcement["store"],
): Promise<Pick<Landing, "pull" | "others">> {
  const told = await store.mergesAt(repository.name.id, branch, commit);
  const pulls = told.map(({ pullRequest: number, head, baseRef, mergedAt }) => ({ number, head, baseRef, mergedAt }));
  const found = pulls.length > 0 ? pulls : await repository.landings.pullsOf(commit);
  const [pull = null, ...others] = found.filter(({ baseRef }) => baseRef === branch);
  return { pull, others: others.map(({ number }) => number) };
}
