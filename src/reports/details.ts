import type { Evaluation } from "../core/evaluation.ts";
import type { Requirement } from "../core/requirement.ts";
import { findingTable, governingIn, trivialIn } from "./finding-table.ts";
import { codeSpan, sentence } from "./markdown-text.ts";
import { proposalsAmong } from "./proposal.ts";
import type { ReportPlace } from "./report-context.ts";
import { inOrder, MARK, requirementText } from "./requirement-text.ts";
import { items } from "./summary.ts";

/** Everything else that was looked at, for whoever wants to know. */
export function detailLines(evaluation: Evaluation, place: ReportPlace | null, most: number): readonly string[] {
  const { assessment, requirements } = evaluation;
  const { proposals } = proposalsAmong(assessment.findings.map(({ finding }) => finding));
  const governing = governingIn(assessment);
  const trivial = trivialIn(assessment);
  const remedies = new Set(governing.map(({ finding }) => finding.remedy));
  const table = (title: string, findings: typeof governing) =>
    findings.length === 0
      ? []
      : [
          `### ${title}`,
          "",
          ...findingTable(findings.slice(0, most), place, assessment.changeSet),
          ...(findings.length > most ? [`… and ${findings.length - most} more`, ""] : []),
        ];
  const part = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [`### ${title}`, "", ...items(lines, most), ""];
  return [
    ...part(
      "Also in order",
      inOrder(requirements)
        .filter(inOrderAlready)
        .map((one) => `${MARK[one.state]} ${requirementText(one)}`),
    ),
    ...(governing.length > 10 ? table("All findings", governing) : []),
    ...part(
      "What the author can do",
      [...remedies].map((remedy) => sentence(remedy)),
    ),
    ...part(
      "To register",
      proposals.map(({ entry, remedy }) => `${sentence(remedy)} ${codeSpan(entry, 400)}`),
    ),
    ...table("Of no weight", trivial),
  ];
}

/** What is met and stands nowhere else: checks and votes have places of their own. */
function inOrderAlready({ kind, role, state, warning }: Requirement): boolean {
  const listed = kind === "check" || (kind === "approval" && role !== undefined) || warning === true;
  return (state === "met" || state === "excepted") && !listed;
}
