import type { EffectivePolicy, Policy } from "../core/policy.ts";

/** Where a value of the effective policy comes from. */
export type Origin = "built-in" | "baseline" | "repository" | "baseline and repository";

/** The origin of each value, by its dotted path. */
export type Origins = ReadonlyMap<string, Origin>;

/** Tells for each value of an effective policy (scalars, lists and empty objects) who set it. */
export function originsOf(effective: EffectivePolicy, baseline: Policy | null, repository: Policy | null): Origins {
  const origins = new Map<string, Origin>();
  const walk = (value: unknown, path: readonly string[]): void => {
    if (typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length > 0) {
      for (const [key, field] of Object.entries(value)) walk(field, [...path, key]);
      return;
    }
    origins.set(path.join("."), originOf(value, at(baseline, path), at(repository, path)));
  };
  walk(effective, []);
  return origins;
}

function originOf(value: unknown, organisation: unknown, own: unknown): Origin {
  if (organisation === undefined && own === undefined) return "built-in";
  const text = JSON.stringify(value);
  if (text === JSON.stringify(own)) return "repository";
  if (text === JSON.stringify(organisation)) return "baseline";
  return "baseline and repository";
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, key) =>
      typeof found === "object" && found !== null && Object.hasOwn(found, key)
        ? (found as Record<string, unknown>)[key]
        : undefined,
    value,
  );
}
