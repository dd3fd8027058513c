import type { Change, Entry, ObjectId } from "../core/change-set.ts";
import { SUBMODULE, SYMBOLIC_LINK } from "../core/change-set.ts";
import type { Detector, Fact } from "../core/detector.ts";
import type { FileFacts, SideFacts } from "../core/file-facts.ts";
import { type Prefilter, prefilter } from "../detectors/prefilter.ts";
import { fileSide } from "../readers/file-side.ts";

/** Where the content of files comes from. */
export interface Content {
  /** Blobs by id, each once, in any order. Missing ones are a fault of the source. */
  load(entries: readonly Entry[]): AsyncIterable<readonly [ObjectId, Uint8Array]>;
}

/** Extracts the facts of both sides of every changed file; content is held only while it is looked at. */
export async function detect(
  changes: readonly Change[],
  detectors: readonly Detector[],
  content: Content,
  progress: (done: number, total: number) => void,
): Promise<readonly FileFacts[]> {
  const filter = prefilter(detectors);
  const wanted = new Map<ObjectId, Entry[]>();
  const facts = new Map<Entry, SideFacts>();
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
    for (const entry of wanted.get(id) ?? []) facts.set(entry, await factsOf(entry, bytes, detectors, filter));
    done += 1;
    progress(done, wanted.size);
  }
  return changes.map(({ before, after }) => ({ ...side("before", before, facts), ...side("after", after, facts) }));
}

function same(before: Entry, after: Entry): boolean {
  return before.id === after.id && before.path === after.path;
}

function side(name: "before" | "after", entry: Entry | undefined, facts: ReadonlyMap<Entry, SideFacts>): FileFacts {
  if (!entry) return {};
  return { [name]: facts.get(entry) ?? { entry, surface: "production", facts: [] } };
}

/** A symbolic link's content is the path it points to: only rules of the whole file can mean it. */
async function factsOf(
  entry: Entry,
  bytes: Uint8Array,
  detectors: readonly Detector[],
  filter: Prefilter,
): Promise<SideFacts> {
  const selected = detectors.filter((detector) => detector.selects(entry.path));
  const candidates = isUtf16(bytes) ? selected : filter.matching(bytes, selected);
  if (candidates.length === 0) return { entry, surface: "production", facts: [] };
  const file = fileSide(entry, bytes);
  const facts: Fact[] = [];
  for (const detector of candidates) {
    if (entry.mode === SYMBOLIC_LINK && !detector.rules.some((rule) => rule.wholeFile)) continue;
    facts.push(...(await detector.extract(file)));
  }
  return { entry, surface: file.surface, facts };
}

function isUtf16(bytes: Uint8Array): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}
