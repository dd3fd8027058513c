import type { Account, Repository } from "./things.ts";

/** How a merge queue works, by the names of the rule `merge_queue`. */
export interface MergeQueueParameters {
  readonly check_response_timeout_minutes: number;
  readonly grouping_strategy: "ALLGREEN" | "HEADGREEN";
  readonly max_entries_to_build: number;
  readonly max_entries_to_merge: number;
  readonly merge_method: "MERGE" | "SQUASH" | "REBASE";
  readonly min_entries_to_merge: number;
  readonly min_entries_to_merge_wait_minutes: number;
}

/** One rule by GitHub's name, with its parameters. */
export interface Rule {
  readonly type: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** Who may go past a ruleset: a role, a team, an App, a person, owners of the organisation. */
export interface BypassActor {
  readonly actor_id: number | null;
  readonly actor_type: "Integration" | "OrganizationAdmin" | "RepositoryRole" | "Team" | "DeployKey" | "User";
  readonly bypass_mode: "always" | "pull_request" | "exempt";
}

/** What a ruleset holds for. */
export interface RulesetConditions {
  readonly ref_name?: { readonly include?: readonly string[]; readonly exclude?: readonly string[] };
  readonly repository_name?: { readonly include?: readonly string[]; readonly exclude?: readonly string[] };
  readonly repository_id?: { readonly repository_ids?: readonly number[] };
}

/** A ruleset of a repository or of an organisation. */
export interface Ruleset {
  readonly id: number;
  name: string;
  readonly source: Repository | Account;
  target: "branch" | "tag" | "push";
  enforcement: "active" | "evaluate" | "disabled";
  conditions: RulesetConditions;
  rules: readonly Rule[];
  bypassActors: readonly BypassActor[];
  readonly createdAt: string;
  updatedAt: string;
}

/** Classic protection of a branch; null where it asks for nothing of a kind. */
export interface Protection {
  readonly id: number;
  readonly checks: readonly { readonly context: string; readonly app_id: number | null }[] | null;
  readonly strict: boolean;
  readonly enforceAdmins: boolean;
  readonly reviews: {
    readonly dismissStale: boolean;
    readonly codeOwners: boolean;
    readonly approvals: number;
    readonly lastPush: boolean;
  } | null;
  readonly allowForcePushes: boolean;
  readonly allowDeletions: boolean;
  readonly createdAt: string;
}

/** How a push or a merge stood to the rules of its branch. */
export interface RuleSuite {
  readonly id: number;
  readonly actor: Account;
  readonly branch: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly pushedAt: string;
  readonly result: "pass" | "fail" | "bypass";
  /** Of rules that are only evaluated; null where there are none. */
  readonly evaluation: "pass" | "fail" | null;
  readonly evaluations: readonly {
    readonly source: { readonly type: string; readonly id: number | null; readonly name: string | null };
    readonly enforcement: "active" | "evaluate";
    readonly result: "pass" | "fail";
    readonly type: string;
    readonly details: string | null;
  }[];
}
