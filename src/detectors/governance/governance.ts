import picomatch from "picomatch";
import { byText } from "../../core/change-set.ts";
import type { Detector, Fact, FactChange, Judgement } from "../../core/detector.ts";
import type { EffectivePolicy } from "../../core/policy.ts";
import { directionOf } from "../distinct-facts.ts";

const POLICY_FILE = ".github/countersign.yml";
const REGISTRY_FILE = ".github/ai-systems.yml";
const RULE_FILES: ReadonlySet<string> = new Set([POLICY_FILE, "CODEOWNERS", ".github/CODEOWNERS", "docs/CODEOWNERS"]);

/**
 * Finds changes of the rules themselves: policy, AI policy document, owners, registry, and what the named checks run:
 * their workflows, what those reach in the repository, and their inputs. The whole file is the fact, so that an approval
 * covers exactly its content. `organizationWide` names the files that rule more than their own repository (security rule S03).
 */
export function governanceDetector(
  policy: EffectivePolicy,
  reached: (path: string) => boolean,
  organizationWide: readonly string[],
): Detector {
  const document = policy.aiPolicy?.document;
  const checks = checkFiles(policy);
  const ruleOf = (path: string): string | null => {
    if (path === REGISTRY_FILE) return "governance/registry";
    if (RULE_FILES.has(path) || path === document || organizationWide.includes(path)) return "governance/policy";
    return checks(path) || reached(path) ? "governance/check-workflow" : null;
  };
  return {
    name: "governance",
    rules: RULES,
    literals: [],
    selects: (path) => ruleOf(path) !== null,
    extract: (file): readonly Fact[] => {
      const id = ruleOf(file.path);
      return id === null
        ? []
        : [
            {
              rule: id,
              key: file.path,
              value: `${file.entry.mode} ${file.entry.id}`,
              shown: file.entry.id.slice(0, 12),
              line: 1,
              confidence: "certain",
              surface: "production",
            },
          ];
    },
    judge: (change) => judge(change, organizationWide),
  };
}

function rule(id: string, summary: string, severity: string) {
  return { id, class: "governance", summary, severity, ignoresSurface: true, wholeFile: true } as const;
}

const RULES = [
  rule(
    "governance/policy",
    "The policy, the AI policy document or CODEOWNERS changes.",
    "major; at least tier high; a loosening or removal, and any edit of an organisation's policy, critical",
  ),
  rule(
    "governance/registry",
    "The registry of systems, identities and providers changes.",
    "By the entry's effect: see docs/policy.md. As a whole file: material, removed: major.",
  ),
  rule(
    "governance/check-workflow",
    "A workflow that defines a named check, a local action or workflow that it uses, or what that check reads, changes.",
    "major, at least tier high",
  ),
];

/** Whether a path is the workflow of a named check or matches what the check says it reads. */
export function checkFiles(policy: EffectivePolicy): (path: string) => boolean {
  const checks = Object.values(policy.checks);
  const workflows = new Set(
    checks.flatMap((check) => (check.workflow === undefined ? [] : [check.workflow.replace(/^\.?\//, "")])),
  );
  const globs = [...new Set(checks.flatMap((check) => check.inputs ?? []))].sort(byText);
  const reads = globs.length === 0 ? () => false : picomatch(globs, { dot: true });
  return (path) => workflows.has(path) || reads(path);
}

const REMEDIES: Readonly<Record<string, string>> = {
  "governance/policy": "Ask the people the policy names now: an edit takes effect only after the merge.",
  "governance/registry": "Keep owners, dates and scopes true; leave in what is still referenced.",
  "governance/check-workflow": "Separate the edit of a check from the change that it checks.",
};

function judge(change: FactChange, organizationWide: readonly string[]): Judgement {
  const { key = "" } = change.after ?? change.before ?? {};
  const id = (change.after ?? change.before)?.rule ?? "";
  const direction = directionOf(change);
  const remedy = REMEDIES[id] ?? "";
  if (id === "governance/registry") return { direction, severity: change.after ? "material" : "major", remedy };
  return {
    direction,
    severity: "major",
    remedy,
    floor: (id === "governance/policy" && !change.after) || organizationWide.includes(key) ? "critical" : "high",
  };
}
