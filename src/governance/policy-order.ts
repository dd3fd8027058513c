import { CLASSES, SEVERITIES } from "../core/finding.ts";
import type { Approval, GovernedTier } from "../core/policy.ts";
import { BINDS, BUILT_IN_LIMITS, BUILT_IN_TIERS, GOVERNED_TIERS, ROLLBACKS } from "../core/policy.ts";
import { milliseconds } from "../core/scalars.ts";

/** How strict the values of one policy field are: what loosens it, and what both of two values ask for. */
export interface Order {
  /** Whether going from the first value to the second asks for less; `key` is the record key or element it stands under. */
  readonly looser: (before: unknown, after: unknown, key: string) => boolean;
  /** The stricter of the organisation's and the repository's value, or both together. */
  readonly join: (baseline: unknown, repository: unknown, key: string) => unknown;
  /** Why a looser value is looser, as the end of a sentence. */
  readonly why: string;
  /** The value that holds where nothing is written. */
  readonly fallback?: unknown;
  /** True where an organisation that lists anything lists everything: what it left out is not for the repository to add. */
  readonly closed?: true;
  /** True where no value is stricter than another. */
  readonly neutral?: true;
  /** The fields of the schema below this one that this row compares as a whole. */
  readonly covers?: readonly string[];
}

/** Values from the loosest to the strictest. */
function ordered(values: readonly unknown[], fallback: unknown, why: string): Order {
  const rank = (value: unknown): number => values.indexOf(value ?? fallback);
  return {
    looser: (before, after) => rank(after) < rank(before),
    join: (baseline, repository) => (rank(repository) > rank(baseline) ? repository : baseline),
    why,
    fallback,
  };
}

function shorter(fallback: string | undefined, why: string): Order {
  const length = (value: unknown): number =>
    value === undefined && fallback === undefined ? Number.POSITIVE_INFINITY : milliseconds(String(value ?? fallback));
  return {
    looser: (before, after) => length(after) > length(before),
    join: (baseline, repository) => (length(repository) < length(baseline) ? repository : baseline),
    why,
    fallback,
  };
}

function larger(fallback: number, why: string): Order {
  const size = (value: unknown): number => Number(value ?? fallback);
  return {
    looser: (before, after) => size(after) < size(before),
    join: (baseline, repository) => (size(repository) > size(baseline) ? repository : baseline),
    why,
    fallback,
  };
}

/** Lists where every entry asks for more: taking one out loosens. */
function covering(fallback: readonly string[], why: string): Order {
  const list = (value: unknown): readonly string[] => (value as string[] | undefined) ?? fallback;
  return {
    looser: (before, after) => {
      const kept = new Set(list(after));
      return !kept.has("*") && list(before).some((entry) => !kept.has(entry));
    },
    join: (baseline, repository) => [...new Set([...list(baseline), ...list(repository)])],
    why,
    fallback,
  };
}

/** Lists where every entry lets somebody or something through: adding one loosens. */
function granting(fallback: readonly string[], why: string, more: Partial<Order> = {}): Order {
  const list = (value: unknown): readonly string[] => (value as string[] | undefined) ?? fallback;
  return {
    looser: (before, after) => {
      const granted = new Set(list(before));
      return list(after).some((entry) => !granted.has(entry));
    },
    join: (baseline, repository) => {
      const also = new Set(list(repository));
      const both = list(baseline).filter((entry) => also.has(entry));
      // A role that nobody fills would not be stricter but impossible.
      return both.length > 0 ? both : list(baseline);
    },
    why,
    fallback,
    ...more,
  };
}

/** Roles that had nobody could not approve anything; naming their first people takes nothing away. */
const ROLE: Order = (() => {
  const base = granting([], "more people can give this approval");
  const empty = (value: unknown): boolean => ((value as unknown[] | undefined) ?? []).length === 0;
  return { ...base, looser: (before, after, key) => !empty(before) && base.looser(before, after, key) };
})();

/** Values without an order: another one is trusted instead, so any change of what stood there loosens. */
function fixed(why: string, fallback?: unknown): Order {
  return {
    looser: (before, after) => (before ?? fallback) !== undefined && (after ?? fallback) !== (before ?? fallback),
    join: (baseline, repository) => baseline ?? repository,
    why,
    fallback,
  };
}

