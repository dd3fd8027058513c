import { byText, type Change, type Entry, type ObjectId, SUBMODULE, SYMBOLIC_LINK } from "../core/change-set.ts";
import type { TrialConflict } from "../core/facts.ts";
import { type Contents, MOST_PAIRS, movable, movedFiles, type PathChange } from "./moved-files.ts";
import type { Content } from "./source.ts";
import { mergedText } from "./text-merge.ts";

/** A file as a merge leaves it: one that stood on a side before, or a text that the merge made. */
export type MergedFile = { readonly mode: string } & ({ readonly id: ObjectId } | { readonly bytes: Uint8Array });

/** What two sides that started from the same files come to, on the paths that either changed; nothing is written. */
export interface TrialMerge {
  /** What has to be settled by hand, sorted by path; empty where it goes by itself. */
  readonly conflicts: readonly TrialConflict[];
  /** What would stand at each path; null where nothing would. */
  readonly files: ReadonlyMap<string, MergedFile | null>;
}

/**
 * Merges two sides as git does, by the blobs' ids where those tell, by the text of a file where both sides changed it.
 * Files that moved are followed. Reads no more than the files that both sides touched.
 */
export async function trialMerge(
  ours: readonly Change[],
  theirs: readonly Change[],
  content: Content,
): Promise<TrialMerge> {
  const [a, b] = [byPath(ours), byPath(theirs)];
  const conflicts: TrialConflict[] = [];
  const moved = await movedOnEither(a, b, content);
  const paths = followed(a, b, moved, conflicts);
  const contents = await contentsOf(
    [...paths.values()].flatMap((sides) => (needsText(sides) ? entriesOf(sides) : [])),
    content,
  );
  const files = new Map<string, MergedFile | null>();
  for (const [path, sides] of paths) {
    const merged = mergedFile(sides, contents);
    if (typeof merged === "string") conflicts.push({ path, why: merged });
    else files.set(path, merged);
  }
  conflicts.push(...foldersInTheWay(files));
  const once = new Map(conflicts.map((one) => [one.path, one]));
  return { conflicts: [...once.values()].sort((x, y) => byText(x.path, y.path)), files };
}

/** The same changes taken back. */
export function reversed(changes: readonly Change[]): readonly Change[] {
  return changes.map(({ before, after }) => ({
    ...(after ? { before: after } : {}),
    ...(before ? { after: before } : {}),
  }));
}

type Side = Map<string, PathChange>;

function byPath(changes: readonly Change[]): Side {
  const side: Side = new Map();
  for (const { before, after } of changes) {
    if (before) side.set(before.path, { before, after: side.get(before.path)?.after ?? null });
    if (after) side.set(after.path, { before: side.get(after.path)?.before ?? null, after });
  }
  return side;
}

interface Moved {
  readonly ours: ReadonlyMap<string, Entry>;
  readonly theirs: ReadonlyMap<string, Entry>;
}

async function movedOnEither(a: Side, b: Side, content: Content): Promise<Moved> {
  const sides = [movable(a, b), movable(b, a)] as const;
  // Nothing that both sides know needs reading where ids tell already.
  const unknown = sides.flatMap(({ gone, came }) => {
    const ids = new Set(came.map(({ id }) => id));
    const left = gone.filter(({ id }) => !ids.has(id));
    return left.length === 0 || left.length * came.length > MOST_PAIRS ? [] : [...left, ...came];
  });
  const contents = await contentsOf(unknown, content);
  return { ours: movedFiles(sides[0], contents), theirs: movedFiles(sides[1], contents) };
}

/** What stood at a path, and what either side left there; `undefined` where a side did not touch it. */
interface Sides {
  readonly base: Entry | null;
  readonly ours: Entry | null;
  readonly theirs: Entry | null;
}

