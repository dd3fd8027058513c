import type { Instant } from "./scalars.ts";

/**
 * The time of one decision. It remembers the first instant ahead at which any of its answers would change, so that a
 * decision's `validUntil` cannot forget a date that the decision looked at.
 */
export interface Clock {
  readonly now: Instant;
  /** Whether `instant` has come. */
  reached(instant: Instant): boolean;
  /** The first instant asked about that has not come yet, or null. */
  next(): Instant | null;
}

/** A clock that stands at `now`. */
export function clockAt(now: Instant): Clock {
  const present = Date.parse(now);
  let next: number | null = null;
  return {
    now,
    reached(instant) {
      const time = Date.parse(instant);
      if (time <= present) return true;
      if (next === null || time < next) next = time;
      return false;
    },
    next: () => (next === null ? null : new Date(next).toISOString()),
  };
}
