import type { Evaluation } from "../core/evaluation.ts";
import { fitted } from "./fitted.ts";
import { codeSpan, sentence } from "./markdown-text.ts";
import { hasPolicy, type ReportContext } from "./report-context.ts";
import { inOrder, MARK, requirementText, todo } from "./requirement-text.ts";
import * as section from "./summary.ts";
import { verdict } from "./verdict.ts";

/** GitHub takes 65,536 characters of a comment, and counts bytes elsewhere. */
const LIMIT = 65_000;

/**
 * The whole way from what was found to what is missing, for whoever asked: findings, severity, tier, what it takes, who can
 * still approve, and why each approval counts or does not.
 */
export function explanationOf(evaluation: Evaluation, context: ReportContext): string {
  return fitted((most) => explanationLines(evaluation, context, most), LIMIT);
}

/** The same as lines, lists cut at `most`. */
export function explanationLines(evaluation: Evaluation, context: ReportContext, most: number): readonly string[] {
  const { requirements, assessment } = evaluation;
  const title = sentence(verdict(evaluation, { policy: hasPolicy(context.rules) }).replaceAll("`", ""));
  const head = `As of commit ${codeSpan(assessment.changeSet.head.slice(0, 12))}.`;
  const change = section.whatChanged(evaluation);
  const lines = inOrder(requirements).map((one) => {
    const open = one.state === "failed" || one.state === "waiting";
    return `${MARK[one.state]} ${open ? todo(one) : requirementText(one)}`;
  });
  if (assessment.tier.value === "none" && lines.length === 0)
    return [
      `### ${section.stateMark(evaluation)} ${title}`,
      "",
      ...section.verdictSection(evaluation, context, most),
      head,
    ];
  return [
    `### ${section.stateMark(evaluation)} ${title}`,
    "",
    [change, head].filter((part) => part !== "").join(" "),
    "",
    ...section.whySection(evaluation, context, most),
    "### What it takes",
    "",
    ...section.items(lines, most),
    "",
    ...section.approvalsSection(evaluation, context, most),
  ];
}

/** A command as a list of them shows it. */
export interface ListedCommand {
  readonly name: string;
  readonly arguments: readonly string[];
  readonly who: string;
  readonly does: string;
}

/** What commands there are, for whoever asked. */
export function helpText(commands: readonly ListedCommand[]): string {
  return [
    "### Commands",
    "",
    "A command stands at the very start of a comment, on its first line. A comment that was edited never counts.",
    "",
    ...commandTable(commands),
  ].join("\n");
}

/** The commands as a table. */
export function commandTable(commands: readonly ListedCommand[]): readonly string[] {
  const rows = commands.map(({ name, arguments: args, who, does }) => {
    const written = codeSpan(["/countersign", name, ...args].join(" "));
    return `| ${written} | ${sentence(does)} | ${sentence(who)} |`;
  });
  return ["| command | what it does | who may |", "|---|---|---|", ...rows];
}
