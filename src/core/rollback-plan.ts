import type { TrialConflict } from "./facts.ts";
import type { FindingClass } from "./finding.ts";
import type { Instant } from "./scalars.ts";

export const STRATEGIES = [
  ...(["revert-commit", "pin-model", "prompt-version"] as const),
  ...(["flag-off", "credential-rotate", "disable-agent", "irreversible"] as const),
] as const;
/** How a change is undone. */
export type RollbackStrategy = (typeof STRATEGIES)[number];

/** The strategies that bring back what stood before, which a trial shows; the others are switches, and nothing comes back. */
export const REVERTING: ReadonlySet<RollbackStrategy> = new Set(["revert-commit", "pin-model", "prompt-version"]);

/** How what lies outside of every system is named where a system is. */
export const UNREGISTERED = "unregistered";

/** The machine-readable way back from a change: what the machine can know, and what people say of it. */
export interface RollbackPlan {
  readonly kind: FindingClass;
  readonly system: string | null;
  readonly owner: string | null;
  /** Who stands in for the owner. */
  readonly backup: readonly string[];
  readonly strategy: RollbackStrategy;
  /** What it goes back to; null where it goes back to no value. A date is the last day on which it can. */
  readonly previous: { readonly value: string; readonly retires: string | null } | null;
  /** What stood there before and is no way back, and why; null where that is one. */
  readonly stale: { readonly value: string; readonly why: string } | null;
  /** `conflicts` are where taking it back would not go by itself; null where that was not tried. */
  readonly revert: { readonly base: string; readonly conflicts: readonly TrialConflict[] | null };
  /** When a credential is revoked while it is replaced; null of everything else. */
  readonly revoke: "first" | "last" | null;
  /** Whether an index or a memory was filled with what the change made, which no revert takes back. */
  readonly cleanUp: boolean;
  readonly trigger: readonly string[];
  readonly runbook: string | null;
  readonly verification: readonly string[];
  /** Why there is no way back, where that is so. */
  readonly reason: string | null;
  readonly maxTimeToRestore: string | null;
  /** The newest rehearsal on record; the other is what the registry says, which is no record. */
  readonly lastRehearsal: Instant | null;
  readonly declaredRehearsal: string | null;
}
