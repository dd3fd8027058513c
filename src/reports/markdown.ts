import type { Evaluation } from "../core/evaluation.ts";
import { placeOf } from "../core/finding.ts";
import { plain } from "./plain.ts";
import { verdict } from "./verdict.ts";

const MARK = { met: "✅", waiting: "🟡", failed: "❌", excepted: "➖" } as const;

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

/** The evaluation as Markdown for a check run, a comment or a job summary. */
export function markdownReport(evaluation: Evaluation, notes: readonly string[] = []): string {
  const { assessment, requirements } = evaluation;
  const governing = assessment.findings.filter(({ finding }) => finding.severity !== "trivial");
  const lines = [`## ${sentence(verdict(evaluation))}`];
  if (requirements.length > 0) {
    lines.push(
      "",
      "| | requirement |",
      "|---|---|",
      ...requirements.map(({ state, reason }) => `| ${MARK[state]} ${state} | ${sentence(reason)} |`),
    );
  }
  if (governing.length > 0) {
    lines.push("", "| rule | where | before | after |", "|---|---|---|---|");
    for (const { finding } of governing) {
      const place = placeOf(finding);
      lines.push(
        `| ${finding.rule} (${finding.severity}) | ${codeSpan(`${place.path}:${place.line}`)} | ${codeSpan(finding.before ?? "")} | ${codeSpan(finding.after ?? "")} |`,
      );
    }
  }
  if (assessment.tier.reasons.length > 0)
    lines.push("", "**Why**", "", ...assessment.tier.reasons.map((reason) => `- ${sentence(reason)}`));
  if (evaluation.votes.length > 0) {
    lines.push(
      "",
      "**Votes**",
      "",
      ...evaluation.votes.map(
        (vote) =>
          `- ${vote.counted ? "counted" : "not counted"}: ${sentence(`@${vote.person}${vote.role ? ` as ${vote.role}` : ""}, ${vote.reason}`)}`,
      ),
    );
  }
  if (evaluation.rollback.length > 0) {
    lines.push(
      "",
      "**Way back**",
      "",
      ...evaluation.rollback.map(
        (plan) =>
          `- ${sentence(`${plan.system ?? "unregistered"} ${plan.kind}: ${plan.strategy}; ${plan.steps.join(", ")}`)}`,
      ),
    );
  }
  const added = [...notes, ...evaluation.facts.missing];
  if (added.length > 0) lines.push("", ...added.map((note) => `> ${sentence(note)}`));
  return `${lines.join("\n")}\n`;
}
