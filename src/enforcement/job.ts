import { z } from "zod";
import type { Work } from "../queues/queue.ts";
import { LANDING_JOBS } from "./bypass/landing-job.ts";
import { EVIDENCE_JOBS } from "./recording/evidence-job.ts";
import { ROLLBACK_JOBS } from "./rollback/rollback-job.ts";

const Repository = z.object({
  installation: z.int(),
  repository: z.int(),
  owner: z.string(),
  name: z.string(),
});
/** A repository as the event that caused the work names it. */
export type Repository = z.infer<typeof Repository>;

const Place = Repository.extend({ number: z.int() });
/** A pull request as the event that caused the work names it. */
export type Place = z.infer<typeof Place>;

const Expected = z.object({
  head: z.string(),
  /** The branch that a new change is to be merged into, where that is sure to be a governed one. */
  baseRef: z.string().optional(),
  /** Who gave a review. */
  login: z.string().optional(),
  /** A review that was given, or one that was dismissed. */
  review: z.int().optional(),
  dismissed: z.int().optional(),
  /** How often was looked in vain for what the event told. */
  looks: z.int().optional(),
});

const Decide = Place.extend({
  /** Why it is looked at: for logs, since works coalesce and only the newest reason stays. */
  reason: z.string(),
  /** True where somebody asked for it: the check is written again even if it would say the same. */
  again: z.boolean().optional(),
  /** What the event said of it: where to look early, never what is true. */
  expected: Expected.optional(),
});

const Bind = Place.extend({
  review: z.int(),
  /** The reviewer's account number. */
  person: z.int().nullable(),
  /** The commit that the review was given on. */
  commit: z.string(),
  /** Where head and base of the pull request stood when it was given (P22). */
  head: z.string(),
  baseRef: z.string(),
  submittedAt: z.string(),
  login: z.string().optional(),
});

const Push = Place.extend({
  before: z.string().nullable(),
  after: z.string(),
  login: z.string(),
  /** The pusher's account number; an older version did not note it. */
  person: z.int().nullable().optional(),
  at: z.string(),
  /** The branch that it is to be merged into, where that is the default branch. */
  baseRef: z.string().optional(),
});
/** A push to a branch that may be proposed later. */
const BranchPush = Repository.extend({
  before: z.string().nullable(),
  after: z.string(),
  login: z.string(),
  person: z.int().nullable(),
});

const Closed = Place.extend({ head: z.string(), baseRef: z.string() });
/** A comment of ours that `login` changed or deleted. */
const Changed = Place.extend({
  comment: z.int(),
  login: z.string(),
  /** Absent where an older version heard of it. */
  person: z.int().nullable().optional(),
  deleted: z.boolean().optional(),
  at: z.string().nullable().optional(),
});
const PolicyChanged = Repository.extend({ reason: z.string() });
const Asked = Place.extend({
  login: z.string(),
  asks: z.string(),
  /** The head of the merge group whose check it was. */
  group: z.string().optional(),
});

const Group = Repository.extend({
  head: z.string(),
  /** The group's own branch. */
  branch: z.string(),
  /** The commit that it is built on. */
  base: z.string(),
  /** The branch that it is to land on. */
  baseRef: z.string(),
  defaultBranch: z.string(),
  reason: z.string(),
  /** True where the queue is said to have dropped it. */
  ended: z.boolean().optional(),
  /** How often its branch was looked for in vain. */
  looks: z.int().optional(),
  /** True once others that land before it were let go first. */
  yielded: z.boolean().optional(),
  /** True where somebody asked for it: its check is written again even if it would say the same. */
  again: z.boolean().optional(),
});
/** A group of a merge queue as the event that caused the work names it. */
export type MergeGroup = Omit<z.infer<typeof Group>, "reason" | "ended" | "looks" | "yielded" | "again">;

/** Every kind of work, with what it is told. Payloads outlive the program that wrote them, so they are parsed. */
export const JOBS = {
  /** Evaluate the pull request, publish, remember when to look again. */
  "decide-pull-request": Decide,
  /** A pull request ended: it is no longer open, and another one with the same head and base may now speak for both. */
  "close-pull-request": Closed,
  /** Somebody else changed our comment: forget what it says, then decide, which writes it again (P28). */
  "restore-comment": Changed,
  /** Bind a review to what it covered, then decide. */
  "bind-review": Bind,
  /** Remember who pushed, then decide. */
  "record-push": Push,
  /** Remember who pushed to a branch that may be proposed later. */
  "record-branch-push": BranchPush,
  /** Policy or registry may have changed: decide again about every open pull request. */
  "policy-changed": PolicyChanged,
  /** Somebody pressed a button: check that they may, then decide and write again (P15). */
  "asked-again": Asked,
  /** Decide about a group of a merge queue, or note that there is none any more. */
  "decide-group": Group,
  ...LANDING_JOBS,
  ...ROLLBACK_JOBS,
  ...EVIDENCE_JOBS,
} as const;

