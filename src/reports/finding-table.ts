import type { Assessment } from "../core/assessment.ts";
import { byText, type ChangeSet } from "../core/change-set.ts";
import { type Finding, placeOf, SEVERITIES } from "../core/finding.ts";
import { codeCell, link, pathInUrl, sentence } from "./markdown-text.ts";
import { proposalsAmong } from "./proposal.ts";
import { fileUrl, type ReportPlace } from "./report-context.ts";

/** A finding with where it is shown. */
export interface PlacedFinding {
  readonly finding: Finding;
  readonly path: string;
  readonly line: number;
}

/** The findings that ask for something, the heaviest first, then by place. */
export function governingIn(assessment: Pick<Assessment, "findings">): readonly PlacedFinding[] {
  return placed(assessment.findings.map(({ finding }) => finding).filter(({ severity }) => severity !== "trivial"));
}

/** The findings that ask for nothing, without those that propose an entry for the registry. */
export function trivialIn(assessment: Pick<Assessment, "findings">): readonly PlacedFinding[] {
  const { others } = proposalsAmong(assessment.findings.map(({ finding }) => finding));
  return placed(others.filter(({ severity }) => severity === "trivial"));
}

function placed(findings: readonly Finding[]): readonly PlacedFinding[] {
  const weight = ({ finding }: PlacedFinding) => -SEVERITIES.indexOf(finding.severity);
  return findings
    .map((finding) => ({ finding, path: placeOf(finding).path, line: placeOf(finding).line }))
    .sort(
      (a, b) =>
        weight(a) - weight(b) || byText(a.path, b.path) || a.line - b.line || byText(a.finding.rule, b.finding.rule),
    );
}

/** A table of findings; with a place, paths link to their lines. */
export function findingTable(
  findings: readonly PlacedFinding[],
  place: ReportPlace | null,
  changeSet: ChangeSet,
): readonly string[] {
  if (findings.length === 0) return [];
  const rows = findings.map(({ finding, path, line }) => {
    const sure = finding.confidence === "likely" ? ", likely" : "";
    const what = `${sentence(finding.rule)} ${finding.direction}, **${finding.severity}**${sure}`;
    const where = codeCell(`${path}:${line}`, 100);
    const commit = finding.place.after ? changeSet.head : changeSet.base;
    // Not every reader of Markdown agrees on what brackets and backticks mean inside of a link.
    const linked = place !== null && /^[\w./ @+,()-]+$/.test(path);
    const at = linked ? link(where, `${fileUrl(place, commit, pathInUrl(path))}#L${line}`) : where;
    return `| ${what} | ${at} | ${value(finding.before)} | ${value(finding.after)} |`;
  });
  return ["| Change | Where | Before | After |", "|---|---|---|---|", ...rows, ""];
}

function value(text: string | null): string {
  return text === null || text === "" ? "–" : codeCell(text, 100);
}
