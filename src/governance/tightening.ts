import type { Policy } from "../core/policy.ts";
import type { Order } from "./policy-order.ts";
import { POLICY_ORDER } from "./policy-order.ts";

/** A field whose second value asks for less than its first: the repository's than the baseline's, or an edit's than before. */
export interface Loosening {
  /** The field, dotted; elements of lists by what names them. */
  readonly path: string;
  /** The stricter value, as text. */
  readonly baseline: string;
  /** The looser value, as text. */
  readonly repository: string;
  readonly sentence: string;
}

/** A policy whose lists of objects are records, so that both sides' elements meet by name. */
type Keyed = { [field: string]: unknown };

/** The stricter value of each field of both policies (S03), and every field where the repository asks for less. */
export function stricterPolicy(
  baseline: Policy | null,
  repository: Policy | null,
): { policy: Policy; loosened: Loosening[] } {
  if (!baseline) return { policy: repository ?? { version: 1 }, loosened: [] };
  const organisation = keyed(withoutWaves(baseline));
  const own = keyed(withoutWaves(repository ?? { version: 1 }));
  const joined: Keyed = {};
  const loosened: Loosening[] = [];
  for (const [field, order] of Object.entries(POLICY_ORDER)) {
    for (const pair of pairs(organisation, own, field.split("."))) {
      const { spoken, value } = joinedValue(pair, order);
      if (value !== undefined) write(joined, pair.keys, value);
      if (spoken && pair.after !== undefined && order.looser(pair.before, pair.after, pair.key)) {
        loosened.push(loosening(pair, order, "the organisation's"));
      }
    }
  }
  return { policy: unkeyed(joined), loosened: once(loosened) };
}

/** Every field in which the second policy asks for less than the first; a missing policy is the built-in one. */
export function loosenings(before: Policy | null, after: Policy | null): Loosening[] {
  const waves = before?.enforceIn !== undefined || after?.enforceIn !== undefined;
  const [old, now] = [before, after].map((policy) => keyed(withStandIns(policy ?? { version: 1 }, waves)));
  const found: Loosening[] = [];
  for (const [field, order] of Object.entries(POLICY_ORDER)) {
    for (const pair of pairs(old, now, field.split("."))) {
      if (!isOfNew(pair, order) && order.looser(pair.before, pair.after, pair.key))
        found.push(loosening(pair, order, "the"));
    }
  }
  return once(found);
}

/** Whether it belongs to an element that is new and only ever asks for more, however little each of its fields does. */
export function isOfNew(
  { keys, depth, element }: Pick<Pair, "keys" | "depth" | "element">,
  order: Pick<Order, "closed">,
): boolean {
  return depth > 0 && keys.length > depth && !element.before && order.closed !== true;
}

/** One field on both sides, with how strict its values are. */
export interface ComparedField {
  readonly keys: readonly string[];
  /** How many of `keys` lead to the record's or list's element; 0 outside of any. */
  readonly depth: number;
  readonly key: string;
  readonly before: unknown;
  readonly after: unknown;
  /** Which sides hold the element; both true outside of any. */
  readonly element: { readonly before: boolean; readonly after: boolean };
  readonly order: Order;
}

/** Every field of two policies, those that are the same as well. */
export function comparedFields(before: Policy, after: Policy): readonly ComparedField[] {
  const [old, now] = [keyed(before), keyed(after)];
  return Object.entries(POLICY_ORDER).flatMap(([field, order]) =>
    pairs(old, now, field.split(".")).map((pair) => ({ ...pair, order })),
  );
}

/**
 * A baseline as it holds for one repository, `owner/name`: where it says `enforceIn`, those repositories enforce and the
 * others may observe. Without the name the baseline's own mode holds.
 */
export function baselineFor(baseline: Policy | null, repository: string | undefined): Policy | null {
  if (baseline?.enforceIn === undefined || repository === undefined) return baseline;
  const name = repository.slice(repository.lastIndexOf("/") + 1).toLowerCase();
  // Where anything is enforced, so is what the organisation's own rules are written in (security rule S03).
  const own = name === ".github" && baseline.enforceIn.length > 0;
  const enforces = own || baseline.enforceIn.some((pattern) => matchesName(pattern.toLowerCase(), name));
  return { ...baseline, mode: enforces ? "enforce" : "observe" };
}

/** Whether a name matches a pattern in which `*` stands for any text; greedy per part, so linear. */
function matchesName(pattern: string, name: string): boolean {
  const [first = "", ...parts] = pattern.split("*");
  if (parts.length === 0) return name === pattern;
  const last = parts.pop() ?? "";
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const part of parts) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}

function withoutWaves({ enforceIn: _, ...rest }: Policy): Policy {
  return rest;
}

