import { byText, type Change, type Entry } from "../core/change-set.ts";
import type { Detector } from "../core/detector.ts";
import type { FileFacts } from "../core/file-facts.ts";
import type { Prefilter } from "../detectors/prefilter.ts";
import { boundRule, PROMPT_FIELD } from "../detectors/prompt-code.ts";
import { readerOf } from "../readers/index.ts";
import { surfaceOf } from "../readers/surface.ts";
import type { Content } from "./detect.ts";
import { type Extraction, extraction } from "./extraction.ts";
import { entryAt, folderAt, isPlain, referencedFiles, type TreeSide } from "./reference-lookup.ts";
import { folderOf } from "./reference-path.ts";

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

/** What may still be read beside the change itself. */
interface Budget {
  readonly seen: Set<string>;
  bytes: number;
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
  const budget: Budget = { seen: new Set(), bytes: 0, problems: new Set() };
  const before = await followSide("before", changes, read, following, budget);
  const after = await followSide("after", changes, read, following, budget);
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort(byText);
  const files = paths.flatMap((path): readonly FileFacts[] => {
    const old = before.get(path);
    const fresh = after.get(path);
    return old && fresh ? [] : [{ ...(old ? { before: old } : {}), ...(fresh ? { after: fresh } : {}) }];
  });
  return { files, unreadable: [...budget.problems] };
}

async function followSide(
  name: Side,
  changes: readonly Change[],
  read: Map<Entry, Extraction>,
  following: Following,
  budget: Budget,
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
  let wants: readonly Want[] = [
    ...[...changed.values()].flatMap((entry) => wantsOf(read.get(entry), false)),
    ...(await wantsBeside(tree, read, following, budget)),
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
      budget.problems.add(
        `references lead on from ${[...found.keys()].sort(byText)[0]} deeper than ${MAX_ROUNDS} steps`,
      );
      return tree.others;
    }
    wants = await readWithRoles(found, tree, read, following, budget);
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

/** A changed file of a kind that no rule knows may be loaded by an unchanged one beside it. */
async function wantsBeside(
  tree: FollowedSide,
  read: ReadonlyMap<Entry, Extraction>,
  following: Following,
  budget: Budget,
): Promise<readonly Want[]> {
  const followers = following.detectors.filter((detector) => detector.wants !== undefined);
  const unknown = [...tree.changed.values()].filter((entry) => isPlain(entry) && mayBeLoaded(read.get(entry)));
  const wants: Want[] = [];
  for (const folder of new Set(unknown.map((entry) => folderOf(entry.path)))) {
    const beside = [...(await folderAt(folder, tree)).values()].filter(
      (entry) => isPlain(entry) && !tree.changed.has(entry.path) && readerOf(entry.path) !== null,
    );
    for await (const [entry, bytes] of withinBudget(beside, following, budget))
      wants.push(...wantsOf(await extraction(entry, bytes, followers, following.filter), true));
  }
  return wants;
}

/** Whether a file's words could be a prompt or a suite's data although nothing about the file says so. */
function mayBeLoaded(extracted: Extraction | undefined): boolean {
  if (!extracted?.unknown) return false;
  const { path } = extracted.entry;
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (name.includes(".") && !TEXT.test(name) && boundRule(path) !== PROMPT_FIELD) return false;
  // An ending alone makes nothing documentation here: what code loads is live.
  return surfaceOf(path) !== "docs" || (!PROJECT_DOCUMENT.test(name) && surfaceOf(`${path}.txt`) !== "docs");
}

const TEXT = /\.(?:md|mdx|txt|text|tmpl|tpl|xml|html?|csv|tsv|jsonl|ndjson|parquet)$/i;
const PROJECT_DOCUMENT =
  /^(?:readme|changelog|changes|history|contributing|licen[cs]e|notice|security|code_of_conduct|authors|todo|roadmap)\b/i;

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
  budget: Budget,
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
  for await (const [entry, bytes] of withinBudget(others, following, budget)) {
    const roles = rolesAt(entry.path);
    const own = detectors.filter((detector) => roles.has(detector.name));
    const extracted = await extraction(entry, bytes, own, filter, roles);
    tree.others.set(entry.path, extracted);
    wants.push(...wantsOf(extracted, false));
  }
  return wants;
}

/** Loads files until the change has had its share of files or bytes; what is left out is a problem that blocks. */
async function* withinBudget(
  entries: readonly Entry[],
  following: Following,
  budget: Budget,
): AsyncGenerator<readonly [Entry, Uint8Array]> {
  for (const entry of [...entries].sort((a, b) => byText(a.path, b.path))) {
    const key = `${entry.id} ${entry.path}`;
    const fresh = !budget.seen.has(key);
    if (fresh && (budget.seen.size >= MAX_FILES || budget.bytes >= MAX_BYTES)) {
      // Said once: a large change leaves out hundreds, and which one was the first does not matter.
      budget.problems.add(
        `the change may refer to more than ${MAX_FILES} files or ${MAX_BYTES / 1_000_000} MB beside itself, and not all were read; split it`,
      );
      return;
    }
    for await (const [, bytes] of following.content.load([entry])) {
      if (fresh) budget.bytes += bytes.length;
      budget.seen.add(key);
      yield [entry, bytes];
    }
  }
}
