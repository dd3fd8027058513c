import type { Policy } from "../core/policy.ts";
import type { Registry } from "../core/registry.ts";
import type { Problem, Reference } from "./configuration-problem.ts";
import { nearest } from "./nearest.ts";
import { ruleReferences } from "./rule-reference.ts";

/** More of them than this are not listed. */
const MOST = 50;
/** Among more names than this the nearest is not looked for: comparing texts is dear, and a hostile file has many. */
const SEARCHED = 2000;
/** More names than this are not repeated in a message. */
const LISTED = 20;

const REGISTRY_ROLES = ["system-owner", "identity-owner", "provider-owner"];
const STANDARD_ROLES = ["ai-reviewer", "risk-owner", "security"];

/** Roles and rules that a policy names and that neither it nor the baseline defines, and rules of its own that cannot be used. */
export function policyReferences(policy: Policy, baseline: Policy | null): readonly Reference[] {
  const own = [
    ...new Set([...STANDARD_ROLES, ...Object.keys(policy.roles ?? {}), ...Object.keys(baseline?.roles ?? {})]),
  ];
  const wrong: Reference[] = [
    ...ruleReferences(
      policy,
      (baseline?.detect?.custom ?? []).map(({ id }) => id),
    ),
  ];
  const check = (role: string, path: Problem["path"], known: readonly string[]): void => {
    if (!known.includes(role)) wrong.push(unknown("role", role, path, known, "; define it under roles"));
  };
  const all = [...REGISTRY_ROLES, ...own];
  for (const [tier, duties] of Object.entries(policy.tiers ?? {}))
    for (const [index, approval] of (duties?.approvals ?? []).entries())
      check(approval.role, ["tiers", tier, "approvals", index, "role"], all);
  for (const [index, delegation] of (policy.delegations ?? []).entries())
    for (const [position, role] of delegation.roles.entries())
      check(role, ["delegations", index, "roles", position], all);
  if (policy.unregisteredOwner !== undefined) check(policy.unregisteredOwner, ["unregisteredOwner"], own);
  return wrong.slice(0, MOST);
}

/** Ids that two entries of a kind share, and identities, providers and systems that are named and not registered. */
export function registryReferences(registry: Registry): readonly Reference[] {
  const kinds = ["systems", "identities", "providers", "exceptions"] as const;
  const wrong: Reference[] = kinds.flatMap((kind) => repeated(registry[kind] ?? [], [kind]));
  const ids = (kind: "systems" | "identities" | "providers") => new Set((registry[kind] ?? []).map(({ id }) => id));
  const known = { system: ids("systems"), identity: ids("identities"), provider: ids("providers") };
  const check = (kind: keyof typeof known, id: string, path: Problem["path"]): void => {
    if (known[kind].has(id) || wrong.length > MOST) return;
    wrong.push(unknown(kind, id, path, [...known[kind]], `; register it under ${PLURAL[kind]}`));
  };
  for (const [index, system] of (registry.systems ?? []).entries()) {
    wrong.push(...repeated(system.models ?? [], ["systems", index, "models"]));
    for (const [position, id] of (system.identities ?? []).entries())
      check("identity", id, ["systems", index, "identities", position]);
    // Providers are declared last, if at all: until one is, naming them is a note.
    if (known.provider.size === 0) continue;
    for (const [position, id] of (system.providers ?? []).entries())
      check("provider", id, ["systems", index, "providers", position]);
    for (const [position, { provider }] of (system.models ?? []).entries())
      if (provider !== undefined) check("provider", provider, ["systems", index, "models", position, "provider"]);
  }
  for (const [index, { scope }] of (registry.exceptions ?? []).entries())
    for (const kind of ["system", "identity", "provider"] as const)
      if (scope[kind] !== undefined) check(kind, scope[kind], ["exceptions", index, "scope", kind]);
  return wrong.slice(0, MOST);
}

const PLURAL = { system: "systems", identity: "identities", provider: "providers" } as const;

function repeated(entries: readonly { readonly id: string }[], path: Problem["path"]): Reference[] {
  const first = new Map<string, number>();
  return entries.flatMap(({ id }, index): Reference[] => {
    const earlier = first.get(id);
    if (earlier === undefined) first.set(id, index);
    return earlier === undefined
      ? []
      : [
          {
            path: [...path, index, "id"],
            message: `the id "${id}" is also that of entry ${earlier}`,
            expected: "an id of its own",
          },
        ];
  });
}

function unknown(
  kind: string,
  name: string,
  path: Problem["path"],
  known: readonly string[],
  remedy: string,
): Reference {
  const near = known.length > SEARCHED ? undefined : nearest(name, known);
  const names = known.slice(0, LISTED).join(", ");
  const more = known.length > LISTED ? ` and ${known.length - LISTED} more` : "";
  const expected = known.length === 0 ? `one that is registered${remedy}` : `one of ${names}${more}${remedy}`;
  return { path, message: `unknown ${kind} "${name}"`, expected, ...(near === undefined ? {} : { nearest: near }) };
}
