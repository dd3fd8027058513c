import type { ChangeSet, Entry, ObjectId } from "../core/change-set.ts";
import { completeChanges } from "../objects/complete-changes.ts";
import { FOLDER } from "../objects/tree-object.ts";
import type { HostedRepository } from "../work/hosting.ts";
import { HostingFault } from "../work/hosting-fault.ts";
import type { Api } from "./api.ts";
import { type BlobHints, contentsOf, readBlobs, takeLikely } from "./blob-reading.ts";
import { withCoAuthors } from "./co-authors.ts";
import { changedPaths } from "./commit-paths.ts";
import { readCommit, readCommits } from "./commit-reading.ts";
import { compareBranch, compareCommits, mergeBasesBetween } from "./comparison.ts";
import type { ObjectStore } from "./object-store.ts";
import { treeDifferences } from "./tree-difference.ts";
import { contentsOfHints, placesOfHints } from "./tree-hints.ts";
import { type Along, type TreeReader, treeReader } from "./tree-reading.ts";

/** What of a repository is read from its objects. */
export type ObjectSource = Pick<
  HostedRepository,
  "mergeBase" | "changeSet" | "load" | "blobAt" | "entriesIn" | "commitsBetween" | "changedPaths"
>;

/** One that can begin before it is asked. */
export interface ForeseeingSource extends ObjectSource {
  /** Begins to read what a change of this branch will be asked for; a fault of it shows where it is really asked for. */
  expect(baseRef: string, head: ObjectId): void;
}

/** What one job reads of one repository's objects. */
interface Open {
  readonly api: Api;
  readonly store: ObjectStore;
  readonly reader: TreeReader;
  /** Where folders are likely to be asked for, by the commit they belong to, as far as it was not tried. */
  readonly hints: Map<ObjectId, readonly string[]>;
  readonly blobs: BlobHints;
  early: Early;
  /** Trees that were read as a whole, as far as one answer goes. */
  readonly below: Set<ObjectId>;
}

/** What was begun before it was asked for; gives the fault that asking again would only meet again. */
interface Early {
  readonly head: ObjectId | null;
  readonly compared: Promise<HostingFault | null>;
  readonly prepared: Promise<HostingFault | null>;
}

/** The longest list of places that are worth a guess; beyond, the whole tree is read. */
const GUESSES = 100;
/** Contents that are worth asking for before it is certain that they are wanted: as many as one query brings. */
const LIKELY = 200;

/** Reads a repository at GitHub by its objects: complete, whatever its size. Revisions are commit ids. */
export function objectSource(api: Api, store: ObjectStore): ForeseeingSource {
  const nothing = Promise.resolve(null);
  const open: Open = {
    ...{ api, store, reader: treeReader(api, store), hints: new Map(), below: new Set() },
    blobs: { next: [], opaque: new Set() },
    early: { head: null, compared: nothing, prepared: nothing },
  };
  return {
    expect(baseRef, head) {
      const comparing = compareBranch(api, store, baseRef, head).then((base) => comparedBefore(open, base, head));
      const preparing = comparing.then(({ mergeBases }) => prepare(open, [...mergeBases, head]));
      open.early = { head, compared: faultOf(comparing), prepared: faultOf(preparing) };
    },
    async mergeBase({ base, head }) {
      return (await compared(open, base, head)).mergeBases[0];
    },
    changeSet: ({ base, head }) => changeSet(open, base, head),
    load: (entries) => readBlobs(api, store, entries, open.blobs),
    blobAt: (revision, path) => blobAt(open, revision, path),
    entriesIn: (revision, folder) => entriesIn(open, revision, folder),
    commitsBetween: async (base, head) =>
      base === head ? [] : withCoAuthors(api, store, (await compareCommits(api, store, base, head)).commits),
    changedPaths: (commits) => changedPaths(api, store, open.reader, commits),
  };
}

/** A server that fails, or wants to be left alone, was asked as often as it may be; of all else the early way may be the reason. */
async function faultOf(early: Promise<unknown>): Promise<HostingFault | null> {
  const fault = await early.then(
    () => null,
    (reason: unknown) => reason,
  );
  const lasts = fault instanceof HostingFault && LASTING.has(fault.code);
  return lasts ? fault : null;
}

const LASTING: ReadonlySet<HostingFault["code"]> = new Set(["hosting/unavailable", "hosting/rate-limited"]);

/** Waits for what was begun early for a head. */
async function awaited({ early }: Open, part: "compared" | "prepared", head: ObjectId): Promise<void> {
  const fault = await early[part];
  if (fault !== null && early.head === head) throw fault;
}

async function compared(open: Open, base: ObjectId, head: ObjectId) {
  await awaited(open, "compared", head);
  return comparedBefore(open, base, head);
}

/** Both sides of a comparison are going to be asked for: what differs says where. */
async function comparedBefore(open: Open, base: ObjectId, head: ObjectId) {
  const comparison = await mergeBasesBetween(open.api, open.store, base, head);
  for (const commit of [head, ...comparison.mergeBases])
    if (comparison.hints !== null && !open.hints.has(commit)) open.hints.set(commit, comparison.hints);
  return comparison;
}