/** Values that may be replaced but not dropped. */
function kept(why: string): Order {
  return {
    looser: (before, after) => before !== undefined && after === undefined,
    join: (baseline, repository) => repository ?? baseline,
    why,
  };
}

function neutral(why: string): Order {
  return { looser: () => false, join: (baseline, repository) => repository ?? baseline, why, neutral: true };
}

const CHANNEL: Order = {
  looser: (before, after) => before !== undefined && before !== "none" && after !== before,
  join: (baseline, repository) => (baseline === "none" ? (repository ?? baseline) : baseline),
  why: "whoever was told is no longer told",
  fallback: "none",
};

const DELEGATION: Order = {
  looser: (before, after) => before === undefined && after !== undefined,
  join: (baseline) => baseline,
  why: "somebody else may approve instead",
  closed: true,
};

const UNTIL: Order = {
  looser: (before, after) => after !== undefined && (before === undefined || String(after) > String(before)),
  join: (baseline, repository) =>
    repository !== undefined && String(repository) < String(baseline) ? repository : baseline,
  why: "the delegation lasts longer",
  closed: true,
};

/** `when`: nothing written means every class, and fewer classes ask for less. */
const WHEN: Order = (() => {
  const base = covering(CLASSES, "fewer kinds of change ask for it");
  const classes = (value: unknown): unknown =>
    value === undefined || (value as unknown[]).length === CLASSES.length ? undefined : value;
  return {
    ...base,
    join: (a, b, key) => (a === undefined || b === undefined ? undefined : classes(base.join(a, b, key))),
  };
})();

/** The severities a rule gives by itself, lowest and highest, where they are not minor to major (see the detectors). */
const BY_ITSELF: Readonly<Record<string, readonly [string, string]>> = {
  "model/default": ["major", "major"],
  "model/list": ["minor", "minor"],
  "model/floating": ["material", "material"],
  "model/parameter": ["minor", "material"],
  "model/embedding": ["material", "material"],
  "model/runtime": ["trivial", "material"],
  "prompt/file": ["minor", "material"],
  "prompt/code": ["minor", "material"],
  "prompt/field": ["minor", "material"],
  "prompt/agent-instructions": ["minor", "minor"],
  "prompt/reference": ["material", "material"],
  "provider/sdk": ["trivial", "major"],
  "credential/compose": ["material", "material"],
};

/** `detect.rules`: a severity below what the rule gives by itself dulls it, and so does taking back a higher one. */
const RULE: Order = (() => {
  const rank = (value: unknown, end: 0 | 1, rule: string): number => {
    if (value === "off") return -1;
    const severity =
      (value as { severity?: string } | undefined)?.severity ?? (BY_ITSELF[rule] ?? ["minor", "major"])[end];
    return SEVERITIES.indexOf(severity as (typeof SEVERITIES)[number]);
  };
  return {
    looser: (before, after, rule) => rank(after, 0, rule) < rank(before, before === undefined ? 1 : 0, rule),
    join: (baseline, repository, rule) => (rank(repository, 0, rule) > rank(baseline, 1, rule) ? repository : baseline),
    why: "the rule finds less or weighs it less",
  };
})();

/** How many votes of each role a list of approvals asks for when a change touches one class. */
function votes(value: unknown, fallback: readonly Approval[]): Map<string, number> {
  const needed = new Map<string, number>();
  for (const { role, count = 1, when = CLASSES } of (value as Approval[] | undefined) ?? fallback) {
    for (const name of when) needed.set(`${name} ${role}`, Math.max(needed.get(`${name} ${role}`) ?? 0, count));
  }
  return needed;
}

function approvals(tier: GovernedTier): Order {
  const fallback = BUILT_IN_TIERS[tier].approvals;
  return {
    looser: (before, after) => {
      const left = votes(after, fallback);
      return [...votes(before, fallback)].some(([role, count]) => (left.get(role) ?? 0) < count);
    },
    join: (baseline, repository) => {
      const asked = votes(baseline, []);
      const more = ((repository as Approval[] | undefined) ?? []).filter((one) =>
        [...votes([one], [])].some(([role, count]) => (asked.get(role) ?? 0) < count),
      );
      return [...((baseline as Approval[] | undefined) ?? []), ...more];
    },
    why: "fewer approvals are asked for",
    fallback,
    covers: ["role", "count", "when"],
  };
}

