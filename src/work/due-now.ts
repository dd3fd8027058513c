import { assess } from "../core/assessment.ts";
import type { Case } from "../core/case.ts";
import { clockAt } from "../core/clock.ts";
import { entriesLeft } from "../core/entries-left.ts";
import { NO_FACTS } from "../core/facts.ts";
import { identityObligations } from "../core/identity-obligation.ts";
import type { Obligation } from "../core/obligation.ts";
import type { EffectivePolicy } from "../core/policy.ts";
import { providerObligations } from "../core/provider-obligation.ts";
import type { Registry } from "../core/registry.ts";
import type { Instant } from "../core/scalars.ts";
import { retiredModels, systemObligations } from "../core/system-obligation.ts";
import { indexRegistry } from "../core/touched-systems.ts";

/** What the registry says is not in order now, whether or not anybody proposes a change: reviews, rotations, disclosures. */
export function dueNow(registry: Registry, policy: EffectivePolicy, now: Instant): readonly Obligation[] {
  const index = indexRegistry(registry, null);
  const changeSet = { base: "", head: "", changes: [] };
  const nothing = { files: [], detectors: [], edits: [], superseded: new Set<string>() };
  const assessment = assess({ changeSet, ...nothing, policy, index });
  const matter: Case = {
    ...{ assessment, policy, facts: NO_FACTS, excluded: new Map() },
    duties: policy.tiers.low,
    left: entriesLeft(registry),
    clock: clockAt(now),
  };
  // What nobody runs any more owes nothing.
  const systems = (registry.systems ?? []).filter(({ lifecycle }) => lifecycle !== "retired");
  return [
    ...systems.flatMap((system) => systemObligations(system, false, matter)),
    ...retiredModels(systems, matter),
    ...(registry.identities ?? []).flatMap((identity) => identityObligations(identity, false, matter)),
    ...(registry.providers ?? []).flatMap((provider) => providerObligations(provider, false, new Set(), matter)),
  ];
}
