import { byText } from "../core/change-set.ts";
import type { Evaluation } from "../core/evaluation.ts";
import { type Finding, placeOf } from "../core/finding.ts";
import { MATRIX } from "../core/tier.ts";
import { type OwnRules, ownRulesParagraphs } from "./own-rules.ts";
import { type Paper, type Pen, penFor, type Style } from "./pen.ts";
import { plain } from "./plain.ts";
import { proposalsAmong } from "./proposal.ts";
import { plainRollback } from "./rollback-text.ts";
import { verdict } from "./verdict.ts";
import { wrapped } from "./wrapped.ts";

/** How the terminal report is drawn. */
export interface TerminalOptions extends Paper {
  readonly explain: boolean;
  /** Every rule that was tried, for `explain`. */
  readonly rules: readonly string[];
  /** What the caller has to add. */
  readonly notes?: readonly string[];
  /** How a change that edits policy or registry would be judged by what it leaves of them. */
  readonly ownRules?: OwnRules | null;
}

const MARK = { met: "✓", waiting: "…", failed: "✗", excepted: "~" } as const;
const TINT = { met: "green", waiting: "yellow", failed: "red", excepted: "dim" } as const;
const ORDER = { failed: 0, waiting: 1, excepted: 2, met: 3 } as const;

/** The evaluation as a person reads it in a terminal: verdict, what to do, what changed, why, votes, the way back. */
export function terminalReport(evaluation: Evaluation, options: TerminalOptions): string {
  const pen = penFor(options);
  const { assessment, decision, requirements, policy } = evaluation;
  const findings = assessment.findings.map(({ finding }) => finding);
  const governing = findings.filter((finding) => finding.severity !== "trivial");
  const { proposals, others: trivial } = proposalsAmong(findings.filter((finding) => finding.severity === "trivial"));
  const sorted = [...requirements].sort((a, b) => ORDER[a.state] - ORDER[b.state]);
  const paragraphs = (texts: readonly string[]) => texts.flatMap((text) => pen.paragraph(2, "", text));
  const blocked = decision.state === "blocked";
  const lines = [
    ...headline(evaluation, governing, pen, options.width ?? null),
    ...section(
      "What it takes",
      sorted.flatMap((requirement) => requirementLines(requirement, pen)),
      pen,
    ),
    ...section("What changed", fileGroups(governing, pen), pen),
    ...section("Why", paragraphs(assessment.tier.reasons), pen),
    ...ownRules(options.ownRules ?? null, evaluation, pen),
    ...section(
      "To register",
      proposals.flatMap(({ entry, remedy }) => [
        ...pen.paragraph(2, "", remedy),
        pen.paint("green", `    ${plain(entry, 400)}`),
      ]),
      pen,
    ),
    ...(trivial.length > 0 && !options.explain ? ["", pen.paint("dim", quiet(trivial.length))] : []),
    ...section("Votes", voteLines(evaluation.votes, pen), pen),
    ...section(
      "Way back",
      plainRollback(evaluation.rollback).flatMap((line) => pen.paragraph(2, "", line, undefined, 600)),
      pen,
    ),
    ...(options.explain ? explanation(trivial, options.rules, pen) : []),
    ...section("Note", paragraphs(options.notes ?? []), pen),
    ...section("Not known", decision.state === "not-governed" ? [] : paragraphs(evaluation.facts.missing), pen),
    ...(decision.state === "approved" && decision.validUntil
      ? ["", pen.paint("dim", `Holds until ${decision.validUntil}, while nothing that it rests on changes`)]
      : []),
    ...(policy.contact && blocked ? ["", `Questions: ${policy.contact}`] : []),
  ];
  return `${lines.join("\n")}\n`;
}

function ownRules(own: OwnRules | null, evaluation: Evaluation, pen: Pen): string[] {
  const told = ownRulesParagraphs(own, evaluation).flatMap((text) => pen.paragraph(2, "", text));
  return section(`Under the ${own?.edited} that this change leaves`, told, pen);
}

