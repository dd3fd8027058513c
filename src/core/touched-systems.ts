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
  /** Entries that only the pull request's head has. */
  readonly fresh: ReadonlySet<System | Identity | Provider>;
}

/** Indexes a registry; `head` adds the systems, identities and providers whose id is new there (security rule S04). */
export function indexRegistry(base: Registry, head: Registry | null): RegistryIndex {
  const fresh = new Set<System | Identity | Provider>();
  const merged = <T extends System | Identity | Provider>(old: readonly T[] = [], added: readonly T[] = []) => {
    const entries = new Map(old.map((entry) => [entry.id, entry]));
    for (const entry of added) {
      if (entries.has(entry.id)) continue;
      entries.set(entry.id, entry);
      fresh.add(entry);
    }
    return entries;
  };
  const systems = merged(base.systems, head?.systems);
  const identities = merged(base.identities, head?.identities);
  const providers = merged(base.providers, head?.providers);
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
  /** For an edit of policy or registry: what is known of it beside the finding. */
  readonly edit?: GovernanceEdit;
  /** Names by which a credential would be registered. */
  readonly references?: readonly string[];
}

/** An edit of policy or registry by its effect. */
export interface GovernanceEdit {
  readonly finding: Finding;
  /** The entry of the registry that it edits. */
  readonly entry?: { readonly kind: "system" | "identity" | "provider"; readonly id: string };
  /** True where it only pauses, suspends or takes a scope away (safe direction). */
  readonly safe?: boolean;
  /** True where it adds a system, or lets an entry do or reach more: then the entry must be in order. */
  readonly widens?: boolean;
  /** Who must accept it: the `acceptedBy` of an exception that it opens. */
  readonly acceptedBy?: string;
  /** True where its systems are those whose paths it lies in. */
  readonly byPath?: true;
}

/**
 * Finds the systems of a finding: by path, else by identity reference, model reference, provider. Entries of the head
 * never take the place of what the base would have found.
 */
export function touched(finding: Finding, difference: FactDifference, index: RegistryIndex): TouchedFinding {
  const facts = [difference.before, difference.after].filter((fact) => fact !== undefined);
  const references = unique(facts.flatMap((fact) => fact.references ?? []));
  const identities = unique(references.flatMap((name) => index.identitiesByReference.get(name) ?? []));
  const providers = finding.class === "provider" || finding.class === "model" ? providersOf(facts, index) : [];
  const models = unique(facts.flatMap((fact) => [fact.shown ?? fact.value, fact.value]));
  const candidates = [
    pathsOf(finding).flatMap((path) => index.byPath.match(path)),
    identities.flatMap((identity) => index.systemsByIdentity.get(identity.id) ?? []),
    models.flatMap((model) => index.systemsByModel.get(model) ?? []),
    providers.flatMap((provider) => index.systemsByProvider.get(provider.id) ?? []),
  ];
  const first = (fresh: boolean) =>
    candidates
      .map((systems) => systems.filter((system) => index.fresh.has(system) === fresh))
      .find((systems) => systems.length > 0) ?? [];
  return { finding, systems: unique([...first(false), ...first(true)]), identities, providers, references };
}

/** The registered things that an edit of the registry is about. */
export function touchedByEdit(edit: GovernanceEdit, index: RegistryIndex): TouchedFinding {
  const { finding, entry } = edit;
  const one = <T>(kind: string, entries: ReadonlyMap<string, T>) => {
    const found = entry?.kind === kind ? entries.get(entry.id) : undefined;
    return found ? [found] : [];
  };
  const users = { system: null, identity: index.systemsByIdentity, provider: index.systemsByProvider };
  return {
    finding,
    edit,
    systems: edit.byPath
      ? unique(pathsOf(finding).flatMap((path) => index.byPath.match(path)))
      : [...one("system", index.systems), ...((entry && users[entry.kind]?.get(entry.id)) ?? [])],
    identities: one("identity", index.identities),
    providers: one("provider", index.providers),
  };
}

/** The paths of a finding on both sides, each once. */
export function pathsOf({ place }: Finding): readonly string[] {
  return unique([place.before?.path, place.after?.path].filter((path) => path !== undefined));
}

function providersOf(facts: readonly Fact[], index: RegistryIndex): readonly Provider[] {
  return unique(
    facts.flatMap((fact) =>
      [fact.key, fact.value, ...(fact.references ?? [])].flatMap((name) => index.providersByName.get(name) ?? []),
    ),
  );
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