function tierRows(tier: GovernedTier): Record<string, Order> {
  const built = BUILT_IN_TIERS[tier];
  return {
    [`tiers.${tier}.approvals`]: approvals(tier),
    [`tiers.${tier}.distinctPeople`]: larger(built.distinctPeople, "fewer people need to approve"),
    [`tiers.${tier}.rollback`]: ordered(ROLLBACKS, built.rollback, "less of a way back is asked for"),
    [`tiers.${tier}.statement`]: ordered([false, true], built.statement, "no risk acceptance is asked for"),
    [`tiers.${tier}.bind`]: ordered(BINDS, built.bind, "an approval survives more edits"),
    [`tiers.${tier}.validFor`]: shorter(built.validFor, "an approval lives longer"),
  };
}

const FROM_TOP = [...GOVERNED_TIERS].reverse();

/** One row for each field of the policy's schema (`*` stands for any record key or list element); a test keeps it complete. */
export const POLICY_ORDER: Readonly<Record<string, Order>> = {
  version: neutral("there is one version"),
  mode: ordered(["observe", "enforce"], "observe", "nothing blocks any more"),
  enforceFrom: ordered(FROM_TOP, "low", "fewer tiers block"),
  enforceIn: covering([], "fewer repositories enforce"),
  branches: covering(["~DEFAULT_BRANCH"], "fewer branches are governed"),
  contact: neutral("it is printed, and decides nothing"),
  "aiPolicy.document": kept("the AI policy is no longer named"),
  "aiPolicy.owner": kept("nobody answers for the AI policy"),
  "aiPolicy.approvedBy": kept("nobody is named who approved the AI policy"),
  "aiPolicy.review.every": shorter(undefined, "the AI policy is reviewed less often"),
  "aiPolicy.review.last": kept("the last review is no longer named"),
  unregisteredTier: ordered(GOVERNED_TIERS, "medium", "changes outside every system count for less"),
  unregisteredOwner: fixed("another role answers for changes outside every system", "risk-owner"),
  "roles.*": ROLE,
  ...Object.assign({}, ...GOVERNED_TIERS.map(tierRows)),
  "checks.*.name": fixed("this result is no longer asked for"),
  "checks.*.app": fixed("another reporter is trusted"),
  "checks.*.workflow": fixed("another workflow is trusted"),
  "checks.*.inputs": covering([], "fewer of its inputs are protected"),
  "checks.*.when": WHEN,
  "checks.*.from": ordered(FROM_TOP, "medium", "fewer tiers ask for it"),
  "checks.*.maxAge": shorter(undefined, "older results count"),
  "checks.*.passRate": larger(1, "more of its cases may fail"),
  "checks.*.onGroup": ordered([false, true], false, "merge groups no longer ask for it"),
  selfApproval: ordered(["recorded", "never"], "never", "authors may approve themselves"),
  "breakGlass.by": granting([], "more people may break the glass"),
  "breakGlass.reviewWithin": shorter("P2D", "the retrospective approval may come later"),
  "delegations.*.from": DELEGATION,
  "delegations.*.to": DELEGATION,
  "delegations.*.roles": granting([], "the delegation covers more roles", { closed: true }),
  "delegations.*.until": UNTIL,
  ...Object.fromEntries(
    Object.entries(BUILT_IN_LIMITS).map(([name, length]) => [`limits.${name}`, shorter(length, "the limit is longer")]),
  ),
  "detect.credentials": ordered(["connected", "all"], "connected", "fewer credentials are governed"),
  "detect.ignore": granting([], "more paths are ignored"),
  "detect.rules.*": RULE,
  "detect.custom.*.id": fixed("the rule is gone"),
  "detect.custom.*.class": fixed("what the rule finds counts as something else"),
  "detect.custom.*.paths": covering([], "the rule looks at fewer files"),
  "detect.custom.*.pattern": fixed("the rule finds something else"),
  "detect.custom.*.severity": ordered(SEVERITIES, "material", "what the rule finds weighs less"),
  "notify.channel": CHANNEL,
  "notify.escalateAfter": shorter("P2D", "escalation comes later"),
};
