import type { Assessment } from "../../core/assessment.ts";
import type { ObjectId } from "../../core/change-set.ts";
import { type Configuration, readConfiguration } from "../../work/configuration.ts";
import { evaluateChange } from "../../work/evaluate.ts";
import type { HostedRepository } from "../../work/hosting.ts";
import { HostingFault } from "../../work/hosting-fault.ts";
import type { BranchPlace, LandedPull } from "../../work/landings.ts";
import type { Enforcement } from "../enforcement.ts";
import { noFile, type PresentRules, sourcesFor } from "../matter.ts";
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
}

/** A part of what came into a branch: one pull request, or what was pushed past them. */
export interface Landing {
  readonly from: ObjectId;
  readonly to: ObjectId;
  /** Null where no pull request brought it. */
  readonly pull: LandedPull | null;
  /** The commits that came after it in the same look, the next first. */
  readonly later: readonly ObjectId[];
  /** Whether it replaced history instead of going on with it. */
  readonly forced: boolean;
}

/** What came in is held against the rules before it: none that come with it say what they may do themselves. */
export async function landedRules(
  { repository, branch, present, defaultBranch }: Watched,
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

/** What of a landing is governed and would have had to be asked; null where nothing is. */
export async function governedIn(
  watched: Watched,
  { from, to }: Pick<Landing, "from" | "to">,
  enforcement: Enforcement,
): Promise<Assessment | null> {
  const { repository } = watched;
  const configuration = await landedRules(watched, { from, to }, enforcement);
  const landed = { ...repository, changeSet: () => repository.landings.difference(from, to) };
  const { evaluation } = await evaluateChange(landed, {
    ...{ base: from, head: to, configuration, facts: null, now: enforcement.now() },
    fingerprintKey: await enforcement.store.fingerprintKey(repository.name.installation),
    progress: () => {},
  });
  return evaluation.assessment.tier.value === "none" || mayMerge(evaluation) ? null : evaluation.assessment;
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
  { repository, branch }: Watched,
  { from, to, one }: { readonly from: ObjectId; readonly to: ObjectId; readonly one: boolean },
): Promise<Landed> {
  const whole: Landing = { from, to, pull: null, later: [], forced: true };
  const mergeBase = await repository.mergeBase({ base: from, head: to }).catch(() => null);
  if (mergeBase !== from) return { landings: [whole], more: false };
  const parents = new Map((await repository.commitsBetween(from, to)).map(({ id, parents: [first] }) => [id, first]));
  const line: ObjectId[] = [];
  for (let id: ObjectId | undefined = to; id !== undefined && id !== from; id = parents.get(id)) {
    if (!parents.has(id)) return { landings: [{ ...whole, forced: false }], more: false };
    line.push(id);
  }
  const steps = line.reverse().slice(0, MOST);
  const landings: Landing[] = [];
  for (const [at, id] of steps.entries()) {
    const found = await repository.landings.pullsOf(id);
    const pull = found.find(({ baseRef }) => baseRef === branch) ?? null;
    const last = landings.at(-1);
    // A rebase lands one commit for each of the pull request, and a push as many as it likes.
    if (last && last.pull?.number === pull?.number && (pull !== null || one))
      landings[landings.length - 1] = { ...last, to: id, later: steps.slice(at + 1) };
    else landings.push({ from: steps[at - 1] ?? from, to: id, pull, later: steps.slice(at + 1), forced: false });
  }
  return { landings, more: line.length > MOST };
}
