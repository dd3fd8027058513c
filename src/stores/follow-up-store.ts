import type { ObjectId } from "../core/change-set.ts";
import type { Instant } from "../core/scalars.ts";
import type { OwedKind } from "../evidence/record.ts";

/** Something that is owed after a record, until another record closes it. */
export interface StoredFollowUp {
  /** Sixteen hex digits, told by its record and its kind. */
  readonly id: string;
  readonly repository: number;
  readonly kind: OwedKind;
  /** The id of the record after which it is owed. */
  readonly record: string;
  /** `break-glass`, `quick-revert`, or how the gate was passed by. */
  readonly cause: string;
  readonly pull: number | null;
  readonly branch: string;
  /** What landed, and what stood there before it; null where nothing landed. */
  readonly before: ObjectId | null;
  readonly after: ObjectId | null;
  /** Login of who let it in; null where that is not known. */
  readonly person: string | null;
  /** The systems that it touched; none where it lies outside of them. */
  readonly systems: readonly string[];
  /** Who has to see to it: `@login` or `@org/team`; empty where the rules name nobody. */
  readonly owner: string;
  readonly openedAt: Instant;
  readonly dueAt: Instant;
  /** The id of the record that closed it; null while it is owed. */
  readonly closedBy: string | null;
}

/** A glass that was broken for a pull request which has not landed. */
export interface StoredGlass {
  readonly repository: number;
  readonly pullRequest: number;
  readonly person: string;
  readonly systems: readonly string[];
  readonly until: Instant;
  /** The id of its record. */
  readonly record: string;
}

/** The issue in which an owner is told. */
export interface StoredOwnerIssue {
  /** `@login` or `@org/team` in lower case; empty for what nobody is named for. */
  readonly owner: string;
  readonly issue: number;
  /** What its watchers were told of, and is open. */
  readonly told: readonly string[];
}

/** What a store remembers of what is owed; everything of it can be told from the records again. */
export interface FollowUpStore {
  /** Kept once; false where it is known already. */
  putFollowUp(followUp: Omit<StoredFollowUp, "closedBy">): Promise<boolean>;
  /** Closed once; false where it was closed before. */
  closeFollowUp(id: string, closedBy: string): Promise<boolean>;
  /** Of one repository, what is due first before the rest. */
  openFollowUps(repository: number): Promise<readonly StoredFollowUp[]>;
  /** Everything that was ever owed after a record. */
  followUpsOf(record: string): Promise<readonly StoredFollowUp[]>;
  /** Everything that was ever owed for what landed there. */
  followUpsAt(repository: number, branch: string, after: ObjectId | null): Promise<readonly StoredFollowUp[]>;
  /** Approvals afterwards that are owed for broken glasses, of every repository. */
  openBreakGlasses(): Promise<readonly StoredFollowUp[]>;
  /**
   * Notes that a glass is broken for pull requests which share a decision; false, and nothing is noted, where one holds for
   * others by the same person, or on one of the same systems. Of two that ask at once one is told so.
   */
  claimGlass(
    glass: Omit<StoredGlass, "pullRequest"> & { readonly pulls: readonly number[] },
    now: Instant,
  ): Promise<boolean>;
  /** Those that hold at an instant, of every repository. */
  glassesAt(now: Instant): Promise<readonly StoredGlass[]>;
  dropGlass(repository: number, pullRequest: number): Promise<void>;
  /** The sequence of the first record that was not looked at for what is owed after it. */
  followUpsSeen(): Promise<number>;
  putFollowUpsSeen(next: number): Promise<void>;
  putOwnerIssue(repository: number, issue: StoredOwnerIssue): Promise<void>;
  ownerIssues(repository: number): Promise<readonly StoredOwnerIssue[]>;
}
