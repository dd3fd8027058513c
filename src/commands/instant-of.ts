import { z } from "zod";
import { Usage } from "./usage.ts";

const Written = z.union([z.iso.datetime({ offset: true }), z.iso.date()]);

/** An instant as an option gives it, in UTC; a date alone is its beginning. */
export function instantOf(option: string, text: string): string {
  if (!Written.safeParse(text).success)
    throw new Usage(`${option} is ${JSON.stringify(text)}; expected an instant such as 2026-11-24T12:00:00Z`);
  return new Date(text).toISOString();
}
