import { createHash } from "node:crypto";
import type { Fact, FactChange, FileSide, Judgement } from "../core/detector.ts";
import { confidenceIn, directionOf } from "./distinct-facts.ts";
import { groupLiterals } from "./literal-groups.ts";

/** The rule of evaluation suites and their data. */
export const EVALUATION = "guardrail/eval";
const SUITE = /(?:^|\/)(?:promptfooconfig|promptfoo)[^/]*\.(?:ya?ml|json)$/i;

/** The cases of an evaluation suite. */
export function evaluationCases(file: FileSide): readonly Fact[] {
  if (!SUITE.test(file.path)) return [];
  return groupLiterals(file.literals, (path) => (path[0] === "tests" && path.length > 2 ? 2 : null)).map((group) => {
    const text = group.fields.map(({ path, value }) => `${path.join(".")}=${value}`).join("\n");
    return {
      rule: EVALUATION,
      key: "case",
      value: createHash("sha256").update(text).digest("hex"),
      shown: text.slice(0, 200),
      line: group.line,
      confidence: confidenceIn(file),
    };
  });
}

/** The files that a suite reads its cases from. */
export function evaluationFiles(file: FileSide): readonly string[] {
  if (!SUITE.test(file.path)) return [];
  return file.literals.flatMap(({ value }) => (value.startsWith("file://") ? [value.slice("file://".length)] : []));
}

/** A case that goes is major, one that comes minor. */
export function judgeEvaluation(change: FactChange): Judgement {
  const direction = directionOf(change);
  if (!change.after)
    return {
      direction,
      severity: "major",
      floor: "high",
      remedy: "Keep the case, or say why the system need not pass it.",
    };
  return { direction, severity: change.before ? "material" : "minor", remedy: "Show a run of the suite as it is now." };
}
