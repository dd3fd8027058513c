import type { Finding, Place, Severity } from "../core/finding.ts";
import type { Policy } from "../core/policy.ts";
import { EMPTY_REGISTRY, type Registry } from "../core/registry.ts";
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
export function policyEdits({ path, before, after }: Document<Policy>): readonly Finding[] {
  if (before?.ok === false || after?.ok === false) return [];
  const found = loosenings(before?.value ?? null, after?.value ?? null);
  return found.map((loosening) => ({
    ...edit("governance/policy", path, before !== null, after !== null, loosening.path),
    direction: "widened",
    severity: "major",
    before: loosening.baseline,
    after: loosening.repository,
    remedy: `${loosening.sentence} Keep the stricter value, or have it approved at critical.`,
    floor: "critical",
  }));
}

/** Edits of the registry by their effect, each entry a finding. Empty when a side cannot be read. */
export function registryEdits({ path, before, after }: Document<Registry>): readonly Finding[] {
  if (before?.ok === false || after?.ok === false) return [];
  const edits = registryLoosenings(before?.value ?? EMPTY_REGISTRY, after?.value ?? EMPTY_REGISTRY);
  return edits.map((entry) => ({
    ...edit("governance/registry", path, before !== null, after !== null, entry.path),
    direction: entry.direction,
    severity: entry.severity,
    before: null,
    after: entry.sentence,
    remedy: `Have the owner approve it: ${entry.sentence}`,
    ...(entry.floor ? { floor: entry.floor } : {}),
  }));
}

type Frame = Omit<Finding, "direction" | "severity" | "before" | "after" | "remedy" | "floor">;

function edit(
  rule: string,
  path: string,
  before: boolean,
  after: boolean,
  key: string,
): Frame & { severity: Severity } {
  const place: Place = { path, line: 1, key };
  return {
    rule,
    class: "governance",
    surface: "production",
    severity: "material",
    confidence: "certain",
    connected: true,
    place: { ...(before ? { before: place } : {}), ...(after ? { after: place } : {}) },
  };
}
