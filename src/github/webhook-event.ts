import { z } from "zod";
import { CHECK_NAME } from "../enforcement/governed-branch.ts";
import type { HostedEvent } from "../enforcement/hosted-event.ts";
import type { Place, Repository } from "../enforcement/job.ts";
import { commandIn } from "../work/comment-command.ts";
import { mergeGroup, push } from "./branch-event.ts";
import { repositoryOf } from "./event-repository.ts";
import {
  CheckRunPayload,
  CheckSuitePayload,
  CommentPayload,
  GatePayload,
  InstallationPayload,
  MemberPayload,
  MergeGroupPayload,
  OrganizationPayload,
  PullRequestPayload,
  PushPayload,
  RepositoryPayload,
  ReviewPayload,
  WorkflowRunPayload,
} from "./webhook-payload.ts";

/** A payload without what its event always has; the message names the places. */
export class MalformedPayload extends Error {
  readonly code = "webhook/malformed";
}

type Reading = (payload: unknown, appId: number) => HostedEvent | null;

const READINGS: Readonly<Record<string, Reading>> = {
  pull_request: reading(PullRequestPayload, pullRequest),
  pull_request_review: reading(ReviewPayload, review),
  repository_ruleset: reading(GatePayload, gate("repository_ruleset")),
  branch_protection_rule: reading(GatePayload, gate("branch_protection_rule")),
  issue_comment: reading(CommentPayload, comment),
  check_run: reading(CheckRunPayload, checkRun),
  check_suite: reading(CheckSuitePayload, checkSuite),
  workflow_run: reading(WorkflowRunPayload, workflowRun),
  merge_group: reading(MergeGroupPayload, mergeGroup),
  push: reading(PushPayload, push),
  member: reading(MemberPayload, (payload) => ({
    type: "access",
    repository: repositoryOf(payload),
    login: payload.member?.login ?? null,
    reason: `member.${payload.action}`,
  })),
  membership: reading(OrganizationPayload, membership),
  team: reading(OrganizationPayload, team),
  organization: reading(OrganizationPayload, organization),
  repository: reading(RepositoryPayload, repository),
  installation: reading(InstallationPayload, installation),
  installation_repositories: reading(InstallationPayload, installation),
};

/** The webhooks that this program listens to, by GitHub's names. */
export const WEBHOOK_EVENTS: readonly string[] = Object.keys(READINGS);

/** What a webhook says; null where it says nothing that matters here. */
export function webhookEvent(name: string, payload: unknown, appId: number): HostedEvent | null {
  return Object.hasOwn(READINGS, name) ? (READINGS[name]?.(payload, appId) ?? null) : null;
}

function reading<T>(schema: z.ZodType<T>, read: (payload: T, appId: number) => HostedEvent | null): Reading {
  return (payload, appId) => {
    // A webhook of a repository's own settings, not of the App.
    if (!HasInstallation.safeParse(payload).success) return null;
    const parsed = schema.safeParse(payload);
    if (parsed.success) return read(parsed.data, appId);
    const places = parsed.error.issues.slice(0, 5).map(({ path, message }) => `${path.join(".")}: ${message}`);
    throw new MalformedPayload(places.join("; "));
  };
}

const HasInstallation = z.object({ installation: z.object({ id: z.unknown() }) });

const LOOKED_AT = new Set(["opened", "reopened", "synchronize", "edited", "ready_for_review", "converted_to_draft"]);

function pullRequest(payload: z.infer<typeof PullRequestPayload>): HostedEvent | null {
  const { action, pull_request: pull, sender, changes } = payload;
  const place: Place = { ...repositoryOf(payload), number: pull.number };
  if (action === "closed") return closed(payload, place);
  // Who an agent's pull request is assigned to stands behind it (P26); of a person's it says nothing.
  const assigned = action === "assigned" || action === "unassigned";
  if (!LOOKED_AT.has(action) && !(assigned && pull.user?.type !== "User")) return null;
  if (action === "edited" && changes?.base === undefined && changes?.body === undefined) return null;
  const pushed = action === "opened" || action === "synchronize";
  return {
    type: "pull-request",
    place,
    head: pull.head.sha,
    always: pushed || action === "reopened" || changes?.base !== undefined,
    reason: `pull_request.${action}`,
    // Opening shows commits that somebody pushed before; whoever opens is taken for them. Reopening pushes nothing.
    push: pushed
      ? {
          before: action === "synchronize" ? (payload.before ?? null) : null,
          after: payload.after ?? pull.head.sha,
          login: sender.login,
          person: sender.id ?? null,
          at: pull.updated_at,
          ...(pull.base.ref === payload.repository.default_branch ? { baseRef: pull.base.ref } : {}),
        }
      : null,
  };
}

