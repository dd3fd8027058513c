import { type GroupReport, mergeGroupView } from "../../reports/merge-group.ts";
import type { StoredGroup } from "../../stores/store.ts";
import type { HostedRepository } from "../../work/hosting.ts";
import { type Enforcement, hostedName } from "../enforcement.ts";
import { checkNamesOf } from "../governed-branch.ts";
import { groupWork, type Payload } from "../job.ts";
import { keepDossier } from "../kept-decision.ts";
import { premisesOf, publishCheck } from "../publication.ts";
import { dropGroup } from "./drop-group.ts";
import { type FoundMember, foundMember } from "./found-member.ts";
import { type GroupDecision, groupDecision } from "./group-decision.ts";
import { type GroupMembers, groupMembers } from "./group-members.ts";
import { groupNames, publishGroupFault } from "./unevaluated-group.ts";

type Decide = Payload<"decide-group">;

/** So long a group may wait for what is on its way, in milliseconds: as long as the hosting service lets any wait. */
const PATIENCE = 6 * 3_600_000;
/** How often, and how long apart, a branch that is announced and not there yet is looked for. */
const LOOKS = 3;
const BETWEEN = 5_000;
/** How long the group of a pull request that holds this one up, and lands before it, is waited for, in milliseconds. */
const YIELD = 3_000;
/** Pull requests of a group that are decided side by side. */
const AT_ONCE = 4;

/**
 * Decides about a merge group as everything stands now: every pull request in it again, then what it makes of them together
 * (P19, security rules S07 and S28). One that fails is taken out of the queue by the hosting service.
 */
export async function decideGroup(work: Decide, enforcement: Enforcement, signal: AbortSignal): Promise<void> {
  const { hosting, store, queue } = enforcement;
  const repository = await hosting.open(hostedName(work), signal);
  const known = await store.groupAt(work.repository, work.head);
  const group = groupOf(work, known, enforcement);
  const found: FoundMember[] = [];
  try {
    const there = (await repository.queues.branchHead(group.branch)) === group.head;
    const [ended, looks] = [work.ended === true, work.looks ?? 0];
    // Neither is the branch of a new group there at once, nor is that of a dropped one gone.
    if (looks < LOOKS && (there ? ended : known === null && !ended)) {
      const again = { looks: looks + 1, ...(ended ? { ended } : {}) };
      return await queue.add(groupWork(group, work.reason, again), later(BETWEEN, enforcement));
    }
    if (!there) return await dropGroup(known, repository, enforcement);
    await store.putGroup(group);
    const members = await groupMembers(group, repository.queues, store);
    const numbers = members.numbers.filter((number) => number !== null);
    await store.putGroup({ ...group, members: numbers });
    for (let at = 0; at < numbers.length; at += AT_ONCE) {
      const some = numbers.slice(at, at + AT_ONCE);
      found.push(...(await Promise.all(some.map((number) => foundMember(group, number, enforcement, signal)))));
    }
    await settle({ ...group, members: numbers }, members, found, { work, repository, enforcement });
  } catch (fault) {
    // The program is being stopped: the queue does it again.
    if (!signal.aborted) await publishGroupFault(fault, { group, repository, found }, enforcement);
    throw fault;
  }
}

/** The group as it was stored, or as the event tells of it. */
function groupOf(work: Decide, known: StoredGroup | null, { now }: Pick<Enforcement, "now">): StoredGroup {
  const { installation, repository, owner, name, head, branch, base, baseRef, defaultBranch } = work;
  const told = { installation, repository, owner, name, head, branch, base, baseRef, defaultBranch };
  const fresh = { at: now(), members: [], checks: [], waitingSince: null, failures: 0 };
  return { ...fresh, ...known, ...told, open: true };
}

function later(milliseconds: number, { now }: Pick<Enforcement, "now">, from = now()): string {
  return new Date(Date.parse(from) + milliseconds).toISOString();
}

interface Job {
  readonly work: Decide;
  readonly repository: HostedRepository;
  readonly enforcement: Enforcement;
}

