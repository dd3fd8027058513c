import type { Assessment } from "./assessment.ts";
import type { Clock } from "./clock.ts";
import type { EntriesLeft } from "./entries-left.ts";
import type { Facts } from "./facts.ts";
import type { Exclusions } from "./independence.ts";
import type { EffectivePolicy, TierDuties } from "./policy.ts";

/** What every part of one decision looks at. */
export interface Case {
  readonly assessment: Assessment;
  readonly policy: EffectivePolicy;
  /** What the tier asks for. */
  readonly duties: TierDuties;
  readonly facts: Facts;
  readonly excluded: Exclusions;
  /** The registry's entries as the merge leaves them: what blocks is judged on those. */
  readonly left: EntriesLeft;
  readonly clock: Clock;
}
