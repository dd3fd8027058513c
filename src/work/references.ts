import { byText, type Change, type Entry } from "../core/change-set.ts";
import type { Detector } from "../core/detector.ts";
import type { FileFacts } from "../core/file-facts.ts";
import type { Prefilter } from "../detectors/prefilter.ts";
import { type Extraction, extraction } from "./extraction.ts";
import { type NeighbourBudgets, neighbourBudgets, neighbours } from "./neighbours.ts";
import { type ReadingBudget, readingBudget, withinBudget } from "./reading-budget.ts";
import { entryAt, referencedFiles, type TreeSide } from "./reference-lookup.ts";
import type { Content } from "./source.ts";

const MAX_ROUNDS = 3;
const MAX_FILES = 200;
const MAX_BYTES = 5_000_000;

/** Where references are looked up, and what is known of paths beforehand. */
export interface FollowingScope {
  readonly revisions: Readonly<Record<Side, string>>;
  /** What lies directly in a folder at a revision, folders included. */
  entriesIn(revision: string, folder: string): Promise<readonly Entry[]>;
  /** The roles that a path has by itself: the registry names it. */
  rolesOf(path: string): readonly string[];
  /** Paths that the policy leaves out. */
  ignored(path: string): boolean;
  /** Is told what the changed files themselves hold, before what they refer to is read. */
  foretold?(files: readonly FileFacts[]): void;
}

interface Following extends FollowingScope {
  readonly detectors: readonly Detector[];
  readonly filter: Prefilter;
  readonly content: Content;
}

type Side = "before" | "after";

/** What a file wants followed; `changedOnly` where the file itself has no part in the change. */
interface Want {
  readonly from: string;
  readonly role: string;
  readonly references: readonly string[];
  readonly changedOnly: boolean;
}

/** One side of the change, with what following found in it. */
interface FollowedSide extends TreeSide {
  readonly roles: Map<string, Set<string>>;
  readonly others: Map<string, Extraction>;
}

/** What following may still read, and why it did not read all. */
interface Budgets {
  readonly followed: ReadingBudget;
  readonly beside: NeighbourBudgets;
  readonly problems: Set<string>;
}

/**
 * Follows what changed files refer to, on each side within its own tree, and finds changed files that only what loads
 * them makes live. Puts what it learns about changed files into `read`, and gives the other files whose part in the
 * system changed because something refers to them now, or no more.
 */
export async function followReferences(
  changes: readonly Change[],
  read: Map<Entry, Extraction>,
  following: Following,
): Promise<{ readonly files: readonly FileFacts[]; readonly unreadable: readonly string[] }> {
  const budgets: Budgets = {
    followed: readingBudget(MAX_FILES, MAX_BYTES),
    beside: neighbourBudgets(),
    problems: new Set(),
  };
  const before = await followSide("before", changes, read, following, budgets);
  const after = await followSide("after", changes, read, following, budgets);
  // Plain words beside many files are looked up as far as it goes: the registry names what must not be missed.
  if (budgets.followed.exhausted || budgets.beside.speaking.exhausted)
    budgets.problems.add(
      `the change may refer to more than ${MAX_FILES} files or ${MAX_BYTES / 1_000_000} MB beside itself, and not all were read; split it`,
    );
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort(byText);
  const files = paths.flatMap((path): readonly FileFacts[] => {
    const old = before.get(path);
    const fresh = after.get(path);
    return old && fresh ? [] : [{ ...(old ? { before: old } : {}), ...(fresh ? { after: fresh } : {}) }];
  });
  return { files, unreadable: [...budgets.problems] };
}

