import { type ObjectId, pathOf } from "../core/change-set.ts";
import { decidedByMerge } from "../objects/merge-decision.ts";
import { HostingFault } from "../work/hosting-fault.ts";
import type { Api } from "./api.ts";
import { readCommits } from "./commit-reading.ts";
import { mergeBasesBetween } from "./comparison.ts";
import type { ObjectStore } from "./object-store.ts";
import { type TreePair, treeDifferences } from "./tree-difference.ts";
import type { TreeReader } from "./tree-reading.ts";

interface Subject {
  readonly id: ObjectId;
  readonly parents: readonly ObjectId[];
}

/** The paths whose content each commit itself decided; the folders of all commits are read together, level by level. */
export async function changedPaths(
  api: Api,
  store: ObjectStore,
  reader: TreeReader,
  subjects: readonly Subject[],
): Promise<ReadonlyMap<ObjectId, readonly string[]>> {
  const bases = new Map<ObjectId, ObjectId | null>();
  for (const { id, parents } of subjects)
    if (parents.length === 2)
      bases.set(id, await mergeBaseOf(api, store, parents[0] as ObjectId, parents[1] as ObjectId));
  const wanted = subjects.flatMap(({ id, parents }) => [id, ...parents, ...ids(bases.get(id))]);
  const commits = await readCommits(api, store, wanted);
  const treeOf = (id: ObjectId) => commits.get(id)?.tree ?? null;
  const plans = subjects.map((subject) => ({
    subject,
    pairs: pairsOf(subject, bases.get(subject.id) ?? null, treeOf),
  }));
  const differences = await treeDifferences(
    reader,
    plans.flatMap(({ pairs }) => pairs),
  );
  const decided = new Map<ObjectId, readonly string[]>();
  let at = 0;
  for (const { subject, pairs } of plans) {
    const paths = differences.slice(at, at + pairs.length).map((changes) => new Set(changes.map(pathOf)));
    at += pairs.length;
    const count = Math.max(1, subject.parents.length);
    decided.set(subject.id, decidedByMerge(paths.slice(0, count), paths.length > count ? paths.slice(count) : null));
  }
  return decided;
}

/** A commit beside each of its parents (the first beside nothing), then the parents of a merge beside their merge base. */
function pairsOf(
  { id, parents }: Subject,
  base: ObjectId | null,
  treeOf: (id: ObjectId) => ObjectId | null,
): readonly TreePair[] {
  const after = treeOf(id);
  const sides = parents.length === 0 ? [null] : parents.map(treeOf);
  const own = base === null ? [] : parents.map((parent) => ({ before: treeOf(base), after: treeOf(parent) }));
  return [...sides.map((before) => ({ before, after })), ...own];
}

async function mergeBaseOf(api: Api, store: ObjectStore, one: ObjectId, other: ObjectId): Promise<ObjectId | null> {
  try {
    return (await mergeBasesBetween(api, store, one, other)).mergeBases[0];
  } catch (fault) {
    // Without a common history nothing is known to be a mere bringing together: the merge decided all of it.
    if (fault instanceof HostingFault && fault.code === "hosting/not-found") return null;
    throw fault;
  }
}

function ids(id: ObjectId | null | undefined): readonly ObjectId[] {
  return id ? [id] : [];
}
