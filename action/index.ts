import { setFailed, setSecret } from "@actions/core";
import { HostingFault } from "../src/work/hosting-fault.ts";
import { check } from "./check.ts";
import { workflowEvent } from "./event.ts";
import { type Inputs, readInputs } from "./inputs.ts";
import { tell } from "./tell.ts";

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
  await tell(checked, inputs.sarif);
}

function told(fault: unknown): string {
  if (fault instanceof HostingFault) return `${fault.message}. ${fault.remedy}`;
  return fault instanceof Error ? fault.message : String(fault);
}
