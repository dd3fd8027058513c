/** The part of a policy that sequences vary, and that the reference knows. */
export interface Rules {
  readonly enforced: boolean;
  /** Whether a risk owner is asked at medium, too. */
  readonly riskAtMedium: boolean;
  readonly bindHigh: "facts" | "files" | "change-set";
  readonly distinctAtHigh: number;
  readonly validDays: number;
  /** Further lines of the policy. */
  readonly more?: string;
}

export const PLAIN: Rules = {
  enforced: true,
  riskAtMedium: false,
  bindHigh: "files",
  distinctAtHigh: 2,
  validDays: 14,
};

/** The same as a file. */
export function rulesText({ enforced, riskAtMedium, bindHigh, distinctAtHigh, validDays, more = "" }: Rules): string {
  const risk = riskAtMedium ? ", { role: risk-owner }" : "";
  const validFor = `validFor: P${validDays}D`;
  return `version: 1
mode: ${enforced ? "enforce" : "observe"}
branches: ["~DEFAULT_BRANCH", "release/**"]
roles:
  ai-reviewer: ["@acme/ml"]
  risk-owner: ["@rita", "@rob"]
  security: ["@sam"]
tiers:
  low: { approvals: [{ role: ai-reviewer }], distinctPeople: 1, rollback: none, bind: facts, ${validFor} }
  medium: { approvals: [{ role: system-owner }, { role: ai-reviewer }${risk}], distinctPeople: 2, rollback: none, bind: facts, ${validFor} }
  high: { approvals: [{ role: system-owner }, { role: risk-owner }], distinctPeople: ${distinctAtHigh}, rollback: none, bind: ${bindHigh}, ${validFor} }
  critical: { approvals: [{ role: system-owner }, { role: risk-owner }, { role: security }], distinctPeople: 3, rollback: none, statement: false, bind: change-set, ${validFor} }
checks:
  evals: { name: evals, app: github-actions, workflow: .github/workflows/evals.yml, when: [model, prompt], from: high }
${more}`;
}
