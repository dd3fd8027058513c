import type { FileFacts, SideFacts } from "./file-facts.ts";
import { isQuiet } from "./file-facts.ts";
import type { FindingClass } from "./finding.ts";
import type { EffectivePolicy } from "./policy.ts";
import { pathsOf, type RegistryIndex, type TouchedFinding } from "./touched-systems.ts";

const COMPANIONS: ReadonlySet<string> = new Set<FindingClass>(["model", "prompt", "provider", "tool"]);

/**
 * Marks credential findings that no AI system acts with: they are reported and ask for nothing. A credential is connected
 * when it is a registered identity's, lies in a system's paths, stands in one file with a model, prompt, provider or tool
 * (changed or not), is a secret's value, or is a wildcard or admin scope.
 */
export function connect(
  findings: readonly TouchedFinding[],
  files: readonly FileFacts[],
  policy: EffectivePolicy,
  index: RegistryIndex,
): TouchedFinding[] {
  const companions = companionPaths(files);
  return findings.map((entry) => {
    const { finding } = entry;
    if (finding.class !== "credential" || policy.detect.credentials === "all") return entry;
    const connected =
      entry.identities.length > 0 ||
      finding.rule === "credential/secret-value" ||
      finding.floor === "critical" ||
      pathsOf(finding).some((path) => companions.has(path) || index.byPath.match(path).length > 0);
    return connected ? entry : { ...entry, finding: { ...finding, connected: false, severity: "trivial" as const } };
  });
}

function companionPaths(files: readonly FileFacts[]): ReadonlySet<string> {
  const sides = files.flatMap(({ before, after }) => [before, after]).filter((side) => side !== undefined);
  return new Set(sides.filter(holdsCompanion).map(({ entry }) => entry.path));
}

function holdsCompanion({ facts, surface }: SideFacts): boolean {
  return facts.some(
    (fact) => COMPANIONS.has(fact.rule.slice(0, fact.rule.indexOf("/"))) && !isQuiet(fact.surface ?? surface),
  );
}
