import type { Evaluation } from "../core/evaluation.ts";

/** The answer in one line: what a person reads first. */
export function verdict(evaluation: Evaluation): string {
  const { decision, assessment, requirements } = evaluation;
  const tier = assessment.tier.value;
  if (decision.state === "not-governed") return "Not governed: no model, prompt or credential changes";
  const risk = tier === "none" ? "Configuration" : `${tier[0]?.toUpperCase()}${tier.slice(1)} risk`;
  const observed = decision.basis === "observe" ? "Observed only. " : "";
  if (decision.state === "approved") return `${observed}${risk}: approved`;
  const failed = requirements.filter((requirement) => requirement.state === "failed").length;
  const waiting = requirements.filter((requirement) => requirement.state === "waiting").length;
  if (decision.state === "blocked")
    return `${observed}${risk}: blocked by ${count(failed, "requirement")}${waiting > 0 ? `, ${waiting} more waiting` : ""}`;
  return `${observed}${risk}: waiting for ${count(waiting, "requirement")}`;
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? "" : "s"}`;
}
