import { type Assessment, governing } from "./assessment.ts";
import type { TierDuties } from "./policy.ts";
import type { Identity, Provider, System } from "./registry.ts";
import { atLeast, inherentTier } from "./tier.ts";

/** One role that must be filled, before anybody is looked at. */
export interface Demand {
  readonly role: string;
  /** Who holds the role, `@login` or `@org/team`. */
  readonly holders: readonly string[];
  /** Who stands in when no holder is independent: the first group in which somebody is. */
  readonly standIns: readonly (readonly string[])[];
  /** Who may stand in even beside an independent holder. */
  readonly alternatives: readonly string[];
  readonly count: number;
  /** For whom or what: `system support-agent`. */
  readonly subject: string;
}

/** Above so many touched systems a risk owner may stand in for the owners of low and medium ones (security rule S27). */
const MANY_SYSTEMS = 10;

/** The roles that the tier's duties and the touched entries of the registry ask for; equal holders are asked once. */
export function demandsOf(assessment: Assessment, duties: TierDuties): readonly Demand[] {
  const asked = duties.approvals.filter(({ when }) => !when || when.some((name) => assessment.classes.includes(name)));
  const roles = new Set(asked.map(({ role }) => role));
  const fromMedium = atLeast(assessment.tier.value, "medium");
  return merged([
    ...(roles.has("system-owner") || fromMedium ? systemOwners(assessment) : []),
    ...(roles.has("identity-owner") || fromMedium ? entryOwners("identity", assessment) : []),
    ...(roles.has("provider-owner") || fromMedium ? entryOwners("provider", assessment) : []),
    ...asked
      .filter(({ role }) => !REGISTRY_ROLES.has(role))
      .map(({ role, count }) => roleDemand(role, count ?? 1, "this tier", assessment)),
    ...(fromMedium ? approvers(assessment) : []),
    ...acceptors(assessment),
  ]);
}

const REGISTRY_ROLES: ReadonlySet<string> = new Set(["system-owner", "identity-owner", "provider-owner"]);

function roleDemand(role: string, count: number, subject: string, { policy }: Assessment): Demand {
  return { role, holders: policy.roles[role] ?? [], standIns: [], alternatives: [], count, subject };
}

function systemOwners(assessment: Assessment): Demand[] {
  const { policy, index, systems } = assessment;
  const many = systems.length > MANY_SYSTEMS;
  const riskOwners = policy.roles["risk-owner"] ?? [];
  const demands = systems.map((system): Demand => {
    const light = many && !atLeast(inherentTier(system, index.identities).value, "high");
    return { ...ownerDemand("system", system, assessment), alternatives: light ? riskOwners : [] };
  });
  const stoodIn = [...(assessment.unregistered ? [outside(assessment)] : []), ...newAmong(systems, assessment)];
  return [...demands, ...stoodIn.map((what) => standInOwner(what, assessment))];
}

/** What lies outside of every registered system. */
function outside(assessment: Assessment): string {
  const findings = governing(assessment).filter(({ systems }) => systems.length === 0);
  return findings.every(({ finding }) => finding.class === "governance")
    ? "policy and registry"
    : "an unregistered system";
}

function newAmong(entries: readonly (System | Identity | Provider)[], { index }: Assessment): readonly string[] {
  return entries.some((entry) => index.fresh.has(entry)) ? ["a new entry of the registry"] : [];
}

/** The role that answers for what is not registered yet, beside the owner that a new entry names (security rule S04). */
function standInOwner(what: string, assessment: Assessment): Demand {
  const role = assessment.policy.unregisteredOwner;
  return { ...roleDemand(role, 1, `${what}, for which ${role} stands in`, assessment), role: "system-owner" };
}

function entryOwners(kind: "identity" | "provider", assessment: Assessment): Demand[] {
  const findings = governing(assessment);
  const entries: readonly (Identity | Provider)[] =
    kind === "identity"
      ? findings.flatMap(({ identities }) => identities)
      : findings.flatMap(({ finding, edit, providers }) => (finding.class === "provider" || edit ? providers : []));
  const demands = [...new Set(entries)].map((entry) => ownerDemand(kind, entry, assessment));
  return [...demands, ...newAmong(entries, assessment).map((what) => standInOwner(what, assessment))];
}

function ownerDemand(
  kind: "system" | "identity" | "provider",
  entry: System | Identity | Provider,
  { policy }: Assessment,
): Demand {
  const deputies = "deputies" in entry ? (entry.deputies ?? []) : [];
  return {
    role: `${kind}-owner`,
    holders: entry.owner ? [entry.owner] : [],
    standIns: [deputies, policy.roles["risk-owner"] ?? []],
    alternatives: [],
    count: 1,
    subject: `${kind} ${entry.id}`,
  };
}

function approvers(assessment: Assessment): Demand[] {
  return assessment.systems.flatMap((system) =>
    (system.approvers ?? []).map((role) => roleDemand(role, 1, `system ${system.id}`, assessment)),
  );
}

/** Who must accept the exceptions that the change opens: exactly the risk owner whom each names, and no delegate. */
function acceptors(assessment: Assessment): Demand[] {
  const riskOwners = (assessment.policy.roles["risk-owner"] ?? []).map((name) => name.toLowerCase());
  return governing(assessment).flatMap(({ edit }): Demand[] => {
    const name = edit?.acceptedBy;
    if (name === undefined) return [];
    const holders = riskOwners.includes(name.toLowerCase()) ? [name] : [];
    const subject = `an exception that ${name} accepts as risk-owner`;
    return [{ role: "exception-acceptor", holders, standIns: [], alternatives: [], count: 1, subject }];
  });
}

function merged(demands: readonly Demand[]): Demand[] {
  const groups = new Map<string, Demand[]>();
  for (const demand of demands) {
    const key = JSON.stringify([demand.role, demand.holders, demand.standIns, demand.alternatives]);
    const group = groups.get(key);
    if (group) group.push(demand);
    else groups.set(key, [demand]);
  }
  return [...groups.values()].map((group) => ({
    ...(group[0] as Demand),
    count: Math.max(...group.map(({ count }) => count)),
    subject: subjectOf([...new Set(group.map(({ subject }) => subject))]),
  }));
}

/** Names a few subjects, and once who stands in: an owner of hundreds of systems is still asked in one sentence. */
function subjectOf(subjects: readonly string[]): string {
  const [standsIn = ""] = /, for which \S+ stands in$/.exec(subjects[MANY_SYSTEMS - 1] ?? subjects.at(-1) ?? "") ?? [];
  const few = subjects.slice(0, MANY_SYSTEMS).map((one) => one.replace(standsIn, ""));
  const named = `${few.join(", ")}${standsIn}`;
  const more = subjects.length - MANY_SYSTEMS;
  return more > 0 ? `${named} and ${more} more (better split the pull request)` : named;
}