function closed({ pull_request: pull, repository }: z.infer<typeof PullRequestPayload>, place: Place): HostedEvent {
  const ended = { type: "closed", place, head: pull.head.sha, baseRef: pull.base.ref } as const;
  if (pull.merged !== true) return ended;
  const { merge_commit_sha: commit, merged_at: at, merged_by: by } = pull;
  const merge = commit && at ? { commit, at, by: by?.id ? { id: by.id, login: by.login } : null } : null;
  return { ...ended, merged: { defaultBranch: repository.default_branch, merge } };
}

const VOTES = new Set(["approved", "changes_requested"]);

function review(payload: z.infer<typeof ReviewPayload>): HostedEvent | null {
  const { action, review: given, pull_request: pull } = payload;
  const event = {
    type: "review",
    place: { ...repositoryOf(payload), number: pull.number },
    head: pull.head.sha,
    reason: `pull_request_review.${action}`,
  } as const;
  if (action === "dismissed") return { ...event, vote: null, dismissed: given.id };
  // Comments withdraw nothing (P21), and what is not a person's counts for nothing (P23).
  if (action !== "submitted" || !VOTES.has(given.state.toLowerCase()) || given.user?.type !== "User") return null;
  if (given.commit_id === null || !given.submitted_at) return { ...event, vote: null };
  return {
    ...event,
    vote: {
      review: given.id,
      person: given.user.id ?? null,
      commit: given.commit_id,
      baseRef: pull.base.ref,
      submittedAt: given.submitted_at,
      login: given.user.login,
    },
  };
}

function comment(payload: z.infer<typeof CommentPayload>, appId: number): HostedEvent | null {
  const { action, issue, comment: written, changes, sender } = payload;
  const onIssue = issue.pull_request === undefined || issue.pull_request === null;
  if (onIssue && written.performed_via_github_app?.id === appId) return null;
  if (written.performed_via_github_app?.id === appId) {
    // What we write ourselves has us as author and as sender.
    if (action === "created" || sender.login === written.user?.login) return null;
    const place = { ...repositoryOf(payload), number: issue.number };
    const { id, updated_at: at = null } = written;
    const by = { login: sender.login, person: sender.id ?? null };
    return { type: "comment", place, comment: id, ...by, deleted: action === "deleted", at };
  }
  const texts = [written.body, changes?.body?.from];
  if (!texts.some((text) => text && commandIn(text) !== null)) return null;
  const place = { ...repositoryOf(payload), number: issue.number };
  const fresh = action !== "deleted";
  return {
    type: "command",
    place,
    fresh,
    ...(onIssue ? ({ onIssue } as const) : {}),
    reason: `issue_comment.${action}`,
  };
}

const RENEWED = new Set(["renamed", "transferred", "unarchived"]);

function repository(payload: z.infer<typeof RepositoryPayload>): HostedEvent | null {
  const { action, changes } = payload;
  if (!RENEWED.has(action) && !(action === "edited" && changes?.default_branch !== undefined)) return null;
  return { type: "repositories", repositories: [repositoryOf(payload)], reason: `repository.${action}` };
}

type WithPullRequests = { readonly pull_requests: readonly { number: number; base: { repo: { id: number } } }[] };

/** Those of this repository: a fork's own pull requests may hold the same commit. */
function numbersOf({ pull_requests: pulls }: WithPullRequests, { repository }: Repository): number[] {
  return pulls.filter(({ base }) => base.repo.id === repository).map(({ number }) => number);
}

