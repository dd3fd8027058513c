import type { Direction, Floor, Severity } from "../core/finding.ts";
import { SEVERITIES } from "../core/finding.ts";
import type { Exception, Identity, Provider, Registry, System } from "../core/registry.ts";
import { atLeast, inherentTier, maxTier } from "../core/tier.ts";
import type { Effect, Owner } from "./registry-effect.ts";
import { REGISTRY_EFFECTS } from "./registry-effect.ts";

/** One edit of the registry with what it does. */
export interface RegistryEdit {
  readonly kind: "system" | "identity" | "provider" | "exception";
  /** The entry's id. */
  readonly id: string;
  /** The edited field, dotted; elements of lists by what names them. */
  readonly path: string;
  /** The same as keys. */
  readonly keys: readonly string[];
  readonly severity: Severity;
  readonly floor?: Floor;
  readonly direction: Direction;
  readonly sentence: string;
  /** True where the edit may go the quick way (safe direction). */
  readonly safe?: true;
}

const KINDS = { systems: "system", identities: "identity", providers: "provider", exceptions: "exception" } as const;
type List = keyof typeof KINDS;
type Entry = System | Identity | Provider | Exception;

const ROWS = Object.entries(REGISTRY_EFFECTS).map(([field, effects]) => ({ field: field.split("."), effects }));
const ROWS_OF = Object.fromEntries(
  Object.keys(KINDS).map((list) => [list, ROWS.filter(({ field }) => field[0] === list && field[1] === "*")]),
) as Record<List, typeof ROWS>;

/** Every edit of the registry by its effect, entry by entry; nothing for entries that stay as they are. */
export function registryLoosenings(before: Registry, after: Registry): RegistryEdit[] {
  const tiers = inherentTiers(before);
  const edits: RegistryEdit[] = [];
  for (const list of Object.keys(KINDS) as List[]) {
    const [old, now] = [named<Entry>(before[list] ?? []), named<Entry>(after[list] ?? [])];
    for (const [id, entry] of old) {
      const successor = now.get(id);
      if (successor === undefined) edits.push(removal(list, id, entry, tiers));
      else if (!same(entry, successor)) edits.push(...fieldEdits(list, id, entry, successor));
    }
    for (const id of now.keys()) {
      if (!old.has(id)) edits.push(edit(list, id, [], { severity: "material", direction: "added" }, "is added"));
    }
  }
  return [...edits, ...loweredTiers(before, after, tiers)];
}

/** The tier of each system, and of each identity and provider by the systems that use it. */
function inherentTiers(registry: Registry): (list: List, id: string) => "low" | "medium" | "high" | "critical" {
  const identities = new Map((registry.identities ?? []).map((identity) => [identity.id, identity]));
  const tiers = new Map<string, "low" | "medium" | "high" | "critical">();
  const raise = (key: string, tier: "low" | "medium" | "high" | "critical"): void => {
    tiers.set(key, maxTier(tiers.get(key) ?? "low", tier));
  };
  for (const system of registry.systems ?? []) {
    const { value } = inherentTier(system, identities);
    raise(`systems ${system.id}`, value);
    for (const id of system.identities ?? []) raise(`identities ${id}`, value);
    for (const id of system.providers ?? []) raise(`providers ${id}`, value);
  }
  return (list, id) => tiers.get(`${list} ${id}`) ?? "low";
}

/** Entries by id; one that repeats an id is an entry of its own, so that a copy cannot hide behind the first. */
function named<T extends object>(entries: readonly T[]): Map<string, T> {
  const byName = new Map<string, T>();
  for (const entry of entries) {
    const { id, name, type } = entry as { id?: string; name?: string; type?: string };
    const first = id ?? name ?? type ?? "";
    let key = first;
    for (let copy = 2; byName.has(key); copy++) key = `${first}#${copy}`;
    byName.set(key, entry);
  }
  return byName;
}

