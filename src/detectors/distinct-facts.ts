import type { Fact, FactChange, FileSide } from "../core/detector.ts";
import type { Confidence, Direction } from "../core/finding.ts";

/** The facts with repeats of one rule, key and value left out, the first place of each kept. */
export function distinctFacts(facts: readonly Fact[]): readonly Fact[] {
  if (facts.length < 2) return facts;
  const seen = new Map<string, Fact>();
  for (const fact of facts) {
    const identity = JSON.stringify([fact.rule, fact.key, fact.value]);
    if (!seen.has(identity)) seen.set(identity, fact);
  }
  return [...seen.values()];
}

/** How sure a structured file's facts are: certain when it parsed. */
export function confidenceIn(file: FileSide): Confidence {
  return file.parsed ? "certain" : "likely";
}

/** Added, removed or changed, by which sides stand. */
export function directionOf(change: FactChange): Direction {
  if (!change.before) return "added";
  return change.after ? "changed" : "removed";
}
