import { z } from "zod";
import { type EvaluationResult, UnreadableResult } from "./evaluation-result.ts";

const Row = z.object({
  success: z.boolean(),
  error: z.string().nullish(),
  /** 2 is an error of the provider or an assertion, 1 an assertion that did not hold. */
  failureReason: z.number().nullish(),
  description: z.string().nullish(),
  testIdx: z.number().nullish(),
  promptIdx: z.number().nullish(),
  testCase: z.object({ description: z.string().nullish() }).nullish(),
  gradingResult: z.object({ reason: z.string().nullish() }).nullish(),
});
const Stats = z.object({ successes: z.int(), failures: z.int(), errors: z.int().optional() });

/** `promptfoo eval --output results.json`: versions 2 and 3 keep rows and figures under `results`. */
export const Promptfoo = z.object({ results: z.object({ results: z.array(Row), stats: Stats }) });

/** The cases of promptfoo's file; one whose rows do not add up to its own figures was cut or edited. */
export function promptfooResult({ results: { results: rows, stats } }: z.infer<typeof Promptfoo>): EvaluationResult {
  const cases = rows.map((row, at) => {
    const { success, error, failureReason, description, testCase, gradingResult } = row;
    const outcome = success ? ("passed" as const) : failureReason === 2 ? ("error" as const) : ("failed" as const);
    const place = `test ${(row.testIdx ?? at) + 1}${row.promptIdx ? `, prompt ${row.promptIdx + 1}` : ""}`;
    const name = description ?? testCase?.description ?? place;
    return { name, outcome, detail: success ? null : (gradingResult?.reason ?? error ?? null) };
  });
  const passed = cases.filter(({ outcome }) => outcome === "passed").length;
  const others = stats.failures + (stats.errors ?? 0);
  if (passed !== stats.successes || cases.length - passed !== others)
    throw new UnreadableResult(
      `holds ${passed} passed of ${cases.length} rows, and its own figures say ${stats.successes} of ${stats.successes + others}`,
    );
  return { tool: "promptfoo", cases };
}