function removal(list: List, id: string, entry: Entry, tiers: ReturnType<typeof inherentTiers>): RegistryEdit {
  if (list === "exceptions") return edit(list, id, [], { severity: "minor", direction: "removed" }, "is closed");
  const gone = edit(list, id, [], { severity: "major", direction: "removed" }, "is removed");
  return atLeast(tiers(list, entry.id), "critical") ? { ...gone, floor: "critical" } : gone;
}

function fieldEdits(list: List, id: string, before: Entry, after: Entry): RegistryEdit[] {
  const heaviest = new Map<string, RegistryEdit>();
  for (const { field, effects } of ROWS_OF[list]) {
    for (const place of places(before, after, field.slice(2), { before, after }, [])) {
      if (same(place.before, place.after)) continue;
      const effect = effects(place.before, place.after, place.owner);
      if (!effect) continue;
      const found = edit(list, id, place.path, effect, words(place.path, effect, place));
      const known = heaviest.get(found.path);
      if (!known || SEVERITIES.indexOf(found.severity) > SEVERITIES.indexOf(known.severity)) {
        heaviest.set(found.path, found);
      }
    }
  }
  return [...heaviest.values()];
}

interface FieldPlace {
  /** Below the entry; ends at the element when a whole element came or went. */
  readonly path: readonly string[];
  readonly before: unknown;
  readonly after: unknown;
  readonly owner: Owner;
}

/** The values of one field on both sides, for every element of the lists on the way. */
function places(
  before: unknown,
  after: unknown,
  field: readonly string[],
  owner: Owner,
  path: readonly string[],
): FieldPlace[] {
  const [head, ...rest] = field;
  if (head === undefined) return [{ path, before, after, owner }];
  if (head !== "*") return places(child(before, head), child(after, head), rest, owner, [...path, head]);
  const [old, now] = [before, after].map((list) => named((list as object[] | undefined) ?? []));
  return [...new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])])].flatMap((key) => {
    const inside = { before: old?.get(key), after: now?.get(key) };
    const found = places(inside.before, inside.after, rest, inside, [...path, key]);
    const whole = inside.before === undefined || inside.after === undefined;
    return whole ? found.map((place) => ({ ...place, path: [...path, key] })) : found;
  });
}

function child(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** A system whose own description now computes a lower tier, whichever field did it. */
function loweredTiers(before: Registry, after: Registry, tiers: ReturnType<typeof inherentTiers>): RegistryEdit[] {
  const old = new Set((before.systems ?? []).map((system) => system.id));
  const now = inherentTiers(after);
  const systems = (after.systems ?? []).filter((system) => old.has(system.id));
  return systems.flatMap(({ id }) => {
    const [was, is] = [tiers("systems", id), now("systems", id)];
    if (atLeast(is, was)) return [];
    const effect: Effect = { severity: "major", direction: "narrowed" };
    return [edit("systems", id, ["inherent tier"], effect, `falls from tier ${was} to ${is}`)];
  });
}

function edit(list: List, id: string, path: readonly string[], effect: Effect, what: string): RegistryEdit {
  return {
    kind: KINDS[list],
    id,
    path: [list, id, ...path].join("."),
    keys: [list, id, ...path],
    severity: effect.severity,
    ...(effect.severity === "major" ? { floor: "high" as const } : {}),
    direction: effect.direction,
    sentence: `${KINDS[list]} ${id}: ${what}.`,
    ...(effect.safe ? { safe: true as const } : {}),
  };
}

function words(path: readonly string[], effect: Effect, { before, after }: FieldPlace): string {
  const [from, to] = [plain(before), plain(after)];
  const values = from && to ? ` from ${from} to ${to}` : "";
  return `${path.join(".")} ${effect.direction}${values}`;
}

/** Values that the schema itself spells (words, dates, durations) are shown; free text may hold what must not be repeated. */
function plain(value: unknown): string | undefined {
  return typeof value === "string" && /^(?:[a-z-]{1,20}|\d{4}-\d{2}-\d{2}|P[0-9WDTHMS]{1,20})$/.test(value)
    ? value
    : undefined;
}
