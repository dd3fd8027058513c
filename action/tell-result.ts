import { info, setFailed, setOutput, summary } from "@actions/core";
import { isGoodEnough, type ReportedResult, resultTitle, resultView } from "../src/reports/result-report.ts";

/** Tells the runner how an evaluation went: the job that evaluates is what the policy's check counts, so it fails with it. */
export async function tellResult(reported: ReportedResult): Promise<void> {
  const good = isGoodEnough(reported);
  const { passed, counted, passRate } = reported.figures;
  info(`Cases: ${counted}. Passed: ${passed}.`);
  setOutput("passes", String(good));
  setOutput("pass-rate", String(passRate));
  if (process.env.GITHUB_STEP_SUMMARY) await summary.addRaw(`${resultView(reported).summary}\n`).write();
  if (!good) setFailed(resultTitle(reported));
}
