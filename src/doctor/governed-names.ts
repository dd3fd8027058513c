import type { EffectivePolicy } from "../core/policy.ts";

/** One entry of the governed branches, and the check that is to be required there (security rule S01). */
export interface GovernedEntry {
  readonly checkName: string;
  /** Null for the default branch. */
  readonly pattern: string | null;
}

/** The entries that are governed: the default branch always, then what else the policy names. */
export function governedEntries(
  { branches }: Pick<EffectivePolicy, "branches">,
  defaultBranch: string,
): GovernedEntry[] {
  const further = branches.filter((pattern) => pattern !== "~DEFAULT_BRANCH" && pattern !== defaultBranch);
  return [
    { checkName: "countersign", pattern: null },
    ...[...new Set(further)].map((pattern) => ({ checkName: `countersign: ${pattern}`, pattern })),
  ];
}
