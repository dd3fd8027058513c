import type { Finding } from "../core/finding.ts";

/** An entry for the registry that a change proposes by what it uses. */
export interface Proposal {
  readonly entry: string;
  /** Where it belongs. */
  readonly remedy: string;
}

/** The entries that findings propose for the registry, and the findings that are something else. */
export function proposalsAmong(findings: readonly Finding[]): {
  readonly proposals: readonly Proposal[];
  readonly others: readonly Finding[];
} {
  const proposes = ({ rule }: Finding) => rule.startsWith("record/unregistered-");
  return {
    proposals: findings.filter(proposes).map(({ after, remedy }) => ({ entry: after ?? "", remedy })),
    others: findings.filter((finding) => !proposes(finding)),
  };
}
