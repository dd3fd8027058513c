import { closeSync, constants, openSync, writeFileSync } from "node:fs";
import { error, info, setFailed, setOutput, summary } from "@actions/core";
import { plain } from "../src/reports/plain.ts";
import { sarifReport } from "../src/reports/sarif.ts";
import type { Checked } from "./check.ts";
import { InvalidInput } from "./inputs.ts";
import { checkOutputs } from "./outputs.ts";
import { summaryOf } from "./summary.ts";
import { VERSION } from "./version.ts";

/** Tells the runner what was found: outputs, summary, SARIF where `sarif` names a file, and the job's own result. */
export async function tell(checked: Checked, sarif: string): Promise<void> {
  const { decided, check: shown, refused } = checked;
  // Only words of this program: whatever a change holds could be read as a command of the runner's.
  if (decided !== null) {
    const { assessment, decision } = decided.evaluation;
    info(`Decision: ${decision.state}. Tier: ${assessment.tier.value}. Findings: ${assessment.findings.length}.`);
  } else info(shown === null ? "Nothing to decide." : `Check: ${shown.conclusion ?? shown.status}.`);
  for (const [name, value] of Object.entries(decided ? checkOutputs(decided.evaluation) : {})) setOutput(name, value);
  setOutput("passes", String(shown === null || shown.conclusion === "success"));
  if (decided !== null && sarif !== "") {
    write(sarif, `${JSON.stringify(sarifReport(decided.evaluation, decided.rules, VERSION), null, 2)}\n`);
    setOutput("sarif", sarif);
  }
  if (process.env.GITHUB_STEP_SUMMARY) await summary.addRaw(summaryOf(checked)).write();
  // Where the check run carries the verdict, the job only says that it did its work (S25).
  if (refused === null || shown === null || shown.conclusion === "success") return;
  for (const { path, startLine, title, message, level } of shown.annotations)
    if (level !== "notice") error(message, { file: path, startLine, title });
  setFailed(plain(shown.title, 300));
}

const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW } = constants;

/** Where a change was checked out, a file of this name may be its own link to somewhere else. */
function write(path: string, text: string): void {
  try {
    const file = openSync(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW);
    try {
      writeFileSync(file, text);
    } finally {
      closeSync(file);
    }
  } catch (fault) {
    throw new InvalidInput(`input sarif: ${path} cannot be written: ${fault instanceof Error ? fault.message : fault}`);
  }
}