/** The name of a job. */
export type JobKind = keyof typeof JOBS;
/** What a job is told. */
export type Payload<K extends JobKind> = z.infer<(typeof JOBS)[K]>;

interface DecideOptions {
  readonly again?: true;
  readonly background?: true;
  readonly expected?: z.infer<typeof Expected>;
}

/** Decides about a pull request. Works of one pull request coalesce and never run side by side. */
export function decideWork(place: Place, reason: string, options: DecideOptions = {}): Work {
  const { background, ...more } = options;
  return work("decide-pull-request", keyOf("decide", place), { ...placeOf(place), reason, ...more }, background);
}

/** Notes the end of a pull request, without asking whether it is open again. Never coalesces with a decision, which asks. */
export function closeWork(place: Place, ended: { readonly head: string; readonly baseRef: string }): Work {
  return work("close-pull-request", keyOf("close", place), { ...placeOf(place), ...ended });
}

/** Notes that a pull request was merged. In the place of a decision that waits: nothing is left to be decided. */
export function mergedWork(place: Place, ended: { readonly head: string; readonly baseRef: string }): Work {
  return { ...closeWork(place, ended), key: keyOf("decide", place) };
}

/** Restores our comment. It has a key of its own, so that a decision that is due for another reason does not swallow it. */
export function restoreWork(
  place: Place,
  { comment, login, person, deleted, at }: Omit<Payload<"restore-comment">, keyof Place>,
): Work {
  // Each change is recorded, and none is lost to the next.
  const which = [comment, ...(deleted ? ["deleted"] : at ? [at] : [])].join("/");
  const key = `${keyOf("comment", place)}/${which}`;
  const changed = work("restore-comment", key, { ...placeOf(place), comment, login, person, deleted, at });
  return { ...changed, leadsTo: [keyOf("decide", place)] };
}

/** Binds one review; each has a key of its own, so that none is lost to coalescing. */
export function bindWork(place: Place, review: Omit<Payload<"bind-review">, keyof Place>): Work {
  const bound = work("bind-review", `bind/${place.repository}/${review.review}`, { ...placeOf(place), ...review });
  return { ...bound, leadsTo: [keyOf("decide", place)] };
}

/** Records one push; each has a key of its own: several people may push one commit, between pushes of others. */
export function pushWork(place: Place, push: Omit<Payload<"record-push">, keyof Place>): Work {
  const key = `${keyOf("push", place)}/${push.before ?? ""}/${push.after}/${push.login.toLowerCase()}`;
  return { ...work("record-push", key, { ...placeOf(place), ...push }), leadsTo: [keyOf("decide", place)] };
}

/** Records one push to a branch, which may be proposed later. */
export function branchPushWork(place: Repository, push: Omit<Payload<"record-branch-push">, keyof Repository>): Work {
  const { installation, repository, owner, name } = place;
  const key = `branch-push/${repository}/${push.before ?? ""}/${push.after}/${push.login.toLowerCase()}`;
  return work("record-branch-push", key, { installation, repository, owner, name, ...push });
}

/** Looks at a repository's rules again. */
export function policyWork(repository: Repository, reason: string, options: { background?: true } = {}): Work {
  const { installation, repository: id, owner, name } = repository;
  const payload = { installation, repository: id, owner, name, reason };
  return work("policy-changed", `policy/${id}`, payload, options.background);
}

/** Decides about a merge group. Each has a key of its own: its head names the pull requests and the base that it is made of. */
export function groupWork(
  group: MergeGroup,
  reason: string,
  options: Pick<Payload<"decide-group">, "ended" | "looks" | "yielded" | "again"> = {},
): Work {
  const { installation, repository, owner, name, head, branch, base, baseRef, defaultBranch } = group;
  const place = { installation, repository, owner, name };
  const payload = { ...place, head, branch, base, baseRef, defaultBranch, reason, ...options };
  return work("decide-group", `group/${repository}/${head}`, payload);
}

/** What a person asked for with a button of the check. */
export function askedWork(place: Place, login: string, asks: string, group?: string): Work {
  const key = `${keyOf("asked", place)}/${login.toLowerCase()}${group === undefined ? "" : `/${group}`}`;
  return work("asked-again", key, { ...placeOf(place), login, asks, ...(group === undefined ? {} : { group }) });
}

function keyOf(prefix: string, { repository, number }: Place): string {
  return `${prefix}/${repository}/${number}`;
}

function placeOf({ installation, repository, owner, name, number }: Place): Place {
  return { installation, repository, owner, name, number };
}

function work<K extends JobKind>(kind: K, key: string, payload: Payload<K>, background = false): Work {
  return { key, kind, payload, ...(background ? { background } : {}) };
}
