import { refPatterns } from "./ref-pattern.ts";

/** One ruleset in the shape that GitHub imports, and that its API takes. */
export interface Ruleset {
  readonly name: string;
  readonly target: "branch";
  readonly enforcement: "active";
  readonly bypass_actors: readonly never[];
  readonly conditions: {
    readonly ref_name: { readonly include: readonly string[]; readonly exclude: readonly string[] };
  };
  readonly rules: readonly Rule[];
}

type Rule =
  | { readonly type: "deletion" }
  | { readonly type: "non_fast_forward" }
  | {
      readonly type: "required_status_checks";
      readonly parameters: {
        readonly do_not_enforce_on_create: boolean;
        readonly strict_required_status_checks_policy: boolean;
        readonly required_status_checks: readonly { readonly context: string; readonly integration_id: number }[];
      };
    };

/** Which branches a ruleset is for, under which check, and whether pull requests must be up to date. */
export interface RulesetWish {
  readonly checkName: string;
  /** Null for the default branch. */
  readonly pattern: string | null;
  readonly appId: number;
  readonly strict: boolean;
}

/**
 * The ruleset that makes the check of this App required, with nobody who may pass it by. A force-push could put back an
 * older commit whose check stands, and a deleted branch could be made again anywhere; so neither is allowed.
 */
export function ruleset({ checkName, pattern, appId, strict }: RulesetWish): Ruleset {
  return {
    name: pattern === null ? "Countersign" : `Countersign: ${pattern}`,
    target: "branch",
    enforcement: "active",
    bypass_actors: [],
    conditions: { ref_name: { include: pattern === null ? ["~DEFAULT_BRANCH"] : refPatterns(pattern), exclude: [] } },
    rules: [
      { type: "deletion" },
      { type: "non_fast_forward" },
      {
        type: "required_status_checks",
        parameters: {
          // Nobody could open a release branch otherwise: its first commit never had a check of that name.
          do_not_enforce_on_create: pattern !== null,
          strict_required_status_checks_policy: strict,
          required_status_checks: [{ context: checkName, integration_id: appId }],
        },
      },
    ],
  };
}
