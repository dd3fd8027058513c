import { approvalsOf, demandsOf, type Requirement } from "./approval.ts";
import type { Assessment } from "./assessment.ts";
import { type Clock, clockAt } from "./clock.ts";
import type { Facts } from "./facts.ts";
import { obligations } from "./obligation.ts";
import type { EffectivePolicy, TierDuties } from "./policy.ts";
import type { Registry } from "./registry.ts";
import { revalidation } from "./revalidation.ts";
import { type RollbackPlan, rollbackPlans, rollbackRequirement } from "./rollback-plan.ts";
import { type Instant, plus } from "./scalars.ts";
import { enforced } from "./tier.ts";
import { ballotsOf, currentReviews, type Vote } from "./vote.ts";

/** What the gate says. `observe` as basis means that it does not block, whatever the state. */
export interface Decision {
  readonly state: "not-governed" | "approved" | "waiting" | "blocked";
  readonly basis: "votes" | "break-glass" | "observe" | null;
  /** The first instant at which time alone would change this decision; null when none would. */
  readonly validUntil: Instant | null;
}

/** A decision with everything that explains it. */
export interface Decided {
  readonly decision: Decision;
  readonly requirements: readonly Requirement[];
  readonly votes: readonly Vote[];
  readonly rollback: readonly RollbackPlan[];
}

/** What cannot be decided around: configuration that cannot be read. One sentence each. */
export type Unreadable = readonly string[];

/** Decides one assessed change from the facts, at one instant. */
export function decide(
  assessment: Assessment,
  facts: Facts,
  policy: EffectivePolicy,
  registry: { readonly base: Registry; readonly head: Registry | null },
  unreadable: Unreadable,
  now: Instant,
): Decided {
  const clock = clockAt(now);
  const tier = assessment.tier.value;
  const broken = unreadable.map(
    (reason): Requirement => ({
      kind: "record",
      state: "failed",
      rule: "record/unreadable",
      reason: `record/unreadable: ${reason}`,
    }),
  );
  if (tier === "none") {
    const state = broken.length > 0 ? "blocked" : "not-governed";
    return { decision: { state, basis: null, validUntil: null }, requirements: broken, votes: [], rollback: [] };
  }
  const duties = policy.tiers[tier];
  const ballots = ballotsOf(assessment, facts, policy, duties, clock);
  const demands = demandsOf(assessment, policy, duties);
  const approvals = approvalsOf(demands, ballots, facts, policy, duties, clock);
  const rollback = rollbackPlans(assessment, facts.pullRequest?.body ?? "");
  const plan = rollbackRequirement(assessment, rollback, duties);
  const requirements = [
    ...broken,
    ...obligations(assessment, registry.base, registry.head, policy, clock),
    ...approvals.requirements,
    ...objections(facts, policy, demands),
    ...(facts.pullRequest ? [] : [AUTHOR_UNKNOWN]),
    ...revalidation(assessment, facts, policy, clock),
    ...(plan ? [plan] : []),
    ...suspectedSecrets(assessment, facts, policy),
    ...(duties.statement ? [statement(assessment, facts, policy, duties, clock)] : []),
  ];
  return {
    decision: {
      state: stateOf(requirements),
      basis: enforced(policy, tier) ? "votes" : "observe",
      validUntil: clock.next(),
    },
    requirements,
    votes: approvals.votes,
    rollback,
  };
}

const AUTHOR_UNKNOWN: Requirement = {
  kind: "approval",
  state: "waiting",
  reason: "the author is not known, so nobody's independence can be judged",
};

function stateOf(requirements: readonly Requirement[]): Decision["state"] {
  if (requirements.some((requirement) => requirement.state === "failed")) return "blocked";
  return requirements.some((requirement) => requirement.state === "waiting") ? "waiting" : "approved";
}

