export const SEVERITIES = ["trivial", "minor", "material", "major"] as const;
/** How much a finding changes. */
export type Severity = (typeof SEVERITIES)[number];

export const CLASSES = ["model", "prompt", "credential", "tool", "guardrail", "provider", "governance"] as const;
/** What kind of thing a finding changes. */
export type FindingClass = (typeof CLASSES)[number];

export type Direction = "added" | "removed" | "changed" | "widened" | "narrowed";
export type Surface = "production" | "ci" | "test" | "example" | "docs" | "comment";
export type Confidence = "certain" | "likely";
/** A rule's id: its class or `record`, a slash, its name. */
export type RuleId = string;

/** A place in one side of a change. `line` counts from 1; `key` is the dotted key or name there. */
export interface Place {
  readonly path: string;
  readonly line: number;
  readonly key?: string;
}

/** Severities and tiers that a finding forces whatever the matrix says. */
export type Floor = "high" | "critical";

/** One change that a rule recognises. `before` and `after` never hold a secret's value. */
export interface Finding {
  readonly rule: RuleId;
  readonly class: FindingClass;
  readonly direction: Direction;
  readonly surface: Surface;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** Whether the change touches what an AI system acts with (detection: AI connection). */
  readonly connected: boolean;
  readonly place: { readonly before?: Place; readonly after?: Place };
  readonly before: string | null;
  readonly after: string | null;
  /** What the person who made the change can do, one sentence. */
  readonly remedy: string;
  /** The tier this finding asks for at least, whatever the system's. */
  readonly floor?: Floor;
}

/** The larger of two severities. */
export function maxSeverity(a: Severity, b: Severity): Severity {
  return SEVERITIES.indexOf(a) >= SEVERITIES.indexOf(b) ? a : b;
}

/** The place a finding is shown at: after the change, or before it when it is gone. */
export function placeOf(finding: Finding): Place {
  const place = finding.place.after ?? finding.place.before;
  if (!place) throw new Error(`finding ${finding.rule} has no place`);
  return place;
}
