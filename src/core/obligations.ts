import { governing } from "./assessment.ts";
import type { Case } from "./case.ts";
import { identityObligations } from "./identity-obligation.ts";
import { settle } from "./obligation.ts";
import { providerObligations, unregisteredProviders } from "./provider-obligation.ts";
import type { Registry, System } from "./registry.ts";
import type { Requirement } from "./requirement.ts";
import { retiredModels, systemObligations } from "./system-obligation.ts";
import type { TouchedFinding } from "./touched-systems.ts";

/** Both sides of the registry; `head` is null where it is absent or unreadable. */
export interface Registries {
  readonly base: Registry;
  readonly head: Registry | null;
}

/** What the registry holds against the merge whatever is approved, judged on what the merge would leave. */
export function obligations(
  matter: Case,
  registries: Registries,
  counted: ReadonlySet<string>,
): readonly Requirement[] {
  const { index } = matter.assessment;
  const judged = governing(matter.assessment).filter(isJudged);
  const { left } = matter;
  const systems = [...new Set(judged.flatMap((entry) => entry.systems))];
  const inUse = judged.filter(({ finding }) => finding.place.after !== undefined);
  const used = usedBy(systems.map(left.system), systems, registries, judged);
  const identities = new Set([
    ...inUse.flatMap((entry) => entry.identities),
    ...pick(used.identities, index.identities),
  ]);
  const providers = new Set([...inUse.flatMap((entry) => entry.providers), ...pick(used.providers, index.providers)]);
  const referenced = new Set(inUse.flatMap((entry) => entry.identities));
  const found = [
    ...systems.flatMap((system) => systemObligations(left.system(system), isChanged(system, inUse), matter)),
    ...retiredModels(systems.map(left.system), matter),
    ...[...identities].flatMap((entry) => identityObligations(left.identity(entry), referenced.has(entry), matter)),
    ...[...providers].flatMap((entry) =>
      providerObligations(left.provider(entry), index.fresh.has(entry), counted, matter),
    ),
    ...unregisteredProviders(matter),
  ];
  return found.map((obligation) => settle(obligation, registries.base, matter));
}

/** Edits of the registry bring obligations only where they widen: calling an identity compromised must stay possible. */
function isJudged({ edit }: TouchedFinding): boolean {
  return edit === undefined || edit.widens === true;
}

function isChanged(system: System, inUse: readonly TouchedFinding[]): boolean {
  return inUse.some((entry) => entry.systems.includes(system));
}

/** Ids that the touched systems use: those the head lists, and those the base lists whose entry the head removed. */
function usedBy(
  left: readonly System[],
  systems: readonly System[],
  { head }: Registries,
  judged: readonly TouchedFinding[],
): { identities: ReadonlySet<string>; providers: ReadonlySet<string> } {
  const gone = (entries: readonly { readonly id: string }[] | undefined, id: string) =>
    head !== null && !(entries ?? []).some((entry) => entry.id === id);
  const dropped = new Set(
    judged.flatMap(({ finding, identities }) => (finding.place.after ? [] : identities.map(({ id }) => id))),
  );
  const old = (ids: readonly string[] | undefined, entries: readonly { readonly id: string }[] | undefined) =>
    (ids ?? []).filter((id) => gone(entries, id) && !dropped.has(id));
  return {
    identities: new Set([
      ...left.flatMap((system) => system.identities ?? []),
      ...systems.flatMap((system) => old(system.identities, head?.identities)),
    ]),
    providers: new Set([
      ...left.flatMap((system) => system.providers ?? []),
      ...systems.flatMap((system) => old(system.providers, head?.providers)),
    ]),
  };
}

function pick<T>(ids: ReadonlySet<string>, entries: ReadonlyMap<string, T>): readonly T[] {
  return [...ids].flatMap((id) => entries.get(id) ?? []);
}
