import type { Requirement } from "../core/approval.ts";
import type { Evaluation } from "../core/evaluation.ts";
import { type Finding, placeOf } from "../core/finding.ts";
import { MATRIX } from "../core/tier.ts";
import { plain } from "./plain.ts";
import { verdict } from "./verdict.ts";

/** How the terminal report is drawn. */
export interface TerminalOptions {
  readonly color: boolean;
  readonly explain: boolean;
  /** Every rule that was tried, for `explain`. */
  readonly rules: readonly string[];
  /** What the caller has to add about the rules. */
  readonly notes?: readonly string[];
}

type Paint = (style: "bold" | "red" | "green" | "yellow" | "dim", text: string) => string;
const STYLES = { bold: 1, red: 31, green: 32, yellow: 33, dim: 2 } as const;
const MARK = { met: "✓", waiting: "…", failed: "✗", excepted: "~" } as const;
const TINT = { met: "green", waiting: "yellow", failed: "red", excepted: "dim" } as const;

/** The evaluation as a person reads it in a terminal: verdict, what to do, why, findings, votes, rollback. */
export function terminalReport(evaluation: Evaluation, options: TerminalOptions): string {
  const paint: Paint = (style, text) => (options.color ? `\u001b[${STYLES[style]}m${text}\u001b[0m` : text);
  const { assessment, decision, requirements } = evaluation;
  const tint = decision.state === "blocked" ? "red" : decision.state === "waiting" ? "yellow" : "green";
  const order = { failed: 0, waiting: 1, excepted: 2, met: 3 };
  const sorted = [...requirements].sort((a, b) => order[a.state] - order[b.state]);
  const governing = assessment.findings
    .filter(({ finding }) => finding.severity !== "trivial")
    .map(({ finding }) => finding);
  const trivial = assessment.findings.length - governing.length;
  const lines = [
    paint("bold", paint(tint, verdict(evaluation))),
    ...section(
      "What it takes",
      sorted.map((requirement) => requirementLine(requirement, paint)),
      paint,
    ),
    ...section(
      "Why",
      assessment.tier.reasons.map((reason) => `  ${plain(reason, 400)}`),
      paint,
    ),
    ...section(
      "Findings",
      governing.flatMap((finding) => findingLines(finding, paint)),
      paint,
    ),
    ...(trivial > 0
      ? [
          "",
          paint(
            "dim",
            `${trivial} trivial finding${trivial === 1 ? "" : "s"} (docs, tests, examples or not connected to an AI system)`,
          ),
        ]
      : []),
    ...section(
      "Votes",
      evaluation.votes.map(
        (vote) =>
          `  ${vote.counted ? paint("green", "✓") : paint("dim", "–")} @${plain(vote.person)}${vote.role ? ` as ${vote.role}` : ""}: ${plain(vote.reason, 300)}`,
      ),
      paint,
    ),
    ...section(
      "Way back",
      evaluation.rollback.map(
        (plan) =>
          `  ${plan.system ?? "unregistered"} ${plan.kind}: ${plan.strategy}${plan.previous ? ` to ${plain(plan.previous.value, 80)}` : ""}; ${plan.steps.join(", ")}`,
      ),
      paint,
    ),
    ...(options.explain ? explanation(evaluation, options.rules, trivial > 0, paint) : []),
    ...section(
      "About the rules",
      (options.notes ?? []).map((note) => `  ${plain(note, 400)}`),
      paint,
    ),
    ...section(
      "Not known",
      evaluation.facts.missing.map((note) => `  ${plain(note, 300)}`),
      paint,
    ),
    ...(decision.validUntil ? ["", `Valid until ${decision.validUntil}`] : []),
    ...(evaluation.policy.contact && decision.state === "blocked"
      ? ["", `Questions: ${evaluation.policy.contact}`]
      : []),
  ];
  return `${lines.join("\n")}\n`;
}

function section(title: string, body: readonly string[], paint: Paint): string[] {
  return body.length === 0 ? [] : ["", paint("bold", title), ...body];
}

function requirementLine(requirement: Requirement, paint: Paint): string {
  return `  ${paint(TINT[requirement.state], MARK[requirement.state])} ${plain(requirement.reason, 400)}`;
}

function findingLines(finding: Finding, paint: Paint): string[] {
  const place = placeOf(finding);
  const sure = finding.confidence === "likely" ? ", likely" : "";
  const lines = [
    `  ${paint("bold", finding.rule)} ${finding.direction} (${finding.severity}${sure}) ${plain(place.path)}:${place.line}`,
  ];
  if (finding.before !== null) lines.push(`    ${paint("red", `- ${plain(finding.before)}`)}`);
  if (finding.after !== null) lines.push(`    ${paint("green", `+ ${plain(finding.after)}`)}`);
  lines.push(`    ${paint("dim", plain(finding.remedy, 240))}`);
  return lines;
}

function explanation(evaluation: Evaluation, rules: readonly string[], trivial: boolean, paint: Paint): string[] {
  const quiet = evaluation.assessment.findings.filter(({ finding }) => finding.severity === "trivial");
  const cells = Object.entries(MATRIX).map(
    ([row, columns]) =>
      `  ${row.padEnd(9)}${Object.entries(columns)
        .map(([severity, tier]) => `${severity} ${tier}`.padEnd(20))
        .join("")}`,
  );
  return [
    ...(trivial
      ? section(
          "Trivial findings",
          quiet.flatMap(({ finding }) => findingLines(finding, paint)),
          paint,
        )
      : []),
    ...section("Matrix (inherent tier of the system, severity of the change)", cells, paint),
    ...section(
      "Rules tried",
      rules.map((rule) => `  ${rule}`),
      paint,
    ),
  ];
}
