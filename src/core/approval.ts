import type { Assessment } from "./assessment.ts";
import type { Clock } from "./clock.ts";
import type { Facts } from "./facts.ts";
import type { EffectivePolicy, TierDuties } from "./policy.ts";
import type { Identity, Provider, System } from "./registry.ts";
import { endOf } from "./scalars.ts";
import { atLeast } from "./tier.ts";
import { type Ballot, type Exclusions, exclusionsOf, type Vote } from "./vote.ts";

/** One role that must be filled, before anybody is looked at. */
export interface Demand {
  readonly role: string;
  /** Who holds the role, `@login` or `@org/team`. */
  readonly holders: readonly string[];
  /** Who stands in when no holder is independent, in this order of preference. */
  readonly standIns: readonly string[];
  readonly count: number;
  /** For whom or what: `system support-agent`. */
  readonly subject: string;
}

/** One requirement with its state, for every kind. */
export interface Requirement {
  readonly kind: "approval" | "check" | "rollback" | "statement" | "record";
  readonly state: "met" | "waiting" | "failed" | "excepted";
  readonly role?: string;
  readonly check?: string;
  readonly rule?: string;
  readonly reason: string;
}

/** The roles that the tier's duties and the touched entries of the registry ask for; equal holders are asked once. */
export function demandsOf(assessment: Assessment, policy: EffectivePolicy, duties: TierDuties): readonly Demand[] {
  const tier = assessment.tier.value;
  const demands = duties.approvals
    .filter((approval) => !approval.when || approval.when.some((name) => assessment.classes.includes(name)))
    .flatMap((approval) => {
      if (approval.role === "system-owner") return ownersOf(assessment, policy);
      if (approval.role === "identity-owner")
        return identitiesOf(assessment).map((entry) => ownerDemand("identity-owner", entry, "identity", policy));
      if (approval.role === "provider-owner")
        return providersOf(assessment).map((entry) => ownerDemand("provider-owner", entry, "provider", policy));
      return [roleDemand(approval.role, approval.count ?? 1, "this tier", policy)];
    });
  if (atLeast(tier, "medium")) {
    demands.push(...ownersOf(assessment, policy));
    demands.push(...identitiesOf(assessment).map((entry) => ownerDemand("identity-owner", entry, "identity", policy)));
    demands.push(...providersOf(assessment).map((entry) => ownerDemand("provider-owner", entry, "provider", policy)));
    for (const system of assessment.systems) {
      for (const role of system.approvers ?? []) demands.push(roleDemand(role, 1, `system ${system.id}`, policy));
    }
  }
  return merged(demands);
}

function roleDemand(role: string, count: number, subject: string, policy: EffectivePolicy): Demand {
  return { role, holders: policy.roles[role] ?? [], standIns: [], count, subject };
}

function ownersOf(assessment: Assessment, policy: EffectivePolicy): Demand[] {
  const riskOwners = policy.roles["risk-owner"] ?? [];
  const demands = assessment.systems.map((system): Demand => systemDemand(system, riskOwners));
  const fresh = assessment.systems.some((system) => assessment.index.fresh.has(`system:${system.id}`));
  if (assessment.unregistered || fresh) {
    demands.push({
      role: "system-owner",
      holders: policy.roles[policy.unregisteredOwner] ?? [],
      standIns: [],
      count: 1,
      subject: `an unregistered system, for which ${policy.unregisteredOwner} stands in`,
    });
  }
  return demands;
}

function systemDemand(system: System, riskOwners: readonly string[]): Demand {
  return {
    role: "system-owner",
    holders: system.owner ? [system.owner] : riskOwners,
    standIns: [...(system.deputies ?? []), ...riskOwners],
    count: 1,
    subject: `system ${system.id}`,
  };
}

function identitiesOf(assessment: Assessment): readonly Identity[] {
  return [
    ...new Set(assessment.findings.flatMap((entry) => (entry.finding.severity === "trivial" ? [] : entry.identities))),
  ];
}

