import type { Assessment } from "./assessment.ts";
import type { Facts } from "./facts.ts";
import { fold } from "./path-matcher.ts";
import type { Requirement } from "./requirement.ts";

/**
 * Asks for an update of the branch when the base has changed what this pull request governs, or a whole-file kind of a
 * system it touches: two approved pull requests must not remove both guardrails (security rule S07). And where it has
 * changed what a check runs, which an old branch would still pass as it was (security rule S16).
 */
export function baseMovement({ index, systems, governedPaths }: Assessment, facts: Facts): readonly Requirement[] {
  const governed = new Set([...governedPaths].map(fold));
  const touched = new Set(systems);
  const moved = (facts.baseChanges ?? []).find(
    ({ path, wholeFile, checks }) =>
      checks ||
      governed.has(fold(path)) ||
      (wholeFile && index.byPath.match(path).some((system) => touched.has(system))),
  );
  if (!moved) return [];
  const reason = `update the branch: its base has changed ${moved.path} since, which this change is judged with`;
  return [{ kind: "record", state: "waiting", reason }];
}
