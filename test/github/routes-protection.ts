import { Refused } from "./access.ts";
import { accountOf } from "./callers.ts";
import type { Call, Route } from "./server.ts";
import { shapes } from "./shapes.ts";
import { type Protection, reaches, roleOf } from "./world.ts";

interface ProtectionInput {
  readonly required_status_checks?: {
    readonly strict?: boolean;
    readonly contexts?: readonly string[];
    readonly checks?: readonly { readonly context: string; readonly app_id?: number }[];
  } | null;
  readonly enforce_admins?: boolean | null;
  readonly required_pull_request_reviews?: {
    readonly dismiss_stale_reviews?: boolean;
    readonly require_code_owner_reviews?: boolean;
    readonly required_approving_review_count?: number;
    readonly require_last_push_approval?: boolean;
  } | null;
  readonly allow_force_pushes?: boolean | null;
  readonly allow_deletions?: boolean;
}

/** Only administrators see classic protection; to others there is none. */
function branchOf(call: Call): string {
  const { actor, repository } = call;
  if (actor.kind === "user" && !reaches(roleOf(repository, actor.account.login), "admin"))
    throw new Refused(404, "Not Found");
  const branch = call.params.branch ?? "";
  if (!repository.refs.has(`refs/heads/${branch}`)) throw new Refused(404, "Branch not found");
  return branch;
}

function protectionOf(call: Call): { branch: string; protection: Protection } {
  const branch = branchOf(call);
  const protection = call.repository.protections.get(branch);
  if (!protection) throw new Refused(404, "Branch not protected");
  return { branch, protection };
}

function protectionFrom(call: Call, known: Protection | undefined): Protection {
  const input = call.body as ProtectionInput;
  const { required_status_checks: checks, required_pull_request_reviews: reviews } = input;
  const pinned = checks?.checks?.map(({ context, app_id: id }) => ({
    context,
    app_id: id === undefined || id === -1 ? null : id,
  }));
  return {
    id: known?.id ?? call.world.nextId(),
    checks: checks ? (pinned ?? checks.contexts?.map((context) => ({ context, app_id: null })) ?? []) : null,
    strict: checks?.strict ?? false,
    enforceAdmins: input.enforce_admins ?? false,
    reviews: reviews
      ? {
          dismissStale: reviews.dismiss_stale_reviews ?? false,
          codeOwners: reviews.require_code_owner_reviews ?? false,
          approvals: reviews.required_approving_review_count ?? 1,
          lastPush: reviews.require_last_push_approval ?? false,
        }
      : null,
    allowForcePushes: input.allow_force_pushes ?? false,
    allowDeletions: input.allow_deletions ?? false,
    createdAt: known?.createdAt ?? call.world.now(),
  };
}

function tell(call: Call, branch: string, protection: Protection, action: string, more = {}): void {
  const { protectionRule, repository, user } = shapes(call.origin);
  call.deliveries.send("branch_protection_rule", call.repository, {
    action,
    rule: protectionRule(call.repository, branch, protection),
    repository: repository(call.repository),
    sender: user(accountOf(call)),
    ...more,
  });
}

const PATH = "/repos/{owner}/{repo}/branches/{branch}/protection";

/** Classic branch protection, beside which rulesets hold. */
export const protectionRoutes: readonly Route[] = [
  {
    method: "GET",
    path: PATH,
    needs: { administration: "read" },
    handle(call) {
      const { branch, protection } = protectionOf(call);
      return { status: 200, body: shapes(call.origin).protection(call.repository, branch, protection) };
    },
  },
  {
    method: "PUT",
    path: PATH,
    needs: { administration: "write" },
    role: "admin",
    handle(call) {
      const branch = branchOf(call);
      const known = call.repository.protections.get(branch);
      const protection = protectionFrom(call, known);
      call.repository.protections.set(branch, protection);
      tell(
        call,
        branch,
        protection,
        known ? "edited" : "created",
        known ? { changes: changesOf(known, protection) } : {},
      );
      return { status: 200, body: shapes(call.origin).protection(call.repository, branch, protection) };
    },
  },
  {
    method: "DELETE",
    path: PATH,
    needs: { administration: "write" },
    role: "admin",
    handle(call) {
      const { branch, protection } = protectionOf(call);
      call.repository.protections.delete(branch);
      tell(call, branch, protection, "deleted");
      return { status: 204, body: undefined };
    },
  },
];

function changesOf(before: Protection, after: Protection): Record<string, unknown> {
  const names = (one: Protection) => one.checks?.map(({ context }) => context) ?? [];
  return {
    ...(before.enforceAdmins === after.enforceAdmins ? {} : { admin_enforced: { from: before.enforceAdmins } }),
    ...(names(before).join() === names(after).join() ? {} : { required_status_checks: { from: names(before) } }),
  };
}
