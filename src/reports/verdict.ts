import type { Evaluation } from "../core/evaluation.ts";
import type { Requirement } from "../core/requirement.ts";
import { inRow, needsOf, roleName, shortReason } from "./needs.ts";
import { plain } from "./plain.ts";

/** A line that is longer is cut off where pull requests show it. */
const READABLE = 110;

/** How an answer is told. */
export interface VerdictOptions {
  /** False where no policy is in force yet; true when left out. */
  readonly policy?: boolean;
}

/** The answer in one line: what a person reads first. Plain text, not Markdown. */
export function verdict(evaluation: Evaluation, { policy = true }: VerdictOptions = {}): string {
  const { decision, assessment } = evaluation;
  const tier = assessment.tier.value;
  if (decision.state === "not-governed") return "Not governed: no model, prompt or credential changes";
  if (decision.basis === "observe") return observed(evaluation, policy);
  const risk = tier === "none" ? "Configuration" : capital(`${tier} risk`);
  if (decision.state === "approved") return `${risk}: ${approvedBy(evaluation)}`;
  if (decision.state === "blocked") return `${risk}: blocked, ${blockers(evaluation)}`;
  return withinReason(`${risk}: needs `, needsOf(evaluation.requirements, evaluation.policy));
}

/** What keeps a change from merging, behind its name: `#12 needs @anna (risk owner)`. */
export function heldUpBy(evaluation: Evaluation, name: string): string {
  if (evaluation.decision.state === "blocked") return `${name} is blocked, ${blockers(evaluation)}`;
  return withinReason(`${name} needs `, needsOf(evaluation.requirements, evaluation.policy));
}

function observed(evaluation: Evaluation, policy: boolean): string {
  const { decision, assessment, requirements } = evaluation;
  const why = evaluation.policy.mode === "enforce" ? "Advisory" : policy ? "Observing" : "No policy yet";
  const risk = `${why}: ${assessment.tier.value} risk`;
  if (decision.state === "approved") return `${risk}, would pass, ${approvedBy(evaluation)}`;
  if (decision.state === "blocked" && policy) return `${risk}, would be blocked, ${blockers(evaluation)}`;
  return withinReason(`${risk}, would need `, needsOf(requirements, evaluation.policy));
}

/** Who let it through. */
function approvedBy({ decision, votes }: Evaluation): string {
  const counted = [...new Set(votes.filter((vote) => vote.counted).map(({ person }) => person))];
  if (decision.basis === "break-glass")
    return `glass broken by @${votes.find((vote) => vote.counted && vote.role === "break-glass")?.person}, approval owed afterwards`;
  if (counted.length === 0) return "approved";
  const names = counted.map((person) => `@${person}`);
  return `approved by ${names.length > 3 ? `${names.length} people` : inRow(names, "and")}`;
}

function blockers({ requirements }: Evaluation): string {
  const [first, ...others] = requirements.filter(({ state }) => state === "failed");
  const more = others.length > 0 ? ` (and ${others.length} more)` : "";
  return `${first ? blocker(first) : ""}${more}`;
}

function blocker(requirement: Requirement): string {
  const { kind, role, check, reason } = requirement;
  if (kind === "approval" && role !== undefined && reason.includes("nobody is left"))
    return `nobody can approve as ${roleName(role)}`;
  if (kind === "check" && check !== undefined)
    return `\`${plain(check, 60)}\`${shortReason({ reason }).slice(check.length)}`;
  return shortReason(requirement);
}

/** As many as one reads at a glance; how many others there are is said. */
function withinReason(lead: string, needs: readonly string[]): string {
  const shown = needs.filter((_, at) => at === 0 || `${lead}${needs.slice(0, at + 1).join(", ")}`.length <= READABLE);
  const more = needs.length - shown.length;
  return `${lead}${inRow(more > 0 ? [...shown, `${more} more`] : shown, "and")}`;
}

function capital(text: string): string {
  return `${text[0]?.toUpperCase() ?? ""}${text.slice(1)}`;
}
