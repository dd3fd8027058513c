import type { Fact } from "./detector.ts";
import type { FactDifference } from "./file-facts.ts";
import type { Finding } from "./finding.ts";
import type { PathMatcher } from "./path-matcher.ts";
import { compilePaths } from "./path-matcher.ts";
import type { Identity, Provider, Registry, System } from "./registry.ts";

/** The registry as a change sees it, indexed once. */
export interface RegistryIndex {
  readonly systems: ReadonlyMap<string, System>;
  readonly identities: ReadonlyMap<string, Identity>;
  readonly providers: ReadonlyMap<string, Provider>;
  readonly byPath: PathMatcher<System>;
  readonly identitiesByReference: ReadonlyMap<string, readonly Identity[]>;
  readonly systemsByIdentity: ReadonlyMap<string, readonly System[]>;
  readonly systemsByModel: ReadonlyMap<string, readonly System[]>;
  readonly providersByName: ReadonlyMap<string, readonly Provider[]>;
  readonly systemsByProvider: ReadonlyMap<string, readonly System[]>;
  /** Ids of entries that only the pull request's head has. */
  readonly fresh: ReadonlySet<string>;
}

/** Indexes a registry; `head` adds the systems, identities and providers whose id is new there (security rule S04). */
export function indexRegistry(base: Registry, head: Registry | null): RegistryIndex {
  const fresh = new Set<string>();
  const merged = <T extends { readonly id: string }>(
    kind: string,
    old: readonly T[] = [],
    added: readonly T[] = [],
  ) => {
    const entries = new Map(old.map((entry) => [entry.id, entry]));
    for (const entry of added) {
      if (entries.has(entry.id)) continue;
      entries.set(entry.id, entry);
      fresh.add(`${kind}:${entry.id}`);
    }
    return entries;
  };
  const systems = merged("system", base.systems, head?.systems);
  const identities = merged("identity", base.identities, head?.identities);
  const providers = merged("provider", base.providers, head?.providers);
  const all = [...systems.values()];
  return {
    systems,
    identities,
    providers,
    fresh,
    byPath: compilePaths(all.map((system) => ({ patterns: patternsOf(system), value: system }))),
    identitiesByReference: group([...identities.values()], (identity) => identity.references ?? []),
    systemsByIdentity: group(all, (system) => system.identities ?? []),
    systemsByModel: group(all, (system) =>
      (system.models ?? []).flatMap((model) => [model.ref, ...(model.previous ? [model.previous] : [])]),
    ),
    systemsByProvider: group(all, (system) => system.providers ?? []),
    providersByName: group([...providers.values()], (provider) => [
      provider.id,
      ...(provider.hosts ?? []),
      ...(provider.packages ?? []),
    ]),
  };
}

function patternsOf(system: System): readonly string[] {
  return [...(system.paths ?? []), ...(system.prompts ?? []).flatMap((prompt) => prompt.paths)];
}

function group<T>(values: readonly T[], keys: (value: T) => readonly string[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    for (const key of keys(value)) {
      const list = groups.get(key);
      if (list) list.push(value);
      else groups.set(key, [value]);
    }
  }
  return groups;
}

/** A finding with the registered things it touches. No system means unregistered. */
export interface TouchedFinding {
  readonly finding: Finding;
  readonly systems: readonly System[];
  readonly identities: readonly Identity[];
  readonly providers: readonly Provider[];
}

/** Finds the systems of a finding: by path, else by identity reference, model reference, provider. */
export function touched(finding: Finding, difference: FactDifference, index: RegistryIndex): TouchedFinding {
  const facts = [difference.before, difference.after].filter((fact) => fact !== undefined);
  const identities = unique(
    facts.flatMap((fact) => (fact.references ?? []).flatMap((name) => index.identitiesByReference.get(name) ?? [])),
  );
  const providers = finding.class === "provider" || finding.class === "model" ? providersOf(facts, index) : [];
  const paths = unique([finding.place.before?.path, finding.place.after?.path].filter((path) => path !== undefined));
  const candidates = [
    () => unique(paths.flatMap((path) => index.byPath.match(path))),
    () => unique(identities.flatMap((identity) => index.systemsByIdentity.get(identity.id) ?? [])),
    () =>
      unique(
        facts.flatMap(
          (fact) => index.systemsByModel.get(fact.shown ?? fact.value) ?? index.systemsByModel.get(fact.value) ?? [],
        ),
      ),
    () => unique(providers.flatMap((provider) => index.systemsByProvider.get(provider.id) ?? [])),
  ];
  for (const candidate of candidates) {
    const systems = candidate();
    if (systems.length > 0) return { finding, systems, identities, providers };
  }
  return { finding, systems: [], identities, providers };
}

function providersOf(facts: readonly Fact[], index: RegistryIndex): readonly Provider[] {
  return unique(
    facts.flatMap((fact) => [fact.key, fact.value].flatMap((name) => index.providersByName.get(name) ?? [])),
  );
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
