import type { Evaluation } from "../src/core/evaluation.ts";
import { neededChecks } from "../src/core/revalidation.ts";
import { evaluationJson } from "../src/reports/evaluation-json.ts";

/** A job that a workflow has to run: one check for one system. */
export interface Revalidation {
  readonly check: string;
  readonly workflow: string;
  /** Empty where what changed belongs to no registered system. */
  readonly system: string;
  readonly models: readonly string[];
  readonly prompts: readonly string[];
}

/** What must be evaluated: checks of this change that have not succeeded on its head, by touched system. */
function revalidations({ assessment, requirements }: Evaluation): readonly Revalidation[] {
  const met = new Set(requirements.filter(({ state }) => state === "met").map(({ check }) => check));
  const systems = [...assessment.systems.map(({ id }) => id), ...(assessment.unregistered ? [""] : [])];
  if (assessment.tier.value === "none") return [];
  return neededChecks(assessment)
    .filter(({ name }) => !met.has(name))
    .flatMap(({ name, workflow = "" }) =>
      systems.map((system) => ({ check: name, workflow, system, ...touchedBy(system, assessment) })),
    );
}

function touchedBy(system: string, { findings }: Evaluation["assessment"]) {
  const own = findings.filter(
    ({ finding, systems }) =>
      finding.severity !== "trivial" &&
      (system === "" ? systems.length === 0 : systems.some(({ id }) => id === system)),
  );
  const of = (name: string) => own.map(({ finding }) => finding).filter((finding) => finding.class === name);
  const models = of("model").flatMap(({ after }) => (after === null ? [] : [after]));
  const prompts = of("prompt").flatMap(({ place }) => (place.after ? [place.after.path] : []));
  return { models: [...new Set(models)], prompts: [...new Set(prompts)] };
}

/** Outputs of the command check, by the names of action.yml; lists are JSON. */
export function checkOutputs(evaluation: Evaluation): Readonly<Record<string, string>> {
  const { assessment, decision } = evaluation;
  const { findings, systems, governedDigest } = evaluationJson(evaluation);
  return {
    decision: decision.state,
    basis: decision.basis ?? "",
    tier: assessment.tier.value,
    classes: JSON.stringify(assessment.classes),
    systems: JSON.stringify(systems),
    findings: JSON.stringify(findings),
    "governed-digest": governedDigest ?? "",
    revalidate: JSON.stringify(revalidations(evaluation)),
  };
}
