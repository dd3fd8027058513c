import { createHash } from "node:crypto";
import type { ObjectId } from "../core/change-set.ts";
import type { Configuration } from "../work/configuration.ts";

/** The rules on the default branch and in the organisation, by what identifies their versions. */
export interface RulesPresent {
  readonly program: string;
  readonly policy: ObjectId | null;
  readonly registry: ObjectId | null;
  readonly organization: string | null;
  /** Whether the operator lets nothing be blocked. */
  readonly observes: boolean;
}

/** Which rules are in force: a decision under others may be another one. */
export function rulesPresentVersion({ program, policy, registry, organization, observes }: RulesPresent): string {
  return hashOf([program, policy, registry, organization, observes]);
}

/** With what the digests of a pull request's approvals are computed: whatever changes one of them changes this. */
export function bindingVersion(program: string, fingerprintKey: Uint8Array, configuration: Configuration): string {
  const { policy, registry, documents } = configuration;
  const key = createHash("sha256").update(fingerprintKey).digest("hex");
  return hashOf([program, key, policy, registry, documents.policy.after, documents.policy.before]);
}

function hashOf(values: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(values)).digest("hex").slice(0, 32);
}
