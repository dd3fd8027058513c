import { type BranchRule, checksOf, type RequiredCheck, rulesOf } from "./rules.ts";
import { type PullRequest, type Repository, reaches, roleOf, type World } from "./world.ts";

/** A rule that a merge or a push would break, in GitHub's words. */
export interface Violation {
  readonly rule: BranchRule;
  readonly message: string;
}

/** What a merge of a pull request would break, of rules that hold and of those that are only evaluated. */
export function mergeViolations(world: World, repository: Repository, pull: PullRequest): readonly Violation[] {
  return rulesOf(world, repository, pull.base.ref).flatMap((rule) =>
    mergeProblems(repository, pull, rule).map((message) => ({ rule, message })),
  );
}

function mergeProblems(repository: Repository, pull: PullRequest, rule: BranchRule): readonly string[] {
  const { type, parameters } = rule;
  switch (type) {
    case "required_status_checks": {
      const tip = repository.refs.get(`refs/heads/${pull.base.ref}`) ?? "";
      const stale =
        parameters?.strict_required_status_checks_policy === true && !repository.store.isAncestor(tip, pull.head.sha);
      return [...unmetChecks(repository, pull.head.sha, rule), ...(stale ? ["Head branch is out of date."] : [])];
    }
    case "pull_request":
      return reviewProblems(repository, pull, Number(parameters?.required_approving_review_count ?? 0));
    case "merge_queue":
      return ["Changes must be made through the merge queue"];
    case "workflows":
      return unmetWorkflows(repository, pull.head.sha, rule);
    default:
      return [];
  }
}

/** A push to a branch; null for an end that does not exist. */
export interface PushEnds {
  readonly branch: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly forced: boolean;
}

/** What a direct push would break ("Available rules for rulesets"). */
export function pushViolations(world: World, repository: Repository, push: PushEnds): readonly Violation[] {
  return rulesOf(world, repository, push.branch).flatMap((rule) =>
    pushProblems(repository, push, rule).map((message) => ({ rule, message })),
  );
}

function pushProblems(
  repository: Repository,
  { before, after, forced }: PushEnds,
  rule: BranchRule,
): readonly string[] {
  if (after === null) return rule.type === "deletion" ? ["Cannot delete this branch"] : [];
  switch (rule.type) {
    case "creation":
      return before === null ? ["Cannot create ref due to creations being restricted."] : [];
    case "update":
      return before === null ? [] : ["Cannot update this protected ref."];
    case "non_fast_forward":
      return forced ? ["Cannot force-push to this branch"] : [];
    case "pull_request":
      return before === null ? [] : ["Changes must be made through a pull request."];
    case "merge_queue":
      return before === null ? [] : ["Changes must be made through the merge queue"];
    case "required_status_checks":
      return unmetChecks(repository, after, rule);
    case "workflows":
      return unmetWorkflows(repository, after, rule);
    default:
      return [];
  }
}

function unmetChecks(repository: Repository, sha: string, rule: BranchRule): readonly string[] {
  return checksOf(rule).flatMap((check) => {
    const state = checkState(repository, sha, check);
    return state === "success" ? [] : [`Required status check "${check.context}" is ${state}.`];
  });
}

function unmetWorkflows(repository: Repository, sha: string, { parameters }: BranchRule): readonly string[] {
  const workflows = (parameters?.workflows ?? []) as readonly { readonly path: string }[];
  return workflows.flatMap(({ path }) => {
    const run = repository.runs.findLast((one) => one.headSha === sha && one.path === path);
    return run?.conclusion === "success" ? [] : [`Required workflow "${path}" is not satisfied.`];
  });
}

function reviewProblems(repository: Repository, pull: PullRequest, needed: number): readonly string[] {
  const latest = new Map(
    pull.reviews
      .filter((one) => one.state !== "COMMENTED" && one.state !== "PENDING")
      .map((one) => [one.author.login, one]),
  );
  const counted = [...latest.values()].filter((one) => reaches(roleOf(repository, one.author.login), "write"));
  if (counted.some((one) => one.state === "CHANGES_REQUESTED") && needed > 0) return ["Changes were requested."];
  const approvals = counted.filter((one) => one.state === "APPROVED").length;
  if (approvals >= needed) return [];
  return [`At least ${needed} approving review is required by reviewers with write access.`];
}

/**
 * How a required check stands on a commit: `success`, `neutral` and `skipped` satisfy it; the newest run of the pinned App
 * counts, of any where none is pinned.
 */
export function checkState(
  repository: Repository,
  sha: string,
  { context, integrationId }: RequiredCheck,
): "success" | "expected" | "failing" | "in progress" {
  const run = repository.checkRuns
    .filter(
      (one) => one.headSha === sha && one.name === context && (integrationId === null || one.app.id === integrationId),
    )
    .at(-1);
  const status = repository.statuses.filter((one) => one.sha === sha && one.context === context).at(-1);
  if (!run) {
    if (integrationId !== null || !status) return "expected";
    return status.state === "success" ? "success" : status.state === "pending" ? "in progress" : "failing";
  }
  if (run.status !== "completed") return "in progress";
  return ["success", "neutral", "skipped"].includes(run.conclusion ?? "") ? "success" : "failing";
}
