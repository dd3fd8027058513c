import { z } from "zod";

/** The project's own namespace; in-toto has no predicate for approvals. */
export const PREDICATE_TYPE = "urn:countersign:change-approval:v1";
export const STATEMENT_TYPE = "https://in-toto.io/Statement/v1";

/** What a record is about. */
export const EVENTS = [
  ...(["merge", "ungoverned-merge", "bypass", "break-glass", "retrospective-approval", "corrective-action"] as const),
  ...(["review", "access-review", "rotation", "exception-opened", "exception-closed", "lifecycle"] as const),
  ...(["deployment", "rollback-started", "rollback-finished", "rehearsal", "enforcement", "metric"] as const),
] as const;
/** What may be owed after a record: an approval of what landed without one; why it happened, and what is done about it. */
export const OWED_KINDS = ["retrospective-approval", "corrective-action"] as const;
export type OwedKind = (typeof OWED_KINDS)[number];

const Hex256 = z.string().regex(/^[0-9a-f]{64}$/);
const GitId = z.string().regex(/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/);
const Instant = z.iso.datetime({ offset: true });
/** An account by its number, which stays, and its login, for reading. `id` is null where only a name is known. */
const Account = z.strictObject({ id: z.int().nullable(), login: z.string() });

const Blob = z.strictObject({ mode: z.string(), id: GitId });
const Place = z.strictObject({ path: z.string(), line: z.int(), key: z.string().optional() });
const Finding = z.strictObject({
  rule: z.string(),
  class: z.string(),
  direction: z.string(),
  surface: z.string(),
  severity: z.string(),
  confidence: z.string(),
  systems: z.array(z.string()),
  place: z.strictObject({ before: Place.optional(), after: Place.optional() }),
  before: z.string().nullable(),
  after: z.string().nullable(),
});
const Requirement = z.strictObject({
  kind: z.string(),
  state: z.enum(["met", "waiting", "failed", "excepted"]),
  role: z.string().optional(),
  check: z.string().optional(),
  rule: z.string().optional(),
  subject: z.string().optional(),
  reason: z.string(),
});
const Vote = z.strictObject({
  person: Account,
  role: z.string().optional(),
  basis: z.string(),
  counted: z.boolean(),
  reason: z.string(),
  reviewId: z.int().optional(),
  commit: GitId.optional(),
  digest: z.string().optional(),
  submittedAt: Instant.optional(),
});
const Check = z.strictObject({
  name: z.string(),
  app: z.string(),
  conclusion: z.string().nullable(),
  head: GitId,
  completedAt: Instant.nullable(),
});
const RollbackPlan = z.looseObject({ kind: z.string(), system: z.string().nullable(), strategy: z.string() });

/** What a decision rested on, whole, as it stood when it was made. */
export const Dossier = z.strictObject({
  decision: z.strictObject({
    state: z.enum(["not-governed", "approved", "waiting", "blocked"]),
    basis: z.enum(["votes", "break-glass", "observe"]).nullable(),
    validUntil: Instant.nullable(),
    at: Instant,
  }),
  change: z.strictObject({ base: GitId, mergeBase: GitId, head: GitId, baseRef: z.string() }),
  /** The digest of the governed content by the width an approval covers. */
  governedDigest: z.record(z.string(), z.string()),
  /** Governed files as they are proposed; `sha256` and `gitBlob` are null where the file goes away. */
  files: z.array(
    z.strictObject({
      path: z.string(),
      before: Blob.nullable(),
      after: Blob.extend({ sha256: Hex256.nullable() }).nullable(),
    }),
  ),
  /** The files that ruled, by their bytes' SHA-256; null where there was none. `baseline` names the organisation's version. */
  policy: z.strictObject({ commit: GitId, digest: Hex256.nullable(), baseline: z.string().nullable() }),
  registry: z.strictObject({ commit: GitId, digest: Hex256.nullable() }),
  tool: z.strictObject({ version: z.string(), rules: z.string() }),
  tier: z.strictObject({ value: z.string(), reasons: z.array(z.string()) }),
  classes: z.array(z.string()),
  systems: z.array(z.string()),
  findings: z.array(Finding),
  requirements: z.array(Requirement),
  votes: z.array(Vote),
  checks: z.array(Check),
  authors: z.array(Account.extend({ kind: z.enum(["author", "assignee", "committer", "pusher"]) })),
  exceptions: z.array(z.string()),
  riskAcceptance: z
    .strictObject({ person: Account, tier: z.string(), digest: z.string(), text: z.string(), receivedAt: Instant })
    .optional(),
  rollback: z.array(RollbackPlan),
  controls: z.array(z.strictObject({ framework: z.string(), ref: z.string(), relation: z.literal("supports") })),
});
/** What a decision rested on, whole, as it stood when it was made. */
export type Dossier = z.infer<typeof Dossier>;

