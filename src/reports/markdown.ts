import { byText } from "../core/change-set.ts";
import type { Evaluation } from "../core/evaluation.ts";
import { type Finding, placeOf, SEVERITIES } from "../core/finding.ts";
import { MATRIX } from "../core/tier.ts";
import { plain } from "./plain.ts";
import { proposalsAmong } from "./proposal.ts";
import { verdict } from "./verdict.ts";

const MARK = { met: "✅", waiting: "🟡", failed: "❌", excepted: "➖" } as const;
/** More rows than this make a page that nobody reads, and GitHub cuts it off in the middle of one. */
const MOST = 60;

/** A code span that no content can leave: its fence is longer than any run of backticks inside, pipes are escaped. */
function codeSpan(text: string, limit = 120): string {
  const content = plain(text, limit).replaceAll("|", "\\|");
  const runs = content.match(/`+/g) ?? [];
  const fence = "`".repeat(runs.reduce((longest, run) => Math.max(longest, run.length), 0) + 1);
  const pad = runs.length > 0 ? " " : "";
  return content === "" ? "" : `${fence}${pad}${content}${pad}${fence}`;
}

/** A sentence in which names of people notify nobody and markup of others is inert. */
function sentence(text: string): string {
  return plain(text, 400)
    .replace(/[\\`*_{}[\]<>#|~&]/g, "\\$&")
    .replaceAll("@", "@\u2060");
}

/**
 * The evaluation as Markdown for a check run, a comment or a job summary; `notes` are what the caller has to add, `rules`
 * what was tried, where that is asked for.
 */
export function markdownReport(
  evaluation: Evaluation,
  notes: readonly string[] = [],
  rules: readonly string[] | null = null,
): string {
  const { assessment, requirements, decision } = evaluation;
  const { proposals, others: findings } = proposalsAmong(sorted(assessment.findings.map(({ finding }) => finding)));
  const governing = findings.filter(({ severity }) => severity !== "trivial");
  const missing = decision.state === "not-governed" ? [] : evaluation.facts.missing;
  const lines = [
    `## ${sentence(verdict(evaluation))}`,
    ...table(
      ["", "requirement"],
      requirements.map(({ state, reason, warning }) => [
        warning ? "⚠️ warning" : `${MARK[state]} ${state}`,
        sentence(reason),
      ]),
    ),
    ...table(FINDING, governing.map(findingRow)),
    ...proposals.flatMap(({ entry, remedy }) => ["", `**To register** ${sentence(remedy)}`, "", codeSpan(entry, 400)]),
    ...list("Why", assessment.tier.reasons),
    ...list("Votes", votesOf(evaluation)),
    ...list("Way back", evaluation.rollback.map(planText)),
    ...(rules ? explanation(findings, rules) : []),
    ...[...notes, ...missing].flatMap((note) => ["", `> ${sentence(note)}`]),
  ];
  return `${lines.join("\n")}\n`;
}

const FINDING = ["rule", "where", "before", "after"];

function explanation(findings: readonly Finding[], rules: readonly string[]): string[] {
  const trivial = findings.filter(({ severity }) => severity === "trivial");
  const cells = Object.entries(MATRIX).map(([system, row]) => [system, ...SEVERITIES.map((severity) => row[severity])]);
  return [
    ...(trivial.length > 0 ? ["", "**Trivial findings**", ...table(FINDING, trivial.map(findingRow))] : []),
    ...table(["system", ...SEVERITIES], cells),
    ...list("Rules tried", [...new Set(rules)], rules.length),
  ];
}

function sorted(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort(
    (a, b) => byText(placeOf(a).path, placeOf(b).path) || placeOf(a).line - placeOf(b).line || byText(a.rule, b.rule),
  );
}

function findingRow(finding: Finding): readonly string[] {
  const { path, line } = placeOf(finding);
  const what = `${finding.rule} (${finding.severity})`;
  return [what, codeSpan(`${path}:${line}`), codeSpan(finding.before ?? ""), codeSpan(finding.after ?? "")];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const more = rows.length > MOST ? ["", `… and ${rows.length - MOST} more`] : [];
  return ["", row(head), row(head.map(() => "---")), ...rows.slice(0, MOST).map(row), ...more];
}

function list(title: string, items: readonly string[], most = MOST): string[] {
  const more = items.length > most ? [`- … and ${items.length - most} more`] : [];
  return items.length === 0
    ? []
    : ["", `**${title}**`, "", ...items.slice(0, most).map((item) => `- ${sentence(item)}`), ...more];
}

function votesOf({ votes }: Evaluation): readonly string[] {
  const people = Map.groupBy(votes, ({ person, counted }) => `${counted ? "counted" : "not counted"}: @${person}`);
  return [...people].map(([who, group]) => `${who}, ${group.map(({ reason }) => reason).join("; ")}`);
}

function planText(plan: Evaluation["rollback"][number]): string {
  return `${plan.system ?? "unregistered"} ${plan.kind}: ${plan.strategy}; ${plan.steps.join(", ")}`;
}
