import type { Work } from "../queues/queue.ts";
import { ROLL_BACK } from "../reports/check-run.ts";
import type { Store, StoredHead } from "../stores/store.ts";
import { basePushWork, forgedWork, gateWork, landingsWork, mergeWork, tellWork } from "./bypass/landing-job.ts";
import { isWatched } from "./bypass/watched-branches.ts";
import type {
  AccessEvent,
  AskedEvent,
  BranchEvent,
  ChecksEvent,
  ClosedEvent,
  CommandEvent,
  HostedEvent,
  PeopleEvent,
  PullRequestEvent,
  ReviewEvent,
} from "./hosted-event.ts";
import {
  askedWork,
  bindWork,
  branchPushWork,
  closeWork,
  decideWork,
  groupWork,
  mergedWork,
  type Place,
  policyWork,
  pushWork,
  type Repository,
  restoreWork,
} from "./job.ts";

import { rollbackWorks } from "./rollback/rollback-job.ts";

/** What is remembered of pull requests. */
export type KnownHeads = Pick<
  Store,
  | "headOf"
  | "headsAt"
  | "openHeads"
  | "openHeadsOf"
  | "groupAt"
  | "watched"
  | "branches"
  | "openFollowUps"
  | "ownerIssues"
  | "trackingIssueOf"
>;

/**
 * The work an event causes; none where it cannot change an answer. What is not known of a pull request makes it worth
 * looking at, never the other way round.
 */
export async function workOfEvent(event: HostedEvent, known: KnownHeads): Promise<readonly Work[]> {
  switch (event.type) {
    case "pull-request":
      return pullRequestWork(event, known);
    case "closed":
      return closedWork(event, known);
    case "review":
      return reviewWork(event, known);
    case "command":
      return [...(await commandWork(event, known)), ...(await rollbackWorks(event, known))];
    case "comment":
      return [restoreWork(event.place, event)];
    case "checks":
      return checksWork(event, known);
    case "asked":
      return askedWorks(event, known);
    case "group":
      return [groupWork(event.group, event.reason, event.ended ? { ended: true } : {})];
    case "branch":
      return branchWork(event, known);
    case "forged":
      return [forgedWork(event.repository, event)];
    case "gate":
      return gateWorks(event, known);
    case "access":
    case "people":
      return peopleWork(event, known);
    case "repositories":
      return event.repositories.map((one) => policyWork(one, event.reason, { background: true }));
    case "granted": {
      const open = repositoriesOf(await known.openHeadsOf(event.installation));
      const all = new Map([...event.repositories, ...open].map((one) => [one.repository, one]));
      return [...all.values()].map((one) => policyWork(one, event.reason, { background: true }));
    }
  }
}

async function pullRequestWork(event: PullRequestEvent, known: KnownHeads): Promise<Work[]> {
  const { place, push } = event;
  if (push) return [pushWork(place, push)];
  if (!event.always && (await isSettled(place, event.head, known))) return [];
  return [decideWork(place, event.reason)];
}

/**
 * What governed something is looked at: a webhook that is late must not close what was opened again (P32). Of anything
 * else there is nothing to look at, nor of what was merged as it is known: that is never open again.
 */
async function closedWork({ place, ...ended }: ClosedEvent, known: KnownHeads): Promise<Work[]> {
  const stored = await known.headOf(place.repository, place.number);
  const governed = stored !== null && stored.depends?.governed !== false;
  const { merged, ...at } = ended;
  const asKnown = stored?.head === at.head && stored.baseRef === at.baseRef;
  const look = merged && asKnown ? mergedWork(place, at) : decideWork(place, "pull_request.closed");
  return [
    governed ? look : closeWork(place, at),
    ...(merged ? await mergedWorks({ place, ...at }, merged, known) : []),
  ];
}

