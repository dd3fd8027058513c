import { fullName } from "./shapes-repository.ts";
import type { Protection, Repository, RuleSuite, Ruleset } from "./world.ts";

/** Rulesets, classic protection and rule suites in the shapes of GitHub's REST API. */
export function ruleShapes(at: string) {
  const addressOf = ({ id, source }: Ruleset) =>
    "store" in source
      ? [`${at}/repos/${fullName(source)}/rulesets/${id}`, `${at}/${fullName(source)}/rules/${id}`]
      : [`${at}/orgs/${source.login}/rulesets/${id}`, `${at}/organizations/${source.login}/settings/rules/${id}`];

  /** As lists show it: without what it demands and of whom. */
  const rulesetBrief = (one: Ruleset) => {
    const [self, html] = addressOf(one);
    return {
      id: one.id,
      name: one.name,
      target: one.target,
      source_type: "store" in one.source ? "Repository" : "Organization",
      source: "store" in one.source ? fullName(one.source) : one.source.login,
      enforcement: one.enforcement,
      node_id: `RRS_${one.id}`,
      _links: { self: { href: self }, html: { href: html } },
      created_at: one.createdAt,
      updated_at: one.updatedAt,
    };
  };

  const url = (owner: Repository, branch: string) => `${at}/repos/${fullName(owner)}/branches/${branch}/protection`;

  return {
    rulesetBrief,
    /** "The `bypass_actors` property is only returned if the user making the API request has write access to the ruleset." */
    ruleset: (one: Ruleset, writable: boolean) => ({
      ...rulesetBrief(one),
      conditions: one.conditions,
      rules: one.rules,
      ...(writable ? { bypass_actors: one.bypassActors } : {}),
    }),
    protection: (owner: Repository, branch: string, one: Protection) => ({
      url: url(owner, branch),
      ...(one.checks
        ? {
            required_status_checks: {
              url: `${url(owner, branch)}/required_status_checks`,
              strict: one.strict,
              contexts: one.checks.map(({ context }) => context),
              contexts_url: `${url(owner, branch)}/required_status_checks/contexts`,
              checks: one.checks,
            },
          }
        : {}),
      ...(one.reviews
        ? {
            required_pull_request_reviews: {
              url: `${url(owner, branch)}/required_pull_request_reviews`,
              dismiss_stale_reviews: one.reviews.dismissStale,
              require_code_owner_reviews: one.reviews.codeOwners,
              require_last_push_approval: one.reviews.lastPush,
              required_approving_review_count: one.reviews.approvals,
            },
          }
        : {}),
      enforce_admins: { url: `${url(owner, branch)}/enforce_admins`, enabled: one.enforceAdmins },
      required_linear_history: { enabled: false },
      allow_force_pushes: { enabled: one.allowForcePushes },
      allow_deletions: { enabled: one.allowDeletions },
      block_creations: { enabled: false },
      required_conversation_resolution: { enabled: false },
      lock_branch: { enabled: false },
      allow_fork_syncing: { enabled: false },
      required_signatures: { url: `${url(owner, branch)}/required_signatures`, enabled: false },
    }),
    /** As the event `branch_protection_rule` shows it. */
    protectionRule: (owner: Repository, branch: string, one: Protection) => {
      const level = one.enforceAdmins ? "everyone" : "non_admins";
      return {
        id: one.id,
        repository_id: owner.id,
        name: branch,
        created_at: one.createdAt,
        updated_at: one.createdAt,
        pull_request_reviews_enforcement_level: one.reviews ? level : "off",
        required_approving_review_count: one.reviews?.approvals ?? 0,
        dismiss_stale_reviews_on_push: one.reviews?.dismissStale ?? false,
        require_code_owner_review: one.reviews?.codeOwners ?? false,
        require_last_push_approval: one.reviews?.lastPush ?? false,
        authorized_dismissal_actors_only: false,
        ignore_approvals_from_contributors: false,
        required_status_checks: one.checks?.map(({ context }) => context) ?? [],
        required_status_checks_enforcement_level: one.checks ? level : "off",
        strict_required_status_checks_policy: one.strict,
        signature_requirement_enforcement_level: "off",
        linear_history_requirement_enforcement_level: "off",
        admin_enforced: one.enforceAdmins,
        create_protected: false,
        allow_force_pushes_enforcement_level: one.allowForcePushes ? "everyone" : "off",
        allow_deletions_enforcement_level: one.allowDeletions ? "everyone" : "off",
        merge_queue_enforcement_level: "off",
        required_deployments_enforcement_level: "off",
        required_conversation_resolution_level: "off",
        lock_branch_enforcement_level: "off",
        authorized_actors_only: false,
        authorized_actor_names: [],
      };
    },
    ruleSuite: (owner: Repository, one: RuleSuite) => {
      const zero = "0".repeat((one.before ?? one.after ?? "").length);
      return {
        id: one.id,
        actor_id: one.actor.id,
        actor_name: one.actor.login,
        before_sha: one.before ?? zero,
        after_sha: one.after ?? zero,
        ref: `refs/heads/${one.branch}`,
        repository_id: owner.id,
        repository_name: owner.name,
        pushed_at: one.pushedAt,
        result: one.result,
        ...(one.evaluation === null ? {} : { evaluation_result: one.evaluation }),
      };
    },
  };
}
