import type { EffectivePolicy } from "../core/policy.ts";
import { GOVERNED_TIERS } from "../core/policy.ts";
import type { Registry } from "../core/registry.ts";

/** Something that the people named today could not approve. */
export interface Shortage {
  readonly file: "policy" | "registry";
  readonly path: readonly (string | number)[];
  readonly sentence: string;
  /** True where a tier or role cannot be met at all; else only some people's own changes lack an approver. */
  readonly fatal: boolean;
}

/** Who is named: people by login, and whether a team is among them, whose size nobody knows here. */
interface Named {
  readonly people: ReadonlySet<string>;
  readonly teams: boolean;
}

/** Roles that nobody, or one person only, could fill, and tiers that ask for more people than are named. */
export function shortages(policy: EffectivePolicy, registry: Registry): readonly Shortage[] {
  return [...roleShortages(policy, registry), ...headShortages(policy, registry)];
}

function named(references: readonly string[]): Named {
  return {
    people: new Set(references.filter((name) => !name.includes("/")).map((name) => name.toLowerCase())),
    teams: references.some((name) => name.includes("/")),
  };
}

/** The roles of `roles` that something asks for, by who asks, with how many people it asks for at most. */
function asked(policy: EffectivePolicy, registry: Registry): Map<string, { count: number; by: string[] }> {
  const roles = new Map<string, { count: number; by: string[] }>();
  const ask = (role: string, count: number, by: string) => {
    const known = roles.get(role) ?? { count: 0, by: [] };
    roles.set(role, { count: Math.max(known.count, count), by: [...known.by, by] });
  };
  for (const tier of GOVERNED_TIERS) {
    const duties = policy.tiers[tier];
    for (const { role, count } of duties.approvals) ask(role, count ?? 1, `tier ${tier}`);
    if (duties.statement) ask("risk-owner", 1, `the statement of tier ${tier}`);
  }
  ask(policy.unregisteredOwner, 1, "changes outside every system");
  for (const system of registry.systems ?? [])
    for (const role of system.approvers ?? []) ask(role, 1, `system ${system.id}`);
  for (const role of ["system-owner", "identity-owner", "provider-owner"]) roles.delete(role);
  return roles;
}

function roleShortages(policy: EffectivePolicy, registry: Registry): Shortage[] {
  return [...asked(policy, registry)].flatMap(([role, { count, by }]): Shortage[] => {
    const { people, teams } = named(policy.roles[role] ?? []);
    const path = ["roles", role];
    const askers = [...new Set(by)].slice(0, 4).join(", ");
    const name = `roles.${role}`;
    const fatal = people.size < count;
    if (teams || people.size > count) return [];
    if (people.size === 0)
      return [
        {
          file: "policy",
          path,
          fatal,
          sentence: `nobody holds ${role}, which ${askers} ask${by.length === 1 ? "s" : ""} for; name people under ${name}`,
        },
      ];
    if (people.size < count)
      return [
        {
          file: "policy",
          path,
          fatal,
          sentence: `${role} is held by ${people.size}, and ${askers} ask for ${count} of them; name more people under ${name}`,
        },
      ];
    return [
      {
        file: "policy",
        path,
        fatal,
        sentence: `${role} is held by ${[...people].join(", ")} only, so what they change themselves nobody can approve as ${role} (asked by ${askers}); name one person more under ${name}`,
      },
    ];
  });
}

function headShortages(policy: EffectivePolicy, registry: Registry): Shortage[] {
  const owners = (registry.systems ?? []).flatMap((system) => [system.owner, ...(system.deputies ?? [])]);
  const all = [...Object.values(policy.roles).flat(), ...owners.filter((owner) => owner !== undefined)];
  const { people, teams } = named(all);
  if (teams) return [];
  return GOVERNED_TIERS.filter((tier) => policy.tiers[tier].distinctPeople > people.size).map((tier) => ({
    file: "policy",
    path: ["tiers", tier, "distinctPeople"],
    fatal: true,
    sentence: `tier ${tier} cannot be met: it asks for ${policy.tiers[tier].distinctPeople} different people, and ${people.size === 0 ? "nobody is" : `only ${people.size} ${people.size === 1 ? "is" : "are"}`} named; name more people under roles, or lower tiers.${tier}.distinctPeople`,
  }));
}
