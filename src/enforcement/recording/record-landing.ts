import type { ObjectId } from "../../core/change-set.ts";
import type { Instant } from "../../core/scalars.ts";
import type { LedgerEntry } from "../../evidence/ledger.ts";
import type { UnplacedRecord } from "../../evidence/record.ts";
import type { BypassCause } from "../../stores/bypass-store.ts";
import type { StoredLanding } from "../../stores/recording-store.ts";
import { keepFollowUps } from "../afterwards/keep-follow-ups.ts";
import { type Judged, judgedLanding } from "../bypass/judged-landing.ts";
import type { Landing, Watched } from "../bypass/landing.ts";
import { reportBypass } from "../bypass/report-bypass.ts";
import { repositoryPlace } from "../bypass/watched-branches.ts";
import type { Enforcement } from "../enforcement.ts";
import type { Payload } from "../job.ts";
import { rulesDigest } from "../kept-decision.ts";
import { ruledAt } from "../matter.ts";
import { noteLanding } from "../rollback/finish-rollback.ts";
import { withdrawElsewhere } from "../unsettled.ts";
import { type DossierWithLimits, dossierOf } from "./dossier.ts";
import { evidenceWork } from "./evidence-job.ts";
import { keepRecord } from "./keep-record.ts";
import { keptRecord } from "./kept-record.ts";
import { type LandingContext, landingId, landingRecord } from "./landing-record.ts";

interface Look extends Pick<Payload<"look-at-landings">, "reason" | "waited"> {
  /** When the branch had come to stand where the look begins; null where that is not known. */
  readonly since: Instant | null;
}

/**
 * Records a landing, then tells people what is to be told of it. What was recorded before is told again as it was recorded:
 * a program that stopped in between goes on where it was. False where it is too early to tell what landed.
 */
export async function recordLanding(
  watched: Watched,
  landing: Landing,
  look: Look,
  enforcement: Enforcement,
): Promise<boolean> {
  const { evidence } = enforcement;
  const { id, standing } = await recordOf(watched, landing, look, enforcement);
  if (standing) {
    await tell(watched, keptRecord(standing), standing, enforcement);
    return true;
  }
  const judged = await judgedLanding(watched, landing, look, enforcement);
  if (judged === null) return false;
  const record = landingRecord(judged, landing, {
    ...(await contextOf(watched, landing, judged, look, enforcement)),
    id,
  });
  await tell(watched, record, evidence && (await keepRecord(record, evidence, enforcement)), enforcement);
  return true;
}

/**
 * Which record a landing has, and what stands there already. A force-push brings back what had landed before, and the next
 * push brings it again: what was recorded before this look began tells of another landing of the same commit.
 */
async function recordOf(
  { repository, branch }: Watched,
  { to }: Landing,
  { since }: Look,
  { evidence }: Enforcement,
): Promise<{ readonly id: string; readonly standing: LedgerEntry | null }> {
  const first = landingId(repository.name.id, branch, to);
  const standing = (await evidence?.ledger.get(first)) ?? null;
  const earlier =
    standing !== null && since !== null && Date.parse(keptRecord(standing).record.createdAt) < Date.parse(since);
  if (!earlier) return { id: first, standing };
  const id = landingId(repository.name.id, branch, to, since);
  return { id, standing: (await evidence?.ledger.get(id)) ?? null };
}

async function contextOf(
  watched: Watched,
  landing: Landing,
  judged: Judged,
  { reason }: Look,
  enforcement: Enforcement,
): Promise<Omit<LandingContext, "id">> {
  const { repository, branch } = watched;
  const { id, owner, name } = repository.name;
  const { pull, to } = landing;
  const told = (await enforcement.store.mergesAt(id, branch, to)).find(
    ({ pullRequest }) => pullRequest === pull?.number,
  );
  const pusher = judged.push?.login ?? null;
  const asked = pull !== null && !told && pusher === null ? await repository.landings.mergerOf(pull.number) : null;
  const actor = told?.by?.login ?? pusher ?? asked;
  return {
    repository: { id, owner, name },
    branch,
    at: pull?.mergedAt ?? judged.push?.at ?? enforcement.now(),
    method: pull === null ? null : await methodOf(watched, landing, judged),
    mergedBy: pull === null ? null : (told?.by ?? (actor === null ? null : { id: null, login: actor })),
    actor,
    foundBy: told || judged.push ? null : reason,
    afterwards: await dossierAfterwards(watched, landing, judged, enforcement),
  };
}

