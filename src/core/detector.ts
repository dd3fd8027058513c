import type { Entry } from "./change-set.ts";
import type { Confidence, Direction, FindingClass, Floor, RuleId, Severity, Surface } from "./finding.ts";

/**
 * A value in a file with the name it is bound to: a leaf of a structured file, or a literal in code.
 * `path` are the keys or names that lead to it, outermost first (for code: enclosing callee or key, then the bound name).
 */
export interface Literal {
  readonly path: readonly string[];
  readonly value: string;
  readonly kind: "string" | "number" | "boolean" | "null";
  readonly line: number;
}

/** A comment or prose run of a file, by its first line. */
export interface Comment {
  readonly text: string;
  readonly line: number;
}

/** One side of a changed file, decoded and parsed once for all detectors. */
export interface FileSide {
  readonly entry: Entry;
  readonly path: string;
  readonly surface: Surface;
  readonly bytes: Uint8Array;
  /** Decoded text with LF line ends and no byte order mark; empty for binary content. */
  readonly text: string;
  readonly binary: boolean;
  /** False when a structured file did not parse and was read by lines instead: its facts are `likely`. */
  readonly parsed: boolean;
  /** False when the file holds more than is read of one: what was found is not all that it says. */
  readonly whole: boolean;
  /** Values with names, in file order. */
  readonly literals: readonly Literal[];
  readonly comments: readonly Comment[];
  /** Names of the detectors whose `wants` led here: the file is what they follow, whatever its name. */
  readonly roles?: ReadonlySet<string>;
}

/** Something a rule knows about one side of a file; the comparison of both sides' facts gives the findings. */
export interface Fact {
  readonly rule: RuleId;
  /** What the fact is about; facts of both sides with one rule and key are compared. */
  readonly key: string;
  /** The name it stands under, where that may change without changing the fact; shown instead of `key`. */
  readonly label?: string;
  /** Normalised value: equal values are no change. Never a secret's value: a fingerprint instead. */
  readonly value: string;
  /** How the value is shown; `value` when left out. */
  readonly shown?: string;
  readonly line: number;
  /** For a value of many words, the line of each: a difference in it has a place of its own. */
  readonly wordLines?: readonly number[];
  readonly confidence: Confidence;
  /** When it differs from the file's. */
  readonly surface?: Surface;
  /** Names that tie a credential to a registered identity (environment names, secret references). */
  readonly references?: readonly string[];
}

/** One fact that stands on one side only, or with another value on the other. */
export interface FactChange {
  readonly before?: Fact;
  readonly after?: Fact;
}

/** What a detector makes of a changed fact. */
export interface Judgement {
  readonly direction: Direction;
  readonly severity: Severity;
  readonly remedy: string;
  readonly floor?: Floor;
  readonly excerpt?: Excerpt;
}

/** What differs between two facts, where showing them as a whole would hide it; on the facts' lines when none are given. */
export interface Excerpt {
  readonly before: string | null;
  readonly after: string | null;
  readonly beforeLine?: number;
  readonly afterLine?: number;
}

/** What a rule is, for documentation and for the policy's `detect.rules`. */
export interface RuleInfo {
  readonly id: RuleId;
  readonly class: FindingClass;
  readonly summary: string;
  /** Which severity it gives when, for the documentation. */
  readonly severity: string;
  /** True where the file's surface does not lower the severity (guardrails, secret values). */
  readonly ignoresSurface?: boolean;
  /** True where the whole file is the fact, so that approvals bind to its blob id. */
  readonly wholeFile?: boolean;
}

/** A secret's text in a file, without white space, and what is shown in its place wherever it would come up. */
export interface HiddenText {
  readonly text: string;
  readonly shown: string;
}

/** A plug-in: one family of rules. Pure; never executes content; linear in its input. */
export interface Detector {
  readonly name: string;
  readonly rules: readonly RuleInfo[];
  /** Lower-case literals of which a file must hold one to be looked at; empty means every selected file. */
  readonly literals: readonly string[];
  selects(path: string): boolean;
  extract(file: FileSide): readonly Fact[] | Promise<readonly Fact[]>;
  /**
   * Paths that a file names as what belongs to this detector (the prompt it loads, the suite's data), as written. They
   * are tried from the file's folder and from the repository's root; what is found gets this detector's name as a role.
   */
  wants?(file: FileSide): readonly string[];
  /**
   * How alike two facts of one rule and key are, 0 to 1: the most alike are paired, below 0.5 none is. Without it facts
   * are paired in file order.
   */
  likeness?(before: Fact, after: Fact): number;
  /** What of a file no fact of any detector may hold, and so no report show. */
  secrets?(file: FileSide): Promise<readonly HiddenText[]>;
  /** Only called for facts of this detector's own rules. */
  judge(change: FactChange): Judgement;
}
