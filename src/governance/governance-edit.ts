import type { Finding, Place } from "../core/finding.ts";
import type { Policy } from "../core/policy.ts";
import { EMPTY_REGISTRY, type Exception, type Registry } from "../core/registry.ts";
import type { GovernanceEdit } from "../core/touched-systems.ts";
import type { Parsed } from "./configuration-file.ts";
import { registryLoosenings } from "./registry-edit.ts";
import { loosenings } from "./tightening.ts";

/** Both sides of a configuration document; null where the file is absent. */
interface Document<T> {
  readonly path: string;
  readonly before: Parsed<T> | null;
  readonly after: Parsed<T> | null;
}

/** Edits of the policy by their effect: loosening is critical, any other edit high. Empty when a side cannot be read. */
export function policyEdits({ path, before, after }: Document<Policy>): readonly GovernanceEdit[] {
  if (before?.ok === false || after?.ok === false) return [];
  const found = loosenings(before?.value ?? null, after?.value ?? null);
  return found.map((loosening) => ({
    finding: {
      ...frame("governance/policy", { path, before, after }, loosening.path.split(".")),
      direction: "widened",
      severity: "major",
      before: loosening.baseline,
      after: loosening.repository,
      remedy: `${loosening.sentence} Keep the stricter value, or have it approved at critical.`,
      floor: "critical",
    },
  }));
}

/** Edits of the registry by their effect, each entry a finding. Empty when a side cannot be read. */
export function registryEdits({ path, before, after }: Document<Registry>): readonly GovernanceEdit[] {
  if (before?.ok === false || after?.ok === false) return [];
  const now = after?.value ?? EMPTY_REGISTRY;
  return registryLoosenings(before?.value ?? EMPTY_REGISTRY, now).map((entry): GovernanceEdit => {
    const finding: Finding = {
      ...frame("governance/registry", { path, before, after }, entry.keys),
      direction: entry.direction,
      severity: entry.severity,
      before: null,
      after: entry.sentence,
      remedy: `Have the owner approve it: ${entry.sentence}`,
      ...(entry.floor ? { floor: entry.floor } : {}),
    };
    const { kind, id } = entry;
    if (kind !== "exception") {
      const added = kind === "system" && entry.direction === "added" && entry.keys.length === 2;
      return {
        finding,
        entry: { kind, id },
        safe: entry.safe === true,
        widens: added || entry.direction === "widened",
      };
    }
    const exception = now.exceptions?.find((one) => one.id === id);
    return { finding, ...(exception ? { ...scopeOf(exception), acceptedBy: exception.acceptedBy } : {}) };
  });
}

/** The entry that an exception is for. */
function scopeOf({ scope }: Exception): Pick<GovernanceEdit, "entry"> {
  for (const kind of ["system", "identity", "provider"] as const) {
    const id = scope[kind];
    if (id !== undefined) return { entry: { kind, id } };
  }
  return {};
}

type Frame = Omit<Finding, "direction" | "severity" | "before" | "after" | "remedy" | "floor">;

function frame<T>(rule: string, { path, before, after }: Document<T>, keys: readonly string[]): Frame {
  const place = (side: Parsed<T>): Place => ({ path, line: lineOf(side, keys), key: keys.join(".") });
  return {
    rule,
    class: "governance",
    surface: "production",
    confidence: "certain",
    connected: true,
    place: { ...(before ? { before: place(before) } : {}), ...(after ? { after: place(after) } : {}) },
  };
}

/** The line of a field, or of what is nearest above it; entries of lists are met by their id. */
function lineOf<T>(side: Parsed<T>, [list = "", id, ...rest]: readonly string[]): number {
  if (!side.ok || id === undefined) return side.ok ? (side.lines([list])?.line ?? 1) : 1;
  const entries = (side.value as Record<string, unknown>)[list];
  const step = Array.isArray(entries) ? entries.findIndex((entry) => entry.id === id) : id;
  return side.lines([list, step, ...rest])?.line ?? 1;
}