/** How it was merged, as the commits that landed show it. */
async function methodOf(
  { repository: { landings } }: Watched,
  { to, pull, commits }: Landing,
  { queued }: Judged,
): Promise<LandingContext["method"]> {
  if (queued) return "queue";
  if (to === pull?.head) return "unknown";
  if ((await landings.parentsOf(to)).length > 1) return "merge";
  return commits !== 1 && commits !== null ? "rebase" : (await landings.isOwnCommit(to)) ? "squash" : "rebase";
}

/** What is to be said of a landing of which no decision's dossier is kept. */
async function dossierAfterwards(
  { repository, branch, defaultBranch, present }: Watched,
  { from }: Landing,
  { landed }: Judged,
  { now, program, store }: Enforcement,
): Promise<DossierWithLimits> {
  const rules = branch === defaultBranch.name ? from : defaultBranch.head;
  const people = await store.namedPeople(repository.name.id);
  return dossierOf(landed.evaluation, {
    at: now(),
    base: from,
    baseRef: branch,
    rules: await ruledAt(repository, rules, present.organization.version),
    tool: { version: program, rules: rulesDigest(landed.rules) },
    accounts: new Map([...people].flatMap(([login, id]) => (id === null ? [] : [[login, id] as const]))),
    exceptions: landed.configuration.registry.base.exceptions ?? [],
    hashes: landed.hashes,
  });
}

/** Everything that follows from a record, all of which may be done again. */
async function tell(
  watched: Watched,
  record: UnplacedRecord,
  entry: LedgerEntry | null,
  enforcement: Enforcement,
): Promise<void> {
  const { repository, branch } = watched;
  const { store, queue, evidence } = enforcement;
  const { landed, pullRequest, bypass, dossier } = record;
  const landing = entry && projected(record);
  if (landing) await store.putLanding(landing);
  if (entry) await keepFollowUps(record, repositoryPlace(repository), enforcement);
  if (landing && evidence) await noteLanding(record, repository, { ...enforcement, evidence });
  if (bypass && landed)
    await reportBypass(
      repository,
      {
        ...{ repository: repository.name.id, branch, before: landed.before, after: landed.after },
        ...{ cause: bypass.cause as BypassCause, actor: bypass.actor, pull: pullRequest?.number ?? null },
        ...{ at: landed.at, detail: bypass.detail },
      },
      enforcement,
      entry,
    );
  if (entry && landing && pullRequest) await queue.add(evidenceWork(repositoryPlace(repository), entry.id));
  if (pullRequest) await store.dropDossiers(repository.name.id, pullRequest.number);
  if (pullRequest && landed && dossier) await withdrawLanded(watched, pullRequest, landed.after, enforcement);
}

/**
 * Takes back what let a pull request land where one check speaks for several branches: another one of them must not take
 * the same commit on it (security rule S01). The default branch has its check for itself, and the commit already.
 */
async function withdrawLanded(
  { repository, branch, present, defaultBranch }: Watched,
  { number, head }: NonNullable<UnplacedRecord["pullRequest"]>,
  landed: ObjectId,
  enforcement: Enforcement,
): Promise<void> {
  if (branch === defaultBranch.name) return;
  for (const commit of new Set([head, landed])) {
    const pulls = [{ number, head: commit, defaultBranch }] as const;
    await withdrawElsewhere({ repository, pulls, names: [], policy: present.policy }, enforcement);
  }
}

/** A landing with governed content as it is found again by its paths (security rule S08). */
function projected({ record, repository, dossier, landed, pullRequest, event }: UnplacedRecord): StoredLanding | null {
  if (dossier === undefined || landed === undefined) return null;
  const { basis, state } = dossier.decision;
  return {
    ...{ record: record.id, repository: repository.id, branch: landed.branch, pull: pullRequest?.number ?? null },
    // Of what nobody is known to have approved, nobody has.
    basis: event === "bypass" ? "bypass" : basis === "votes" && state !== "approved" ? "observe" : (basis ?? "observe"),
    landedAt: landed.at,
    paths: landed.paths.map(({ path, before }) => ({ path, entry: before })),
  };
}