async function settle(
  group: StoredGroup,
  members: GroupMembers,
  found: readonly FoundMember[],
  { work, repository, enforcement }: Job,
): Promise<void> {
  const { store, queue } = enforcement;
  // Nothing governs the branch: no run at all (security rule S01).
  if (found.some(({ matter }) => matter?.names.length === 0)) return;
  const standing = found.filter(({ landed }) => !landed);
  // Landed without it: nobody is left whom it could be let go for.
  if (found.length > 0 && standing.length === 0) return;
  const decision = await groupDecision(group, standing, repository, enforcement);
  const report = reportOf(
    group,
    members,
    { ...decision, ...(await twins(group, decision, standing, store)) },
    enforcement,
  );
  const held = mergeGroupView("", report).checkRun.conclusion === "failure";
  // What has landed meanwhile may be missing on the base as it was read before.
  if (held && standing.length < found.length && work.yielded !== true)
    return await queue.add(groupWork(group, "landed in part", { yielded: true }), later(YIELD, enforcement));
  // The group that it is built on may not have been heard of yet.
  const early = held && members.onto !== null && (await repository.queues.branchHead(group.baseRef)) !== members.onto;
  if (early && work.yielded !== true)
    return await queue.add(
      groupWork(group, "built on what is not known", { yielded: true }),
      later(YIELD, enforcement),
    );
  if (held && work.yielded !== true && (await yields(group, members, report, enforcement))) return;
  const waits = !held && report.waits.length > 0;
  const waitingSince = waits ? (group.waitingSince ?? enforcement.now()) : null;
  const until = waitingSince === null ? null : later(PATIENCE, enforcement, waitingSince);
  const over = until !== null && Date.parse(until) <= Date.parse(enforcement.now());
  const said = over
    ? { ...report, waits: [], against: report.waits.map((one) => ({ ...one, enforced: true })) }
    : report;
  await publish(group, standing, said, { work, repository, enforcement });
  await store.putGroup({ ...group, checks: decision.checks, waitingSince: over ? null : waitingSince, failures: 0 });
  const ends = standing.flatMap(({ decided }) => decided?.evaluation.decision.validUntil ?? []);
  const [next] = [...ends, ...(until === null || over ? [] : [until])].sort();
  if (next !== undefined) await queue.add(groupWork(group, "time"), next);
}

/**
 * Pull requests whose head is the group's own commit, into another branch that asks for a check of the same name: what
 * lets the group land would let them merge as well (P09). Into its own branch everything goes through the queue.
 */
async function twins(
  { repository, head, baseRef }: StoredGroup,
  { against }: GroupDecision,
  found: readonly FoundMember[],
  store: Enforcement["store"],
) {
  const matter = found.find((one) => one.matter !== null)?.matter;
  const shared = (branch: string) =>
    !matter ||
    checkNamesOf(branch, matter.pulls[0].defaultBranch.name, matter.policy).some((name) => matter.names.includes(name));
  const others = (await store.headsAt(repository, head)).filter((one) => one.open && one.baseRef !== baseRef);
  const said = others
    .filter((one) => shared(one.baseRef))
    .map(({ pullRequest }) => {
      const short = `#${pullRequest} has the commit of this group at its head`;
      return { enforced: true, short, reason: `${short}, and a pass would let it merge, too; close it` };
    });
  return { against: [...against, ...said] };
}

function reportOf(
  { owner, name }: StoredGroup,
  { numbers }: GroupMembers,
  { members, against, waits }: GroupDecision,
  { observes, server }: Enforcement,
): GroupReport {
  const hidden = numbers.includes(null);
  const short = hidden
    ? "A pull request of this group cannot be seen"
    : "Nobody says which pull requests this group holds";
  const reason = `${short}; give the App access to pull requests and merge queues, and put them in the queue again`;
  return {
    members,
    against: [...against, ...(hidden || numbers.length === 0 ? [{ short, reason, enforced: true }] : [])],
    waits,
    observed: observes ? "The operator of this instance lets nothing be blocked (COUNTERSIGN_MODE=observe)." : null,
    address: `${server}/${owner}/${name}`,
  };
}

/**
 * Lets the groups of those that land before and hold this one up be answered first: the hosting service then takes them
 * out, and builds this one again without them.
 */
async function yields(
  group: StoredGroup,
  { numbers, heads }: GroupMembers,
  { members }: GroupReport,
  { store, queue, ...enforcement }: Enforcement,
): Promise<boolean> {
  const guilty = members.filter((member) => mergeGroupView("", alone(member)).checkRun.conclusion === "failure");
  const [first] = guilty;
  const head = first && heads.get(first.number);
  if (first === undefined || head === undefined || first.number === numbers.at(-1)) return false;
  const ahead = await store.groupAt(group.repository, head);
  // One that is gone already takes this one with it.
  if (ahead?.open) await queue.add(groupWork(ahead, `#${first.number} holds up others`));
  await queue.add(groupWork(group, `#${first.number} goes first`, { yielded: true }), later(YIELD, enforcement));
  return true;
}

function alone(member: GroupReport["members"][number]): GroupReport {
  return { members: [member], against: [], waits: [], observed: null, address: "" };
}

async function publish(
  group: StoredGroup,
  found: readonly FoundMember[],
  report: GroupReport,
  { work, repository, enforcement }: Job,
): Promise<void> {
  const { store } = enforcement;
  // What lets the group land is decided here, and each of its pull requests lands with a record of its own.
  for (const { decided } of found) if (decided) await keepDossier(decided.matter, decided, true, enforcement);
  const rules = found.find(({ matter }) => matter !== null)?.matter?.rules ?? "";
  const numbers = found.map(({ number }) => number);
  const pulls = [{ number: numbers.at(-1) ?? 0, head: group.head }] as const;
  const place = { repository, store, pulls, premises: premisesOf(rules, group.baseRef, numbers) };
  for (const name of await groupNames(group, found, store))
    await publishCheck(place, name, mergeGroupView(name, report), work.again === true);
}
