import { compilePaths } from "../core/path-matcher.ts";
import type { EffectivePolicy } from "../core/policy.ts";

/** The name of the check on pull requests into the default branch. */
export const CHECK_NAME = "countersign";

/**
 * The names under which a pull request into a branch is answered, one for each rule that governs it; none where nothing
 * does, so that an answer for one branch can never be taken for another's (security rule S01). The default branch always
 * is governed: its policy is what rules.
 */
export function checkNamesOf(
  branch: string,
  defaultBranch: string,
  { branches }: Pick<EffectivePolicy, "branches">,
): readonly string[] {
  const further = branches.filter((pattern) => pattern !== "~DEFAULT_BRANCH" && pattern !== defaultBranch);
  const matching = compilePaths(further.map((pattern) => ({ patterns: [pattern], value: pattern }))).match(branch);
  return [...(branch === defaultBranch ? [CHECK_NAME] : []), ...matching.map((pattern) => `${CHECK_NAME}: ${pattern}`)];
}
