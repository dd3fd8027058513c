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
export interface Part {
  readonly text: string;
  readonly answers: unknown[];
  /** The last list of literals that it was met in. */
  met: number;
}

let questions = 0;
let lists = 0;

/** A name to ask several things of: it is looked up once for all of them. */
export const partOf: (text: string) => Part = memoised((text) => ({
  text,
  answers: Array.from({ length: questions }),
  met: 0,
}));

/** A pure function of a name, whose answer is never undefined and kept with the name. */
export function askedOfPart<T extends NonNullable<unknown> | null>(compute: (text: string) => T): (part: Part) => T {
  const number = questions;
  questions += 1;
  return ({ text, answers }) => {
    const known = answers[number];
    if (known !== undefined) return known as T;
    const answer = compute(text);
    answers[number] = answer;
    return answer;
  };
}

const partsOf = memoisedByObject((literals: readonly Literal[]): readonly Part[] => {
  const parts: Part[] = [];
  lists += 1;
  let before: readonly string[] = [];
  for (const { path } of literals) {
    // Neighbours mostly lie in one object: what leads to it is not looked at again.
    let same = 0;
    while (same < path.length && path[same] === before[same]) same += 1;
    for (let at = same; at < path.length; at += 1) {
      const part = partOf(path[at] ?? "");
      if (part.met !== lists) parts.push(part);
      part.met = lists;
    }
    before = path;
  }
  return parts;
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
  const isMeantPart = askedOfPart(isMeant);
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
