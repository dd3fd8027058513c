import type { Evaluation } from "../core/evaluation.ts";
import { annotationsOf } from "./annotations.ts";
import { commandsSection } from "./command-lines.ts";
import { commentOf } from "./comment.ts";
import { detailLines } from "./details.ts";
import { explanationLines } from "./explanation.ts";
import { fitted } from "./fitted.ts";
import { codeSpan, link, sentence } from "./markdown-text.ts";
import { ownRulesLines } from "./own-rules.ts";
import { plain } from "./plain.ts";
import type { CheckRunView, PullRequestView } from "./pull-request-view.ts";
import { hasPolicy, type ReportContext } from "./report-context.ts";
import * as section from "./summary.ts";
import { verdict } from "./verdict.ts";

/** What GitHub takes of a summary and of a text, in bytes. */
const CHECK_RUN_LIMIT = 65_535;

/** The button that asks for another look. */
export const RE_EVALUATE = {
  label: "Re-evaluate",
  description: "Read reviews, checks and rules again",
  identifier: "re-evaluate",
} as const;
/** The button that asks people for their review. */
export const REQUEST_REVIEWERS = {
  label: "Request reviewers",
  description: "Ask those who can still approve",
  identifier: "request-reviewers",
} as const;
/** The button that asks for the whole reasoning, as a comment. */
export const EXPLAIN = {
  label: "Explain",
  description: "Why this tier, who can still approve",
  identifier: "explain",
} as const;
/** The one button of what is merged. */
export const ROLL_BACK = {
  label: "Roll back",
  description: "Have this merge taken back",
  identifier: "roll-back",
} as const;

const ORDER: readonly section.Section[] = [
  section.verdictSection,
  section.toDoSection,
  section.whySection,
  (evaluation, { ownRules = null }, most) => ownRulesLines(ownRules, evaluation, most),
  section.approvalsSection,
  commandsSection,
  section.revalidationSection,
  section.rollbackSection,
  section.rulesSection,
  section.linkSection,
];

/** The check run and the comment that an evaluation calls for. */
export function pullRequestView(evaluation: Evaluation, context: ReportContext): PullRequestView {
  return {
    checkRun: {
      ...completed(context, conclusionOf(evaluation)),
      title: titleOf(evaluation, context),
      summary: fitted((most) => ORDER.flatMap((part) => part(evaluation, context, most)), CHECK_RUN_LIMIT),
      text: fitted((most) => textLines(evaluation, context, most), CHECK_RUN_LIMIT),
      actions: actionsOf(evaluation),
      annotations: annotationsOf(evaluation, context.annotations),
    },
    comment: commentOf(evaluation, context),
  };
}

function textLines(evaluation: Evaluation, context: ReportContext, most: number): readonly string[] {
  const explained = context.explains ? [...explanationLines(evaluation, context, most), ""] : [];
  return [...explained, ...detailLines(evaluation, context.place, most)];
}

/** The buttons that lead anywhere: nobody is asked to review what nothing waits for. */
function actionsOf({ decision, assessment }: Evaluation): CheckRunView["actions"] {
  if (assessment.tier.value === "none") return [RE_EVALUATE];
  const asks = decision.state === "waiting" && decision.basis !== "observe";
  return [RE_EVALUATE, ...(asks ? [REQUEST_REVIEWERS] : []), EXPLAIN];
}

/** A run that says that its answer is being looked for; `reason` is why an earlier answer may be wrong. */
export function evaluatingView(
  context: Pick<ReportContext, "checkName" | "detailsUrl">,
  reason?: string,
): PullRequestView {
  const checkRun: CheckRunView = {
    name: context.checkName,
    status: "in_progress",
    conclusion: null,
    title: "Evaluating",
    summary: `${reason === undefined ? "" : `${sentence(reason)}. `}The answer replaces this as soon as it is known. Until then nothing merges on an earlier one.`,
    text: "",
    annotations: [],
    actions: [],
    detailsUrl: context.detailsUrl,
  };
  return { checkRun, comment: null };
}

/** What an administrator needs to find out why there is no answer. */
export interface Unevaluated {
  /** What the log holds the details under. */
  readonly reference: string;
  /** What is known to be safe to show: what failed, and what can be done about it. */
  readonly said: { readonly message: string; readonly remedy: string; readonly address?: string | null } | null;
}

/** A run that says that there is no answer, which never lets anything merge. */
export function unevaluatedView(
  context: Pick<ReportContext, "checkName" | "detailsUrl">,
  { reference, said }: Unevaluated,
): PullRequestView {
  const lines = [
    "**This change could not be evaluated, so it cannot merge yet.** It is tried again by itself; nothing has to be pushed.",
    "",
    ...(said === null ? [] : [`${sentence(said.message)}. ${sentence(said.remedy)}${pageOf(said)}`, ""]),
    `If it stays like this, press **${RE_EVALUATE.label}**, or give whoever runs Countersign the reference ${codeSpan(reference)}.`,
  ];
  const checkRun: CheckRunView = {
    ...completed(context, "failure"),
    title: "Could not be evaluated",
    summary: lines.join("\n"),
    text: "",
    annotations: [],
  };
  return { checkRun, comment: null };
}

function pageOf({ address = null }: { readonly address?: string | null }): string {
  return address === null ? "" : ` ${link("Open the page", address)}.`;
}

function completed(
  { checkName, detailsUrl }: Pick<ReportContext, "checkName" | "detailsUrl">,
  conclusion: CheckRunView["conclusion"],
): Omit<CheckRunView, "title" | "summary" | "text" | "annotations"> {
  return { name: checkName, status: "completed", conclusion, actions: [RE_EVALUATE], detailsUrl };
}

/** Whatever may merge is a success; `neutral` and `skipped` would let it merge as well, and are never given (P12, P13). */
function conclusionOf({ decision }: Evaluation): CheckRunView["conclusion"] {
  if (decision.basis === "observe") return "success";
  if (decision.state === "blocked") return "failure";
  return decision.state === "waiting" ? "action_required" : "success";
}

/** The answer; of an approval that time alone ends, with its end (security rule S18). */
function titleOf(evaluation: Evaluation, { rules }: ReportContext): string {
  const { decision } = evaluation;
  const until =
    decision.state === "approved" && decision.basis !== "observe" && decision.validUntil !== null
      ? `, until ${section.instant(decision.validUntil)}`
      : "";
  return plain(`${verdict(evaluation, { policy: hasPolicy(rules) })}${until}`, 250);
}
