/** One case of an evaluation. */
export interface ResultCase {
  readonly name: string;
  readonly outcome: "passed" | "failed" | "error" | "skipped";
  /** Why it did not pass, as the tool says it; null where it says nothing. */
  readonly detail: string | null;
}

/** What an evaluation found, whatever tool ran it. */
export interface EvaluationResult {
  readonly tool: "promptfoo" | "DeepEval" | "JUnit";
  readonly cases: readonly ResultCase[];
}

/** Results in figures; those that were skipped count neither way. */
export interface ResultFigures {
  readonly passed: number;
  readonly counted: number;
  readonly skipped: number;
  /** From 0 to 1. */
  readonly passRate: number;
}

/** A result file that cannot be used; the message says what was expected, without the file's name. */
export class UnreadableResult extends Error {
  readonly code = "results/unreadable";
}

/** Counts cases; an evaluation in which none was run proves nothing and is refused. */
export function figuresOf(results: readonly EvaluationResult[]): ResultFigures {
  const cases = results.flatMap((result) => result.cases);
  const counted = cases.filter(({ outcome }) => outcome !== "skipped");
  if (counted.length === 0)
    throw new UnreadableResult("holds no case that was run; an empty evaluation proves nothing");
  const passed = counted.filter(({ outcome }) => outcome === "passed").length;
  return {
    passed,
    counted: counted.length,
    skipped: cases.length - counted.length,
    passRate: passed / counted.length,
  };
}
