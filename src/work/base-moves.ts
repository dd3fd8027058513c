import type { Change } from "../core/change-set.ts";
import type { Detector } from "../core/detector.ts";
import type { BaseChange } from "../core/facts.ts";
import { pathsOf, type TouchedFinding } from "../core/touched-systems.ts";

/** What is looked at to tell what a change means to others that land after it. */
export interface Moved {
  readonly changes: readonly Change[];
  readonly findings: readonly TouchedFinding[];
  readonly detectors: readonly Detector[];
  /** Whether a check runs or reads a file. */
  defines(path: string): boolean;
}

/** Every path that changes, with what others that land after it have to know of it (security rule S07). */
export function baseMoves({ changes, findings, detectors, defines }: Moved): readonly BaseChange[] {
  const rules = detectors.flatMap((detector) => detector.rules.filter(({ wholeFile }) => wholeFile));
  const whole = new Set(rules.map(({ id }) => id));
  const governed = new Set(
    findings.filter(({ finding }) => whole.has(finding.rule)).flatMap(({ finding }) => pathsOf(finding)),
  );
  return [...new Set(changes.flatMap(sidesOf))].map((path) => {
    return { path, wholeFile: governed.has(path), ...(defines(path) ? ({ checks: true } as const) : {}) };
  });
}

/** The paths that a change is about. */
export function sidesOf({ before, after }: Change): string[] {
  return [before?.path, after?.path].filter((path) => path !== undefined);
}
