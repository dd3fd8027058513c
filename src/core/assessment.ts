import type { ChangeSet } from "./change-set.ts";
import type { Detector } from "./detector.ts";
import type { Likeness } from "./fact-pairs.ts";
import { compareFacts, type FileFacts, findingsOf } from "./file-facts.ts";
import type { Finding, FindingClass } from "./finding.ts";
import { CLASSES } from "./finding.ts";
import { governedDigests } from "./governed-digest.ts";
import type { Bind, EffectivePolicy, GovernedTier } from "./policy.ts";
import type { System } from "./registry.ts";
import { inherentTier, maxTier, type TierRow, type TierWithReasons, tierOf } from "./tier.ts";
import { type RegistryIndex, type TouchedFinding, touched } from "./touched-systems.ts";

/** Findings, the systems they touch, the tier and the reasons for it, and what approvals of it would cover. */
export interface Assessment {
  readonly changeSet: ChangeSet;
  readonly findings: readonly TouchedFinding[];
  readonly systems: readonly System[];
  /** Whether a governing finding lies outside every registered system. */
  readonly unregistered: boolean;
  readonly classes: readonly FindingClass[];
  readonly tier: TierWithReasons;
  readonly index: RegistryIndex;
  readonly digests: Readonly<Record<Bind, string>>;
}

/** Everything an assessment is a function of. */
export interface AssessmentInput {
  readonly changeSet: ChangeSet;
  readonly files: readonly FileFacts[];
  readonly detectors: readonly Detector[];
  /** Findings that compare the files as documents: edits of policy and registry by their effect. */
  readonly governance: readonly Finding[];
  /** Rules whose findings of whole files those of `governance` replace. */
  readonly superseded: ReadonlySet<string>;
  readonly policy: EffectivePolicy;
  readonly index: RegistryIndex;
}

/** Whether a finding asks for anything. */
export function governs(finding: Finding): boolean {
  return finding.severity !== "trivial";
}

/** Compares the facts of every file and places the findings in systems and tier. */
export function assess(input: AssessmentInput): Assessment {
  const { index, policy } = input;
  const scope = (path: string) =>
    index.byPath
      .match(path)
      .map((system) => system.id)
      .sort()
      .join(" ");
  const differences = compareFacts(input.files, scope, likenessByRule(input.detectors));
  const settings = policy.detect.rules;
  const paired = differences.flatMap((difference) =>
    findingsOf([difference], input.detectors, settings).map((finding) => touched(finding, difference, index)),
  );
  const governance = input.governance.map((finding) => touched(finding, { rule: finding.rule, file: {} }, index));
  const own = paired.filter(({ finding }) => !input.superseded.has(finding.rule));
  const findings = connect([...own, ...governance], policy, index);
  const governing = findings.filter(({ finding }) => governs(finding));
  const systems = [...new Set(governing.flatMap((entry) => entry.systems))].sort((a, b) => (a.id < b.id ? -1 : 1));
  const outside = governing.filter((entry) => entry.systems.length === 0);
  const governedPaths = new Set(
    governing.flatMap(({ finding }) => [finding.place.before?.path, finding.place.after?.path]),
  );
  governedPaths.delete(undefined);
  const touchedIds = new Set(systems.map((system) => system.id));
  return {
    changeSet: input.changeSet,
    findings,
    systems,
    unregistered: outside.length > 0,
    classes: CLASSES.filter((name) => governing.some(({ finding }) => finding.class === name)),
    tier: tierOf(rowsOf(governing, systems, outside, policy, index)),
    index,
    digests: governedDigests({
      changeSet: input.changeSet,
      files: input.files,
      governedPaths: governedPaths as ReadonlySet<string>,
      wholeFileRules: wholeFileRules(input.detectors),
      inTouchedSystem: (path) => index.byPath.match(path).some((system) => touchedIds.has(system.id)),
    }),
  };
}

function likenessByRule(detectors: readonly Detector[]): ReadonlyMap<string, Likeness> {
  return new Map(
    detectors.flatMap(({ likeness, rules }) => (likeness ? rules.map((rule) => [rule.id, likeness] as const) : [])),
  );
}

function wholeFileRules(detectors: readonly Detector[]): ReadonlySet<string> {
  return new Set(
    detectors.flatMap((detector) => detector.rules.filter((rule) => rule.wholeFile).map((rule) => rule.id)),
  );
}

function rowsOf(
  governing: readonly TouchedFinding[],
  systems: readonly System[],
  outside: readonly TouchedFinding[],
  policy: EffectivePolicy,
  index: RegistryIndex,
): TierRow[] {
  const rows: TierRow[] = systems.map((system) => {
    const inherent = inherentTier(system, index.identities).value;
    const isNew = index.fresh.has(`system:${system.id}`);
    return {
      system: system.id,
      inherent: isNew ? maxTier<GovernedTier>(inherent, policy.unregisteredTier) : inherent,
      findings: governing.filter((entry) => entry.systems.includes(system)).map((entry) => entry.finding),
    };
  });
  if (outside.length > 0) {
    rows.push({ system: null, inherent: policy.unregisteredTier, findings: outside.map((entry) => entry.finding) });
  }
  return rows;
}

const COMPANIONS: ReadonlySet<FindingClass> = new Set(["model", "prompt", "provider", "tool"]);

/** Marks credential findings that no AI system acts with: they are reported and ask for nothing. */
function connect(findings: readonly TouchedFinding[], policy: EffectivePolicy, index: RegistryIndex): TouchedFinding[] {
  const path = (finding: Finding) => (finding.place.after ?? finding.place.before)?.path ?? "";
  const companions = new Set(
    findings.filter(({ finding }) => COMPANIONS.has(finding.class)).map(({ finding }) => path(finding)),
  );
  return findings.map((entry) => {
    const { finding } = entry;
    if (finding.class !== "credential" || policy.detect.credentials === "all") return entry;
    const connected =
      entry.identities.length > 0 ||
      index.byPath.match(path(finding)).length > 0 ||
      companions.has(path(finding)) ||
      finding.rule === "credential/secret-value" ||
      finding.floor === "critical";
    return connected ? entry : { ...entry, finding: { ...finding, connected: false, severity: "trivial" as const } };
  });
}
