import { createHash } from "node:crypto";
import type { ConfigurationFault } from "../core/decision.ts";
import type { Policy } from "../core/policy.ts";
import { parsePolicy } from "../governance/configuration-file.ts";
import { formatProblem } from "../governance/configuration-problem.ts";
import type { Store } from "../stores/store.ts";
import type { HostedRepository } from "../work/hosting.ts";

/** The policy of the organisation that owns a repository, as it holds now. */
export interface OrganizationPolicy {
  readonly policy: Policy | null;
  /** What tells it from another version; null where there is none. */
  readonly version: string | null;
  readonly faults: readonly ConfigurationFault[];
  /** What every check says of it, a sentence each. */
  readonly notes: readonly string[];
}

const NONE: OrganizationPolicy = { policy: null, version: null, faults: [], notes: [] };

/**
 * Reads the organisation's policy. Once seen it stays in force, whatever becomes of its file or of the right to read it,
 * until an owner of the organisation has it forgotten (security rule S03).
 */
export async function organizationPolicy(
  repository: Pick<HostedRepository, "baseline" | "name">,
  organization: number | null,
  store: Pick<Store, "putBaseline" | "baselineOf">,
  now: string,
): Promise<OrganizationPolicy> {
  if (organization === null) return NONE;
  const found = await repository.baseline();
  const kept = await store.baselineOf(organization);
  if (found === "absent") return kept ? inForce(kept, "its file is not there any more") : NONE;
  if ("unreadable" in found) return kept ? inForce(kept, found.unreadable) : NONE;
  const parsed = parsePolicy(found.bytes, `${repository.name.owner}/.github`);
  if (parsed.ok) {
    if (!kept || !Buffer.from(kept.bytes).equals(found.bytes)) await store.putBaseline(organization, found.bytes, now);
    return { ...NONE, policy: parsed.value, version: versionOf(found.bytes) };
  }
  const problem = parsed.problems.slice(0, 1).map(formatProblem).join("");
  if (kept) return inForce(kept, problem);
  const reason = `the organisation's policy cannot be read, and no earlier one is known: ${problem}`;
  return { ...NONE, version: versionOf(found.bytes), faults: [{ rule: "record/unreadable", reason }] };
}

function inForce(kept: { readonly bytes: Uint8Array; readonly at: string }, why: string): OrganizationPolicy {
  const parsed = parsePolicy(kept.bytes, "the organisation's policy");
  const note = `The organisation's policy cannot be read now (${why}); the one that was read on ${kept.at.slice(0, 10)} stays in force until an owner of the organisation has it forgotten.`;
  if (parsed.ok) return { policy: parsed.value, version: versionOf(kept.bytes), faults: [], notes: [note] };
  // Written by a version of this program that knew more fields.
  const reason = `${note} This version of Countersign does not understand it: ${parsed.problems.slice(0, 1).map(formatProblem).join("")}`;
  return { ...NONE, version: versionOf(kept.bytes), faults: [{ rule: "record/unreadable", reason }] };
}

function versionOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 12);
}
