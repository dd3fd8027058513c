import type { Evaluation } from "../src/core/evaluation.ts";
import { CHECK_NAME } from "../src/enforcement/governed-branch.ts";
import { decideWork } from "../src/enforcement/job.ts";
import { workOfEvent } from "../src/enforcement/work-of-event.ts";
import type { WorkflowTokens } from "../src/github/tokens.ts";
import { webhookEvent } from "../src/github/webhook-event.ts";
import type { WorkflowStanding } from "../src/github/workflow-run.ts";
import type { Work } from "../src/queues/queue.ts";
import type { OwnRules } from "../src/reports/own-rules.ts";
import type { CheckRunView } from "../src/reports/pull-request-view.ts";
import type { Store } from "../src/stores/store.ts";
import { enforcing } from "./enforcing.ts";
import type { WorkflowEvent } from "./event.ts";
import { InvalidInput } from "./inputs.ts";
import type { Said } from "./publishing.ts";

/** What the command check is asked. */
export interface CheckOptions {
  readonly tokens: WorkflowTokens;
  /** The pull request to look at; null where the event tells of one. */
  readonly pullRequest: number | null;
  readonly comment: boolean;
  readonly requestReviewers: boolean;
}

/** A decision with what was tried for it. */
export interface Decided {
  readonly evaluation: Evaluation;
  readonly rules: readonly string[];
  readonly ownRules: OwnRules | null;
}

/** What the command check found. */
export interface Checked extends Said {
  /** The decision about the pull request; null where the event tells of none, or of a whole merge group. */
  readonly decided: Decided | null;
  /** The check that counts: of the merge group where there is one. Null where nothing had to be said. */
  readonly check: CheckRunView | null;
  readonly notes: readonly string[];
}

/** What tells of something that can be decided about. */
const EVENTS: ReadonlySet<string> = new Set(["pull_request", "pull_request_review", "issue_comment", "merge_group"]);
/** So long what comes due in a moment is waited for, in milliseconds: a merge group's branch, an answer that is owed. */
const PATIENCE = 20_000;

/** Decides about what a workflow was started by, as the App would, and publishes the answer as far as its token may. */
export async function check(
  event: WorkflowEvent,
  options: CheckOptions,
  standing: WorkflowStanding,
  signal: AbortSignal,
): Promise<Checked> {
  const { installation, id, owner, name } = event.repository;
  const notes = notesOn(await standing.required());
  // Only by its App a comment of its own is known again.
  const appId = options.comment ? ((await standing.app())?.id ?? 0) : 0;
  const program = enforcing(event, { ...options, appId, notes, signal });
  try {
    const works =
      options.pullRequest === null
        ? await worksOf(event, appId, program.store)
        : [decideWork({ installation, repository: id, owner, name, number: options.pullRequest }, event.name)];
    for (const work of works) await program.queue.add(work);
    await program.run(PATIENCE, signal);
    const said = program.said();
    const group = event.name === "merge_group" && options.pullRequest === null;
    const decided = group ? null : (program.decided().at(-1) ?? null);
    return { ...said, decided, check: checkOf(said, group, event), notes };
  } finally {
    program.close();
  }
}

async function worksOf({ name, payload }: WorkflowEvent, appId: number, store: Store): Promise<readonly Work[]> {
  if (!EVENTS.has(name)) throw new InvalidInput(unfit(name));
  const told = webhookEvent(name, payload, appId);
  return told === null ? [] : workOfEvent(told, store);
}

function unfit(event: string): string {
  return `the command check runs on pull_request, pull_request_target, pull_request_review, issue_comment and merge_group, and this is ${event}; give the number of a pull request with the input pull-request`;
}

/** The run of the default branch before those of others; of a group, the one on the group's head. */
function checkOf({ checks }: Said, group: boolean, { payload }: WorkflowEvent): CheckRunView | null {
  const head = (payload as { readonly merge_group?: { readonly head_sha?: string } }).merge_group?.head_sha ?? "";
  const entries = [...checks].filter(([key]) => !group || key.startsWith(head)).map(([, view]) => view);
  return entries.find(({ name }) => name === CHECK_NAME) ?? entries[0] ?? null;
}

/** What it cannot promise where it runs (security rule S25). */
function notesOn(required: boolean | null): readonly string[] {
  if (required === true) return [];
  const none = required === null ? "it cannot be seen whether a" : "no";
  return [
    `Advisory: ${none} ruleset of the organisation requires this workflow, so a pull request could report this check itself, from a workflow of its own. Require the workflow in a ruleset of the organisation, or install the App.`,
  ];
}
