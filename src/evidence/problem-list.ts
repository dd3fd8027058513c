import type { EvidenceProblem } from "./problem.ts";

/** Takes a problem that was found. */
export type Report = (problem: EvidenceProblem) => void;

const MOST = 1_000;

/** Counts every problem and keeps the first thousand, so that a ledger of nothing but problems costs no memory. */
export function problemList() {
  const found = { problems: [] as EvidenceProblem[], count: 0 };
  const report: Report = (problem) => {
    found.count++;
    if (found.problems.length < MOST) found.problems.push(problem);
  };
  return { found, report };
}
