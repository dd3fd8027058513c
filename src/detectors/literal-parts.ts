import type { Literal } from "../core/detector.ts";
import { memoisedByObject } from "./memoised.ts";

const partsOf = memoisedByObject((literals: readonly Literal[]): ReadonlySet<string> => {
  const parts = new Set<string>();
  for (const { path } of literals) for (const part of path) parts.add(part);
  return parts;
});

/** Whether the path of any literal has a part that is meant: names come again and again, and each is asked once. */
export function hasPart(literals: readonly Literal[], isMeant: (part: string) => boolean): boolean {
  for (const part of partsOf(literals)) if (isMeant(part)) return true;
  return false;
}
