/** One thing that must hold before merge, and whether it does. */
export interface Requirement {
  readonly kind: "approval" | "check" | "rollback" | "statement" | "record";
  readonly state: "met" | "waiting" | "failed" | "excepted";
  readonly role?: string;
  readonly check?: string;
  readonly rule?: string;
  readonly reason: string;
  /** For whom or what an approval is asked: `system support-agent`. */
  readonly subject?: string;
  /** How many approvals are still missing, where that is what it waits for. */
  readonly missing?: number;
  /** Logins of those whose word is awaited, where they are known. */
  readonly people?: readonly string[];
  /** Met only for now, or only because nothing is enforced: somebody should act. */
  readonly warning?: true;
}