/** Every path that a side changed, with what one side did to a file at the place where the other moved it. */
function followed(a: Side, b: Side, moved: Moved, conflicts: TrialConflict[]): ReadonlyMap<string, Sides> {
  const paths = new Map<string, Sides>();
  for (const path of new Set([...a.keys(), ...b.keys()])) {
    const [one, other] = [a.get(path), b.get(path)];
    const base = one?.before ?? other?.before ?? null;
    paths.set(path, { base, ours: one ? one.after : base, theirs: other ? other.after : base });
  }
  const follow = (from: string, to: Entry, who: "ours" | "theirs") => {
    const at = paths.get(from);
    const there = paths.get(to.path);
    const other = who === "ours" ? at?.theirs : at?.ours;
    if (!at?.base || there?.base) return;
    const whom = who === "ours" ? moved.theirs : moved.ours;
    const same = whom.get(from)?.path === to.path;
    // Gone, or moved elsewhere, on the other side: nobody can tell which of the two is meant.
    if (!other && !same) return void conflicts.push({ path: from, why: "moved" });
    paths.set(from, { base: at.base, ours: null, theirs: null });
    const sides = who === "ours" ? { ours: to, theirs: other ?? null } : { ours: other ?? null, theirs: to };
    if (same) paths.set(to.path, { base: at.base, ours: there?.ours ?? null, theirs: there?.theirs ?? null });
    else if (who === "ours" ? there?.theirs : there?.ours) conflicts.push({ path: to.path, why: "moved" });
    else paths.set(to.path, { base: at.base, ...sides });
  };
  for (const [from, to] of moved.ours) follow(from, to, "ours");
  for (const [from, to] of moved.theirs) follow(from, to, "theirs");
  return paths;
}

/** What stands at a path in the end, or why that cannot be told. */
function mergedFile({ base, ours, theirs }: Sides, contents: Contents): MergedFile | null | TrialConflict["why"] {
  if (equal(ours, base)) return theirs;
  if (equal(theirs, base) || equal(ours, theirs)) return ours;
  if (!ours || !theirs) return "deleted";
  if (kindOf(ours) !== kindOf(theirs)) return "kind";
  const mode = ours.mode === theirs.mode || ours.mode === base?.mode ? theirs.mode : ours.mode;
  if (mode === ours.mode && mode !== theirs.mode && theirs.mode !== base?.mode) return "mode";
  if (ours.id === theirs.id || ours.id === base?.id) return { mode, id: theirs.id };
  if (theirs.id === base?.id) return { mode, id: ours.id };
  if (kindOf(ours) !== FILE) return "kind";
  const before = base && kindOf(base) === FILE ? contents.get(base.id) : new Uint8Array();
  const [one, other] = [contents.get(ours.id), contents.get(theirs.id)];
  if (!before || !one || !other) return "too-large";
  const merged = mergedText(before, one, other);
  return typeof merged === "string" ? merged : { mode, bytes: merged };
}

const FILE = "file";

function kindOf({ mode }: Entry): string {
  return mode === SYMBOLIC_LINK || mode === SUBMODULE ? mode : FILE;
}

function equal(a: Entry | null, b: Entry | null): boolean {
  return a?.id === b?.id && a?.mode === b?.mode;
}

/** Whether ids alone do not tell. */
function needsText({ base, ours, theirs }: Sides): boolean {
  if (!ours || !theirs || kindOf(ours) !== FILE || kindOf(theirs) !== FILE) return false;
  return ours.id !== theirs.id && ours.id !== base?.id && theirs.id !== base?.id;
}

function entriesOf({ base, ours, theirs }: Sides): readonly Entry[] {
  return [base, ours, theirs].filter((entry) => entry !== null && kindOf(entry) === FILE) as Entry[];
}

async function contentsOf(entries: readonly Entry[], content: Content): Promise<Contents> {
  const contents = new Map<ObjectId, Uint8Array>();
  if (entries.length === 0) return contents;
  const wanted = new Map(entries.map((entry) => [entry.id, entry]));
  for await (const [id, bytes] of content.load([...wanted.values()])) contents.set(id, bytes);
  return contents;
}

/** A file cannot stand where a folder has to. */
function foldersInTheWay(files: ReadonlyMap<string, MergedFile | null>): readonly TrialConflict[] {
  const standing = new Set([...files].flatMap(([path, file]) => (file === null ? [] : [path])));
  return [...standing].flatMap((path) => {
    const folders = path.split("/").slice(0, -1);
    return folders.flatMap((_, at): TrialConflict[] => {
      const folder = folders.slice(0, at + 1).join("/");
      return standing.has(folder) ? [{ path: folder, why: "kind" }] : [];
    });
  });
}
