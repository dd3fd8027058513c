import { byText } from "../core/change-set.ts";
import type { Detector, Fact, FactChange, FileSide, Judgement } from "../core/detector.ts";
import { dependenciesIn, namesPackages } from "./dependency.ts";
import { confidenceIn, directionOf } from "./distinct-facts.ts";
import { PACKAGE_LITERALS, packageName, providerOfPackage } from "./provider-name.ts";
import { redactedCommand } from "./redacted-command.ts";

const RULE = "provider/sdk";
const LOCKED = "locked";

/** Packages that reach a provider of models, in manifests first, in lock files second. */
export const providerSdkDetector: Detector = {
  name: "provider-sdk",
  rules: [{ id: RULE, class: "provider", summary: "A provider's client package comes, goes or changes its version." }],
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

/** Whether the same packages are asked for in the same major versions. */
function sameGenerations(before: string, after: string): boolean {
  return generations(before) === generations(after);
}

function generations(value: string): string {
  const each = value.split("\n").map((entry) => {
    const [name = "", version = ""] = entry.split(" ");
    return `${name} ${generationOf(version)}`;
  });
  return [...new Set(each)].sort(byText).join("\n");
}

/** The major version a range begins with; below 1 the minor version counts as one, as the ecosystems agree. */
function generationOf(version: string): string {
  const [, major, minor] = /(?:^|[^\w.])v?(\d{1,9})(?:\.(\d{1,9}))?/.exec(version) ?? [];
  if (major === undefined) return "";
  return major === "0" ? `0.${minor ?? ""}` : major;
}
