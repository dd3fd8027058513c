import { refMatches } from "./ref-pattern.ts";
import type {
  Account,
  BranchRules,
  MergeQueueParameters,
  Protection,
  Repository,
  Rule,
  Ruleset,
  World,
} from "./world.ts";
import { reaches, roleOf, teamMembers } from "./world.ts";

/** A rule that holds for a branch, and who may go past it. */
export interface BranchRule extends Rule {
  /** Null for classic protection. */
  readonly ruleset: Ruleset | null;
  readonly enforcement: "active" | "evaluate";
  bypass(account: Account): Bypass | null;
}

/** When somebody may go past a rule. */
export type Bypass = "always" | "pull_request" | "exempt";

/** Every rule of a branch: those that hold, and those that are only evaluated. */
export function rulesOf(world: World, repository: Repository, branch: string): readonly BranchRule[] {
  const classic = repository.protections.get(branch);
  return [
    ...rulesetsOf(world, repository).flatMap((one) => rulesIn(world, repository, branch, one)),
    ...(classic ? protectionRules(repository, classic) : []),
  ];
}

function rulesIn(world: World, repository: Repository, branch: string, ruleset: Ruleset): readonly BranchRule[] {
  const { target, enforcement, conditions, rules } = ruleset;
  if (target !== "branch" || enforcement === "disabled") return [];
  if (!refMatches(conditions.ref_name, `refs/heads/${branch}`, repository.defaultBranch)) return [];
  return rules.map((rule) => ({
    ...rule,
    ruleset,
    enforcement,
    bypass: (account: Account) => bypassOf(world, repository, ruleset, account),
  }));
}

/** The rulesets of a repository, `repository.rules` among them as one each, and those of its organisation that reach it. */
export function rulesetsOf(world: World, repository: Repository): readonly Ruleset[] {
  const simple = [...repository.rules].map(([branch, rules], index) =>
    simpleRuleset(world, repository, branch, rules, index),
  );
  const others = world.rulesets.filter(({ source, conditions: { repository_name: name, repository_id: ids } }) => {
    if ("store" in source) return source === repository;
    if (source !== repository.owner) return false;
    if (ids) return ids.repository_ids?.includes(repository.id) ?? false;
    return name === undefined || refMatches(name, repository.name, repository.defaultBranch);
  });
  return [...simple, ...others];
}

function simpleRuleset(world: World, source: Repository, branch: string, rules: BranchRules, index: number): Ruleset {
  return {
    id: index + 1,
    name: `rules of ${branch}`,
    source,
    target: "branch",
    enforcement: "active",
    conditions: { ref_name: { include: [`refs/heads/${branch}`], exclude: [] } },
    rules: simpleRules(rules),
    bypassActors: rules.bypass.map((login) => ({
      actor_id: world.user(login).id,
      actor_type: "User",
      bypass_mode: "always",
    })),
    createdAt: "2026-01-01T00:00:00Z",
    updatedAt: "2026-01-01T00:00:00Z",
  };
}

/** Classic protection as rules; administrators go past it unless it is enforced for them too. */
function protectionRules(repository: Repository, protection: Protection): readonly BranchRule[] {
  const { checks, strict, reviews, enforceAdmins, allowForcePushes, allowDeletions } = protection;
  const parameters = {
    required_status_checks: checks?.map(({ context, app_id: id }) =>
      id === null ? { context } : { context, integration_id: id },
    ),
    strict_required_status_checks_policy: strict,
  };
  const rules: readonly Rule[] = [
    ...(checks ? [{ type: "required_status_checks", parameters }] : []),
    ...(reviews ? [pullRequestRule({ requiredApprovals: reviews.approvals, dismissStale: reviews.dismissStale })] : []),
    ...(allowForcePushes ? [] : [{ type: "non_fast_forward" }]),
    ...(allowDeletions ? [] : [{ type: "deletion" }]),
  ];
  const bypass = ({ login }: Account): Bypass | null =>
    !enforceAdmins && reaches(roleOf(repository, login), "admin") ? "always" : null;
  return rules.map((rule) => ({ ...rule, ruleset: null, enforcement: "active", bypass }));
}

