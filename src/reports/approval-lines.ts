import type { Evaluation } from "../core/evaluation.ts";
import { codeSpan, sentence } from "./markdown-text.ts";
import type { InvalidatedApproval, ReportContext } from "./report-context.ts";
import { GLASS_MARK } from "./requirement-text.ts";

/** One line for each person with an approval or an objection. */
export function approvalLines({ votes }: Evaluation, { invalidated }: Pick<ReportContext, "invalidated">): string[] {
  const people = Map.groupBy(votes, ({ person, counted }) => `${counted} ${person}`);
  const dead = new Map(invalidated.map((approval) => [approval.person.toLowerCase(), approval]));
  const lines = [...people.values()].map((group) => {
    const { person = "", counted = false } = group[0] ?? {};
    const reasons = [...new Set(group.map(({ reason }) => reason))].join("; ");
    const died = counted ? undefined : dead.get(person.toLowerCase());
    if (died) dead.delete(person.toLowerCase());
    const glass = counted && group.some(({ role }) => role === "break-glass");
    const mark = glass ? GLASS_MARK : counted ? "✅" : died ? "♻️" : "➖";
    return `${mark} ${codeSpan(`@${person}`)} ${counted ? "" : "**not counted**: "}${sentence(reasons, 600)}${died ? `: ${causeOf(died)}` : ""}`;
  });
  const others = [...dead.values()].map(
    (died) => `♻️ ${codeSpan(`@${died.person}`)} **counts no longer**: ${causeOf(died)}`,
  );
  return lines.length + others.length === 0 ? ["Nobody has approved yet."] : [...lines, ...others];
}

function causeOf({ commit, path }: InvalidatedApproval): string {
  const by = commit === null ? "a later commit" : `commit ${codeSpan(commit.slice(0, 12))}`;
  const what = path === null ? "changed what it covered" : `changed ${codeSpan(path)}`;
  return `${by} ${what}; they have to look again`;
}
