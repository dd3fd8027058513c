import type { Diagnosis } from "../reports/diagnosis.ts";
import type { InspectedBranch, InspectedPlace } from "./inspection.ts";
import { rulesDiagnoses } from "./rules-diagnoses.ts";

/** The gate of a repository, as the App sees it with what it may read. */
export interface SeenGate {
  readonly place: InspectedPlace;
  readonly app: { readonly id: number };
  readonly configuration: { readonly policy: { readonly mode: "observe" | "enforce" } };
  readonly branches: readonly InspectedBranch[];
}

/** How each part of the gate stood, by branch, check and what was looked at: `main countersign rules/required`. */
export type GateStates = Readonly<Record<string, string>>;

/** One part that is weaker than it should be. */
export interface WeakPart {
  readonly key: string;
  readonly what: string;
  readonly fix: string | null;
}

/**
 * What of a gate is weaker than it should be: what is wrong, and what was right before and is not seen to be so any more.
 * What never was seen to be right, and cannot be seen, is no news: an administrator's own look says it. `states` is what to
 * compare with the next time, `seen` what is so now.
 */
export function weakParts(
  gate: SeenGate,
  before: GateStates,
): { readonly states: GateStates; readonly seen: GateStates; readonly weak: readonly WeakPart[] } {
  const states: Record<string, string> = {};
  const seen: Record<string, string> = {};
  const weak: WeakPart[] = [];
  for (const branch of gate.branches)
    for (const diagnosis of rulesDiagnoses({ ...gate, branches: [branch] })) {
      const key = `${branch.name} ${branch.checkName} ${diagnosis.id}`;
      const was = before[key];
      // What was right stays known as such until it is right again.
      seen[key] = diagnosis.state;
      states[key] = was === "ok" ? "ok" : diagnosis.state;
      if (isWeak(diagnosis, was)) weak.push({ key, what: diagnosis.what, fix: diagnosis.fix });
    }
  return { states, seen, weak };
}

function isWeak({ state }: Diagnosis, was: string | undefined): boolean {
  return state === "problem" || (state !== "ok" && was === "ok");
}
