import type { Scope } from "./iam-scope.ts";

/** A role, a policy or a key that is given to somebody. */
export interface CloudGrant {
  readonly key: string;
  readonly value: string;
  /** Where and under what a role binding holds, in place of `value`. */
  readonly scope?: Scope;
  readonly line: number;
  readonly references: readonly string[];
}
