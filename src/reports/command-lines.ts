import type { Evaluation } from "../core/evaluation.ts";
import { codeSpan, sentence } from "./markdown-text.ts";
import type { CommandLine, ReportContext } from "./report-context.ts";
import { items } from "./summary.ts";

/** One line for each command that people should know more of than a reaction tells. */
export function commandLines(commands: readonly CommandLine[]): readonly string[] {
  return commands.map(({ person, command, done, reason }) => {
    const mark = done ? "✅" : "➖";
    return `${mark} ${codeSpan(`@${person}`)} ${codeSpan(`/countersign ${command}`, 60)} ${done ? "" : "**refused**: "}${sentence(reason)}`;
  });
}

/** Commands that were given, and the line that approves, ready to be copied (security rule S13). */
export function commandsSection(
  { assessment, decision, requirements }: Evaluation,
  { commands = [] }: ReportContext,
  most: number,
): readonly string[] {
  const asked = requirements.some(({ kind, state, role }) => kind === "approval" && state === "waiting" && role);
  const waits = asked && decision.state === "waiting" && decision.basis !== "observe";
  const copy = `To approve by a comment instead of a review: ${codeSpan(`/countersign approve ${assessment.changeSet.head}`)}`;
  if (commands.length === 0) return waits ? [copy, ""] : [];
  return ["### Commands", "", ...items(commandLines(commands), most), "", ...(waits ? [copy, ""] : [])];
}
