import type { ObjectId } from "../../core/change-set.ts";
import type { Evaluation } from "../../core/evaluation.ts";
import { NO_FACTS, type TrialRevert } from "../../core/facts.ts";
import { type Configuration, readConfiguration } from "../../work/configuration.ts";
import { evaluateChange } from "../../work/evaluate.ts";
import type { HostedPullRequest, HostedRepository } from "../../work/hosting.ts";
import { reversed, trialMerge } from "../../work/trial-merge.ts";
import type { Enforcement, Evidence } from "../enforcement.ts";
import { knowingNamed, noFile, type PresentRules, presentRules, sourcesFor } from "../matter.ts";

/** Where something is to be taken back, under the rules as they are now. */
export interface RollbackPlace {
  readonly repository: HostedRepository;
  /** The pull request on which it was asked for. */
  readonly pull: HostedPullRequest;
  readonly present: PresentRules;
  readonly configuration: Configuration;
  readonly enforcement: Enforcement & { readonly evidence: Evidence };
  /** Whether a merge has had the time to get into the ledger. */
  readonly settled: boolean;
}

/** A change that is to be taken back, as it stands between two commits. */
export interface Target {
  readonly before: ObjectId;
  readonly after: ObjectId;
  readonly branch: string;
  /** The pull request that brought it, for what its body says of the way back. */
  readonly pull: HostedPullRequest | null;
}

/** Reads the rules that hold now: who asks now needs the right now (security rule S01). */
export async function rollbackPlace(
  opened: HostedRepository,
  pull: HostedPullRequest,
  enforcement: RollbackPlace["enforcement"],
  settled: boolean,
): Promise<RollbackPlace> {
  const present = await presentRules(opened, pull, enforcement);
  const repository = knowingNamed(opened, present.people, enforcement.store);
  const { head } = pull.defaultBranch;
  const sources = { ...sourcesFor(repository, present.organization), base: head, head, rules: head };
  return {
    ...{ repository, pull, present, enforcement, settled },
    configuration: await readConfiguration(repository, sources, noFile, enforcement),
  };
}

/** What a change holds, as it would be judged today, and the plan to take it back. */
export async function evaluatedTarget(
  { before, after, pull }: Target,
  { repository, configuration, enforcement }: RollbackPlace,
): Promise<Evaluation> {
  const author = pull?.author ?? { login: "ghost", type: "User" };
  const pullRequest = pull && { author, body: pull.body, draft: false };
  const source: HostedRepository = {
    ...repository,
    changeSet: (range) =>
      range.head === after ? repository.landings.difference(before, after) : repository.changeSet(range),
    commitsBetween: async () => [],
  };
  const { evaluation } = await evaluateChange(source, {
    ...{ base: before, head: after, configuration, now: enforcement.now() },
    facts: async () => ({ facts: { ...NO_FACTS, pullRequest, missing: [] }, reviews: [] }),
    fingerprintKey: await enforcement.store.fingerprintKey(repository.name.installation),
    progress: () => {},
  });
  return evaluation;
}

/** The same of a change that is only proposed: what goes in by itself comes out again. */
export async function triedProposal(
  { before, after, branch }: Target,
  repository: HostedRepository,
): Promise<TriedBack | null> {
  const onto = await repository.landings.branchHead(branch);
  if (onto === null) return null;
  const { changes } = await repository.landings.difference(before, after);
  const moved = onto === before ? [] : (await repository.landings.difference(before, onto)).changes;
  const { conflicts } = await trialMerge(moved, changes, repository);
  return { onto, conflicts, restores: changes.length, exact: changes.length };
}

/** What came of trying to take a change back. */
export interface TriedBack extends TrialRevert {
  /** How many files it would change. */
  readonly restores: number;
  /** How many of them would be exactly what stood before the change. */
  readonly exact: number;
}

/** Tries to take a change back from its branch as it stands now, without writing anything; null where the branch is gone. */
export async function triedBack(
  { before, after, branch }: Target,
  repository: HostedRepository,
): Promise<TriedBack | null> {
  const onto = await repository.landings.branchHead(branch);
  if (onto === null) return null;
  const { changes } = await repository.landings.difference(before, after);
  const since = onto === after ? [] : (await repository.landings.difference(after, onto)).changes;
  const { conflicts, files } = await trialMerge(since, reversed(changes), repository);
  const stands = new Map(
    [...changes, ...since].flatMap(({ before: gone, after: now }) => [
      ...(gone && gone.path !== now?.path ? [[gone.path, null] as const] : []),
      ...(now ? [[now.path, now] as const] : []),
    ]),
  );
  const left = [...files].filter(([path, file]) => {
    const now = stands.get(path) ?? null;
    return file === null || now === null
      ? file !== now
      : !("id" in file) || file.id !== now.id || file.mode !== now.mode;
  });
  const brought = new Map(changes.flatMap(({ before: one }) => (one ? [[one.path, one.id] as const] : [])));
  const exact = left.filter(([path, file]) =>
    file === null ? !brought.has(path) : "id" in file && brought.get(path) === file.id,
  );
  return { onto, conflicts, restores: left.length, exact: exact.length };
}
