import type { Case } from "./case.ts";
import type { Obligation } from "./obligation.ts";
import { endOf, milliseconds, plus } from "./scalars.ts";

/** What is to be done again and again, as the registry writes it. */
export interface Cadence {
  readonly every: string;
  readonly last?: string | undefined;
}

/** A kind of duty that comes round: its rule and its words. */
export interface Duty {
  readonly rule: string;
  /** `review`, as in "was due for a review". */
  readonly what: string;
  readonly max: string;
  readonly grace: string;
}

/** An obligation where a cadence is due: never done blocks at once, an overdue one after its grace. */
export function overdue(
  cadence: Cadence | undefined,
  { rule, what, max, grace }: Duty,
  subject: string,
  scope: Obligation["scope"],
  { clock }: Case,
): Obligation[] {
  if (!cadence?.last)
    return [{ rule, scope, dated: { blocksFrom: null }, reason: `${subject} has no ${what} on record` }];
  // A cadence above the limit counts as the limit.
  const every = milliseconds(cadence.every) <= milliseconds(max) ? cadence.every : max;
  const due = plus(endOf(cadence.last), every);
  if (!clock.reached(due)) return [];
  const blocksFrom = plus(due, grace);
  return [{ rule, scope, dated: { blocksFrom }, reason: `${subject} was due for ${what} on ${due.slice(0, 10)}` }];
}
