import { baseMovement } from "../../core/base-movement.ts";
import type { ChangeSet, Entry, ObjectId } from "../../core/change-set.ts";
import type { Evaluation } from "../../core/evaluation.ts";
import type { BaseChange } from "../../core/facts.ts";
import { neededChecks } from "../../core/revalidation.ts";
import type { Against } from "../../reports/merge-group.ts";
import type { HostedRepository } from "../../work/hosting.ts";

/** A pull request of a merge group, decided on its own. */
export interface DecidedMember {
  readonly number: number;
  readonly head: ObjectId;
  readonly evaluation: Evaluation;
  /** What others that land after it have to know of it. */
  readonly moves: readonly BaseChange[];
}

/** Where the group stands. */
export interface GroupPlace {
  readonly repository: Pick<HostedRepository, "changeSet" | "entriesIn" | "mergeBase">;
  /** The head of the branch that it is to land on. */
  readonly base: ObjectId;
  readonly head: ObjectId;
  /** Which of these paths are governed in the group as a whole, and whether that is enforced. */
  governed(paths: ReadonlySet<string>): Promise<{ readonly paths: readonly string[]; readonly enforced: boolean }>;
}

/** Something against a group, with the pull request that has to give way; null where none of them is the reason. */
export interface Conflict extends Against {
  readonly number: number | null;
}

/** What a path holds; null for nothing, undefined where it is as it was. */
type Entries = ReadonlyMap<string, Entry | null>;

/**
 * Compares the group's tree with what its pull requests were approved with (security rule S07). What is approved of one
 * must land as it is, or in another one that was built on it; and whatever else the group changes must be what one of them
 * brings. So nobody has to be believed about which pull requests a group holds: a governed change of one that is not
 * named is a change that none of the named ones explains.
 */
export async function groupConflicts(
  members: readonly DecidedMember[],
  place: GroupPlace,
): Promise<readonly Conflict[]> {
  const landed = entriesOf(await place.repository.changeSet({ base: place.base, head: place.head }));
  const own = new Map(members.map((member) => [member, entriesOf(member.evaluation.assessment.changeSet)]));
  const conflicts: Conflict[] = [];
  for (const [at, member] of members.entries()) {
    const moved = await movedBefore(member, members.slice(0, at), place);
    if (moved) conflicts.push(moved);
    const changed = await changedContent(member, own, landed, place);
    if (changed && !moved) conflicts.push(changed);
  }
  if (conflicts.length > 0) return oneOfEach(conflicts);
  return unexplained(members, own, landed, place);
}

/** One reason for each that has to give way: two pull requests see the same of each other. */
function oneOfEach(conflicts: readonly Conflict[]): readonly Conflict[] {
  const first = new Map<string, Conflict>();
  for (const conflict of conflicts) {
    const key = `${conflict.number} ${conflict.enforced}`;
    if (!first.has(key)) first.set(key, conflict);
  }
  return [...first.values()];
}

/** Every path of a change with what it holds on its head. */
function entriesOf({ changes }: ChangeSet): Entries {
  const gone = changes.flatMap(({ before }) => (before ? [[before.path, null] as const] : []));
  const there = changes.flatMap(({ after }) => (after ? [[after.path, after] as const] : []));
  return new Map<string, Entry | null>([...gone, ...there]);
}

function isEnforced({ decision, assessment }: Evaluation): boolean {
  return assessment.tier.value !== "none" && decision.basis !== "observe";
}

/** One that lands before this one and changes what this one is judged with, as the base would have if it had landed. */
async function movedBefore(
  member: DecidedMember,
  before: readonly DecidedMember[],
  place: GroupPlace,
): Promise<Conflict | null> {
  for (const other of before) {
    const path = movedFor(member, other);
    if (path === null || (await isBuiltOn(member, other, place))) continue;
    return {
      number: member.number,
      enforced: isEnforced(member.evaluation),
      short: `#${member.number} needs an update after #${other.number}, which changes \`${path}\``,
      reason: `#${other.number} lands before #${member.number} and changes ${path}, which #${member.number} is judged with; let #${other.number} land, update the branch of #${member.number}, and put it in the queue again`,
    };
  }
  return null;
}

function movedFor({ evaluation }: DecidedMember, { moves }: DecidedMember): string | null {
  const { assessment, facts } = evaluation;
  if (assessment.tier.value === "none") return null;
  const checked = neededChecks(assessment).length > 0;
  const found = moves.find(({ checks, ...move }) => {
    const baseChanges = [{ ...move, ...(checks && checked ? { checks } : {}) }];
    return baseMovement(assessment, { ...facts, baseChanges }).length > 0;
  });
  return found?.path ?? null;
}

/** Whether one contains the other's head, so that whoever approved it saw both. */
async function isBuiltOn(member: DecidedMember, other: DecidedMember, { repository }: GroupPlace): Promise<boolean> {
  return (await repository.mergeBase({ base: member.head, head: other.head })) === other.head;
}