/** A standing request for changes by somebody whose role this tier asks for keeps the decision waiting (security rule S10). */
function objections(
  facts: Facts,
  policy: EffectivePolicy,
  demands: readonly { readonly holders: readonly string[]; readonly standIns: readonly string[] }[],
): Requirement[] {
  const asked = [...demands.flatMap((demand) => demand.holders), ...Object.values(policy.roles).flat()];
  const people = new Set<string>();
  for (const reference of asked) {
    const name = reference.slice(1).toLowerCase();
    for (const login of name.includes("/") ? (facts.teams.get(name) ?? []) : [name]) people.add(login.toLowerCase());
  }
  return currentReviews(facts.reviews)
    .filter((review) => review.state === "CHANGES_REQUESTED" && people.has(review.person?.login.toLowerCase() ?? ""))
    .map((review) => ({ kind: "approval", state: "waiting", reason: `@${review.person?.login} requested changes` }));
}

function holds(login: string, role: string, facts: Facts, policy: EffectivePolicy): boolean {
  return (policy.roles[role] ?? []).some((reference) => {
    const name = reference.slice(1).toLowerCase();
    return name.includes("/")
      ? (facts.teams.get(name) ?? []).some((member) => member.toLowerCase() === login)
      : name === login;
  });
}

function commandBy(
  role: string,
  name: string,
  facts: Facts,
  policy: EffectivePolicy,
  fits: (argument: string, reason: string) => boolean,
) {
  const author = facts.pullRequest?.author.login.toLowerCase();
  return facts.commands.find((command) => {
    const login = command.person?.login.toLowerCase() ?? "";
    return (
      command.name === name &&
      command.person?.type === "User" &&
      login !== author &&
      holds(login, role, facts, policy) &&
      fits(command.argument, command.reason)
    );
  });
}

function suspectedSecrets(assessment: Assessment, facts: Facts, policy: EffectivePolicy): Requirement[] {
  return assessment.findings.flatMap(({ finding }): Requirement[] => {
    const place = finding.place.after;
    if (
      finding.rule !== "credential/secret-value" ||
      finding.confidence !== "likely" ||
      !place ||
      finding.severity === "trivial"
    )
      return [];
    const fingerprint = /[0-9a-f]{16,}/.exec(finding.after ?? "")?.[0] ?? "";
    const cleared = commandBy(
      "security",
      "not-a-secret",
      facts,
      policy,
      (argument, reason) => argument === fingerprint && reason !== "",
    );
    const base = { kind: "approval" as const, role: "security", rule: finding.rule };
    if (cleared)
      return [
        {
          ...base,
          state: "met",
          reason: `@${cleared.person?.login} says that ${fingerprint} at ${place.path}:${place.line} is no secret`,
        },
      ];
    return [
      {
        ...base,
        state: "waiting",
        reason: `a suspected secret at ${place.path}:${place.line}: remove it, or security comments /countersign not-a-secret ${fingerprint} <reason>`,
      },
    ];
  });
}

/** The written risk acceptance: by command, by a risk owner, bound to this head. */
function statement(
  assessment: Assessment,
  facts: Facts,
  policy: EffectivePolicy,
  duties: TierDuties,
  clock: Clock,
): Requirement {
  const head = assessment.changeSet.head;
  const accepted = commandBy(
    "risk-owner",
    "accept-risk",
    facts,
    policy,
    (sha, reason) => namesHead(sha, head) && reason !== "",
  );
  if (accepted && !clock.reached(plus(accepted.createdAt, duties.validFor))) {
    return {
      kind: "statement",
      state: "met",
      reason: `@${accepted.person?.login} accepted the risk: ${accepted.reason}`,
    };
  }
  const role = "risk-owner";
  return {
    kind: "statement",
    state: "waiting",
    role,
    reason: `a risk-owner comments /countersign accept-risk ${head} <reason>`,
  };
}

/** Whether a SHA in a command names the head: the full id, or at least 16 digits of it (security rule S13). */
export function namesHead(sha: string, head: string): boolean {
  return /^[0-9a-f]{16,64}$/.test(sha) && head.startsWith(sha);
}
