import { setFailed, setSecret } from "@actions/core";
import { workflowStanding } from "../src/github/workflow-run.ts";
import { HostingFault } from "../src/work/hosting-fault.ts";
import { type WorkflowEvent, workflowEvent } from "./event.ts";
import { type Inputs, readInputs } from "./inputs.ts";

try {
  await run(readInputs(), workflowEvent());
} catch (fault) {
  setFailed(told(fault));
}

async function run(inputs: Inputs, event: WorkflowEvent): Promise<void> {
  const { token, "organization-token": organization, "pull-request": number, comment } = inputs;
  for (const secret of [token, organization]) if (secret !== "") setSecret(secret);
  const tokens = { repository: token, organization: organization || null };
  const pullRequest = number === "" ? null : Number(number);
  const signal = new AbortController().signal;
  const standing = workflowStanding({ baseUrl: event.apiUrl, tokens }, event, signal);
  // Asked while the rest of the program is still being started.
  const required = standing.required();
  required.catch(() => {});
  if (inputs.command === "check") {
    const { check } = await import("./check.ts");
    const { tell } = await import("./tell.ts");
    const options = { tokens, comment, requestReviewers: inputs["request-reviewers"], pullRequest };
    await tell(await check(event, options, { ...standing, required: () => required }, signal), inputs.sarif);
  } else {
    const { report } = await import("./report.ts");
    const { tellResult } = await import("./tell-result.ts");
    const options = { tokens, pullRequest, check: inputs.check, files: inputs.results };
    await tellResult(await report(event, options, standing, signal));
  }
}

function told(fault: unknown): string {
  if (fault instanceof HostingFault) return `${fault.message}. ${fault.remedy}`;
  return fault instanceof Error ? fault.message : String(fault);
}