function headline(evaluation: Evaluation, governing: readonly Finding[], pen: Pen, width: number | null): string[] {
  const { decision, assessment } = evaluation;
  const { base, head, changes } = assessment.changeSet;
  const tint = decision.state === "blocked" ? "red" : decision.state === "waiting" ? "yellow" : "green";
  const mark = decision.state === "blocked" ? MARK.failed : decision.state === "waiting" ? MARK.waiting : MARK.met;
  const files = new Set(governing.map((finding) => placeOf(finding).path)).size;
  const systems = assessment.systems.map((system) => system.id);
  const facts = [
    `${short(base)} → ${short(head)}`,
    count(changes.length, "changed file"),
    ...(governing.length > 0 ? [`${count(governing.length, "finding")} in ${count(files, "file")}`] : []),
    ...(systems.length > 0 ? [`${systems.length === 1 ? "system" : "systems"} ${systems.slice(0, 5).join(", ")}`] : []),
  ];
  return [
    ...wrapped(`${mark} ${plain(verdict(evaluation), 250)}`, width, "", "  ").map((line) =>
      pen.paint("bold", pen.paint(tint, line)),
    ),
    ...pen.paragraph(2, "", facts.join(" · "), "dim"),
  ];
}

function short(revision: string): string {
  return /^[0-9a-f]{40,64}$/.test(revision)
    ? revision.slice(0, 12)
    : revision === "index"
      ? "staged changes"
      : "working tree";
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? "" : "s"}`;
}

function quiet(amount: number): string {
  return `${count(amount, "trivial finding")} (docs, tests, examples or not connected to an AI system); --explain lists ${amount === 1 ? "it" : "them"}`;
}

function section(title: string, body: readonly string[], pen: Pen): string[] {
  return body.length === 0 ? [] : ["", pen.paint("bold", title), ...body];
}

function requirementLines({ state, reason, warning }: Evaluation["requirements"][number], pen: Pen): string[] {
  return warning ? pen.paragraph(2, "!", reason, "yellow") : pen.paragraph(2, MARK[state], reason, TINT[state]);
}

/** One paragraph a person: what their approval fills, or why it does not count. */
function voteLines(votes: Evaluation["votes"], pen: Pen): string[] {
  const people = Map.groupBy(votes, ({ person, counted }) => `${counted} ${person}`);
  return [...people.values()].flatMap((group) => {
    const [first] = group as [Evaluation["votes"][number]];
    const reasons = group.map(({ reason }) => reason).join("; ");
    return pen.paragraph(
      2,
      first.counted ? "✓" : "–",
      `@${first.person}: ${reasons}`,
      first.counted ? "green" : "dim",
      800,
    );
  });
}

/** Findings under their files; what to do is said once for neighbours that share it. */
function fileGroups(findings: readonly Finding[], pen: Pen): string[] {
  let path = "";
  const sorted = [...findings].sort(
    (a, b) => byText(placeOf(a).path, placeOf(b).path) || placeOf(a).line - placeOf(b).line,
  );
  return sorted.flatMap((finding, index) => {
    const place = placeOf(finding);
    const heading = place.path === path ? [] : pen.paragraph(2, "", place.path, "bold");
    path = place.path;
    const next = sorted[index + 1];
    const shared = next && next.remedy === finding.remedy && placeOf(next).path === path;
    return [...heading, ...findingLines(finding, place.line, !shared, pen)];
  });
}

function findingLines(finding: Finding, line: number, remedy: boolean, pen: Pen): string[] {
  const sure = finding.confidence === "likely" ? ", likely" : "";
  const tint: Style = finding.severity === "major" ? "red" : finding.severity === "material" ? "yellow" : "dim";
  return [
    `    ${finding.rule} ${finding.direction}, ${pen.paint(tint, finding.severity)}${sure}, ${pen.paint("dim", `line ${line}`)}`,
    ...(finding.before === null ? [] : pen.paragraph(6, "-", finding.before, "red", 160)),
    ...(finding.after === null ? [] : pen.paragraph(6, "+", finding.after, "green", 160)),
    ...(remedy ? pen.paragraph(6, "", finding.remedy, "dim", 240) : []),
  ];
}

function explanation(trivial: readonly Finding[], rules: readonly string[], pen: Pen): string[] {
  const cells = Object.entries(MATRIX).map(([row, columns]) =>
    `  ${row.padEnd(9)}${Object.entries(columns)
      .map(([severity, tier]) => `${severity} ${tier}`.padEnd(20))
      .join("")}`.trimEnd(),
  );
  return [
    ...section("Trivial findings", fileGroups(trivial, pen), pen),
    ...section("Matrix (inherent tier of the system, severity of the change)", cells, pen),
    ...section(
      "Rules tried",
      [...new Set(rules)].flatMap((rule) => pen.paragraph(2, "", rule)),
      pen,
    ),
  ];
}
