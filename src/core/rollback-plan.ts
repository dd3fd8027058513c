import { governing } from "./assessment.ts";
import type { Case } from "./case.ts";
import type { FindingClass } from "./finding.ts";
import type { System } from "./registry.ts";
import type { Requirement } from "./requirement.ts";
import { type RollbackSection, rollbackSection } from "./rollback-section.ts";
import { endOf, plus } from "./scalars.ts";
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
export function rollbackPlans(matter: Case): readonly RollbackPlan[] {
  const section = rollbackSection(matter.facts.pullRequest?.body ?? "");
  const plans = new Map<string, RollbackPlan>();
  for (const { finding, systems } of governing(matter.assessment)) {
    for (const system of systems.length > 0 ? systems : [null]) {
      const key = `${system?.id ?? ""} ${finding.class}`;
      const known = plans.get(key);
      if (known && (known.previous !== null || finding.before === null)) continue;
      plans.set(key, plan(finding.class, finding.before, system && matter.left.system(system), section, matter));
    }
  }
  return [...plans.values()];
}

function plan(
  kind: FindingClass,
  before: string | null,
  system: System | null,
  section: RollbackSection | null,
  { assessment, left, clock }: Case,
): RollbackPlan {
  const declared = system?.rollback ?? {};
  const retires = system?.models?.find(({ ref }) => ref === before)?.retires;
  const gone = kind === "model" && retires !== undefined && clock.reached(endOf(retires));
  const compromised =
    kind === "credential" &&
    (system?.identities ?? []).some((id) => {
      const identity = assessment.index.identities.get(id);
      return identity !== undefined && left.identity(identity).state === "compromised";
    });
  return {
    kind,
    system: system?.id ?? null,
    owner: declared.owner ?? system?.owner ?? section?.owner ?? null,
    strategy: strategyOf(kind, declared.strategy, gone),
    previous: kind === "credential" || before === null || gone ? null : { value: before },
    revert: { base: assessment.changeSet.base },
    trigger: declared.trigger ?? section?.trigger ?? [],
    steps: stepsOf(kind, compromised, gone),
    runbook: declared.runbook ?? null,
    verification:
      declared.verification ?? (declared.runbook ? [`follow ${declared.runbook}`] : (section?.verification ?? [])),
    maxTimeToRestore: declared.maxTimeToRestore ?? null,
    lastRehearsal: declared.lastRehearsal ?? null,
  };
}

/** A credential is never rolled back to an older value, and a retired model is no way back, whatever the system declares. */
function strategyOf(
  kind: FindingClass,
  declared: RollbackPlan["strategy"] | undefined,
  gone: boolean,
): RollbackPlan["strategy"] {
  if (kind === "credential") return "credential-rotate";
  if (!gone) return declared ?? STRATEGY[kind];
  return declared === "flag-off" || declared === "irreversible" ? declared : "disable-agent";
}

function stepsOf(kind: FindingClass, compromised: boolean, gone: boolean): readonly string[] {
  if (gone) return ["switch the agent off", "choose an approved model that is not retired", "verify"];
  if (kind === "credential" && compromised) return ["revoke", "create", "deploy", "verify"];
  if (kind === "credential") return ["create", "deploy", "verify", "revoke"];
  if (kind === "model") return ["pin the previous model", "revert the commit", "verify"];
  return ["revert the commit", "verify"];
}

/** What the tier asks of the plans. A policy's way back is its revert, which is never rehearsed. */
export function rollbackRequirement(matter: Case, plans: readonly RollbackPlan[]): readonly Requirement[] {
  const { assessment, duties } = matter;
  if (duties.rollback === "none") return [];
  const result = (state: Requirement["state"], reason: string): Requirement[] => [
    { kind: "rollback", state, rule: RULE, reason: `${RULE}: ${reason}` },
  ];
  const operational = plans.filter((entry) => entry.kind !== "governance");
  const peoplesPart = atLeast(assessment.tier.value, "high");
  const lacking = operational.filter((entry) => entry.owner === null || entry.verification.length === 0);
  if (peoplesPart && lacking.length > 0) {
    const names = [...new Set(lacking.map((entry) => entry.system ?? "the unregistered system"))].join(", ");
    return result(
      "failed",
      `the plan of ${names} lacks an owner or a verification; fill rollback in .github/ai-systems.yml, or a section "## Rollback" of the pull request with lines Owner: and Verification:`,
    );
  }
  const unrehearsed = duties.rollback === "rehearsed" ? operational.filter((entry) => !isRehearsed(entry, matter)) : [];
  if (unrehearsed.length > 0) {
    const dates = [...new Set(unrehearsed.map((entry) => entry.lastRehearsal ?? "none"))].join(", ");
    return result("waiting", `needs a rehearsal on record (declared: ${dates}); a declared date alone is no record`);
  }
  const how = [...new Set(plans.map((entry) => entry.strategy))].join(", ");
  return result("met", `${duties.rollback === "rehearsed" ? "rehearsed" : "planned"}, ${how}`);
}

const RULE = "record/rollback-missing";

function isRehearsed({ system }: RollbackPlan, { facts, policy, clock }: Case): boolean {
  const at = system === null ? undefined : facts.ledger?.rehearsals.get(system);
  return at !== undefined && !clock.reached(plus(at, policy.limits.rehearsalMaxAge));
}
