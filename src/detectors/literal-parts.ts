import type { Literal } from "../core/detector.ts";
import { memoised, memoisedByObject } from "./memoised.ts";

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

/** A name with what was asked of it, by the number of the question: names come again and again, in one file and the next. */
interface Part {
  readonly text: string;
  readonly answers: (boolean | undefined)[];
}

let questions = 0;
const partOf = memoised((text): Part => ({ text, answers: Array.from({ length: questions }) }));

const partsOf = memoisedByObject((literals: readonly Literal[]): readonly Part[] => {
  const parts = new Set<string>();
  let before: readonly string[] = [];
  for (const { path } of literals) {
    // Neighbours mostly lie in one object: what leads to it is not looked at again.
    let same = 0;
    while (same < path.length && path[same] === before[same]) same += 1;
    for (let at = same; at < path.length; at += 1) parts.add(path[at] ?? "");
    before = path;
  }
  return [...parts].map(partOf);
});

/** Something that is asked of the names in the paths of a file's literals, each once. */
export interface PartQuestion {
  /** Whether the path of any literal has a part that is meant. */
  any(literals: readonly Literal[]): boolean;
  /** Tells the parts that are meant; null where no path has one. */
  meant(literals: readonly Literal[]): ((part: string) => boolean) | null;
}

const FEW = 4;

/** A question to ask of many files; the answer must lie in the name alone. */
export function partQuestion(isMeant: (part: string) => boolean): PartQuestion {
  const number = questions;
  questions += 1;
  const isMeantPart = ({ text, answers }: Part): boolean => {
    const known = answers[number];
    if (known !== undefined) return known;
    const answer = isMeant(text);
    answers[number] = answer;
    return answer;
  };
  return {
    any: (literals) => partsOf(literals).some(isMeantPart),
    meant(literals) {
      const meant = partsOf(literals)
        .filter(isMeantPart)
        .map(({ text }) => text);
      if (meant.length === 0) return null;
      return meant.length > FEW ? isMeant : (part) => meant.includes(part);
    },
  };
}
