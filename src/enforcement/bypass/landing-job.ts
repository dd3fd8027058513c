import { z } from "zod";
import type { Work } from "../../queues/queue.ts";

const Repository = z.object({
  installation: z.int(),
  repository: z.int(),
  owner: z.string(),
  name: z.string(),
});
type Place = z.infer<typeof Repository>;

const BasePush = Repository.extend({
  branch: z.string(),
  before: z.string().nullable(),
  after: z.string(),
  login: z.string(),
  /** What GitHub calls its default branch; an older version did not note it. */
  defaultBranch: z.string().optional(),
  /** True once it was recorded, and waited until it is known which branches are governed. */
  waited: z.boolean().optional(),
});
/** A pull request that was merged. */
const Merge = Repository.extend({
  number: z.int(),
  head: z.string(),
  baseRef: z.string(),
  commit: z.string(),
  mergedAt: z.string(),
  by: z.object({ id: z.int(), login: z.string() }).nullable(),
});
/** Why a branch is looked at, for people who read of what was found there. */
const Landings = Repository.extend({
  branch: z.string(),
  reason: z.string(),
  /** True once a commit that seems to be a merge was given time to be known as one. */
  waited: z.boolean().optional(),
});
const Gate = Repository.extend({ reason: z.string(), login: z.string().nullable() });
const Forged = Repository.extend({
  head: z.string(),
  check: z.string(),
  app: z.string(),
  number: z.int().nullable(),
});

/** The works that notice what passed the gate by, with what each is told. */
export const LANDING_JOBS = {
  /** Remember who pushed to a governed branch, then look at what landed there. */
  "record-base-push": BasePush,
  /** Remember what a merge brought and who did it, then look at what landed. */
  "record-merge": Merge,
  /** Look at everything that came into a branch since it was last looked at (P20). */
  "look-at-landings": Landings,
  /** Look at what GitHub's rules demand of the governed branches (security rule S21). */
  "look-at-gate": Gate,
  /** Somebody else reported a check by our name. */
  "note-forged-check": Forged,
  /** Bring the issue in which people are told up to date. */
  "tell-people": Repository,
} as const;

/** Records a push; each has a key of its own. */
export function basePushWork(push: z.infer<typeof BasePush>): Work {
  const { repository, branch, before, after } = push;
  return {
    key: `base-push/${repository}/${before ?? ""}/${after}/${branch}`,
    kind: "record-base-push",
    payload: push,
    leadsTo: [keyOfLandings(repository, branch), keyOfPeople(repository)],
  };
}

/** Records a merge. */
export function mergeWork(merge: z.infer<typeof Merge>): Work {
  const { repository, number, baseRef } = merge;
  return {
    key: `merge/${repository}/${number}`,
    kind: "record-merge",
    payload: merge,
    leadsTo: [keyOfLandings(repository, baseRef), keyOfPeople(repository)],
  };
}

/** Looks at what landed on a branch; works of one branch coalesce, since each looks at all of it. */
export function landingsWork(place: Place, branch: string, reason: string, options: { waited?: true } = {}): Work {
  return {
    key: keyOfLandings(place.repository, branch),
    kind: "look-at-landings",
    payload: { ...placeOf(place), branch, reason, ...options },
    background: true,
    leadsTo: [keyOfPeople(place.repository)],
  };
}

/** Looks at a repository's gate; `login` is who is said to have changed it. */
export function gateWork(place: Place, reason: string, login: string | null = null): Work {
  return {
    key: `gate/${place.repository}`,
    kind: "look-at-gate",
    payload: { ...placeOf(place), reason, login },
    background: true,
    leadsTo: [keyOfPeople(place.repository)],
  };
}

/** Notes a check by our name that somebody else reported. */
export function forgedWork(place: Place, forged: Omit<z.infer<typeof Forged>, keyof Place>): Work {
  const { check, app } = forged;
  return {
    key: `forged/${place.repository}/${app}/${check}`,
    kind: "note-forged-check",
    payload: { ...placeOf(place), head: forged.head, check, app, number: forged.number },
    leadsTo: [keyOfPeople(place.repository)],
  };
}

/** Brings the tracking issue up to date. */
export function tellWork(place: Place): Work {
  return { key: keyOfPeople(place.repository), kind: "tell-people", payload: placeOf(place), background: true };
}

function keyOfLandings(repository: number, branch: string): string {
  return `landings/${repository}/${branch}`;
}

function keyOfPeople(repository: number): string {
  return `tell/${repository}`;
}

function placeOf({ installation, repository, owner, name }: Place): Place {
  return { installation, repository, owner, name };
}