const PullRequest = z.strictObject({
  number: z.int(),
  base: GitId,
  head: GitId,
  baseRef: z.string(),
  /** The commit that stands in the branch since; null where it was not merged. */
  merge: GitId.nullable(),
  /** A rebase of a single commit looks like a squash, and is told as one. */
  method: z.enum(["merge", "squash", "rebase", "queue", "unknown"]).nullable(),
  /** Whether the governed paths landed exactly as they were approved; null where nothing was, or nothing landed. */
  landedAsApproved: z.boolean().nullable(),
  mergedBy: Account.nullable(),
  mergedAt: Instant.nullable(),
});

/** The predicate of one record. Absent parts are those that the event does not have. */
export const EvidenceRecord = z.strictObject({
  record: z.strictObject({
    /** Unique in its ledger; what is recorded twice has the same id and is kept once. */
    id: z.string().min(1).max(400),
    /** From 0, without gaps. */
    sequence: z.int().nonnegative(),
    /** SHA-256 of the envelope before it, as lower-case hex; null in the first. */
    previous: Hex256.nullable(),
    createdAt: Instant,
  }),
  event: z.enum(EVENTS),
  repository: z.strictObject({ id: z.int(), owner: z.string(), name: z.string() }),
  /** Ids of records that this one answers, completes or corrects. */
  about: z.array(z.string()),
  pullRequest: PullRequest.optional(),
  /** What landed, where a branch moved. */
  landed: z
    .strictObject({
      branch: z.string(),
      before: GitId.nullable(),
      after: GitId,
      /** When, as far as that is known. */
      at: Instant,
      /** The governed paths with what stood there before it and stands there since. */
      paths: z.array(z.strictObject({ path: z.string(), before: Blob.nullable(), after: Blob.nullable() })),
    })
    .optional(),
  dossier: Dossier.optional(),
  /** How the gate was passed by, or made weaker. `at` is when, where nothing landed. */
  bypass: z
    .strictObject({ cause: z.string(), actor: z.string().nullable(), detail: z.string(), at: Instant.optional() })
    .optional(),
  /** Who acted and why, where a person's own act is the event: break-glass, an approval afterwards, a cause with its action. */
  act: z
    .strictObject({
      person: Account,
      reason: z.string(),
      systems: z.array(z.string()),
      at: Instant,
      cause: z.string().optional(),
      action: z.string().optional(),
      dueAt: Instant.optional(),
    })
    .optional(),
  /** A rollback's or a rehearsal's course. */
  rollback: z
    .strictObject({
      system: z.string().nullable(),
      strategy: z.string(),
      outcome: z.enum(["started", "succeeded", "conflicts", "failed"]),
      startedAt: Instant,
      /** Time to restore, whole seconds; null where nothing was restored yet. */
      seconds: z.int().nonnegative().nullable(),
      detail: z.string(),
      pullRequest: z.int().nullable(),
    })
    .optional(),
  /** A production metric as it was reported, against the threshold that the registry names. */
  metric: z
    .strictObject({
      ...{ system: z.string(), name: z.string(), value: z.number(), threshold: z.string() },
      breached: z.boolean(),
      onBreach: z.enum(["notify", "pause"]).nullable(),
    })
    .optional(),
  /** How the gate itself stood: required, pinned, by whom it can be passed. */
  enforcement: z
    .strictObject({
      branch: z.string(),
      mode: z.string(),
      states: z.record(z.string(), z.string()),
      weak: z.array(z.string()),
    })
    .optional(),
  /**
   * What is owed after it until a later record names this one; `owner` is who sees to it: `@login` or `@org/team`, empty where
   * the rules name nobody.
   */
  owed: z.array(z.strictObject({ kind: z.enum(OWED_KINDS), owner: z.string(), dueAt: Instant })).optional(),
  /** What this record cannot know, sentences for people. */
  limitations: z.array(z.string()),
});
/** The predicate of one record. */
export type EvidenceRecord = z.infer<typeof EvidenceRecord>;

/** A record before the ledger gave it its place. */
export type UnplacedRecord = Omit<EvidenceRecord, "record"> & { readonly record: { readonly id: string } };

const Subject = z.strictObject({
  name: z.string(),
  digest: z.strictObject({
    gitCommit: z.string().optional(),
    gitBlob: z.string().optional(),
    sha256: z.string().optional(),
  }),
});

/** What an envelope holds: an in-toto Statement v1 whose predicate is one record. */
export const Statement = z.strictObject({
  _type: z.literal(STATEMENT_TYPE),
  subject: z.array(Subject).min(1),
  predicateType: z.literal(PREDICATE_TYPE),
  predicate: EvidenceRecord,
});
/** An in-toto Statement v1 whose predicate is one record. */
export type Statement = z.infer<typeof Statement>;
