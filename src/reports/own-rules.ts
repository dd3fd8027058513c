import { demandsOf } from "../core/demand.ts";
import type { Evaluation } from "../core/evaluation.ts";
import { codeSpan, sentence } from "./markdown-text.ts";
import { inRow, roleName } from "./needs.ts";
import { type RuleDifference, ruleDifferenceText } from "./rule-difference.ts";
import { verdict } from "./verdict.ts";

/** How a change that edits the rules would be judged by the rules that it leaves. */
export interface OwnRules {
  readonly edited: "policy" | "registry";
  /** The evaluation under them; null where they cannot be read, or the rest could not be. */
  readonly evaluation: Evaluation | null;
  /** Why there is none, a sentence each: `file:line:column: ...`. */
  readonly problems: readonly string[];
  /** What the policy asks for otherwise, what is looser first. */
  readonly differences: readonly RuleDifference[];
}

const MARK = { looser: "⚠️ **Looser:** ", tighter: "🔒 **Tighter:** ", other: "" } as const;
/** More than these are a new policy, which is read better as a file. */
const SHOWN = 12;

/** The part of a report about a change that edits policy or registry; nothing for other changes. */
export function ownRulesLines(own: OwnRules | null, evaluation: Evaluation, most: number): readonly string[] {
  if (own === null) return [];
  const told = ownRulesText(own, evaluation);
  if (told === null) return [];
  const shown = Math.min(SHOWN, most);
  const items = own.differences.slice(0, shown).map((one) => `- ${MARK[one.effect]}${differenceMarkdown(one)}`);
  const more = own.differences.length - shown;
  return [
    `### Under the ${own.edited} of this pull request`,
    "",
    [sentence(told.lead), ...(told.verdict === null ? [] : [`**${sentence(told.verdict)}**`])].join(" ") +
      (told.delta === "" ? "" : ` (${sentence(told.delta)})`) +
      (told.verdict === null ? "" : "."),
    "",
    ...own.problems.slice(0, most).map((problem) => `- ❌ ${sentence(problem)}`),
    ...(own.problems.length > 0 ? [""] : []),
    ...items,
    ...(more > 0 ? [`- … and ${more} more`] : []),
    ...(items.length > 0 ? [""] : []),
  ];
}

/** The same for a terminal: a paragraph each, plain text. */
export function ownRulesParagraphs(own: OwnRules | null, evaluation: Evaluation): readonly string[] {
  const told = own === null ? null : ownRulesText(own, evaluation);
  if (own === null || told === null) return [];
  const delta = told.delta === "" ? "" : ` (${told.delta})`;
  const more = own.differences.length - SHOWN;
  return [
    `${told.lead}${told.verdict === null ? "" : ` ${told.verdict}${delta}`}`,
    ...own.problems,
    ...own.differences
      .slice(0, SHOWN)
      .map((one) => `${one.effect === "other" ? "" : `${one.effect}: `}${ruleDifferenceText(one)}`),
    ...(more > 0 ? [`… and ${more} more`] : []),
  ];
}

interface Told {
  readonly lead: string;
  /** Null where there is nothing to compare. */
  readonly verdict: string | null;
  /** How many approvals more or fewer, by role. */
  readonly delta: string;
}

/** What is said of it; null where a registry changes nothing about how this change is judged. */
function ownRulesText(own: OwnRules, evaluation: Evaluation): Told | null {
  const { edited } = own;
  if (own.evaluation === null)
    return {
      lead: `What it would decide cannot be told: the ${edited} cannot be used as it stands here.`,
      verdict: null,
      delta: "",
    };
  const [now, then] = [verdict(evaluation), verdict(own.evaluation)];
  const delta = approvalsDelta(evaluation, own.evaluation);
  const same = now === then && delta === "";
  if (same && edited === "registry") return null;
  if (same)
    return {
      lead: `This pull request would be judged the same by it${own.differences.length === 0 ? ", and so would any other" : ""}.`,
      verdict: null,
      delta: "",
    };
  return { lead: "It counts for those that come after. Judged by it, this one would be:", verdict: then, delta };
}

/** Approvals that the second asks for beyond the first, or no longer, by role: `1 risk owner fewer`. */
function approvalsDelta(now: Evaluation, then: Evaluation): string {
  const [before, after] = [votesAsked(now), votesAsked(then)];
  const roles = [...new Set([...before.keys(), ...after.keys()])];
  const words = roles.flatMap((role) => {
    const more = (after.get(role) ?? 0) - (before.get(role) ?? 0);
    return more === 0 ? [] : [`${Math.abs(more)} ${roleName(role)} ${more > 0 ? "more" : "fewer"}`];
  });
  return inRow(words, "and");
}

function votesAsked({ assessment, policy }: Evaluation): ReadonlyMap<string, number> {
  const asked = new Map<string, number>();
  if (assessment.tier.value === "none") return asked;
  for (const { role, count } of demandsOf(assessment, policy.tiers[assessment.tier.value]))
    asked.set(role, (asked.get(role) ?? 0) + count);
  return asked;
}

function differenceMarkdown(difference: RuleDifference): string {
  return difference.effect === "other" && difference.path[0] === "contact"
    ? `contact: ${codeSpan(String(difference.after ?? "nobody"))}`
    : sentence(ruleDifferenceText(difference));
}