async function followSide(
  name: Side,
  changes: readonly Change[],
  read: Map<Entry, Extraction>,
  following: Following,
  budgets: Budgets,
): Promise<ReadonlyMap<string, Extraction>> {
  const changed = new Map(changes.flatMap((change) => pair(change[name])));
  const gone = changes.flatMap((change) => pair(change[name === "before" ? "after" : "before"]).map(([path]) => path));
  const tree: FollowedSide = {
    entriesIn: (revision, folder) => following.entriesIn(revision, folder),
    revision: following.revisions[name],
    changed,
    absent: new Set(gone.filter((path) => !changed.has(path))),
    roles: new Map(),
    others: new Map(),
    folders: new Map(),
  };
  const { detectors, filter, content } = following;
  const beside = await neighbours(tree, read, detectors, filter, content, budgets.beside);
  let wants: readonly Want[] = [
    ...[...changed.values()].flatMap((entry) => wantsOf(read.get(entry), false)),
    ...beside.flatMap((extracted) => wantsOf(extracted, true)),
  ];
  let found = byRegistry(tree, following);
  for (let round = 0; ; round += 1) {
    for (const [path, roles] of await resolved(wants, tree, following)) {
      const known = found.get(path);
      if (known) for (const role of roles) known.add(role);
      else found.set(path, roles);
    }
    if (found.size === 0) return tree.others;
    if (round === MAX_ROUNDS) {
      budgets.problems.add(
        `references lead on from ${[...found.keys()].sort(byText)[0]} deeper than ${MAX_ROUNDS} steps`,
      );
      return tree.others;
    }
    wants = await readWithRoles(found, tree, read, following, budgets);
    found = new Map();
  }
}

function pair(entry: Entry | undefined): readonly (readonly [string, Entry])[] {
  return entry ? [[entry.path, entry]] : [];
}

function wantsOf(extracted: Extraction | undefined, changedOnly: boolean): readonly Want[] {
  return [...(extracted?.wants ?? [])].map(([role, references]) => ({
    from: extracted?.entry.path ?? "",
    role,
    references,
    changedOnly,
  }));
}

function byRegistry(tree: FollowedSide, following: Following): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const path of tree.changed.keys()) {
    const roles = following.rolesOf(path);
    if (roles.length > 0) found.set(path, new Set(roles));
  }
  return found;
}

/** What the wanted paths are in this side's tree, with the roles they did not have yet. */
async function resolved(
  wants: readonly Want[],
  tree: FollowedSide,
  following: Following,
): Promise<ReadonlyMap<string, Set<string>>> {
  const found = new Map<string, Set<string>>();
  for (const want of wants) {
    for (const reference of new Set(want.references)) {
      for (const entry of await referencedFiles(want.from, reference, tree)) {
        if (tree.roles.get(entry.path)?.has(want.role) || following.ignored(entry.path)) continue;
        if (want.changedOnly && !tree.changed.has(entry.path)) continue;
        const roles = found.get(entry.path);
        if (roles) roles.add(want.role);
        else found.set(entry.path, new Set([want.role]));
      }
    }
  }
  return found;
}

/** Reads what was found as what it is wanted for, and gives what these files want in turn. */
async function readWithRoles(
  found: ReadonlyMap<string, ReadonlySet<string>>,
  tree: FollowedSide,
  read: Map<Entry, Extraction>,
  following: Following,
  budgets: Budgets,
): Promise<readonly Want[]> {
  const { detectors, filter, content } = following;
  for (const [path, roles] of found) tree.roles.set(path, new Set([...(tree.roles.get(path) ?? []), ...roles]));
  const rolesAt = (path: string) => tree.roles.get(path) ?? new Set<string>();
  const wants: Want[] = [];
  const changed = [...found.keys()].flatMap((path) => tree.changed.get(path) ?? []);
  const byId = Map.groupBy(changed, (entry) => entry.id);
  for await (const [id, bytes] of content.load(changed)) {
    for (const entry of byId.get(id) ?? []) {
      const extracted = await extraction(entry, bytes, detectors, filter, rolesAt(entry.path));
      read.set(entry, extracted);
      wants.push(...wantsOf(extracted, false));
    }
  }
  const others: Entry[] = [];
  for (const path of found.keys()) if (!tree.changed.has(path)) others.push(...(await entryAt(path, tree)));
  for await (const [entry, bytes] of withinBudget(others, content, budgets.followed)) {
    const roles = rolesAt(entry.path);
    const own = detectors.filter((detector) => roles.has(detector.name));
    const extracted = await extraction(entry, bytes, own, filter, roles);
    tree.others.set(entry.path, extracted);
    wants.push(...wantsOf(extracted, false));
  }
  return wants;
}
