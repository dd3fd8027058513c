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

/** A system's own tier, and why. */
export interface InherentTier {
  readonly value: GovernedTier;
  readonly why: string;
}

const WRITING: ReadonlySet<string> = new Set(["write", "exec", "money", "safety", "legal"]);
const GRAVE: ReadonlySet<string> = new Set(["money", "safety", "legal"]);

/** The inherent tier of a registered system: the declared one, raised by what its risk profile, tools and identities imply. */
export function inherentTier(system: System, identities: ReadonlyMap<string, Identity>): InherentTier {
  const declared: InherentTier = { value: system.tier ?? "low", why: system.tier ? "declared" : "nothing declared" };
  const { autonomy, affects = [], data = [], euAiAct } = system.risk ?? {};
  const effects = (system.tools ?? []).flatMap((tool) => tool.effects ?? []);
  const writes = effects.some((effect) => WRITING.has(effect));
  const external = affects.includes("external-users");
  const admin = (system.identities ?? []).find((id) => identities.get(id)?.privilege === "admin");
  // From the highest down: the first that holds names the tier.
  const floors: readonly (readonly [boolean, GovernedTier, string])[] = [
    [
      autonomy === "autonomous" && effects.some((effect) => GRAVE.has(effect)),
      "critical",
      "acts autonomously on money, safety or law",
    ],
    [euAiAct === "high" || euAiAct === "prohibited", "high", `EU AI Act class ${euAiAct}`],
    [data.includes("special-category") || data.includes("payment"), "high", "special-category or payment data"],
    [external && writes, "high", "external users with write tools"],
    [admin !== undefined, "high", `identity ${admin} has admin privilege`],
    [data.includes("personal"), "medium", "personal data"],
    [external, "medium", "external users"],
    [writes, "medium", "a tool that writes"],
  ];
  const [, value, why] = floors.find(([holds]) => holds) ?? [];
  return value && why && !atLeast(declared.value, value) ? { value, why } : declared;
}

/** Findings that share a row of the matrix. */
export interface TierRow {
  /** Whose row it is: `system support-agent`. */
  readonly subject: string;
  readonly inherent: InherentTier;
  readonly findings: readonly Finding[];
}

/** Walks the matrix row by row, then the floors; the reasons name each step. */
export function tierOf(rows: readonly TierRow[]): TierWithReasons {
  let value: Tier = "none";
  const reasons: string[] = [];
  for (const { subject, inherent, findings } of rows) {
    const heaviest = findings.reduce<Finding | undefined>(
      (best, finding) => (!best || maxSeverity(best.severity, finding.severity) !== best.severity ? finding : best),
      undefined,
    );
    if (!heaviest) continue;
    const { severity } = heaviest;
    const cell = MATRIX[inherent.value][severity];
    reasons.push(
      `${described(heaviest)} is ${severity} -> ${subject} is ${inherent.value} (${inherent.why}) -> ${severity} x ${inherent.value} = ${cell}`,
    );
    value = maxTier<Tier>(value, cell);
  }
  for (const finding of rows.flatMap(({ findings }) => findings)) {
    if (!finding.floor || atLeast(value, finding.floor)) continue;
    value = finding.floor;
    reasons.push(`${described(finding)} -> floor ${finding.floor}`);
  }
  return { value, reasons };
}

/** A finding as reasons name it: rule, direction and place. */
export function described(finding: Finding): string {
  const place = placeOf(finding);
  return `${finding.rule} ${finding.direction} at ${place.path}:${place.line}`;
}

/** Whether a tier blocks under this policy, or is only observed. */
export function enforced(policy: EffectivePolicy, tier: Tier): boolean {
  return policy.mode === "enforce" && atLeast(tier, policy.enforceFrom);
}
