import type { Literal } from "../core/detector.ts";
import { memoisedByObject } from "./memoised.ts";

/** Whether a part of a path is a position in a list. */
export function isIndex(part: string): boolean {
  const last = part.charCodeAt(part.length - 1);
  return last >= 48 && last <= 57 && /^\d+$/.test(part);
}

/** The innermost name of a path, empty where it has none. */
export function lastName(path: readonly string[]): string {
  for (let at = path.length - 1; at >= 0; at -= 1) if (!isIndex(path[at] ?? "")) return path[at] ?? "";
  return "";
}

const partsOf = memoisedByObject((literals: readonly Literal[]): readonly string[] => {
  const parts = new Set<string>();
  for (const { path } of literals) for (const part of path) parts.add(part);
  return [...parts];
});

/** Tells the parts that are meant, where each of a file's names has been asked once; null where it has none of them. */
export function partsMeant(
  literals: readonly Literal[],
  isMeant: (part: string) => boolean,
): ((part: string) => boolean) | null {
  const meant = partsOf(literals).filter(isMeant);
  if (meant.length === 0) return null;
  if (meant.length > FEW) return isMeant;
  return (part) => meant.includes(part);
}

const FEW = 4;

/** Whether the path of any literal has a part that is meant: names come again and again, and each is asked once. */
export function hasPart(literals: readonly Literal[], isMeant: (part: string) => boolean): boolean {
  for (const part of partsOf(literals)) if (isMeant(part)) return true;
  return false;
}
