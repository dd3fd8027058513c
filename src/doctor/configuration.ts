import { effectivePolicy, type Policy } from "../core/policy.ts";
import { EMPTY_REGISTRY } from "../core/registry.ts";
import { type Parsed, parsePolicy, parseRegistry } from "../governance/configuration-file.ts";
import { formatProblem } from "../governance/configuration-problem.ts";
import { baselineFor, stricterPolicy } from "../governance/tightening.ts";
import type { InspectedConfiguration, InspectedFile } from "./inspection.ts";
import { type Seen, seen } from "./seen.ts";

/** A file of the default branch; null where it is absent. */
export interface FoundFile {
  readonly path: string;
  readonly bytes: Uint8Array | null;
}

/** What the organisation's repository holds: the policy's bytes, `absent`, or `none` where there is no organisation. */
export type FoundBaseline = Seen<{ readonly bytes: Uint8Array } | "absent" | "none">;

/** Reads what was found as the App would, but with every problem told and nothing refused. */
export function inspectedConfiguration(
  found: { readonly policy: FoundFile; readonly registry: FoundFile; readonly baseline: FoundBaseline },
  repository: { readonly owner: string; readonly name: string },
): InspectedConfiguration {
  const organisation = found.baseline.known ? parsedBaseline(found.baseline.value, repository.owner) : null;
  const own = organisation?.ok ? organisation.value : null;
  const baseline = baselineFor(own, `${repository.owner}/${repository.name}`);
  const policy = parsed(found.policy, (bytes, path) => parsePolicy(bytes, path, baseline));
  const registry = parsed(found.registry, parseRegistry);
  const { policy: joined, loosened } = stricterPolicy(baseline, policy?.ok ? policy.value : null);
  const written = policy || baseline ? joined : null;
  return {
    // Without a readable policy nobody knows whether it enforces; so it does.
    policy: effectivePolicy(policy?.ok === false ? { ...joined, mode: "enforce" } : written),
    registry: registry?.ok ? registry.value : EMPTY_REGISTRY,
    files: [fileOf(found.policy.path, policy), fileOf(found.registry.path, registry)],
    baseline: found.baseline.known ? seen(baselineState(found.baseline.value, organisation)) : found.baseline,
    loosened: loosened.map(({ sentence }) => sentence),
  };
}

function parsed<T>(
  { path, bytes }: FoundFile,
  parse: (bytes: Uint8Array, path: string) => Parsed<T>,
): Parsed<T> | null {
  return bytes === null ? null : parse(bytes, path);
}

function parsedBaseline(found: { readonly bytes: Uint8Array } | string, owner: string): Parsed<Policy> | null {
  return typeof found === "string" ? null : parsePolicy(found.bytes, `${owner}/.github`);
}

function baselineState(found: { readonly bytes: Uint8Array } | "absent" | "none", read: Parsed<Policy> | null) {
  if (typeof found === "string") return found;
  return read?.ok === false ? { invalid: formatProblem(read.problems[0] as never) } : "valid";
}

function fileOf(path: string, read: Parsed<unknown> | null): InspectedFile {
  if (read === null) return { path, state: "absent" };
  return { path, state: read.ok ? "valid" : { problems: read.problems.map(formatProblem) } };
}
