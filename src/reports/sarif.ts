import { createHash } from "node:crypto";
import type { Log, Result } from "sarif";
import type { Evaluation } from "../core/evaluation.ts";
import { placeOf, type Severity } from "../core/finding.ts";
import { governingIn, type PlacedFinding } from "./finding-table.ts";
import { plain } from "./plain.ts";

/** What GitHub's code scanning takes of one run; the heaviest findings come first. */
const MOST = 5_000;

const LEVEL: Readonly<Record<Severity, Result.level>> = {
  trivial: "note",
  minor: "note",
  material: "warning",
  major: "error",
};

/**
 * The findings that ask for something as SARIF 2.1.0, for code scanning; `rules` are those that were tried, as `id: summary`.
 * Paths are of the head; of what is gone, of the base. Never a secret's value, which findings do not hold.
 */
export function sarifReport(evaluation: Evaluation, rules: readonly string[], version: string): Log {
  const findings = governingIn(evaluation.assessment).slice(0, MOST);
  const named = new Set(findings.map(({ finding }) => finding.rule));
  const known = new Map(rules.map((rule) => [rule.split(": ", 1)[0], rule.slice(rule.indexOf(": ") + 2)]));
  const listed = [...named].sort();
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "Countersign",
            semanticVersion: version,
            rules: listed.map((id) => ({
              id,
              name: id.replace(/(?:^|[/-])(\w)/g, (_, first: string) => first.toUpperCase()),
              shortDescription: { text: known.get(id) ?? id },
            })),
          },
        },
        columnKind: "utf16CodeUnits",
        results: findings.map((one) => resultOf(one, listed.indexOf(one.finding.rule))),
      },
    ],
  };
}

function resultOf({ finding, path, line }: PlacedFinding, ruleIndex: number): Result {
  const { rule, severity, direction, confidence, before, after, remedy, place } = finding;
  const key = placeOf(finding).key ?? "";
  const values = [before, after].map((value) => (value === null || value === "" ? null : plain(value, 200)));
  const change = values[0] === values[1] ? "" : `: ${values[0] ?? "nothing"} -> ${values[1] ?? "nothing"}`;
  const gone = place.after === undefined ? " (it stood here before the change)" : "";
  return {
    ruleId: rule,
    ruleIndex,
    level: LEVEL[severity],
    message: { text: `${direction}${change}${gone}. ${plain(remedy, 400)}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: path.split("/").map(encodeURIComponent).join("/"), uriBaseId: "%SRCROOT%" },
          region: { startLine: Math.max(1, line) },
        },
      },
    ],
    // Tells a finding apart from others of its rule without its line, which moves.
    partialFingerprints: { "countersign/v1": fingerprint(rule, path, key, direction, before ?? "", after ?? "") },
    properties: { severity, direction, confidence },
  };
}

function fingerprint(...parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}
