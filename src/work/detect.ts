import type { Change, Entry, ObjectId } from "../core/change-set.ts";
import { SUBMODULE } from "../core/change-set.ts";
import type { Detector } from "../core/detector.ts";
import type { FileFacts } from "../core/file-facts.ts";
import { prefilter } from "../detectors/prefilter.ts";
import { besideDetectors } from "../detectors/text-gate.ts";
import { type Extraction, extraction, unread } from "./extraction.ts";
import { type FollowingScope, followReferences } from "./references.ts";
import type { Content } from "./source.ts";

/** The facts of a change, and what could not be read of it. */
export interface Detected {
  readonly files: readonly FileFacts[];
  /** Why not everything that belongs to the change was looked at, one sentence each. */
  readonly unreadable: readonly string[];
}

/**
 * Extracts the facts of both sides of every changed file, and of the files that these refer to within `following`;
 * content is held only while it is looked at.
 */
export async function detect(
  changes: readonly Change[],
  detectors: readonly Detector[],
  content: Content,
  progress: (done: number, total: number) => void,
  following: FollowingScope | null,
): Promise<Detected> {
  const filter = prefilter(detectors, besideDetectors);
  const wanted = new Map<ObjectId, Entry[]>();
  const read = new Map<Entry, Extraction>();
  const entries = changes.flatMap(({ before, after }) =>
    before && after && same(before, after) ? [] : [before, after].filter((entry) => entry !== undefined),
  );
  for (const entry of entries) {
    if (entry.mode === SUBMODULE) continue;
    const group = wanted.get(entry.id);
    if (group) group.push(entry);
    else wanted.set(entry.id, [entry]);
  }
  let done = 0;
  for await (const [id, bytes] of content.load([...wanted.values()].map((group) => group[0] as Entry))) {
    for (const entry of wanted.get(id) ?? []) read.set(entry, await extraction(entry, bytes, detectors, filter));
    done += 1;
    progress(done, wanted.size);
  }
  const sides = () =>
    changes.map(({ before, after }) => ({ ...side("before", before, read), ...side("after", after, read) }));
  following?.foretold?.(sides());
  const followed = following
    ? await followReferences(changes, read, { ...following, detectors, filter, content })
    : { files: [], unreadable: [] };
  const partial = new Set([...read].flatMap(([entry, { partial }]) => (partial ? [entry.path] : [])));
  return { files: [...sides(), ...followed.files], unreadable: [...[...partial].map(tooMuch), ...followed.unreadable] };
}

function tooMuch(path: string): string {
  return `${path} holds more than is read of one file (a million values, 8 million characters); split it, or name it under detect.ignore if it is data`;
}

function same(before: Entry, after: Entry): boolean {
  return before.id === after.id && before.path === after.path;
}

function side(name: "before" | "after", entry: Entry | undefined, read: ReadonlyMap<Entry, Extraction>): FileFacts {
  return entry ? { [name]: read.get(entry) ?? unread(entry) } : {};
}