/** What a merge brought into a branch is looked at where that may be a governed one (P20). */
async function mergedWorks(
  { place, head, baseRef }: Omit<ClosedEvent, "type" | "merged">,
  { defaultBranch, merge }: NonNullable<ClosedEvent["merged"]>,
  known: KnownHeads,
): Promise<Work[]> {
  if (!(await isWatched(place.repository, baseRef, defaultBranch, known))) return [];
  if (merge === null) return [landingsWork(place, baseRef, "pull_request.closed")];
  const { installation, repository, owner, name, number } = place;
  const { commit, at: mergedAt, by } = merge;
  return [mergeWork({ installation, repository, owner, name, number, head, baseRef, commit, mergedAt, by })];
}

/**
 * What is new is answered wherever it stands; what went changes nothing where nothing is governed. In an issue of ours, and
 * where something is owed after a merge, it may close what is owed.
 */
async function commandWork({ place, fresh, onIssue, reason }: CommandEvent, known: KnownHeads): Promise<Work[]> {
  if (onIssue) return (await isOurIssue(place, known)) ? [tellWork(place)] : [];
  if (await isOwed(place, known)) return [tellWork(place)];
  return !fresh && (await isSettled(place, null, known)) ? [] : [decideWork(place, reason)];
}

async function isOurIssue({ repository, number }: Place, known: KnownHeads): Promise<boolean> {
  const general = await known.trackingIssueOf(repository);
  return general?.issue === number || (await known.ownerIssues(repository)).some(({ issue }) => issue === number);
}

/** Whether a pull request has landed and something is owed for it. */
async function isOwed({ repository, number }: Place, known: KnownHeads): Promise<boolean> {
  return (await known.openFollowUps(repository)).some(({ pull, after }) => pull === number && after !== null);
}

async function reviewWork(event: ReviewEvent, known: KnownHeads): Promise<Work[]> {
  const { place, head, reason, vote, dismissed } = event;
  const stored = await known.headOf(place.repository, place.number);
  if (await isOwed(place, known)) return [tellWork(place)];
  // One that was moved to another branch may be governed there, and the review must be bound before its head moves on.
  const moved = vote !== null && stored?.baseRef !== vote.baseRef;
  if (!moved && (await isSettled(place, head, known))) return [];
  if (vote) return [bindWork(place, { ...vote, head })];
  return [decideWork(place, reason, dismissed === undefined ? {} : { expected: { head, dismissed } })];
}

/** Whether a pull request was found to hold nothing governed, at the head that the event speaks of. */
async function isSettled({ repository, number }: Place, head: string | null, known: KnownHeads): Promise<boolean> {
  const stored = await known.headOf(repository, number);
  return stored !== null && (head === null || stored.head === head) && stored.depends?.governed === false;
}

async function checksWork(
  { repository, head, name, numbers, reason }: ChecksEvent,
  known: KnownHeads,
): Promise<Work[]> {
  const waits = ({ depends }: StoredHead) => depends === null || (depends.governed && depends.checks.includes(name));
  const heads = (await known.headsAt(repository.repository, head)).filter(({ open }) => open);
  const unknown = await unknownAmong(repository, numbers, known);
  const group = await known.groupAt(repository.repository, head);
  if (group?.open && group.checks.includes(name)) return [groupWork(group, reason)];
  return [...heads.filter(waits).map(placeOf), ...unknown].map((place) => decideWork(place, reason));
}

async function askedWorks({ repository, head, numbers, login, asks }: AskedEvent, known: KnownHeads): Promise<Work[]> {
  const all = await known.headsAt(repository.repository, head);
  // What is merged has this one button; the others are for what is open.
  if (asks === ROLL_BACK.identifier)
    return all.filter(({ open }) => !open).map((one) => askedWork(placeOf(one), login, asks));
  const heads = all.filter(({ open }) => open);
  const unknown = await unknownAmong(repository, numbers, known);
  const group = await known.groupAt(repository.repository, head);
  const last = group?.members.at(-1);
  if (group?.open && last !== undefined) return [askedWork({ ...repository, number: last }, login, asks, head)];
  return [...heads.map(placeOf), ...unknown].map((place) => askedWork(place, login, asks));
}

