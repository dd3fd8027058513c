import type { Evaluation } from "../core/evaluation.ts";
import type { Requirement } from "../core/requirement.ts";
import { approvalLines } from "./approval-lines.ts";
import { commandLines } from "./command-lines.ts";
import { fitted } from "./fitted.ts";
import { codeSpan, link, sentence } from "./markdown-text.ts";
import { inRow } from "./needs.ts";
import type { ReportContext } from "./report-context.ts";
import { GLASS_MARK, inOrder, MARK, todo } from "./requirement-text.ts";
import { items, whatChanged } from "./summary.ts";
import { reasonText } from "./tier-chain.ts";

/** By this, and by our App, a comment of ours is found again. It shows nowhere. */
export const COMMENT_MARKER = "<!-- countersign: the state of this pull request -->";
/** GitHub takes 65,536 characters, and counts bytes elsewhere. */
const COMMENT_LIMIT = 65_000;

/**
 * The one comment of a governed, enforced pull request; null where none is called for. It tells what people have to do and
 * why. Results of checks stand in the check run only: a check that passes must not rewrite a comment (security rule S22).
 */
export function commentOf(evaluation: Evaluation, context: ReportContext): string | null {
  // Rules that cannot be read hold everything up; where nothing is governed, the check alone says so.
  const ungoverned = evaluation.assessment.tier.value === "none";
  if (ungoverned || evaluation.decision.basis === "observe") return context.commented ? settled(ungoverned) : null;
  return fitted((most) => commentLines(evaluation, context, most), COMMENT_LIMIT);
}

function settled(ungoverned: boolean): string {
  const why = ungoverned
    ? "Nothing in this pull request is governed any more: no model, prompt, credential or anything around them changes."
    : "Nothing is enforced on this pull request any more; the check says what would be asked.";
  return `${COMMENT_MARKER}\n### ⚪ Nothing to do\n\n${why}`;
}

function commentLines(evaluation: Evaluation, context: ReportContext, most: number): readonly string[] {
  const { assessment, requirements } = evaluation;
  const checks = [...new Set(requirements.flatMap(({ check }) => (check === undefined ? [] : [check])))];
  const approved = evaluation.decision.state === "approved";
  const people = approved ? [] : inOrder(requirements).filter(isForPeople);
  const failed = people.some(({ state }) => state === "failed");
  const { commands = [] } = context;
  const { server, owner, name, number } = context.place;
  const pull = `${server}/${owner}/${name}/pull/${number}`;
  const shownChecks = checks.slice(0, 10).map((check) => codeSpan(check));
  return [
    COMMENT_MARKER,
    `### ${markOf(evaluation, people)} ${headline(evaluation, people)}`,
    "",
    whatChanged(evaluation),
    "",
    ...(people.length === 0
      ? []
      : [
          "**What to do now**",
          "",
          ...items(
            people.map((one) => `${MARK[one.state]} ${todo(one)}`),
            most,
          ),
          "",
        ]),
    ...(failed && evaluation.policy.contact ? [`Questions: ${sentence(evaluation.policy.contact)}`, ""] : []),
    ...(checks.length === 0
      ? []
      : [
          `**Checks that must succeed on the last commit:** ${inRow(shownChecks, "and")}${checks.length > 10 ? ` (${checks.length} in all)` : ""}.`,
          "",
        ]),
    "**Approvals**",
    "",
    ...items(approvalLines(evaluation, context), most),
    "",
    ...(commands.length === 0 ? [] : ["**Commands**", "", ...items(commandLines(commands), most), ""]),
    "**Why**",
    "",
    ...items(
      assessment.tier.reasons.map((reason) => reasonText(reason, assessment)),
      Math.min(5, most),
    ),
    "",
    `An ordinary approving review counts; it covers what is governed here and dies when that changes. ${link("Findings, checks and the rollback plan", `${pull}/checks`)}`,
  ];
}

/** Whether a requirement waits for somebody; results of checks come and go without anybody. */
function isForPeople({ state, kind, check }: Requirement): boolean {
  return (state === "waiting" || state === "failed") && (kind !== "check" || check === undefined);
}

function markOf({ decision }: Evaluation, people: readonly Requirement[]): string {
  if (decision.basis === "break-glass") return GLASS_MARK;
  if (people.length === 0) return MARK.met;
  return people.some(({ state }) => state === "failed") ? MARK.failed : MARK.waiting;
}

function headline({ assessment, decision }: Evaluation, people: readonly Requirement[]): string {
  const tier = assessment.tier.value;
  const risk = tier === "none" ? "Configuration" : `${tier[0]?.toUpperCase()}${tier.slice(1)} risk`;
  if (decision.basis === "break-glass") return `${risk}: the glass is broken, approval owed afterwards`;
  if (people.length === 0) return `${risk}: nothing is left for people to do`;
  const failed = people.filter(({ state }) => state === "failed").length;
  return failed > 0 ? `${risk}: blocked` : `${risk}: waiting for people`;
}
