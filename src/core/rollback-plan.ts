import type { Requirement } from "./approval.ts";
import type { Assessment } from "./assessment.ts";
import { governs } from "./assessment.ts";
import type { FindingClass } from "./finding.ts";
import type { TierDuties } from "./policy.ts";
import type { System } from "./registry.ts";
import { type RollbackSection, rollbackSection } from "./rollback-section.ts";
import { atLeast } from "./tier.ts";

/** The machine-readable way back from a change, as far as the machine and the registry can say it. */
export interface RollbackPlan {
  readonly kind: FindingClass;
  readonly system: string | null;
  readonly owner: string | null;
  readonly strategy: NonNullable<NonNullable<System["rollback"]>["strategy"]>;
  readonly previous: { readonly value: string } | null;
  readonly revert: { readonly base: string };
  readonly trigger: readonly string[];
  readonly steps: readonly string[];
  readonly runbook: string | null;
  readonly verification: readonly string[];
  readonly maxTimeToRestore: string | null;
  readonly lastRehearsal: string | null;
}

const STRATEGY: Readonly<Record<FindingClass, RollbackPlan["strategy"]>> = {
  model: "pin-model",
  prompt: "revert-commit",
  credential: "credential-rotate",
  tool: "revert-commit",
  guardrail: "revert-commit",
  provider: "revert-commit",
  governance: "revert-commit",
};

/** One plan per touched system and class, in the order of the findings; the registry's words before the body's. */
export function rollbackPlans(assessment: Assessment, body: string): readonly RollbackPlan[] {
  const section = rollbackSection(body);
  const plans = new Map<string, RollbackPlan>();
  for (const { finding, systems } of assessment.findings) {
    if (!governs(finding)) continue;
    for (const system of systems.length > 0 ? systems : [null]) {
      const key = `${system?.id ?? ""} ${finding.class}`;
      const known = plans.get(key);
      if (known && (known.previous !== null || finding.before === null)) continue;
      plans.set(key, plan(finding.class, finding.before, system, assessment, section));
    }
  }
  return [...plans.values()];
}

function plan(
  kind: FindingClass,
  before: string | null,
  system: System | null,
  assessment: Assessment,
  section: RollbackSection | null,
): RollbackPlan {
  const declared = system?.rollback ?? {};
  const compromised =
    kind === "credential" &&
    (system?.identities ?? []).some((id) => assessment.index.identities.get(id)?.state === "compromised");
  return {
    kind,
    system: system?.id ?? null,
    owner: declared.owner ?? system?.owner ?? section?.owner ?? null,
    // A credential is never rolled back to an older value, whatever the system declares.
    strategy: kind === "credential" ? "credential-rotate" : (declared.strategy ?? STRATEGY[kind]),
    previous: kind === "credential" || before === null ? null : { value: before },
    revert: { base: assessment.changeSet.base },
    trigger: declared.trigger ?? section?.trigger ?? [],
    steps: stepsOf(kind, compromised),
    runbook: declared.runbook ?? null,
    verification:
      declared.verification ?? (declared.runbook ? [`follow ${declared.runbook}`] : (section?.verification ?? [])),
    maxTimeToRestore: declared.maxTimeToRestore ?? null,
    lastRehearsal: declared.lastRehearsal ?? null,
  };
}

function stepsOf(kind: FindingClass, compromised: boolean): readonly string[] {
  if (kind === "credential" && compromised) return ["revoke", "create", "deploy", "verify"];
  if (kind === "credential") return ["create", "deploy", "verify", "revoke"];
  if (kind === "model") return ["pin the previous model", "revert the commit", "verify"];
  return ["revert the commit", "verify"];
}

/** What the tier asks of the plans. A policy's way back is its revert, which is never rehearsed. */
export function rollbackRequirement(
  assessment: Assessment,
  plans: readonly RollbackPlan[],
  duties: TierDuties,
): Requirement | null {
  if (duties.rollback === "none") return null;
  const rule = "record/rollback-missing";
  const peoplesPart = atLeast(assessment.tier.value, "high");
  const operational = plans.filter((entry) => entry.kind !== "governance");
  const lacking = peoplesPart
    ? operational.filter((entry) => entry.owner === null || entry.verification.length === 0)
    : [];
  if (lacking.length > 0) {
    const names = [...new Set(lacking.map((entry) => entry.system ?? "the unregistered system"))].join(", ");
    return {
      kind: "rollback",
      state: "failed",
      rule,
      reason: `the rollback plan of ${names} lacks an owner or a verification; fill rollback in .github/ai-systems.yml, or a section "## Rollback" of the pull request with lines Owner: and Verification:`,
    };
  }
  if (duties.rollback === "rehearsed" && operational.length > 0) {
    const dates = [...new Set(operational.map((entry) => entry.lastRehearsal ?? "none"))].join(", ");
    return {
      kind: "rollback",
      state: "waiting",
      rule,
      reason: `needs a rehearsal on record (declared: ${dates}); a declared date alone is no record`,
    };
  }
  return {
    kind: "rollback",
    state: "met",
    rule,
    reason: `planned: ${[...new Set(plans.map((entry) => entry.strategy))].join(", ")}`,
  };
}
