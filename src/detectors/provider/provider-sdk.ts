import { byText } from "../../core/change-set.ts";
import type { Detector, Fact, FactChange, FileSide, Judgement } from "../../core/detector.ts";
import { confidenceIn, directionOf } from "../distinct-facts.ts";
import { redactedCommand } from "../tool/redacted-command.ts";
import { dependenciesIn, namesPackages } from "./manifest.ts";
import { PACKAGE_LITERALS, packageName, providerOfPackage } from "./provider-name.ts";

const RULE = "provider/sdk";
const LOCKED = "locked";

/** Packages that reach a provider of models, in manifests first, in lock files second. */
export const providerSdkDetector: Detector = {
  name: "provider-sdk",
  rules: [
    {
      id: RULE,
      class: "provider",
      summary: "A provider's client package comes, goes or changes its version.",
      severity:
        "A new provider: major, at least tier high. One that goes, a new major version or another package of the provider: minor. Other versions, and lock files: trivial.",
    },
  ],
  literals: PACKAGE_LITERALS,
  selects: namesPackages,
  extract: (file) => (file.binary ? [] : sdksIn(file)),
  judge,
};

/**
 * One fact for each provider that a manifest has packages of: the provider is what is new or gone, its packages and
 * their versions are the value.
 */
function sdksIn(file: FileSide): readonly Fact[] {
  const { locked, all } = dependenciesIn(file);
  const providers = new Map<
    string,
    { readonly line: number; readonly packages: Set<string>; readonly names: Set<string> }
  >();
  for (const { name, ecosystem, version, line } of all) {
    const id = providerOfPackage(name, ecosystem);
    if (id === null) continue;
    const own = providers.get(id) ?? { line, packages: new Set(), names: new Set() };
    providers.set(id, own);
    own.packages.add(`${packageName(name, ecosystem)} ${redactedCommand([version.replace(/\s+/g, "")])}`.trim());
    own.names.add(name);
  }
  return [...providers].map(([id, { line, packages, names }]) => {
    const sorted = [...packages].sort(byText);
    return {
      rule: RULE,
      key: id,
      value: [...(locked ? [LOCKED] : []), ...sorted].join("\n"),
      shown: sorted.join(", "),
      line,
      confidence: confidenceIn(file),
      references: [...names],
    };
  });
}

/** A new provider is major, one that goes and a new major version minor; lock files only follow manifests. */
function judge(change: FactChange): Judgement {
  const { before, after } = change;
  const direction = directionOf(change);
  const remedy = "Register the provider with its approval and disclosures, and pin the package's version.";
  if ((after ?? before)?.value.startsWith(LOCKED)) return { direction, severity: "trivial", remedy };
  if (!before) return { direction, severity: "major", floor: "high", remedy };
  if (!after)
    return { direction, severity: "minor", remedy: "Revoke the provider's credentials once nothing uses it." };
  return { direction, severity: sameGenerations(before.value, after.value) ? "trivial" : "minor", remedy };
}

/** Whether the same packages are asked for, none in another major version. Where a version is not written, none changed. */
function sameGenerations(before: string, after: string): boolean {
  const old = generations(before);
  const fresh = generations(after);
  if (old.size !== fresh.size) return false;
  return [...old].every(([name, majors]) => {
    const now = fresh.get(name);
    return now !== undefined && (majors.size === 0 || now.size === 0 || [...now].every((major) => majors.has(major)));
  });
}

function generations(value: string): ReadonlyMap<string, ReadonlySet<string>> {
  const all = new Map<string, Set<string>>();
  for (const entry of value.split("\n")) {
    const [name = "", version = ""] = entry.split(" ");
    const majors = all.get(name) ?? new Set();
    all.set(name, majors);
    const major = majorOf(version);
    if (major !== null) majors.add(major);
  }
  return all;
}

/** The major version that a range begins with, leaving out versions that it only forbids. */
function majorOf(version: string): string | null {
  const ranges = version.split(",").filter((range) => !range.startsWith("!="));
  return /(?:^|[^\w.])v?(\d{1,9})(?!\w)/.exec(ranges.join(","))?.[1] ?? null;
}
