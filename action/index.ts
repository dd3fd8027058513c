import { writeFileSync } from "node:fs";
import { error, info, setFailed, setOutput, setSecret, summary } from "@actions/core";
import { plain } from "../src/reports/plain.ts";
import { sarifReport } from "../src/reports/sarif.ts";
import { HostingFault } from "../src/work/hosting-fault.ts";
import { type Checked, check } from "./check.ts";
import { workflowEvent } from "./event.ts";
import { type Inputs, readInputs } from "./inputs.ts";
import { checkOutputs } from "./outputs.ts";
import { summaryOf } from "./summary.ts";
import { VERSION } from "./version.ts";

try {
  await run(readInputs());
} catch (fault) {
  setFailed(told(fault));
}

async function run(inputs: Inputs): Promise<void> {
  setSecret(inputs.token);
  const organizationToken = inputs["organization-token"] || null;
  if (organizationToken !== null) setSecret(organizationToken);
  const number = inputs["pull-request"];
  const checked = await check(
    workflowEvent(),
    {
      ...{ token: inputs.token, organizationToken, comment: inputs.comment },
      pullRequest: number === "" ? null : Number(number),
      requestReviewers: inputs["request-reviewers"],
    },
    new AbortController().signal,
  );
  await report(checked, inputs);
}

async function report(checked: Checked, { sarif }: Inputs): Promise<void> {
  const { decided, check: shown, refused } = checked;
  // Only words of this program: whatever a change holds could be read as a command of the runner's.
  if (decided !== null) {
    const { assessment, decision } = decided.evaluation;
    info(`Decision: ${decision.state}. Tier: ${assessment.tier.value}. Findings: ${assessment.findings.length}.`);
  } else info(shown === null ? "Nothing to decide." : `Check: ${shown.conclusion ?? shown.status}.`);
  for (const [name, value] of Object.entries(decided ? checkOutputs(decided.evaluation) : {})) setOutput(name, value);
  setOutput("passes", String(shown === null || shown.conclusion === "success"));
  if (decided !== null && sarif !== "") {
    writeFileSync(sarif, `${JSON.stringify(sarifReport(decided.evaluation, decided.rules, VERSION), null, 2)}\n`);
    setOutput("sarif", sarif);
  }
  if (process.env.GITHUB_STEP_SUMMARY) await summary.addRaw(summaryOf(checked)).write();
  // Where the check run carries the verdict, the job only says that it did its work (S25).
  if (refused === null || shown === null || shown.conclusion === "success") return;
  for (const { path, startLine, title, message, level } of shown.annotations)
    if (level !== "notice") error(message, { file: path, startLine, title });
  setFailed(plain(shown.title, 300));
}

function told(fault: unknown): string {
  if (fault instanceof HostingFault) return `${fault.message}. ${fault.remedy}`;
  return fault instanceof Error ? fault.message : String(fault);
}
