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
