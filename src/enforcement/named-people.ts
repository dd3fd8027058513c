import type { EffectivePolicy } from "../core/policy.ts";
import type { Registry } from "../core/registry.ts";
import type { Store } from "../stores/store.ts";
import type { HostedRepository } from "../work/hosting.ts";

const PERSON = /^@[\w-]{1,100}$/;

/** The logins, in lower case, of the people to whom policy and registry give something to say. */
export function peopleNamed(
  { roles, breakGlass, delegations }: EffectivePolicy,
  registry: Registry,
): readonly string[] {
  const found = new Set<string>();
  const look = (value: unknown): void => {
    if (typeof value === "string") {
      if (PERSON.test(value)) found.add(value.slice(1).toLowerCase());
    } else if (typeof value === "object" && value !== null) for (const part of Object.values(value)) look(part);
  };
  look([roles, breakGlass, delegations, registry]);
  return [...found].sort();
}

/**
 * The accounts behind the logins that the rules name. Which one it is gets fixed when a login is first seen in the rules:
 * who renames an account leaves its login to whoever takes it (security rule S09). Only taking the login out of the rules
 * and putting it back fixes it anew. `named` is null where the rules cannot be read, which is no edit.
 */
export async function namedPeople(
  repository: Pick<HostedRepository, "name" | "accounts">,
  named: readonly string[] | null,
  store: Pick<Store, "namedPeople" | "putNamedPeople">,
): Promise<ReadonlyMap<string, number | null>> {
  const known = await store.namedPeople(repository.name.id);
  if (named === null) return known;
  const fresh = named.filter((login) => !known.has(login));
  if (fresh.length === 0 && named.length === known.size) return known;
  const found = fresh.length === 0 ? new Map<string, number | null>() : await repository.accounts(fresh);
  const people = new Map(named.map((login) => [login, (known.has(login) ? known : found).get(login) ?? null]));
  await store.putNamedPeople(repository.name.id, people);
  return people;
}
