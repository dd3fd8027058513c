import { DeepEval, deepevalResult } from "./deepeval.ts";
import { type EvaluationResult, UnreadableResult } from "./evaluation-result.ts";
import { junitResult } from "./junit.ts";
import { Promptfoo, promptfooResult } from "./promptfoo.ts";

/** Reads a result file of any tool that is known, told apart by what it holds. */
export function readResult(text: string): EvaluationResult {
  if (/^\uFEFF?\s*</.test(text)) return junitResult(text);
  const value = jsonOf(text);
  const promptfoo = Promptfoo.safeParse(value);
  if (promptfoo.success) return promptfooResult(promptfoo.data);
  const deepeval = DeepEval.safeParse(value);
  if (deepeval.success) return deepevalResult(deepeval.data);
  throw new UnreadableResult(
    "is the result of no tool that is known: expected promptfoo's JSON (results.results, results.stats), DeepEval's test run (testCases) or JUnit XML",
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UnreadableResult("is neither JSON nor XML");
  }
}
