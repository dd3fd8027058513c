import { type Approvals, approvalsOf } from "./approval.ts";
import type { Assessment } from "./assessment.ts";
import { baseMovement } from "./base-movement.ts";
import { breakGlass } from "./break-glass.ts";
import type { Case } from "./case.ts";
import { clockAt } from "./clock.ts";
import { type Demand, demandsOf } from "./demand.ts";
import { entriesLeft } from "./entries-left.ts";
import type { Facts } from "./facts.ts";
import { exclusionsOf } from "./independence.ts";
import { obligations, type Registries } from "./obligations.ts";
import { OVERDUE } from "./owed.ts";
import type { Requirement } from "./requirement.ts";
import { revalidation } from "./revalidation.ts";
import { rollbackPlans, rollbackRequirement } from "./rollback.ts";
import type { RollbackPlan } from "./rollback-plan.ts";
import { bringsNothingBack, quickDemand, RETROSPECTIVE, safeDirection } from "./safe-direction.ts";
import type { Instant } from "./scalars.ts";
import { secretRequirements } from "./secret-requirement.ts";
import { statementRequirement } from "./statement.ts";
import { enforced, type TierWithReasons } from "./tier.ts";
import { ballotsOf, type Vote } from "./vote.ts";

/** What the gate says. `observe` as basis means that it does not block, whatever the state. */
export interface Decision {
  readonly state: "not-governed" | "approved" | "waiting" | "blocked";
  readonly basis: "votes" | "break-glass" | "observe" | null;
  /** The first instant at which time alone would change this decision; null when none would. */
  readonly validUntil: Instant | null;
}

/** A decision with everything that explains it. */
export interface Decided {
  readonly decision: Decision;
  /** The assessment's tier, or low where the change goes in the safe direction. */
  readonly tier: TierWithReasons;
  readonly requirements: readonly Requirement[];
  readonly votes: readonly Vote[];
  readonly rollback: readonly RollbackPlan[];
}

/** A fault of the configuration that nothing can be decided around, in any mode. */
export interface ConfigurationFault {
  readonly rule: "record/unreadable" | "governance/policy";
  readonly reason: string;
}

/** What a decision is made from, beside the assessment. */
export interface DecisionInput {
  readonly facts: Facts;
  readonly registry: Registries;
  readonly faults: readonly ConfigurationFault[];
  readonly now: Instant;
}

/** Decides one assessed change from the facts, at one instant. */
export function decide(assessment: Assessment, { facts, registry, faults, now }: DecisionInput): Decided {
  const { policy, tier } = assessment;
  const broken = faults.map(({ rule, reason }): Requirement => {
    return { kind: "record", state: "failed", rule, reason: `${rule}: ${reason}` };
  });
  if (tier.value === "none") {
    const state = broken.length > 0 ? "blocked" : "not-governed";
    return { decision: { state, basis: null, validUntil: null }, tier, requirements: broken, votes: [], rollback: [] };
  }
  const matter: Case = {
    assessment,
    policy,
    duties: policy.tiers[tier.value],
    facts,
    excluded: exclusionsOf(facts),
    left: entriesLeft(registry.head),
    clock: clockAt(now),
  };
  const ordinary = gathered(matter, demandsOf(assessment, matter.duties), registry);
  const quick = safeDirection(assessment, facts, matter.clock);
  const decided =
    quick !== null && bringsNothingBack(ordinary.records) ? quickly(matter, quick, registry) : { ...ordinary, matter };
  const requirements = [...broken, ...decided.records, ...decided.requirements];
  const state = stateOf(requirements);
  const blocks = enforced(policy, tier.value) || broken.length > 0;
  // What may merge anyway needs nobody who answers for it.
  const glass = blocks && state !== "approved" ? breakGlass(decided.matter, requirements) : [];
  const broke = glass.some(({ counted }) => counted);
  return {
    decision: {
      state: broke ? "approved" : state,
      basis: broke ? "break-glass" : blocks ? "votes" : "observe",
      validUntil: matter.clock.next(),
    },
    tier: decided.matter.assessment.tier,
    requirements,
    votes: [...decided.approvals.votes, ...glass],
    rollback: decided.rollback,
  };
}

interface Gathered {
  readonly approvals: Approvals;
  /** What the registry holds against it. */
  readonly records: readonly Requirement[];
  readonly requirements: readonly Requirement[];
  readonly rollback: readonly RollbackPlan[];
}

function gathered(matter: Case, demands: readonly Demand[], registry: Registries): Gathered {
  const { assessment, duties, facts } = matter;
  const approvals = approvalsOf(demands, ballotsOf(matter), matter);
  const rollback = rollbackPlans(matter);
  return {
    approvals,
    rollback,
    records: obligations(matter, registry, approvals.counted),
    requirements: [
      ...secretRequirements(matter),
      ...baseMovement(assessment, facts),
      ...approvals.requirements,
      ...(facts.pullRequest ? [] : [AUTHOR_UNKNOWN]),
      ...revalidation(matter),
      ...rollbackRequirement(matter, rollback, approvals.counted),
      ...(duties.statement ? [statementRequirement(matter)] : []),
    ],
  };
}

/** The safe direction: the low tier's duties, and one person whom the systems' own tier would ask. */
function quickly(matter: Case, reason: string, registry: Registries): Gathered & { matter: Case } {
  const { assessment, policy } = matter;
  const tier = { value: "low", reasons: [...assessment.tier.reasons, reason] } as const;
  const quick: Case = {
    ...matter,
    assessment: { ...assessment, tier },
    // One person who is not its author, whatever the low tier allows.
    policy: { ...policy, selfApproval: "never" },
    duties: { ...policy.tiers.low, distinctPeople: 1, statement: false, rollback: "none" },
  };
  const { requirements, records, ...rest } = gathered(quick, [quickDemand(assessment)], registry);
  // Nobody who owes something is kept from going back.
  const held = records.filter(({ rule }) => rule !== OVERDUE);
  return { ...rest, records: held, requirements: [...requirements, RETROSPECTIVE], matter: quick };
}

const AUTHOR_UNKNOWN: Requirement = {
  kind: "approval",
  state: "waiting",
  reason: "the author is not known, so nobody's independence can be judged",
};

function stateOf(requirements: readonly Requirement[]): Decision["state"] {
  if (requirements.some((requirement) => requirement.state === "failed")) return "blocked";
  return requirements.some((requirement) => requirement.state === "waiting") ? "waiting" : "approved";
}
