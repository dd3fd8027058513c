import type { Entry, ObjectId } from "../core/change-set.ts";
import type { LastMerge } from "../core/facts.ts";
import type { Instant } from "../core/scalars.ts";
import type { Dossier } from "../evidence/record.ts";

/** What the newest decision about one head of a pull request into one branch rested on. */
export interface StoredDossier {
  readonly repository: number;
  readonly pullRequest: number;
  readonly head: ObjectId;
  readonly baseRef: string;
  readonly dossier: Dossier;
  /** What it cannot know, sentences for people. */
  readonly limitations: readonly string[];
}

/** A merge as its webhook told of it. */
export interface StoredMerge {
  readonly repository: number;
  readonly pullRequest: number;
  readonly head: ObjectId;
  readonly baseRef: string;
  /** What stands in the branch since. */
  readonly commit: ObjectId;
  readonly mergedAt: Instant;
  readonly by: { readonly id: number; readonly login: string } | null;
}

/** A recorded landing with governed content; rows are only ever added. */
export interface StoredLanding {
  /** The id of its record. */
  readonly record: string;
  readonly repository: number;
  readonly branch: string;
  readonly pull: number | null;
  /** What let it in. */
  readonly basis: LastMerge["restoredBasis"];
  readonly landedAt: Instant;
  /** The governed paths with what stood there before it. */
  readonly paths: LastMerge["before"];
}

/** The newest landing on some paths, with what let in the content before it; null where no record tells. */
export interface LastLanding extends StoredLanding {
  readonly restoredBasis: LastMerge["restoredBasis"] | null;
}

/** How the gate of a branch was recorded last. */
export interface RecordedGate {
  readonly repository: number;
  readonly branch: string;
  /** What tells it from another state. */
  readonly digest: string;
  /** The id of its record. */
  readonly record: string;
}

/** What a store remembers so that landings are recorded with what they rested on, and found again by what they changed. */
export interface RecordingStore {
  /** `passes`: on disk when it returns, since nothing may be let through of which nobody could say why. */
  putDossier(dossier: StoredDossier, passes: boolean): Promise<void>;
  dossierOf(repository: number, pullRequest: number, head: ObjectId, baseRef: string): Promise<StoredDossier | null>;
  /** Of a pull request whose landing is recorded. */
  dropDossiers(repository: number, pullRequest: number): Promise<void>;
  putMerge(merge: StoredMerge): Promise<void>;
  /** The merges that ended with this commit of the branch. */
  mergesAt(repository: number, baseRef: string, commit: ObjectId): Promise<readonly StoredMerge[]>;
  /** The same record is kept once. */
  putLanding(landing: StoredLanding): Promise<void>;
  lastLanding(repository: number, branch: string, paths: readonly string[]): Promise<LastLanding | null>;
  /** The newest landing on the paths of another one that came before it; null where no record tells. */
  landingBefore(record: string): Promise<LastLanding | null>;
  /** The newest record of a pull request's landing. */
  landingOf(repository: number, pullRequest: number): Promise<string | null>;
  putRecordedGate(gate: RecordedGate): Promise<void>;
  recordedGate(repository: number, branch: string): Promise<RecordedGate | null>;
}

/** A tree entry as it is kept. */
export type KeptEntry = Pick<Entry, "mode" | "id"> | null;
