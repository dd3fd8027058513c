import type { Entry } from "../core/change-set.ts";
import type { Detector } from "../core/detector.ts";
import type { Prefilter } from "../detectors/prefilter.ts";
import { isAgentInstructions } from "../detectors/prompt/agent-instructions-path.ts";
import type { LooseText } from "../detectors/prompt/loose-text.ts";
import { readerOf } from "../readers/index.ts";
import { type Extraction, extraction } from "./extraction.ts";
import { type ReadingBudget, readingBudget, withinBudget } from "./reading-budget.ts";
import { folderAt, isPlain, type TreeSide } from "./reference-lookup.ts";
import { folderOf } from "./reference-path.ts";
import type { Content } from "./source.ts";

/** What looking beside changed files may cost: more where their words speak to a model, and then it must suffice. */
export type NeighbourBudgets = Readonly<Record<LooseText, ReadingBudget>>;

/** Budgets of which nothing is used. */
export function neighbourBudgets(): NeighbourBudgets {
  return { speaking: readingBudget(2_000, 20_000_000), plain: readingBudget(500, 5_000_000) };
}

/**
 * The unchanged files beside changed loose text that name it and want something: one of them may make it live. Others
 * than the same folder's are found by the registry, or where they change themselves.
 */
export async function neighbours(
  tree: TreeSide,
  read: ReadonlyMap<Entry, Extraction>,
  detectors: readonly Detector[],
  filter: Prefilter,
  content: Content,
  budgets: NeighbourBudgets,
): Promise<readonly Extraction[]> {
  const followers = detectors.filter((detector) => detector.wants !== undefined);
  const found: Extraction[] = [];
  for (const kind of ["speaking", "plain"] as const) {
    const loose = [...tree.changed.values()].filter((entry) => isPlain(entry) && read.get(entry)?.loose === kind);
    for (const [folder, entries] of Map.groupBy(loose, (entry) => folderOf(entry.path))) {
      if (budgets[kind].exhausted) break;
      const names = entries.map((entry) => stemOf(entry.path));
      const beside = [...(await folderAt(folder, tree)).values()].filter(
        (entry) => isPlain(entry) && !tree.changed.has(entry.path) && mayLoad(entry.path),
      );
      for await (const [entry, bytes] of withinBudget(beside, content, budgets[kind])) {
        const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        if (names.some((name) => text.includes(name))) found.push(await extraction(entry, bytes, followers, filter));
      }
    }
  }
  return found;
}

/** A file's name as code may write it: without its ending. */
function stemOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(0, dot) : name;
}

/** Code, configuration, instructions: prose beside prose loads nothing. */
function mayLoad(path: string): boolean {
  return isAgentInstructions(path) || (readerOf(path) !== null && !/\.(?:md|mdx|markdown)$/i.test(path));
}