function providersOf(assessment: Assessment): readonly Provider[] {
  const changed = assessment.findings.filter(
    ({ finding }) => finding.class === "provider" && finding.severity !== "trivial",
  );
  return [...new Set(changed.flatMap((entry) => entry.providers))];
}

function ownerDemand(role: string, entry: Identity | Provider, kind: string, policy: EffectivePolicy): Demand {
  const riskOwners = policy.roles["risk-owner"] ?? [];
  const deputies = "deputies" in entry ? (entry.deputies ?? []) : [];
  return {
    role,
    holders: entry.owner ? [entry.owner] : riskOwners,
    standIns: [...deputies, ...riskOwners],
    count: 1,
    subject: `${kind} ${entry.id}`,
  };
}

function merged(demands: readonly Demand[]): Demand[] {
  const byHolders = new Map<string, Demand>();
  for (const demand of demands) {
    const key = JSON.stringify([demand.role, demand.holders, demand.standIns]);
    const known = byHolders.get(key);
    if (!known) byHolders.set(key, demand);
    else if (!known.subject.split(", ").includes(demand.subject)) {
      byHolders.set(key, {
        ...known,
        count: Math.max(known.count, demand.count),
        subject: `${known.subject}, ${demand.subject}`,
      });
    }
  }
  return [...byHolders.values()];
}

interface People {
  readonly logins: ReadonlyMap<string, Vote["basis"]>;
  readonly unreadable: readonly string[];
}

/** Approval requirements with the votes that fill them. */
export interface Approvals {
  readonly requirements: readonly Requirement[];
  readonly votes: readonly Vote[];
}

/** Fills every demand with the ballots that stand, then counts heads. */
export function approvalsOf(
  demands: readonly Demand[],
  ballots: readonly Ballot[],
  facts: Facts,
  policy: EffectivePolicy,
  duties: TierDuties,
  clock: Clock,
): Approvals {
  const excluded = exclusionsOf(facts);
  const standing = new Map(
    ballots.filter((ballot) => ballot.refused === null).map((ballot) => [ballot.person.toLowerCase(), ballot]),
  );
  const votes: Vote[] = ballots.flatMap((ballot) =>
    ballot.refused === null
      ? []
      : [{ person: ballot.person, basis: "none" as const, counted: false, reason: ballot.refused }],
  );
  const counted = new Set<string>();
  const requirements = demands.map((demand) =>
    fill(demand, { standing, excluded, facts, policy, clock, votes, counted }),
  );
  for (const [login, ballot] of standing) {
    const roles = Object.entries(policy.roles).filter(([, holders]) =>
      peopleIn(holders, "direct", facts).logins.has(login),
    );
    if (counted.has(login)) continue;
    if (roles.length === 0)
      votes.push({
        person: ballot.person,
        basis: "none",
        counted: false,
        reason: "holds no role that the policy names",
      });
    else {
      const role = roles[0]?.[0] ?? "";
      votes.push({
        person: ballot.person,
        role,
        basis: "direct",
        counted: true,
        reason: `holds ${role}; counts towards the number of people`,
      });
      counted.add(login);
    }
  }
  return { requirements: [...requirements, heads(counted, duties, facts)], votes };
}

interface Filling {
  readonly standing: ReadonlyMap<string, Ballot>;
  readonly excluded: Exclusions;
  readonly facts: Facts;
  readonly policy: EffectivePolicy;
  readonly clock: Clock;
  readonly votes: Vote[];
  readonly counted: Set<string>;
}

