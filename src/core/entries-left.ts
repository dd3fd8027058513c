import type { Identity, Provider, Registry, System } from "./registry.ts";

/** Entries of the registry as the merge leaves them; one that the head removed stays as it was, so removing it cures nothing (S04). */
export interface EntriesLeft {
  system(entry: System): System;
  identity(entry: Identity): Identity;
  provider(entry: Provider): Provider;
}

/** Looks entries up in what a merge would leave of the registry; null where that cannot be read. */
export function entriesLeft(head: Registry | null): EntriesLeft {
  return { system: newest(head?.systems), identity: newest(head?.identities), provider: newest(head?.providers) };
}

function newest<T extends { readonly id: string }>(entries: readonly T[] = []): (entry: T) => T {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  return (entry) => byId.get(entry.id) ?? entry;
}
