import { codeSpan, sentence } from "./markdown-text.ts";

/** A broken glass as people are told of it. */
export interface GlassView {
  readonly person: string;
  readonly reason: string;
  readonly until: string;
  readonly baseRef: string;
  readonly tier: string;
  /** Who sees to what is owed then; empty where nobody is named. */
  readonly owner: string;
  /** How long after the merge it may be owed, ISO 8601. */
  readonly within: string;
  readonly systems: readonly string[];
}

/** The answer to whoever broke the glass: what it does, until when, and what is owed for it. */
export function brokenGlassText(glass: GlassView): string {
  const { person, reason, until, baseRef, tier, owner, within, systems } = glass;
  const where =
    systems.length === 0
      ? "what it touches"
      : systems
          .slice(0, 5)
          .map((id) => codeSpan(id, 60))
          .join(", ");
  const who = codeSpan(`@${person}`);
  return [
    `### The glass is broken until ${minute(until)}`,
    "",
    `${who}: ${sentence(reason)}`,
    "",
    `- This content may merge into ${codeSpan(baseRef, 80)} without its approvals, and nothing else may: a push that changes what is governed ends it, and so does another base branch.`,
    `- Within ${length(within)} of the merge the whole approval of a change of ${tier} risk is owed, by others than ${who} and the author.`,
    `- So is its cause, and what is done about it${owner === "" ? "" : `. ${codeSpan(owner)} sees to both`}.`,
    `- Until that approval stands, neither ${who} nor anybody on ${where} can break the glass again. Once it is overdue, further changes there are blocked.`,
    "",
    "An issue tells of what is owed, with the lines to copy. It is on record. Delete the command to end it before the merge.",
  ].join("\n");
}

/** A time as people read it. */
export function minute(at: string): string {
  // Hyphens that no narrow column breaks at.
  return `${at.slice(0, 10).replaceAll("-", "\u2011")} ${at.slice(11, 16)} UTC`;
}

const UNITS = { W: "week", D: "day", H: "hour", M: "minute", S: "second" } as const;

/** An ISO 8601 duration as people read it. */
function length(duration: string): string {
  return [...duration.matchAll(/(\d{1,6})([WDHMS])/g)]
    .map(([, amount, unit]) => `${amount} ${UNITS[unit as keyof typeof UNITS]}${amount === "1" ? "" : "s"}`)
    .join(" ");
}
