import { z } from "zod";
import type { EvaluationResult, ResultCase } from "./evaluation-result.ts";

const Metric = z.object({
  name: z.string().nullish(),
  success: z.boolean().nullish(),
  score: z.number().nullish(),
  threshold: z.number().nullish(),
  reason: z.string().nullish(),
  error: z.string().nullish(),
});
const Case = z.object({
  name: z.string().nullish(),
  success: z.boolean().nullish(),
  metricsData: z.array(Metric).nullish(),
});
const Run = z.object({ testCases: z.array(Case), conversationalTestCases: z.array(Case).nullish() });

/** DeepEval's test run: a file of its results folder, or `.deepeval/.latest_test_run.json`, which has it one level down. */
export const DeepEval = z.union([Run, z.object({ testRunData: Run }).transform(({ testRunData }) => testRunData)]);

/** The cases of DeepEval's file. One without a verdict was not evaluated to its end. */
export function deepevalResult({ testCases, conversationalTestCases }: z.infer<typeof DeepEval>): EvaluationResult {
  return { tool: "DeepEval", cases: [...testCases, ...(conversationalTestCases ?? [])].map(caseOf) };
}

function caseOf({ name, success, metricsData }: z.infer<typeof Case>, at: number): ResultCase {
  const metrics = metricsData ?? [];
  const wrong = metrics.filter((metric) => metric.success !== true);
  const faulty = metrics.some(({ error }) => typeof error === "string" && error !== "");
  const passed = success === true && wrong.length === 0;
  const detail = wrong.map((metric) => {
    const score = `${metric.score ?? "no score"}, needs ${metric.threshold ?? "more"}`;
    return `${metric.name ?? "a metric"}: ${metric.error ?? metric.reason ?? score}`;
  });
  return {
    name: name ?? `test case ${at + 1}`,
    outcome: passed ? "passed" : faulty || typeof success !== "boolean" ? "error" : "failed",
    detail: passed || detail.length === 0 ? null : detail.join("; "),
  };
}
