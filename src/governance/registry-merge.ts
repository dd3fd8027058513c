import type { Registry } from "../core/registry.ts";

/**
 * The registry as a merge would leave it: entries that the change touched as its head has them, all others as the base
 * has them now. An old branch's copy of an entry must not bring back what the base has changed since.
 */
export function registryAfterMerge(base: Registry, start: Registry, head: Registry): Registry {
  if (base === start) return head;
  return {
    version: head.version,
    systems: merged(base.systems, start.systems, head.systems),
    identities: merged(base.identities, start.identities, head.identities),
    providers: merged(base.providers, start.providers, head.providers),
    exceptions: merged(base.exceptions, start.exceptions, head.exceptions),
  };
}

function merged<T extends { readonly id: string }>(
  base: readonly T[] = [],
  start: readonly T[] = [],
  head: readonly T[] = [],
): T[] {
  const [began, proposed] = [byId(start), byId(head)];
  const unchanged = (id: string) => JSON.stringify(began.get(id)) === JSON.stringify(proposed.get(id));
  const known = new Set(base.map(({ id }) => id));
  const kept = base.flatMap((entry) => (unchanged(entry.id) ? entry : (proposed.get(entry.id) ?? [])));
  return [...kept, ...head.filter(({ id }) => !known.has(id) && !unchanged(id))];
}

function byId<T extends { readonly id: string }>(entries: readonly T[]): ReadonlyMap<string, T> {
  return new Map(entries.map((entry) => [entry.id, entry]));
}