/** Those that GitHub names and this program has never seen. */
async function unknownAmong(repository: Repository, numbers: readonly number[], known: KnownHeads): Promise<Place[]> {
  const places = numbers.map((number) => ({ ...repository, number }));
  const seen = await Promise.all(places.map((place) => known.headOf(place.repository, place.number)));
  return places.filter((_, at) => seen[at] === null);
}

async function branchWork(event: BranchEvent, known: KnownHeads): Promise<Work[]> {
  const { repository, ref, rules, baseline, pushed, brought = [] } = event;
  const elsewhere = baseline ? repositoriesOf(await known.openHeadsOf(repository.installation), repository) : [];
  const others = elsewhere.map((one) => policyWork(one, "the organisation's policy", { background: true }));
  const landed = await landedWork(event, known);
  if (rules) return [...landed, policyWork(repository, `push to ${ref}`), ...others];
  const merged = new Set(brought);
  const heads = await known.openHeads(repository.repository);
  // What came in with it is merged, and has nothing left to bring: GitHub tells of its end.
  const onto = heads.filter(({ baseRef, head }) => baseRef === ref && !merged.has(head));
  const recorded = pushed ? [branchPushWork(repository, pushed)] : [];
  return [...landed, ...recorded, ...again(onto, `push to ${ref}`), ...others];
}

/** What came into a branch is looked at where it may be a governed one (P20). */
async function landedWork({ repository, ref, landed }: BranchEvent, known: KnownHeads): Promise<Work[]> {
  if (!landed) return [];
  if (!(await isWatched(repository.repository, ref, landed.defaultBranch, known))) return [];
  const { installation, repository: id, owner, name } = repository;
  return [basePushWork({ installation, repository: id, owner, name, branch: ref, ...landed })];
}

/** The rules of branches are looked at again at once: of one repository, or of all that are watched. */
async function gateWorks(
  { installation, repository, login, reason }: Extract<HostedEvent, { type: "gate" }>,
  known: KnownHeads,
): Promise<Work[]> {
  if (repository !== null) return [gateWork(repository, reason, login)];
  const watched = (await known.branches()).filter((one) => one.installation === installation);
  const places = new Map(
    watched.map(({ repository: id, owner, name }) => [id, { installation, repository: id, owner, name }]),
  );
  return [...places.values()].map((place) => gateWork(place, reason, login));
}

/** Governed pull requests whose answer may be another one now; they wait behind what people wait for. */
function again(heads: readonly StoredHead[], reason: string): Work[] {
  return heads
    .filter(({ depends }) => depends?.governed !== false)
    .map((head) => decideWork(placeOf(head), reason, { background: true }));
}

/** Decisions that rest on what a person may do, or on who is in a team, are made again. */
async function peopleWork(event: AccessEvent | PeopleEvent, known: KnownHeads): Promise<Work[]> {
  const { type, login, reason } = event;
  const heads =
    type === "access"
      ? await known.openHeads(event.repository.repository)
      : await known.openHeadsOf(event.installation);
  const teams = type === "access" ? [] : event.teams;
  const everybody = login === null && (type === "access" || teams === "any");
  const near = ({ depends }: StoredHead) =>
    everybody ||
    depends === null ||
    (teams === "any" ? depends.teams.length > 0 : teams.some((team) => depends.teams.includes(team))) ||
    (login !== null && (depends.people === undefined || depends.people.includes(login.toLowerCase())));
  return again(heads.filter(near), reason);
}

function repositoriesOf(heads: readonly StoredHead[], except?: Repository): Repository[] {
  const found = new Map(
    heads.map(({ installation, repository, owner, name }) => [repository, { installation, repository, owner, name }]),
  );
  if (except) found.delete(except.repository);
  return [...found.values()];
}

function placeOf({ installation, repository, owner, name, pullRequest }: StoredHead): Place {
  return { installation, repository, owner, name, number: pullRequest };
}