async function changeSet(open: Open, base: ObjectId, head: ObjectId): Promise<ChangeSet> {
  const { mergeBases } = await compared(open, base, head);
  const [mergeBase, ...others] = mergeBases;
  const commits = await readCommits(open.api, open.store, [...mergeBases, base, head]);
  const tree = (id: ObjectId) => commits.get(id)?.tree as ObjectId;
  await awaited(open, "prepared", head);
  await prepare(open, [...mergeBases, head]);
  const pairs = [mergeBase, ...others.flatMap((other) => [other, base])].map((from) => ({
    before: tree(from),
    after: tree(head),
  }));
  const [first = [], ...rest] = await treeDifferences(open.reader, pairs);
  const further = others.map((_, index) => ({ fromOther: rest[2 * index] ?? [], fromBase: rest[2 * index + 1] ?? [] }));
  const changes = completeChanges(first, further);
  open.blobs.next = contentsOf(
    changes.flatMap(({ before, after }) => [before, after].filter((side) => side !== undefined)),
  );
  return { base: mergeBase, head, changes };
}

/**
 * Reads the folders that commits are likely to be asked for, in one query where few are, else whole trees; and with them
 * what lies there, where that is no more than one query brings.
 */
async function prepare(open: Open, commits: readonly ObjectId[]): Promise<void> {
  const known = await readCommits(open.api, open.store, commits);
  const sides = [...new Set(commits)].map((commit) => ({
    commit,
    tree: known.get(commit)?.tree as ObjectId,
    hints: open.hints.get(commit) ?? null,
  }));
  const guessed = sides.flatMap(({ hints }) => (hints === null ? [] : [hints.length])).length === sides.length;
  const places = guessed ? placesOfHints(open.reader, sides) : [];
  if (guessed && places.length <= GUESSES) {
    const contents = contentsOfHints(open.reader, sides, (id) => open.store.blobs.get(id) !== undefined);
    // Else they come along with the files that named checks are made of.
    const wanted = places.length > 0 && contents.length <= LIKELY && !open.store.fresh;
    const take: Along["take"] = (content) => takeLikely(open.store, content, open.blobs);
    return open.reader.readAt(places, { wanted: wanted ? contents : [], take });
  }
  for (const { tree } of [...sides].reverse()) if (!isOpened(open, tree)) await readBelow(open, tree);
}

/** Whether a tree and the folders in its root are known: then what is missing below is little, and read where it differs. */
function isOpened({ reader }: Open, tree: ObjectId): boolean {
  return reader.known(tree)?.every(({ mode, id }) => mode !== FOLDER || reader.known(id) !== undefined) ?? false;
}

async function readBelow(open: Open, tree: ObjectId): Promise<void> {
  if (open.below.has(tree)) return;
  open.below.add(tree);
  await open.reader.readBelow(tree);
}

async function blobAt(open: Open, revision: string, path: string) {
  const entry = await fileAt(open, revision, path);
  if (entry === null || entry.mode === FOLDER || entry.mode === "160000") return null;
  for await (const [, bytes] of readBlobs(open.api, open.store, [entry], { ...open.blobs, next: [] }))
    return { entry, bytes };
  return null;
}

async function fileAt(open: Open, revision: ObjectId, path: string): Promise<Entry | null> {
  const known = open.store.files.get(revision, path);
  if (known !== undefined) return known === null ? null : { path, ...known };
  return entryAt(open, revision, path);
}

/** What stands at a path; `""` is the root. */
async function entryAt(open: Open, revision: ObjectId, path: string): Promise<Entry | null> {
  requireId(revision);
  const { tree } = await readCommit(open.api, open.store, revision);
  let entry: Entry = { path: "", mode: FOLDER, id: tree };
  for (const part of path === "" ? [] : path.split("/")) {
    if (entry.mode !== FOLDER) return null;
    const rows = await folder(open, revision, tree, entry.id);
    const row = rows.find(({ name }) => name === part);
    if (row === undefined) return null;
    entry = { path: entry.path === "" ? part : `${entry.path}/${part}`, mode: row.mode, id: row.id };
  }
  return entry;
}

/** The rows of one folder of a commit: first by what is likely asked for next, then with all that is in the commit. */
async function folder(open: Open, revision: ObjectId, root: ObjectId, tree: ObjectId) {
  if (open.reader.known(tree) === undefined) await awaited(open, "prepared", revision);
  if (open.reader.known(tree) === undefined && open.hints.has(revision)) {
    await prepare(open, [...open.hints.keys()]);
    open.hints.clear();
  }
  if (open.reader.known(tree) === undefined) await readBelow(open, root);
  await open.reader.read([tree]);
  return open.reader.rows(tree);
}

async function entriesIn(open: Open, revision: string, path: string): Promise<readonly Entry[]> {
  const own = await entryAt(open, revision, path);
  if (own?.mode !== FOLDER) return [];
  const { tree } = await readCommit(open.api, open.store, revision);
  const rows = await folder(open, revision, tree, own.id);
  return rows.map(({ name, mode, id }) => ({ path: path === "" ? name : `${path}/${name}`, mode, id }));
}

function requireId(revision: string): void {
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(revision)) return;
  throw new HostingFault("hosting/refused", `${JSON.stringify(revision.slice(0, 100))} is no commit id`, {
    remedy: "Send this text to the makers of Countersign.",
  });
}
