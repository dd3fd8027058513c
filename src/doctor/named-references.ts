import type { EffectivePolicy } from "../core/policy.ts";
import type { Registry } from "../core/registry.ts";

/** A person or a team, and where it is named. */
export interface NamedReference {
  /** `@login` or `@org/team`. */
  readonly reference: string;
  /** `roles.security`, `system support-agent` ... */
  readonly places: readonly string[];
  /** Whether something is to be approved by them. */
  readonly approves: boolean;
}

/** Everybody that policy and registry name, once each, in the order in which they are first named. */
export function namedReferences(policy: EffectivePolicy, registry: Registry): readonly NamedReference[] {
  const found = new Map<string, { reference: string; places: string[]; approves: boolean }>();
  const name = (place: string, approves: boolean, ...references: readonly (string | undefined)[]) => {
    for (const reference of references) {
      if (reference === undefined) continue;
      const key = reference.toLowerCase();
      const known = found.get(key) ?? { reference, places: [], approves: false };
      if (!known.places.includes(place)) known.places.push(place);
      known.approves ||= approves;
      found.set(key, known);
    }
  };
  for (const [role, holders] of Object.entries(policy.roles)) name(`roles.${role}`, true, ...holders);
  name("breakGlass.by", true, ...policy.breakGlass.by);
  for (const { from, to } of policy.delegations) {
    name("delegations", false, from);
    name("delegations", true, to);
  }
  name("contact", false, policy.contact);
  name("aiPolicy", false, policy.aiPolicy?.owner, policy.aiPolicy?.approvedBy);
  for (const system of registry.systems ?? []) {
    name(`system ${system.id}`, true, system.owner, ...(system.deputies ?? []));
    name(`system ${system.id}`, false, system.sponsor, system.rollback?.owner);
  }
  for (const identity of registry.identities ?? []) {
    name(`identity ${identity.id}`, true, identity.owner, ...(identity.deputies ?? []));
    name(`identity ${identity.id}`, false, identity.accessReview?.reviewer);
  }
  for (const provider of registry.providers ?? []) name(`provider ${provider.id}`, true, provider.owner);
  return [...found.values()];
}