/** The roles that come with GitHub, by their numbers in bypass lists ("Create a repository ruleset"). */
const ROLE_IDS: Readonly<Record<number, "maintain" | "write" | "admin">> = { 2: "maintain", 4: "write", 5: "admin" };

/** Whether, and when, somebody may go past a ruleset. */
export function bypassOf(world: World, repository: Repository, ruleset: Ruleset, account: Account): Bypass | null {
  const login = account.login.toLowerCase();
  const found = ruleset.bypassActors.find(({ actor_id: id, actor_type: type }) => {
    switch (type) {
      case "OrganizationAdmin":
        return repository.owner.members.get(login) === "admin";
      case "RepositoryRole": {
        const needed = ROLE_IDS[id ?? 0];
        return needed !== undefined && reaches(roleOf(repository, login), needed);
      }
      case "Team": {
        const team = world.teams.find((one) => one.id === id);
        return team !== undefined && teamMembers(world, team).get(login) === "active";
      }
      case "User":
        return account.id === id;
      case "Integration":
        return world.apps.some((app) => app.id === id && account.login === `${app.slug}[bot]`);
      default:
        return false;
    }
  });
  return found?.bypass_mode ?? null;
}

function simpleRules({ requiredChecks, strict, requiredApprovals, dismissStale, mergeQueue }: BranchRules): Rule[] {
  const checks = requiredChecks.map(({ context, integrationId }) =>
    integrationId === null ? { context } : { context, integration_id: integrationId },
  );
  const parameters = { required_status_checks: checks, strict_required_status_checks_policy: strict };
  return [
    ...(checks.length > 0 || strict ? [{ type: "required_status_checks", parameters }] : []),
    ...(requiredApprovals > 0 || dismissStale ? [pullRequestRule({ requiredApprovals, dismissStale })] : []),
    ...(mergeQueue ? [{ type: "merge_queue", parameters: { ...mergeQueue } }] : []),
  ];
}

/** The rule `pull_request`. */
export function pullRequestRule({ requiredApprovals = 1, dismissStale = false } = {}): Rule {
  return {
    type: "pull_request",
    parameters: {
      required_approving_review_count: requiredApprovals,
      dismiss_stale_reviews_on_push: dismissStale,
      require_code_owner_review: false,
      require_last_push_approval: false,
      required_review_thread_resolution: false,
    },
  };
}

/** A merge queue with GitHub's defaults where nothing else is said. */
export function mergeQueue(parameters: Partial<MergeQueueParameters> = {}): MergeQueueParameters {
  return {
    check_response_timeout_minutes: 60,
    grouping_strategy: "ALLGREEN",
    max_entries_to_build: 5,
    max_entries_to_merge: 5,
    merge_method: "MERGE",
    min_entries_to_merge: 1,
    min_entries_to_merge_wait_minutes: 5,
    ...parameters,
  };
}

/** A check that a rule requires; null where any App's counts. */
export interface RequiredCheck {
  readonly context: string;
  readonly integrationId: number | null;
}

/** The checks that a rule `required_status_checks` requires. */
export function checksOf({ parameters }: Rule): readonly RequiredCheck[] {
  const listed = (parameters?.required_status_checks ?? []) as readonly { context: string; integration_id?: number }[];
  return listed.map(({ context, integration_id }) => ({ context, integrationId: integration_id ?? null }));
}

/** The queue that merges into a branch go through; null where there is none. */
export function queueRuleOf(world: World, repository: Repository, branch: string): MergeQueueParameters | null {
  const found = rulesOf(world, repository, branch).find(
    ({ type, enforcement }) => type === "merge_queue" && enforcement === "active",
  );
  return found ? (found.parameters as unknown as MergeQueueParameters) : null;
}

/** Whether a push dismisses the approvals of pull requests into a branch. */
export function dismissesStale(world: World, repository: Repository, branch: string): boolean {
  return rulesOf(world, repository, branch).some(
    ({ type, enforcement, parameters }) =>
      type === "pull_request" && enforcement === "active" && parameters?.dismiss_stale_reviews_on_push === true,
  );
}
