import { z } from "zod";

/** A point in time: ISO 8601 in UTC. */
export type Instant = string;

/** An ISO 8601 duration of days, weeks, hours, minutes or seconds; years and months have no fixed length and are refused. */
export const Duration = z
  .string()
  .regex(
    /^P(?=\d|T\d)(\d{1,5}W)?(\d{1,5}D)?(T(?=\d)(\d{1,5}H)?(\d{1,5}M)?(\d{1,6}S)?)?$/,
    "expected an ISO 8601 duration such as P90D or PT4H",
  )
  .describe("ISO 8601 duration, for example P90D.");

/** A calendar date, which ends at 24:00 UTC. */
export const IsoDate = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, "expected a date such as 2026-12-31")
  .refine((text) => {
    const time = Date.parse(`${text}T00:00:00Z`);
    return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
  }, "expected a date that exists")
  .describe("A date, YYYY-MM-DD; it ends at 24:00 UTC.");

const LOGIN = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})(?:_[A-Za-z0-9]{2,})?";
/** A person: `@login`. */
export const PersonLogin = z
  .string()
  .regex(new RegExp(`^@${LOGIN}$`), "expected a person such as @octocat")
  .describe("A person: @login.");
/** A person `@login` or a team `@org/team`. */
export const PersonOrTeam = z
  .string()
  .regex(
    new RegExp(`^@${LOGIN}(?:/[A-Za-z0-9._-]+)?$`),
    "expected a person such as @octocat or a team such as @acme/security",
  )
  .describe("A person @login or a team @org/team.");

const UNIT = { W: 604_800_000, D: 86_400_000, H: 3_600_000, M: 60_000, S: 1_000 };

/** The length of a duration in milliseconds. */
export function milliseconds(duration: string): number {
  let total = 0;
  for (const [, amount, unit] of duration.matchAll(/(\d+)([WDHMS])/g))
    total += Number(amount) * UNIT[unit as keyof typeof UNIT];
  return total;
}

/** `instant` plus a duration. */
export function plus(instant: Instant, duration: string): Instant {
  return new Date(Date.parse(instant) + milliseconds(duration)).toISOString();
}

/** The instant a date ends: 24:00 UTC. */
export function endOf(date: string): Instant {
  return new Date(Date.parse(`${date}T00:00:00Z`) + UNIT.D).toISOString();
}