function fill(demand: Demand, filling: Filling): Requirement {
  const people = eligible(demand, filling);
  const fillers = [...people.logins].filter(([login]) => filling.standing.has(login));
  for (const [login, basis] of fillers) {
    const ballot = filling.standing.get(login);
    if (!ballot) continue;
    filling.counted.add(login);
    const how =
      basis === "stand-in" || basis === "delegation"
        ? `stands in for ${demand.holders.join(", ")}`
        : `holds ${demand.role}`;
    filling.votes.push({
      person: ballot.person,
      role: demand.role,
      basis,
      counted: true,
      reason: `${how} for ${demand.subject}`,
    });
  }
  const base = { kind: "approval" as const, role: demand.role };
  const missing = demand.count - fillers.length;
  const candidates = [...people.logins.keys()].filter((login) => !filling.excluded.has(login));
  if (missing <= 0) {
    return {
      ...base,
      state: "met",
      reason: `${demand.role} for ${demand.subject}: approved by ${fillers.map(([login]) => `@${login}`).join(", ")}`,
    };
  }
  if (people.unreadable.length > 0) {
    const teams = people.unreadable.join(", ");
    const state = filling.facts.pullRequest ? "failed" : "waiting";
    return {
      ...base,
      state,
      reason: `${demand.role} for ${demand.subject}: the members of ${teams} cannot be read; grant members read, or name people`,
    };
  }
  if (candidates.length < demand.count) {
    const why =
      demand.holders.length === 0
        ? "nobody holds the role"
        : `only ${candidates.length} of ${demand.count} could (others are not independent)`;
    return {
      ...base,
      state: "failed",
      reason: `${demand.role} for ${demand.subject}: nobody is left to fill it, ${why}; name more people in .github/countersign.yml under roles.${demand.role}`,
    };
  }
  return {
    ...base,
    state: "waiting",
    reason: `${demand.role} for ${demand.subject}: needs ${missing} approval${missing === 1 ? "" : "s"} of ${candidates.map((login) => `@${login}`).join(", ")}`,
  };
}

/** Holders, delegates of holders, and, when no holder is independent, stand-ins. */
function eligible(demand: Demand, { facts, policy, excluded, clock }: Filling): People {
  const holders = peopleIn(demand.holders, "direct", facts);
  const logins = new Map(holders.logins);
  for (const delegation of policy.delegations) {
    const from = delegation.from.slice(1).toLowerCase();
    if (!holders.logins.has(from) || !delegation.roles.includes(demand.role)) continue;
    if (clock.reached(endOf(delegation.until))) continue;
    const to = delegation.to.slice(1).toLowerCase();
    if (!logins.has(to)) logins.set(to, "delegation");
  }
  const independent = [...logins.keys()].some((login) => !excluded.has(login));
  if (independent || holders.unreadable.length > 0) return { logins, unreadable: holders.unreadable };
  const standIns = peopleIn(demand.standIns, "stand-in", facts);
  for (const [login] of standIns.logins) if (!logins.has(login)) logins.set(login, "stand-in");
  return { logins, unreadable: standIns.unreadable };
}

function peopleIn(references: readonly string[], basis: "direct" | "stand-in", facts: Facts): People {
  const logins = new Map<string, Vote["basis"]>();
  const unreadable: string[] = [];
  for (const reference of references) {
    const name = reference.slice(1).toLowerCase();
    if (!name.includes("/")) {
      logins.set(name, basis);
      continue;
    }
    const members = facts.teams.get(name);
    if (!members) unreadable.push(reference);
    for (const member of members ?? []) {
      const login = member.toLowerCase();
      if (!logins.has(login)) logins.set(login, basis === "direct" ? "team" : basis);
    }
  }
  return { logins, unreadable };
}

/** How many different people approved in all; one more is asked where nobody knows who pushed (security rule S11). */
function heads(counted: ReadonlySet<string>, duties: TierDuties, facts: Facts): Requirement {
  const needed = duties.distinctPeople + (facts.pullRequest && facts.pushers === null ? 1 : 0);
  const why =
    needed === duties.distinctPeople ? "" : " (one more than the tier asks, because it is not known who pushed)";
  const state = counted.size >= needed ? "met" : "waiting";
  return { kind: "approval", state, reason: `${counted.size} of ${needed} different people approved${why}` };
}
