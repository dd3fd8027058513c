import type { Evaluation } from "../core/evaluation.ts";
import { SEVERITIES } from "../core/finding.ts";
import { MATRIX } from "../core/tier.ts";
import { detailLines } from "./details.ts";
import { fitted } from "./fitted.ts";
import { sentence } from "./markdown-text.ts";
import { type OwnRules, ownRulesLines } from "./own-rules.ts";
import * as section from "./summary.ts";
import { verdict } from "./verdict.ts";

/** What GitHub takes of a job's summary is more; of a check run it is this. */
const LIMIT = 65_535;

/**
 * The evaluation as Markdown for a job summary or a file, in the words and the order of the check run; `notes` are what the
 * caller has to add, `rules` what was tried, where that is asked for.
 */
export function markdownReport(
  evaluation: Evaluation,
  notes: readonly string[] = [],
  rules: readonly string[] | null = null,
  ownRules: OwnRules | null = null,
): string {
  const around = { place: null, invalidated: [], rules: null };
  const missing = evaluation.decision.state === "not-governed" ? [] : evaluation.facts.missing;
  const render = (most: number) => [
    `## ${section.stateMark(evaluation)} ${sentence(verdict(evaluation))}`,
    "",
    section.whatChanged(evaluation),
    "",
    ...section.toDoSection(evaluation, around, most),
    ...section.whySection(evaluation, around, most),
    ...ownRulesLines(ownRules, evaluation, most),
    ...section.approvalsSection(evaluation, around, most),
    ...section.revalidationSection(evaluation, around, most),
    ...section.rollbackSection(evaluation, around, most),
    ...detailLines(evaluation, null, most),
    ...(rules ? explanation(rules) : []),
    ...[...notes, ...missing].flatMap((note) => [`> ${sentence(note)}`, ""]),
  ];
  return `${fitted(render, LIMIT)}\n`;
}

function explanation(rules: readonly string[]): readonly string[] {
  const cells = Object.entries(MATRIX).map(([system, row]) => [system, ...SEVERITIES.map((severity) => row[severity])]);
  const row = (values: readonly string[]) => `| ${values.join(" | ")} |`;
  const head = ["system", ...SEVERITIES];
  const tried = [...new Set(rules)];
  return [
    "### Matrix",
    "",
    ...[head, head.map(() => "---"), ...cells].map(row),
    "",
    "### Rules tried",
    "",
    ...section.items(
      tried.map((rule) => sentence(rule)),
      tried.length,
    ),
    "",
  ];
}
