import { type Entry, SYMBOLIC_LINK } from "../core/change-set.ts";
import type { Detector, Fact } from "../core/detector.ts";
import type { SideFacts } from "../core/file-facts.ts";
import type { Prefilter } from "../detectors/prefilter.ts";
import { type LooseText, looseText, mayBeLoose } from "../detectors/prompt/loose-text.ts";
import { fileSide } from "../readers/file-side.ts";
import { surfaceOf } from "../readers/surface.ts";
import { workflowParts } from "../readers/workflow-parts.ts";
import { withoutHidden } from "./hidden-text.ts";

/** What was read from one side of a file. */
export interface Extraction extends SideFacts {
  /** By detector, the paths that the file names as belonging to what it follows, as written. */
  readonly wants: ReadonlyMap<string, readonly string[]>;
  /** Text that no detector which follows references knows: something else may make it live. */
  readonly loose: LooseText | null;
  /** The file holds more than is read of one. */
  readonly partial?: true;
}

/** In bytes. */
const LARGE = 1_000_000;

/** The side of a file that nothing was read from. */
export function unread(entry: Entry): Extraction {
  return { entry, surface: surfaceOf(entry.path), facts: [], wants: new Map(), loose: null };
}

/**
 * Extracts the facts of one side of a file by every detector that selects it, and by those that its roles name. A
 * symbolic link's content is the path it points to: only rules of the whole file can mean it, and what it points to is
 * wanted by those who would have read the file.
 */
export async function extraction(
  entry: Entry,
  bytes: Uint8Array,
  detectors: readonly Detector[],
  filter: Prefilter,
  roles: ReadonlySet<string> = new Set(),
): Promise<Extraction> {
  const link = entry.mode === SYMBOLIC_LINK;
  // Words first: under hundreds of rules asking each for the path costs more than one pass over a small file. In a large
  // one the pass ends sooner when only those are looked for that read such files.
  const selecting = (pool: readonly Detector[]) => pool.filter((detector) => detector.selects(entry.path));
  const pool = bytes.length < LARGE ? detectors : selecting(detectors);
  const met = isUtf16(bytes) ? pool : filter.matching(bytes, pool);
  const filtered = pool === detectors ? selecting(met) : met;
  const candidates =
    roles.size === 0
      ? filtered
      : detectors.filter((detector) => filtered.includes(detector) || roles.has(detector.name));
  if (candidates.length === 0 && (link || !mayBeLoose(entry.path))) return unread(entry);
  const file = fileSide(entry, bytes, roles);
  if (candidates.length === 0) return { ...unread(entry), loose: looseText(file) };
  const facts: Fact[] = [];
  const wants = new Map<string, readonly string[]>();
  let known = link;
  for (const detector of candidates) {
    const paths = detector.wants === undefined ? [] : link ? [file.text] : detector.wants(file);
    if (paths.length > 0) wants.set(detector.name, paths);
    if (link && !detector.rules.some((rule) => rule.wholeFile)) continue;
    const own = await detector.extract(file);
    if (own.length > 0 && detector.wants !== undefined) known = true;
    facts.push(...own);
  }
  const parts = workflowParts(file);
  const hidden = await Promise.all(candidates.map((detector) => detector.secrets?.(file) ?? []));
  return {
    entry,
    surface: file.surface,
    facts: withoutHidden(facts, hidden.flat()),
    wants,
    loose: known ? null : looseText(file),
    ...(facts.length > 0 && !file.parsed ? { unparsed: true } : {}),
    ...(parts.length > 0 ? { parts } : {}),
    ...(file.whole ? {} : { partial: true as const }),
  };
}

function isUtf16(bytes: Uint8Array): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}
