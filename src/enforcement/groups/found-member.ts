import type { Evaluation } from "../../core/evaluation.ts";
import type { Against } from "../../reports/merge-group.ts";
import type { StoredGroup } from "../../stores/store.ts";
import { evaluateChange } from "../../work/evaluate.ts";
import { evaluatedMatter, observed } from "../answer.ts";
import { type Enforcement, hostedName, placeOf } from "../enforcement.ts";
import type { Found } from "../kept-decision.ts";
import { type Matter, matterOf } from "../matter.ts";
import { sameHead } from "../same-head.ts";
import type { DecidedMember } from "./group-conflicts.ts";

/** A pull request of a merge group, with its decision as of now. */
export interface FoundMember {
  readonly number: number;
  /** Null where there is none. */
  readonly decided: (DecidedMember & Found & { readonly matter: Matter }) | null;
  /** The rules that it is decided by; null where they were not read. */
  readonly matter: Matter | null;
  /** Why there is no decision; empty where nothing governs the branch. */
  readonly why: readonly Against[];
  /** True where it has landed since the group was listed. */
  readonly landed: boolean;
}

/**
 * Decides about one pull request of a group as everything stands now, in the same way as for its own check (P19). Each has
 * a reading of its own, so that what its own check asked for last is asked for early again.
 */
export async function foundMember(
  group: StoredGroup,
  number: number,
  enforcement: Enforcement,
  signal: AbortSignal,
): Promise<FoundMember> {
  const { hosting, store } = enforcement;
  const repository = await hosting.open(hostedName(group), signal);
  const known = await store.headOf(group.repository, number);
  const expected = known?.open ? { head: known.head, baseRef: null, login: null } : undefined;
  const pull = await repository.pullRequest(number, expected);
  if (pull === null) return without(number, `#${number} cannot be seen`, "give the App access to it");
  const here = pull.base.ref === group.baseRef;
  if (here && pull.state === "merged") return { ...NOTHING, number, landed: true };
  if (pull.state === "closed") return without(number, `#${number} is closed`, "reopen it, and put it in again");
  if (!here) return without(number, `#${number} goes into ${pull.base.ref} now`, "put it in the queue of that branch");
  const pulls = await sameHead(repository, pull, store);
  const matter = await matterOf({ ...placeOf(group, number), reason: "merge group" }, repository, pulls, enforcement);
  // Into a branch that nothing governs nothing is decided (security rule S01).
  if (matter.names.length === 0) return { ...NOTHING, number, matter };
  const found = await evaluatedMatter(matter, enforcement);
  const { evaluated } = found;
  const evaluation: Evaluation = enforcement.observes ? observed(evaluated.evaluation) : evaluated.evaluation;
  const decided = { ...found, number, head: pull.head, evaluation, moves: evaluated.moves(), matter };
  return { ...NOTHING, number, decided, matter };
}

const NOTHING = { decided: null, matter: null, why: [], landed: false };

function without(number: number, short: string, remedy: string): FoundMember {
  const why = [{ short, enforced: true, reason: `${short}, and is in this group; ${remedy}` }];
  return { ...NOTHING, number, why };
}

/** Which of these paths are governed in what the group as a whole changes; all of them where that cannot be read. */
export async function governedInGroup(
  { head, installation }: StoredGroup,
  { matter, configuration }: NonNullable<FoundMember["decided"]>,
  paths: ReadonlySet<string>,
  { store, now }: Enforcement,
): Promise<{ readonly paths: readonly string[]; readonly enforced: boolean }> {
  const { evaluation } = await evaluateChange(matter.repository, {
    ...{ base: matter.pulls[0].base.head, head, configuration, facts: null, now: now(), progress: () => {} },
    fingerprintKey: await store.fingerprintKey(installation),
  });
  const unread = evaluation.requirements.some(({ rule }) => rule === "record/unreadable");
  const { governedPaths } = evaluation.assessment;
  return {
    paths: [...paths].filter((path) => unread || governedPaths.has(path)),
    enforced: evaluation.decision.basis !== "observe",
  };
}