function checkRun(payload: z.infer<typeof CheckRunPayload>, appId: number): HostedEvent | null {
  const { action, check_run: run, sender } = payload;
  const repository = repositoryOf(payload);
  const event = { repository, head: run.head_sha, numbers: numbersOf(run, repository) };
  if (run.app?.id !== appId) {
    if (action !== "created" && action !== "completed") return null;
    if (isOurName(run.name) && run.conclusion === "success")
      return {
        ...{ type: "forged", repository, head: run.head_sha, check: run.name, number: event.numbers[0] ?? null },
        app: run.app?.slug ?? String(run.app?.id ?? "unknown"),
      };
    return { ...event, type: "checks", name: run.name, reason: `check_run.${action}` };
  }
  const asks =
    action === "rerequested" ? action : action === "requested_action" && payload.requested_action?.identifier;
  return asks ? { ...event, type: "asked", login: sender.login, asks } : null;
}

/** The names that branches are governed under (security rule S01); nobody else has a reason to use them. */
function isOurName(name: string): boolean {
  return name === CHECK_NAME || name.startsWith(`${CHECK_NAME}: `);
}

function gate(event: string): (payload: z.infer<typeof GatePayload>) => HostedEvent {
  return ({ action, installation: { id: installation }, repository, sender }) => ({
    ...{ type: "gate", installation, login: sender.login, reason: `${event}.${action}` },
    repository: repository
      ? { installation, repository: repository.id, owner: repository.owner.login, name: repository.name }
      : null,
  });
}

function checkSuite(payload: z.infer<typeof CheckSuitePayload>, appId: number): HostedEvent | null {
  const { action, check_suite: suite, sender } = payload;
  if (action !== "rerequested" || suite.app?.id !== appId) return null;
  const repository = repositoryOf(payload);
  const numbers = numbersOf(suite, repository);
  return { type: "asked", repository, head: suite.head_sha, numbers, login: sender.login, asks: action };
}

function workflowRun(payload: z.infer<typeof WorkflowRunPayload>): HostedEvent | null {
  const { action, workflow_run: run } = payload;
  // That a run began says no more than the checks of its jobs do.
  if (action !== "completed" || !run.path) return null;
  const repository = repositoryOf(payload);
  const numbers = numbersOf(run, repository);
  const name = run.path.split("@", 1)[0] ?? run.path;
  return { type: "checks", repository, head: run.head_sha, name, numbers, reason: `workflow_run.${action}` };
}

type Organization = z.infer<typeof OrganizationPayload>;

/** Only a team that stands alone is known by its name: what changes in a nested one changes in those above it. */
function teamsOf({ organization: { login }, team: changed }: Organization): readonly string[] | "any" {
  return changed?.slug && changed.parent === null ? [`${login}/${changed.slug}`.toLowerCase()] : "any";
}

function membership(payload: Organization): HostedEvent {
  const {
    action,
    installation: { id },
    member,
  } = payload;
  const login = member?.login ?? null;
  return { type: "people", installation: id, teams: teamsOf(payload), login, reason: `membership.${action}` };
}

function team(payload: Organization): HostedEvent {
  const {
    action,
    installation: { id },
    repository,
  } = payload;
  const reason = `team.${action}`;
  // What a team may do in a repository, any of its members may.
  if (repository) return { type: "access", repository: repositoryOf({ ...payload, repository }), login: null, reason };
  // With a new name it may be another one that a policy names, and one that is gone takes those below it along.
  const teams = action === "created" ? teamsOf(payload) : "any";
  return { type: "people", installation: id, teams, login: null, reason };
}

function organization(payload: Organization): HostedEvent | null {
  const {
    action,
    installation: { id },
    membership: of,
  } = payload;
  // An invitation gives nobody anything yet.
  if (action === "member_invited") return null;
  const login = of?.user?.login ?? null;
  return { type: "people", installation: id, teams: "any", login, reason: `organization.${action}` };
}

const ADDED = new Set(["created", "added"]);
const GRANTED = new Set(["unsuspend", "new_permissions_accepted"]);

function installation(payload: z.infer<typeof InstallationPayload>): HostedEvent | null {
  const {
    action,
    installation: { id },
  } = payload;
  if (!ADDED.has(action) && !GRANTED.has(action)) return null;
  const repositories = [...(payload.repositories ?? []), ...(payload.repositories_added ?? [])].map((one) => ({
    installation: id,
    repository: one.id,
    owner: one.full_name.split("/", 1)[0] ?? "",
    name: one.name,
  }));
  const reason = `installation.${action}`;
  if (GRANTED.has(action)) return { type: "granted", installation: id, repositories, reason };
  return { type: "repositories", repositories, reason };
}
