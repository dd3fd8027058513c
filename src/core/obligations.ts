import { governing } from "./assessment.ts";
import type { Case } from "./case.ts";
import { identityObligations } from "./identity-obligation.ts";
import { settle } from "./obligation.ts";
import { owed } from "./owed.ts";
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
  const { left } = matter;
  const { index } = matter.assessment;
  const judged = governing(matter.assessment).filter(isJudged);
  const standing = judged.filter(({ finding }) => finding.place.after !== undefined);
  const systems = [...new Set(judged.flatMap((entry) => entry.systems))];
  const changed = new Set(standing.flatMap((entry) => entry.systems));
  const referenced = new Set(standing.flatMap((entry) => entry.identities));
  const listed = <T>(kind: "identities" | "providers", entries: ReadonlyMap<string, T>) =>
    usedIds(kind, systems, matter, registries.head, judged).flatMap((id) => entries.get(id) ?? []);
  const identities = new Set([...referenced, ...listed("identities", index.identities)]);
  const providers = new Set([...standing.flatMap((entry) => entry.providers), ...listed("providers", index.providers)]);
  const found = [
    ...systems.flatMap((system) => systemObligations(left.system(system), changed.has(system), matter)),
    ...retiredModels(systems.map(left.system), matter),
    ...[...identities].flatMap((entry) => identityObligations(left.identity(entry), referenced.has(entry), matter)),
    ...[...providers].flatMap((entry) =>
      providerObligations(left.provider(entry), index.fresh.has(entry), counted, matter),
    ),
    ...unregisteredProviders(matter),
    ...owed(systems, matter),
  ];
  return found.map((obligation) => settle(obligation, registries.base, matter));
}

/** Edits of the registry bring obligations only where they widen: calling an identity compromised must stay possible. */
function isJudged({ edit }: TouchedFinding): boolean {
  return edit === undefined || edit.widens === true;
}

/** What the systems list: as the merge leaves it, and what the base lists where the head removed the entry and its reference stays. */
function usedIds(
  kind: "identities" | "providers",
  systems: readonly System[],
  { left }: Case,
  head: Registry | null,
  judged: readonly TouchedFinding[],
): readonly string[] {
  const gone = judged.filter(({ finding }) => finding.place.after === undefined);
  const cleared = new Set(gone.flatMap((entry) => entry[kind].map(({ id }) => id)));
  const kept = new Set((head?.[kind] ?? []).map(({ id }) => id));
  const removed = (id: string) => head !== null && !kept.has(id) && !cleared.has(id);
  return systems.flatMap((system) => [...(left.system(system)[kind] ?? []), ...(system[kind] ?? []).filter(removed)]);
}
