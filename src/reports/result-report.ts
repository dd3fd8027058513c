import type { EvaluationResult, ResultCase, ResultFigures } from "../results/evaluation-result.ts";
import { fitted } from "./fitted.ts";
import { codeCell, codeSpan, sentence } from "./markdown-text.ts";
import { plain } from "./plain.ts";
import type { CheckRunView } from "./pull-request-view.ts";

/** What a job reports of an evaluation. */
export interface ReportedResult {
  /** The check's key in the policy, and its name. */
  readonly check: string;
  readonly name: string;
  readonly results: readonly EvaluationResult[];
  readonly figures: ResultFigures;
  /** The share that must pass, from 0 to 1. */
  readonly needed: number;
  readonly head: string;
  /** What was governed at the head when it was evaluated; null where nothing was, or no pull request is known. */
  readonly governedDigest: string | null;
}

const LIMIT = 65_535;
/** Nobody reads more in a check. */
const SHOWN = 50;

/** Whether enough cases passed. */
export function isGoodEnough({ figures, needed }: Pick<ReportedResult, "figures" | "needed">): boolean {
  return figures.passRate >= needed;
}

/** The check run that holds a reported result, on the head and for the governed content that it was found on. */
export function resultView(reported: ReportedResult): CheckRunView {
  return {
    name: `countersign report: ${plain(reported.check, 100)}`,
    status: "completed",
    conclusion: isGoodEnough(reported) ? "success" : "failure",
    title: resultTitle(reported),
    summary: fitted((most) => lines(reported, most), LIMIT),
    text: "",
    annotations: [],
    actions: [],
    detailsUrl: null,
  };
}

/** The result in one line of plain text. */
export function resultTitle({ name, figures: { passed, counted, passRate }, needed }: ReportedResult): string {
  return `${plain(name, 60)}: ${passed} of ${counted} cases passed (${percent(passRate)}), ${percent(needed)} needed`;
}

function percent(share: number): string {
  // Never rounded up to what would be enough.
  return `${Math.floor(share * 1000) / 10} %`;
}

function lines(reported: ReportedResult, most: number): readonly string[] {
  const { results, figures, head, governedDigest } = reported;
  const wrong = results.flatMap(({ cases }) =>
    cases.filter(({ outcome }) => outcome === "failed" || outcome === "error"),
  );
  const tools = [...new Set(results.map(({ tool }) => tool))].join(", ");
  const shown = wrong.slice(0, Math.min(SHOWN, most));
  const skipped = figures.skipped > 0 ? ` ${figures.skipped} skipped, which count neither way.` : "";
  return [
    `**${sentence(resultTitle(reported))}** (${tools}).${skipped}`,
    "",
    ...(shown.length === 0 ? [] : ["| Case | Outcome | Why |", "|---|---|---|", ...shown.map(row)]),
    ...(wrong.length > shown.length ? ["", `… and ${wrong.length - shown.length} more`] : []),
    "",
    `Found on ${codeSpan(head)}${governedDigest === null ? "" : `, for the governed content ${codeSpan(governedDigest)}`}.`,
  ];
}

function row({ name, outcome, detail }: ResultCase): string {
  return `| ${codeCell(name, 120)} | ${outcome} | ${detail === null ? "–" : codeCell(detail, 200)} |`;
}
