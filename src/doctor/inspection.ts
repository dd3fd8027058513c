import type { EffectivePolicy } from "../core/policy.ts";
import type { Registry } from "../core/registry.ts";
import type { Seen } from "./seen.ts";

/** A repository with everything around it that decides whether the check can be passed by. */
export interface Inspection {
  readonly place: InspectedPlace;
  readonly app: InspectedApp;
  readonly branches: readonly InspectedBranch[];
  readonly configuration: InspectedConfiguration;
  /** By login in lower case. */
  readonly people: ReadonlyMap<string, Seen<InspectedPerson>>;
  /** By `org/team` in lower case. */
  readonly teams: ReadonlyMap<string, Seen<InspectedTeam>>;
  /** By their name in the policy. */
  readonly checks: ReadonlyMap<string, Seen<CheckHistory>>;
}

/** Where everything lies. */
export interface InspectedPlace {
  /** `https://github.com` */
  readonly server: string;
  readonly owner: string;
  readonly name: string;
  readonly defaultBranch: string;
  readonly ownedByOrganization: boolean;
  readonly private: boolean;
  readonly archived: boolean;
  /** Whether the account's plan lets the repository have rules at all. */
  readonly rulesOffered: boolean;
}

/** The App whose check is to be required. */
export interface InspectedApp {
  /** Null where nobody said which. */
  readonly id: number | null;
  readonly slug: string | null;
  readonly installation: Seen<Installation | null>;
  /** On how many of the newest pull requests into the default branch the App answered. */
  readonly answers: Seen<{ readonly asked: number; readonly answered: number }>;
}

/** The App on the account that owns the repository. */
export interface Installation {
  readonly permissions: Readonly<Record<string, string>>;
  readonly events: readonly string[];
  readonly suspended: boolean;
  /** Whether it reaches this repository. */
  readonly reaches: Seen<boolean>;
  readonly url: string;
}

/** One branch that is governed, or the name of one that would be, and what GitHub demands there. */
export interface InspectedBranch {
  /** `countersign` or `countersign: <pattern>`. */
  readonly checkName: string;
  /** Null for the default branch. */
  readonly pattern: string | null;
  readonly name: string;
  readonly exists: boolean;
  /** Of rulesets, of the repository and above it. */
  readonly rules: Seen<readonly Demands[]>;
  /** Of the older branch protection; null where there is none. */
  readonly protection: Seen<Demands | null>;
}

/** What one ruleset, or the protection of one branch, demands. */
export interface Demands {
  /** `ruleset "main"` or `branch protection`. */
  readonly source: string;
  readonly url: string | null;
  /** Who may pass it by, as people read it. */
  readonly bypass: Seen<readonly Bypasser[]>;
  /** `app` is the number of the App that must report it; null where anybody may. */
  readonly checks: readonly { readonly name: string; readonly app: number | null }[];
  readonly strict: boolean;
  readonly mergeQueue: boolean;
  readonly forcePushRefused: boolean;
  readonly reviews: ReviewDemands | null;
}

/** What GitHub itself asks of reviews. */
export interface ReviewDemands {
  readonly dismissStale: boolean;
  readonly codeOwners: boolean;
  readonly lastPush: boolean;
  readonly count: number;
}

/** Somebody who may pass a rule by. */
export interface Bypasser {
  readonly name: string;
  /** Whether that is everybody who may push at all. */
  readonly everybody: boolean;
  /** Only when merging a pull request. */
  readonly onPullRequests: boolean;
}

/** What the default branch and the organisation say. */
export interface InspectedConfiguration {
  /** What holds, the organisation's joined in. */
  readonly policy: EffectivePolicy;
  readonly registry: Registry;
  readonly files: readonly InspectedFile[];
  /** The organisation's policy; `none` for a repository of a person. */
  readonly baseline: Seen<"valid" | "absent" | "none" | { readonly invalid: string }>;
  /** Where the repository asks for less than the organisation, a sentence each. */
  readonly loosened: readonly string[];
}

/** A configuration file on the default branch. */
export interface InspectedFile {
  readonly path: string;
  readonly state: "valid" | "absent" | { readonly problems: readonly string[] };
}

/** An account that is named; null where GitHub has none of that login. */
export type InspectedPerson = {
  readonly type: string;
  /** `read`, `triage`, `write`, `maintain`, `admin`; null where it could not be seen. */
  readonly access: string | null;
  /** Whether they are an active member of the organisation that owns the repository; null where that could not be seen. */
  readonly member: boolean | null;
} | null;

/** A team that is named; null where the organisation has none, or shows none. */
export type InspectedTeam = {
  /** Active ones, nested teams included, in lower case. */
  readonly members: readonly string[];
  /** Whether the repository shows itself to the team; null where that could not be seen. */
  readonly access: boolean | null;
} | null;

/** What a named check has done lately. */
export interface CheckHistory {
  /** Whether the workflow's file lies on the default branch; null where another App reports the check. */
  readonly workflow: boolean | null;
  /** How many runs, or commits, were looked at. */
  readonly looked: number;
  /** Names that were reported there by the right App or workflow. */
  readonly names: readonly string[];
  /** Other Apps that reported the name. */
  readonly others: readonly string[];
}
