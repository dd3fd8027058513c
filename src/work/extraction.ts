import { type Entry, SUBMODULE, SYMBOLIC_LINK } from "../core/change-set.ts";
import type { Detector, Fact } from "../core/detector.ts";
import type { SideFacts } from "../core/file-facts.ts";
import type { Prefilter } from "../detectors/prefilter.ts";
import { fileSide } from "../readers/file-side.ts";
import { surfaceOf } from "../readers/surface.ts";

/** What was read from one side of a file. */
export interface Extraction extends SideFacts {
  /** By detector, the paths that the file names as belonging to what it follows, as written. */
  readonly wants: ReadonlyMap<string, readonly string[]>;
  /** Whether any detector that follows references knows what the file is; others may be live without showing it. */
  readonly known: boolean;
}

/** The side of a file that nothing was read from. */
export function unread(entry: Entry): Extraction {
  return { entry, surface: surfaceOf(entry.path), facts: [], wants: new Map(), known: entry.mode === SUBMODULE };
}

/**
 * Extracts the facts of one side of a file by every detector that selects it, and by those that its roles name. A
 * symbolic link's content is the path it points to: only rules of the whole file can mean it.
 */
export async function extraction(
  entry: Entry,
  bytes: Uint8Array,
  detectors: readonly Detector[],
  filter: Prefilter,
  roles: ReadonlySet<string> = new Set(),
): Promise<Extraction> {
  const link = entry.mode === SYMBOLIC_LINK;
  const selected = detectors.filter((detector) => detector.selects(entry.path));
  const filtered = isUtf16(bytes) ? selected : filter.matching(bytes, selected);
  const known = link || selected.some((detector) => detector.wants !== undefined);
  const candidates = detectors.filter((detector) => filtered.includes(detector) || (roles.has(detector.name) && !link));
  if (candidates.length === 0) return { ...unread(entry), known };
  const file = fileSide(entry, bytes, roles);
  const facts: Fact[] = [];
  const wants = new Map<string, readonly string[]>();
  for (const detector of candidates) {
    if (link && !detector.rules.some((rule) => rule.wholeFile)) continue;
    facts.push(...(await detector.extract(file)));
    const paths = link ? [] : (detector.wants?.(file) ?? []);
    if (paths.length > 0) wants.set(detector.name, paths);
  }
  return { entry, surface: file.surface, facts, wants, known };
}

function isUtf16(bytes: Uint8Array): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}
