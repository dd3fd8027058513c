import { setFailed, setSecret } from "@actions/core";
import { workflowStanding } from "../src/github/workflow-run.ts";
import { HostingFault } from "../src/work/hosting-fault.ts";
import { audit } from "./audit.ts";
import { check } from "./check.ts";
import { type WorkflowEvent, workflowEvent } from "./event.ts";
import { type Inputs, readInputs } from "./inputs.ts";
import { reportMetric } from "./metric.ts";
import { record } from "./record.ts";
import { report } from "./report.ts";
import { tell } from "./tell.ts";
import { tellAudit, tellRecords, tellVerification } from "./tell-evidence.ts";
import { tellMetric } from "./tell-metric.ts";
import { tellResult } from "./tell-result.ts";
import { verify } from "./verify.ts";

try {
  await run(readInputs(), workflowEvent());
} catch (fault) {
  setFailed(told(fault));
}

async function run(inputs: Inputs, event: WorkflowEvent): Promise<void> {
  const { token, "organization-token": organization, "pull-request": number, comment } = inputs;
  // Line by line, since that is how a runner looks for them.
  const secrets = [token, organization, ...inputs["signing-key"].split(/\r?\n|\\n/)];
  for (const secret of secrets) if (secret.trim() !== "" && !secret.startsWith("-----")) setSecret(secret);
  const tokens = { repository: token, organization: organization || null };
  const pullRequest = number === "" ? null : Number(number);
  const signal = new AbortController().signal;
  const standing = workflowStanding({ baseUrl: event.apiUrl, tokens }, event, signal);
  const options = { tokens, pullRequest, comment, evidenceBranch: inputs["evidence-branch"] };
  switch (inputs.command) {
    case "audit":
      return tellAudit(await audit(event, { ...options, issue: inputs.issue }, standing, signal));
    case "check": {
      const requestReviewers = inputs["request-reviewers"];
      return tell(await check(event, { ...options, requestReviewers }, standing, signal), inputs.sarif);
    }
    case "report": {
      if (inputs.metric !== "") {
        const { system, metric, value, "signing-key": signingKey } = inputs;
        return tellMetric(await reportMetric(event, { ...options, system, metric, value, signingKey }, signal));
      }
      const evaluated = { ...options, check: inputs.check, files: inputs.results };
      return tellResult(await report(event, evaluated, standing, signal));
    }
    case "record": {
      const signing = { ...options, signingKey: inputs["signing-key"] };
      return tellRecords(await record(event, signing, standing, signal));
    }
    case "verify": {
      return tellVerification(
        await verify(event, { ...options, publicKey: inputs["public-key"], seen: inputs.seen }, signal),
      );
    }
  }
}

function told(fault: unknown): string {
  if (fault instanceof HostingFault) return `${fault.message}. ${fault.remedy}`;
  return fault instanceof Error ? fault.message : String(fault);
}