/** Writes out what silence means where it depends on another field. */
function withStandIns(policy: Policy, waves: boolean): Policy {
  const roles = policy.roles ?? {};
  const security = roles.security ?? roles["risk-owner"];
  const enforceIn = policy.enforceIn ?? (policy.mode === "enforce" ? ["*"] : []);
  return { ...policy, roles: security ? { ...roles, security } : roles, ...(waves ? { enforceIn } : {}) };
}

function keyed(policy: Policy): Keyed {
  const { delegations, detect, ...rest } = policy;
  const byName = <T>(list: readonly T[], name: (entry: T) => string): Record<string, T> =>
    Object.fromEntries(list.map((entry) => [name(entry), entry]));
  return {
    ...rest,
    ...(delegations ? { delegations: byName(delegations, ({ from, to }) => `${from} to ${to}`) } : {}),
    ...(detect
      ? { detect: { ...detect, ...(detect.custom ? { custom: byName(detect.custom, ({ id }) => id) } : {}) } }
      : {}),
  };
}

function unkeyed(policy: Keyed): Policy {
  const { delegations, detect, ...rest } = policy as Keyed & { detect?: Keyed };
  const custom = detect?.custom;
  return {
    ...rest,
    ...(delegations ? { delegations: Object.values(delegations) } : {}),
    ...(detect ? { detect: { ...detect, ...(custom ? { custom: Object.values(custom) } : {}) } } : {}),
  } as Policy;
}

/** One concrete place of a field on both sides. */
interface Pair {
  readonly keys: readonly string[];
  /** The record key or element name it stands under, else empty. */
  readonly key: string;
  /** How many of `keys` lead to the element; 0 outside of records and lists. */
  readonly depth: number;
  readonly before: unknown;
  readonly after: unknown;
  /** Which sides hold the record or list, and the element in it; both true outside of any. */
  readonly listed: { readonly before: boolean; readonly after: boolean };
  readonly element: { readonly before: boolean; readonly after: boolean };
}

/** The values of a field on both sides, for every record key and element that either side has. */
function pairs(before: unknown, after: unknown, field: readonly string[]): Pair[] {
  const star = field.indexOf("*");
  const head = star < 0 ? field : field.slice(0, star);
  const [old, now] = [descend(before, head), descend(after, head)];
  const everywhere = { before: true, after: true };
  if (star < 0)
    return [{ keys: field, key: "", depth: 0, before: old, after: now, listed: everywhere, element: everywhere }];
  const rest = field.slice(star + 1);
  return [...new Set([...keysOf(old), ...keysOf(now)])].map((key) => {
    const [one, other] = [descend(old, [key]), descend(now, [key])];
    return {
      keys: [...head, key, ...rest],
      key,
      depth: head.length + 1,
      before: descend(one, rest),
      after: descend(other, rest),
      listed: { before: old !== undefined, after: now !== undefined },
      element: { before: one !== undefined, after: other !== undefined },
    };
  });
}

function keysOf(value: unknown): string[] {
  return typeof value === "object" && value !== null ? Object.keys(value) : [];
}

function descend(value: unknown, keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (at, key) => (typeof at === "object" && at !== null && Object.hasOwn(at, key) ? (at as Keyed)[key] : undefined),
    value,
  );
}

/** What holds where an organisation may have spoken: its silence leaves a field to the repository. */
function joinedValue(pair: Pair, order: Order): { spoken: boolean; value: unknown } {
  const inElement = pair.depth > 0;
  const spoken = inElement
    ? pair.element.before || (order.closed === true && pair.listed.before)
    : pair.before !== undefined;
  if (!spoken || (pair.before === undefined && pair.after === undefined))
    return { spoken, value: pair.after ?? pair.before };
  if (inElement && !pair.element.before) return { spoken, value: undefined };
  const silent = inElement ? !pair.element.after : pair.after === undefined;
  return { spoken, value: silent ? pair.before : order.join(pair.before, pair.after, pair.key) };
}

function write(target: Keyed, keys: readonly string[], value: unknown): void {
  let at = target;
  for (const key of keys.slice(0, -1)) {
    if (!Object.hasOwn(at, key)) at[key] = {};
    at = at[key] as Keyed;
  }
  at[keys.at(-1) ?? ""] = value;
}

function loosening(pair: Pair, order: Order, whose: string): Loosening {
  const gone = pair.depth > 0 && pair.element.before && !pair.element.after;
  // A removed element is one loosening, not one for each of its fields.
  const path = gone ? pair.keys.slice(0, pair.depth).join(".") : pair.keys.join(".");
  const baseline = shown(pair.before ?? order.fallback);
  const repository = gone ? "removed" : shown(pair.after ?? order.fallback);
  const sentence = `${path}: ${repository} is looser than ${whose} ${baseline}: ${order.why}.`;
  return { path, baseline, repository, sentence };
}

function once(list: readonly Loosening[]): Loosening[] {
  const seen = new Set<string>();
  return list.filter(({ path }) => !seen.has(path) && seen.add(path));
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
