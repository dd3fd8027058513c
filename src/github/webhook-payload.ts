import { z } from "zod";

const Repository = z.object({
  id: z.int(),
  name: z.string().min(1),
  owner: z.object({ login: z.string().min(1) }),
});
const Installation = z.object({ id: z.int() });
const Account = z.object({ login: z.string(), id: z.int().nullish(), type: z.string().nullish() });
const Envelope = z.object({ action: z.string(), installation: Installation, repository: Repository, sender: Account });

const PullRequest = z.object({
  number: z.int(),
  updated_at: z.string(),
  user: Account.nullable(),
  head: z.object({ sha: z.string().min(1) }),
  base: z.object({ ref: z.string().min(1) }),
  merged: z.boolean().nullish(),
  merge_commit_sha: z.string().nullish(),
  merged_at: z.string().nullish(),
  merged_by: Account.nullish(),
});

/** `pull_request.*` */
export const PullRequestPayload = Envelope.extend({
  repository: Repository.extend({ default_branch: z.string().optional() }),
  pull_request: PullRequest,
  before: z.string().optional(),
  after: z.string().optional(),
  changes: z.object({ base: z.unknown().optional(), body: z.unknown().optional() }).optional(),
});

/** `pull_request_review.*`: pull requests are shorter here. */
export const ReviewPayload = Envelope.extend({
  pull_request: PullRequest.pick({ number: true, head: true, base: true }),
  review: z.object({
    id: z.int(),
    state: z.string(),
    commit_id: z.string().nullable(),
    submitted_at: z.string().nullish(),
    user: Account.nullable(),
  }),
});

/** `issue_comment.*` */
export const CommentPayload = Envelope.extend({
  issue: z.object({ number: z.int(), pull_request: z.unknown().optional() }),
  comment: z.object({
    id: z.int(),
    body: z.string().nullable(),
    user: Account.nullish(),
    performed_via_github_app: z.object({ id: z.int() }).nullish(),
    updated_at: z.string().nullish(),
  }),
  changes: z.object({ body: z.object({ from: z.string() }).optional() }).optional(),
});

const PullRequests = z
  .array(z.object({ number: z.int(), base: z.object({ repo: z.object({ id: z.int() }) }) }))
  .nullish()
  .transform((list) => list ?? []);
const ReportingApp = z.object({ id: z.int(), slug: z.string().nullish() });

/** `check_run.*` */
export const CheckRunPayload = Envelope.extend({
  check_run: z.object({
    name: z.string(),
    conclusion: z.string().nullish(),
    head_sha: z.string().min(1),
    app: ReportingApp.nullable(),
    pull_requests: PullRequests,
  }),
  requested_action: z.object({ identifier: z.string() }).optional(),
});

/** `check_suite.*` */
export const CheckSuitePayload = Envelope.extend({
  check_suite: z.object({ head_sha: z.string().min(1), app: ReportingApp.nullable(), pull_requests: PullRequests }),
});

/** `workflow_run.*` */
export const WorkflowRunPayload = Envelope.extend({
  workflow_run: z.object({ head_sha: z.string().min(1), path: z.string().nullish(), pull_requests: PullRequests }),
});

const Paths = z.array(z.string()).optional();

/** `push` */
export const PushPayload = z.object({
  installation: Installation,
  repository: Repository.extend({ default_branch: z.string().min(1) }),
  ref: z.string(),
  deleted: z.boolean().optional(),
  created: z.boolean().optional(),
  forced: z.boolean().optional(),
  before: z.string().optional(),
  after: z.string().optional(),
  sender: Account.nullish(),
  commits: z.array(z.object({ id: z.string().optional(), added: Paths, removed: Paths, modified: Paths })).optional(),
});

/** `merge_group.*` */
export const MergeGroupPayload = Envelope.extend({
  repository: Repository.extend({ default_branch: z.string() }),
  merge_group: z.object({
    head_sha: z.string().min(1),
    head_ref: z.string().min(1),
    base_sha: z.string().min(1),
    base_ref: z.string().min(1),
  }),
});

/** `member.*`, `repository.*` */
export const RepositoryPayload = Envelope.extend({
  changes: z.object({ default_branch: z.unknown().optional() }).optional(),
});

/** `member.*` */
export const MemberPayload = Envelope.extend({ member: z.object({ login: z.string() }).nullish() });

const Team = z.object({
  /** One that is gone has none any more. */
  slug: z.string().min(1).optional(),
  /** Null where it lies in no other; may be left out. */
  parent: z.unknown().optional(),
});

/** `membership.*`, `team.*`, `organization.*` */
export const OrganizationPayload = z.object({
  action: z.string(),
  installation: Installation,
  organization: z.object({ login: z.string().min(1) }),
  /** The one that a team may do something else in now. */
  repository: Repository.nullish(),
  team: Team.nullish(),
  /** Who came into a team, or left it. */
  member: z.object({ login: z.string() }).nullish(),
  /** Who came into the organisation, or left it. */
  membership: z.object({ user: z.object({ login: z.string() }).nullish() }).nullish(),
});

const Installed = z.array(z.object({ id: z.int(), name: z.string().min(1), full_name: z.string().min(3) })).optional();

/** `installation.*`, `installation_repositories.*` */
export const InstallationPayload = z.object({
  action: z.string(),
  installation: Installation,
  repositories: Installed,
  repositories_added: Installed,
});

/** `repository_ruleset.*`, `branch_protection_rule.*`: an organisation's own rules name no repository. */
export const GatePayload = z.object({
  action: z.string(),
  installation: Installation,
  repository: Repository.nullish(),
  sender: Account,
});