/** A path that an approval covers and that the group holds otherwise. */
async function changedContent(
  member: DecidedMember,
  own: ReadonlyMap<DecidedMember, Entries>,
  landed: Entries,
  place: GroupPlace,
): Promise<Conflict | null> {
  const approved = own.get(member) ?? new Map<string, Entry | null>();
  for (const path of coveredPaths(member.evaluation)) {
    const expected = approved.get(path);
    // Governed for what stands there since before: nobody else may have changed it.
    if (expected === undefined && !landed.has(path)) continue;
    const found = await entryAt(path, landed, place);
    if (expected !== undefined && isSame(found, expected)) continue;
    const others = [...own].filter(([other, entries]) => other !== member && entries.has(path)).map(([other]) => other);
    if (await isSuperseded(member, others, { path, found }, own, place)) continue;
    return conflictOf(member, others, [...own.keys()], path);
  }
  return null;
}

async function isSuperseded(
  member: DecidedMember,
  others: readonly DecidedMember[],
  { path, found }: { readonly path: string; readonly found: Entry | null },
  own: ReadonlyMap<DecidedMember, Entries>,
  place: GroupPlace,
): Promise<boolean> {
  for (const other of others) {
    const brings = own.get(other)?.get(path);
    if (brings !== undefined && isSame(brings, found) && (await isBuiltOn(other, member, place))) return true;
  }
  return false;
}

/** Whichever of two comes later in the queue gives way. */
function conflictOf(
  member: DecidedMember,
  others: readonly DecidedMember[],
  order: readonly DecidedMember[],
  path: string,
): Conflict {
  const enforced = isEnforced(member.evaluation);
  const [other] = others.toSorted((a, b) => order.indexOf(b) - order.indexOf(a));
  const again = "and put it in the queue again";
  if (other === undefined)
    return {
      ...{
        number: member.number,
        enforced,
        short: `#${member.number} needs an update: the group holds another \`${path}\``,
      },
      reason: `${path} in this group is not what #${member.number} was approved with, as its base has changed it; update the branch of #${member.number}, have it approved, ${again}`,
    };
  const late = order.indexOf(other) > order.indexOf(member) ? other : member;
  const early = late === other ? member : other;
  return {
    ...{
      number: late.number,
      enforced,
      short: `#${late.number} needs an update after #${early.number}: both change \`${path}\``,
    },
    reason: `#${early.number} and #${late.number} both change ${path}, and this group holds it otherwise than #${member.number} was approved with; let #${early.number} land, update the branch of #${late.number}, ${again}`,
  };
}

/** What an approval of the tier covers, of the paths that the change holds (security rule S05). */
function coveredPaths({ assessment, policy }: Evaluation): ReadonlySet<string> {
  const { tier, governedPaths, changeSet, systems, index } = assessment;
  if (tier.value === "none") return new Set();
  const { bind } = policy.tiers[tier.value];
  const touched = new Set(systems);
  const within = (path: string) =>
    bind === "change-set" || (bind === "files" && index.byPath.match(path).some((system) => touched.has(system)));
  return new Set([...governedPaths, ...[...entriesOf(changeSet).keys()].filter(within)]);
}

async function entryAt(path: string, landed: Entries, { repository, head }: GroupPlace): Promise<Entry | null> {
  const changed = landed.get(path);
  if (changed !== undefined) return changed;
  const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
  return (await repository.entriesIn(head, folder)).find((entry) => entry.path === path) ?? null;
}

function isSame(one: Entry | null, other: Entry | null): boolean {
  return one?.id === other?.id && one?.mode === other?.mode;
}

/** What the group changes and no pull request of it brings: a merge of two of them, or of one that is not named. */
async function unexplained(
  members: readonly DecidedMember[],
  own: ReadonlyMap<DecidedMember, Entries>,
  landed: Entries,
  place: GroupPlace,
): Promise<readonly Conflict[]> {
  const brought = (path: string, found: Entry | null) =>
    [...own.values()].some((entries) => {
      const brings = entries.get(path);
      return brings !== undefined && isSame(brings, found);
    });
  const strange = new Set([...landed].flatMap(([path, found]) => (brought(path, found) ? [] : [path])));
  if (strange.size === 0) return [];
  const {
    paths: [path],
    enforced,
  } = await place.governed(strange);
  if (path === undefined) return [];
  const touching = members.filter((member) => own.get(member)?.has(path));
  const late = touching.at(-1);
  const reason = `this group changes ${path} as none of its pull requests does on its own, so nobody has approved it`;
  if (late === undefined)
    return [{ number: null, enforced, short: `nobody has approved \`${path}\` of this group`, reason }];
  return [
    {
      ...{
        number: late.number,
        enforced,
        short: `#${late.number} needs an update: merged, \`${path}\` is another one`,
      },
      reason: `${reason}; update the branch of #${late.number}, have it approved, and put it in the queue again`,
    },
  ];
}
