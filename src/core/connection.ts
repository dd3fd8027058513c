import type { Fact } from "./detector.ts";
import type { FileFacts, FilePart, SideFacts } from "./file-facts.ts";
import { isQuiet } from "./file-facts.ts";
import type { Finding, FindingClass, Place } from "./finding.ts";
import type { EffectivePolicy } from "./policy.ts";
import { isProviderKey } from "./provider-key.ts";
import { pathsOf, type RegistryIndex, type TouchedFinding } from "./touched-systems.ts";

const COMPANIONS: ReadonlySet<string> = new Set<FindingClass>(["model", "prompt", "provider", "tool"]);

/**
 * Marks credential findings that no AI system acts with: they are reported and ask for nothing. A credential is connected
 * when it is a registered identity's, lies in a system's paths, stands in one file (of a workflow: one job) with a model,
 * prompt, provider or tool (changed or not) or with a model provider's key, is a secret's value, or is a wildcard or
 * admin scope.
 */
export function connect(
  findings: readonly TouchedFinding[],
  files: readonly FileFacts[],
  policy: EffectivePolicy,
  index: RegistryIndex,
): TouchedFinding[] {
  const companions = companionsIn(files);
  return findings.map((entry) => {
    const { finding } = entry;
    if (finding.class !== "credential" || policy.detect.credentials === "all") return entry;
    const connected =
      entry.identities.length > 0 ||
      finding.rule === "credential/secret-value" ||
      finding.floor === "critical" ||
      standsWith(finding, companions) ||
      pathsOf(finding).some((path) => index.byPath.match(path).length > 0);
    return connected ? entry : { ...entry, finding: { ...finding, connected: false, severity: "trivial" as const } };
  });
}

/** The jobs of one side of a file that hold a companion; null stands for what holds for all jobs, and for other files. */
interface Companions {
  readonly parts: readonly FilePart[];
  readonly jobs: ReadonlySet<string | null>;
}

type CompanionsByPath = Readonly<Record<"before" | "after", ReadonlyMap<string, Companions>>>;

function companionsIn(files: readonly FileFacts[]): CompanionsByPath {
  const of = (side: SideFacts | undefined): (readonly [string, Companions])[] => {
    if (!side) return [];
    const { parts = [] } = side;
    const jobs = new Set(side.facts.filter((fact) => isCompanion(fact, side)).map(({ line }) => jobAt(parts, line)));
    return jobs.size === 0 ? [] : [[side.entry.path, { parts, jobs }]];
  };
  return {
    before: new Map(files.flatMap(({ before }) => of(before))),
    after: new Map(files.flatMap(({ after }) => of(after))),
  };
}

function isCompanion(fact: Fact, { surface }: SideFacts): boolean {
  if (isQuiet(fact.surface ?? surface)) return false;
  return COMPANIONS.has(fact.rule.slice(0, fact.rule.indexOf("/"))) || (fact.references ?? []).some(isProviderKey);
}

function standsWith({ place }: Finding, { before, after }: CompanionsByPath): boolean {
  const stands = (at: Place | undefined, companions: ReadonlyMap<string, Companions>) => {
    const found = at && companions.get(at.path);
    if (!found) return false;
    const job = jobAt(found.parts, at.line);
    return job === null || found.jobs.has(null) || found.jobs.has(job);
  };
  return stands(place.before, before) || stands(place.after, after);
}

function jobAt(parts: readonly FilePart[], line: number): string | null {
  return parts.findLast((part) => part.line <= line)?.job ?? null;
}
