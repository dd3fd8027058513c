import type { Requirement } from "../core/requirement.ts";
import { codeSpan, sentence } from "./markdown-text.ts";
import { inRow, roleName } from "./needs.ts";

/** The mark of what goes in without being approved. */
export const GLASS_MARK = "🚨";

/** How states are marked. */
export const MARK = { met: "✅", waiting: "🟡", failed: "❌", excepted: "➖" } as const;
const ORDER = { failed: 0, waiting: 1, excepted: 2, met: 3 } as const;

/** The requirements, what fails first. */
export function inOrder(requirements: readonly Requirement[]): readonly Requirement[] {
  return [...requirements].sort((a, b) => ORDER[a.state] - ORDER[b.state]);
}

/** What is to be done about a requirement that is not met, as Markdown. */
export function todo(requirement: Requirement): string {
  const { kind, state, role, subject, people = [], missing } = requirement;
  if (kind !== "approval" || state !== "waiting" || !role || missing === undefined || people.length === 0)
    return requirementText(requirement);
  const shown = people.slice(0, 6).map((login) => codeSpan(`@${login}`));
  const names = inRow(people.length > 6 ? [...shown, `${people.length - 6} more`] : shown, missing > 1 ? "and" : "or");
  const verb = missing > 1 || people.length > 1 ? "approve" : "approves";
  const who = missing > 1 && people.length > missing ? `${missing} of ${names}` : names;
  return `${who} ${people.length > 1 && missing === 1 ? "approves" : verb} as **${sentence(roleName(role))}** for ${sentence(subject ?? "")}`;
}

/** A requirement's own sentence; names of checks and rules stand as code. */
export function requirementText({ kind, check, rule, state, reason, missing }: Requirement): string {
  if (check !== undefined && reason.startsWith(check))
    return `${codeSpan(check)} ${sentence(reason.slice(check.length))}`;
  const heads =
    kind === "approval" && missing !== undefined ? /^(\d+) of (\d+) different people approved/.exec(reason) : null;
  if (heads)
    return `**${heads[2] === "1" ? "1 person** has" : `${heads[2]} different people** have`} to approve in all; ${heads[1]} did${sentence(reason.slice(heads[0].length))}`;
  if (rule === undefined || !reason.startsWith(`${rule}: `)) return sentence(reason);
  const bare = sentence(reason.slice(rule.length + 2));
  if (kind === "rollback") return `Rollback plan: ${bare}`;
  return state === "failed" || state === "waiting" ? `${bare} (${codeSpan(rule)})` : `${codeSpan(rule)}: ${bare}`;
}
