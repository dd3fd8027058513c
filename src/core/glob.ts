import { z } from "zod";
import { expandBraces, MAX_ALTERNATIVES } from "./brace-expansion.ts";

/** A path glob as configuration writes it: `**`, `*`, `?`, `[abc]`, `{a,b}` and `\`, matched without regard to case. */
export const Glob = z
  .string()
  .min(1)
  .max(500)
  .superRefine((glob, context) => {
    const message = fault(glob);
    if (message !== null) context.addIssue({ code: "custom", message });
  })
  .describe("A path glob: **, *, ?, [abc], {a,b}; from the repository's root, without regard to case.");

/** What is wrong with a glob that could never match what its writer meant. */
function fault(glob: string): string | null {
  if (glob.startsWith("/")) return "expected a path from the repository's root without a leading slash";
  if (glob.endsWith("/")) return "expected a glob of files, such as folder/** for all below a folder";
  if (glob.startsWith("!")) return "expected a glob without !; name what is meant instead of what is not";
  if (/[@+*?!]\((?:[^()]*\|)?[^()]*\)/.test(glob)) return "expected braces such as {a,b} instead of an extended glob";
  if (glob.includes("[[:")) return "expected a class of characters such as [a-z]";
  if (expandBraces(glob)[0] === glob && /\{[^{}]*,[^{}]*\}/.test(glob))
    return `expected at most ${MAX_ALTERNATIVES} alternatives`;
  return null;
}
