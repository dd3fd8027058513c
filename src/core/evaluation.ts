import type { Assessment } from "./assessment.ts";
import { type Decided, type DecisionInput, decide } from "./decision.ts";
import type { Facts } from "./facts.ts";
import type { EffectivePolicy } from "./policy.ts";

/** An evaluation: what was found, what it takes and what is decided. */
export interface Evaluation extends Omit<Decided, "tier"> {
  /** The assessment with the tier that was decided on. */
  readonly assessment: Assessment;
  readonly policy: EffectivePolicy;
  readonly facts: Facts;
}

/** From an assessment to the decision, with everything that a report shows; pure. */
export function evaluate(assessment: Assessment, input: DecisionInput): Evaluation {
  const { tier, ...decided } = decide(assessment, input);
  return { ...decided, assessment: { ...assessment, tier }, policy: assessment.policy, facts: input.facts };
}
