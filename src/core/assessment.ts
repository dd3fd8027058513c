import { byText, type Change, type ChangeSet } from "./change-set.ts";
import { connect } from "./connection.ts";
import type { Detector } from "./detector.ts";
import type { Likeness } from "./fact-pairs.ts";
import { compareFacts, type FileFacts, findingsOf } from "./file-facts.ts";
import type { Finding, FindingClass } from "./finding.ts";
import { CLASSES } from "./finding.ts";
import { governedDigests } from "./governed-digest.ts";
import type { Bind, EffectivePolicy } from "./policy.ts";
import type { System } from "./registry.ts";
import { inherentTier, maxTier, type TierRow, type TierWithReasons, tierOf } from "./tier.ts";
import {
  type GovernanceEdit,
  pathsOf,
  type RegistryIndex,
  type TouchedFinding,
  touched,
  touchedByEdit,
} from "./touched-systems.ts";
import { unregisteredEntries } from "./unregistered.ts";

/** Findings, the systems they touch, the tier and the reasons for it, and what approvals of it would cover. */
export interface Assessment {
  readonly changeSet: ChangeSet;
  readonly policy: EffectivePolicy;
  readonly index: RegistryIndex;
  readonly findings: readonly TouchedFinding[];
  readonly systems: readonly System[];
  /** Whether a governing finding lies outside every registered system. */
  readonly unregistered: boolean;
  readonly classes: readonly FindingClass[];
  readonly tier: TierWithReasons;
  /** Paths (either side) with a governing finding. */
  readonly governedPaths: ReadonlySet<string>;
  readonly digests: Readonly<Record<Bind, string>>;
}

/** Everything an assessment is a function of. */
export interface AssessmentInput {
  readonly changeSet: ChangeSet;
  readonly files: readonly FileFacts[];
  readonly detectors: readonly Detector[];
  /** Edits of policy and registry by their effect, from comparing the files as documents. */
  readonly edits: readonly GovernanceEdit[];
  /** Rules whose findings of whole files those edits replace. */
  readonly superseded: ReadonlySet<string>;
  readonly policy: EffectivePolicy;
  readonly index: RegistryIndex;
}

/** Whether a finding asks for anything. */
export function governs(finding: Finding): boolean {
  return finding.severity !== "trivial";
}

/** The findings that ask for something. */
export function governing({ findings }: Pick<Assessment, "findings">): readonly TouchedFinding[] {
  return findings.filter(({ finding }) => governs(finding));
}

/** Compares the facts of every file and places the findings in systems and tier; the order of files does not matter. */
export function assess(input: AssessmentInput): Assessment {
  const { index, policy, detectors } = input;
  const changeSet = { ...input.changeSet, changes: sorted(input.changeSet.changes) };
  const findings = findingsIn(input);
  const counting = findings.filter(({ finding }) => governs(finding));
  const systems = [...new Set(counting.flatMap((entry) => entry.systems))].sort((a, b) => byText(a.id, b.id));
  const governedPaths = new Set(counting.flatMap(({ finding }) => pathsOf(finding)));
  const isTouched = new Set(systems);
  return {
    changeSet,
    policy,
    index,
    findings: [...findings, ...unregisteredEntries(counting)],
    systems,
    unregistered: counting.some((entry) => entry.systems.length === 0),
    classes: CLASSES.filter((name) => counting.some(({ finding }) => finding.class === name)),
    tier: tierOf(rowsOf(counting, systems, policy, index)),
    governedPaths,
    digests: governedDigests({
      changeSet,
      files: input.files,
      governedPaths,
      wholeFileRules: wholeFileRules(detectors),
      inTouchedSystem: (path) => index.byPath.match(path).some((system) => isTouched.has(system)),
    }),
  };
}

function sorted(changes: readonly Change[]): readonly Change[] {
  const key = ({ before, after }: Change) => JSON.stringify([after?.path, before?.path]);
  return changes
    .map((change) => ({ key: key(change), change }))
    .sort((a, b) => byText(a.key, b.key))
    .map(({ change }) => change);
}

function findingsIn({ files, detectors, edits, superseded, policy, index }: AssessmentInput): TouchedFinding[] {
  const scope = (path: string) =>
    index.byPath
      .match(path)
      .map((system) => system.id)
      .sort()
      .join(" ");
  const differences = compareFacts(files, scope, likenessByRule(detectors)).filter(({ rule }) => !superseded.has(rule));
  const found = findingsOf(differences, detectors, policy.detect.rules).map(({ finding, difference }) =>
    touched(finding, difference, index),
  );
  return connect([...found, ...edits.map((edit) => touchedByEdit(edit, index))], files, policy, index);
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

/** Small edits of the registry are low whatever the system: a row of their own. */
function rowsOf(
  counting: readonly TouchedFinding[],
  systems: readonly System[],
  policy: EffectivePolicy,
  index: RegistryIndex,
): TierRow[] {
  const small = (entry: TouchedFinding) => entry.edit !== undefined && entry.finding.severity === "minor";
  const bySystem = new Map<System | null, Finding[]>(systems.map((system) => [system, []]));
  const outside: Finding[] = [];
  for (const entry of counting.filter((one) => !small(one))) {
    for (const system of entry.systems) bySystem.get(system)?.push(entry.finding);
    if (entry.systems.length === 0) outside.push(entry.finding);
  }
  const unregistered = { value: policy.unregisteredTier, why: "unregisteredTier" };
  return [
    ...systems.map((system): TierRow => {
      const own = inherentTier(system, index.identities);
      const raised = index.fresh.has(system) && maxTier(own.value, unregistered.value) !== own.value;
      const inherent = raised ? { value: unregistered.value, why: "new, so at least unregisteredTier" } : own;
      return { subject: `system ${system.id}`, inherent, findings: bySystem.get(system) ?? [] };
    }),
    { subject: "no registered system", inherent: unregistered, findings: outside },
    {
      subject: "a small edit of the registry",
      inherent: { value: "low", why: "by its effect" },
      findings: counting.filter(small).map(({ finding }) => finding),
    },
  ];
}
