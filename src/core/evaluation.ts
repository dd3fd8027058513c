import { type Assessment, type AssessmentInput, assess } from "./assessment.ts";
import { byText } from "./change-set.ts";
import { type Decided, decide, type Unreadable } from "./decision.ts";
import type { Facts } from "./facts.ts";
import type { EffectivePolicy } from "./policy.ts";
import type { Registry } from "./registry.ts";
import type { Instant } from "./scalars.ts";

/** Everything an evaluation is a function of: change set with its facts, policy, registry, what GitHub says, the clock. */
export interface EvaluationInput extends AssessmentInput {
  readonly registry: { readonly base: Registry; readonly head: Registry | null };
  readonly unreadable: Unreadable;
  readonly facts: Facts;
  readonly now: Instant;
}

/** An evaluation: what was found, what it takes and what is decided. */
export interface Evaluation extends Decided {
  readonly assessment: Assessment;
  readonly policy: EffectivePolicy;
  readonly facts: Facts;
}

/** From change set to decision, the whole pipeline; pure. */
export function evaluate(input: EvaluationInput): Evaluation {
  const changes = [...input.changeSet.changes].sort((a, b) => byText(JSON.stringify(a), JSON.stringify(b)));
  const files = [...input.files].sort((a, b) => byText(pathsOf(a), pathsOf(b)));
  const assessment = assess({ ...input, changeSet: { ...input.changeSet, changes }, files });
  const decided = decide(assessment, input.facts, input.policy, input.registry, input.unreadable, input.now);
  return { ...decided, assessment, policy: input.policy, facts: input.facts };
}

function pathsOf(file: EvaluationInput["files"][number]): string {
  return JSON.stringify([file.after?.entry.path, file.before?.entry.path]);
}
