/** A role, a policy or a key that is given to somebody. */
export interface CloudGrant {
  readonly key: string;
  readonly value: string;
  readonly line: number;
  readonly references: readonly string[];
}
