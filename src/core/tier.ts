import type { Finding, Severity } from "./finding.ts";
import { maxSeverity, placeOf } from "./finding.ts";
import type { EffectivePolicy, GovernedTier, Tier } from "./policy.ts";
import { TIERS } from "./policy.ts";
import type { Identity, System } from "./registry.ts";

/** One row per inherent tier, one column per severity: the tier of the change. */
export const MATRIX: Readonly<Record<GovernedTier, Readonly<Record<Severity, Tier>>>> = {
  low: { trivial: "none", minor: "low", material: "low", major: "medium" },
  medium: { trivial: "none", minor: "low", material: "medium", major: "high" },
  high: { trivial: "none", minor: "low", material: "high", major: "critical" },
  critical: { trivial: "none", minor: "medium", material: "critical", major: "critical" },
};

/** A tier with the chain that led to it, one sentence a link. */
export interface TierWithReasons {
  readonly value: Tier;
  readonly reasons: readonly string[];
}

/** The higher of two tiers. */
export function maxTier<T extends Tier>(a: T, b: T): T {
  return TIERS.indexOf(a) >= TIERS.indexOf(b) ? a : b;
}

/** Whether `tier` is at least `floor`. */
export function atLeast(tier: Tier, floor: Tier): boolean {
  return TIERS.indexOf(tier) >= TIERS.indexOf(floor);
}

/** The inherent tier of a registered system: the declared one, raised by what its risk profile, tools and identities imply. */
export function inherentTier(
  system: System,
  identities: ReadonlyMap<string, Identity>,
): TierWithReasons & { value: GovernedTier } {
  let value: GovernedTier = system.tier ?? "low";
  const reasons = [`system ${system.id}: declared ${system.tier ?? "nothing, so low"}`];
  const raise = (to: GovernedTier, why: string): void => {
    if (atLeast(value, to)) return;
    value = to;
    reasons.push(`system ${system.id}: raised to ${to}, ${why}`);
  };
  const risk = system.risk ?? {};
  const effects = new Set((system.tools ?? []).flatMap((tool) => tool.effects ?? []));
  const writes = ["write", "exec", "money", "safety", "legal"].some((effect) => effects.has(effect as never));
  const external = risk.affects?.includes("external-users") ?? false;
  if (["money", "safety", "legal"].some((effect) => effects.has(effect as never)) && risk.autonomy === "autonomous") {
    raise("critical", "it acts autonomously on money, safety or law");
  }
  if (risk.euAiAct === "high" || risk.euAiAct === "prohibited") raise("high", `EU AI Act class ${risk.euAiAct}`);
  if (risk.data?.some((kind) => kind === "special-category" || kind === "payment"))
    raise("high", "special-category or payment data");
  if (external && writes) raise("high", "external users with write tools");
  const admin = (system.identities ?? []).find((id) => identities.get(id)?.privilege === "admin");
  if (admin !== undefined) raise("high", `identity ${admin} has admin privilege`);
  if (risk.data?.includes("personal")) raise("medium", "personal data");
  if (external) raise("medium", "external users");
  if (writes) raise("medium", "a tool that writes");
  return { value, reasons };
}

/** A touched system as the tier needs it: its id (null when unregistered), its inherent tier and its findings. */
export interface TierRow {
  readonly system: string | null;
  readonly inherent: GovernedTier;
  readonly findings: readonly Finding[];
}

/** Walks the matrix for every touched system, then the floors; the reasons name each step. */
export function tierOf(rows: readonly TierRow[]): TierWithReasons {
  let value: Tier = "none";
  const reasons: string[] = [];
  for (const row of rows) {
    const heaviest = row.findings.reduce<Finding | undefined>(
      (best, finding) => (!best || maxSeverity(best.severity, finding.severity) !== best.severity ? finding : best),
      undefined,
    );
    if (!heaviest) continue;
    const cell = MATRIX[row.inherent][heaviest.severity];
    const name = row.system === null ? "no registered system" : `system ${row.system}`;
    reasons.push(
      `${described(heaviest)} is ${heaviest.severity} -> ${name} is ${row.inherent} -> ${heaviest.severity} x ${row.inherent} = ${cell}`,
    );
    value = maxTier<Tier>(value, cell);
    for (const finding of row.findings) {
      if (!finding.floor || atLeast(value, finding.floor)) continue;
      value = finding.floor;
      reasons.push(`${described(finding)} -> floor ${finding.floor}`);
    }
  }
  return { value, reasons };
}

function described(finding: Finding): string {
  const place = placeOf(finding);
  return `${finding.rule} ${finding.direction} at ${place.path}:${place.line}`;
}

/** Whether a tier blocks under this policy, or is only observed. */
export function enforced(policy: EffectivePolicy, tier: Tier): boolean {
  return policy.mode === "enforce" && atLeast(tier, policy.enforceFrom);
}
