import { context } from "@actions/github";
import type { HostedName } from "../src/work/hosting.ts";
import { InvalidInput } from "./inputs.ts";

/** What a workflow was started by. */
export interface WorkflowEvent {
  /** The webhook's name; `pull_request_target` tells of the same as `pull_request`. */
  readonly name: string;
  /** As the webhook tells it, beside the installation, which a workflow does not have. */
  readonly payload: unknown;
  readonly repository: HostedName;
  /** The branch that what it tells of would land on; null where it names none. */
  readonly branch: string | null;
  /** The commit that the workflow runs on. */
  readonly sha: string;
  readonly apiUrl: string;
  readonly serverUrl: string;
  /** `owner/name/.github/workflows/file.yml@ref`. */
  readonly workflow: string;
}

/** A workflow's work belongs to no installation. */
const NO_INSTALLATION = 0;

/** Reads what the runner says of the event. */
export function workflowEvent(): WorkflowEvent {
  const { eventName, payload, apiUrl, serverUrl } = context;
  const id = Number(payload.repository?.id ?? process.env.GITHUB_REPOSITORY_ID);
  if (!Number.isInteger(id) || id <= 0)
    throw new InvalidInput("the repository is not known: GITHUB_REPOSITORY_ID is not set; run this in a workflow");
  const { owner, repo: name } = context.repo;
  const group = payload.merge_group as { readonly base_ref?: string } | undefined;
  const base = payload.pull_request?.base as { readonly ref?: string } | undefined;
  return {
    name: eventName === "pull_request_target" ? "pull_request" : eventName,
    payload: { ...payload, installation: { id: NO_INSTALLATION } },
    repository: { installation: NO_INSTALLATION, id, owner, name },
    branch: base?.ref ?? group?.base_ref?.replace(/^refs\/heads\//, "") ?? payload.repository?.default_branch ?? null,
    sha: context.sha ?? "",
    apiUrl,
    serverUrl,
    workflow: process.env.GITHUB_WORKFLOW_REF ?? "",
  };
}
