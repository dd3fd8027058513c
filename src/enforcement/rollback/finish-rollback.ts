import { Duration, milliseconds } from "../../core/scalars.ts";
import type { EvidenceRecord, UnplacedRecord } from "../../evidence/record.ts";
import type { LastLanding } from "../../stores/recording-store.ts";
import type { StoredRollback } from "../../stores/rollback-store.ts";
import type { HostedRepository } from "../../work/hosting.ts";
import { repositoryPlace } from "../bypass/watched-branches.ts";
import type { Enforcement, Evidence } from "../enforcement.ts";
import { keepRecord } from "../recording/keep-record.ts";
import { keptRecord } from "../recording/kept-record.ts";
import { rolledBackWork } from "./rollback-job.ts";

/**
 * Notes what a recorded landing means for ways back: it is what its systems would be taken back from, and it may itself be
 * what takes earlier ones back, recognised by what stands on every path of those, however it was made. Done again it comes
 * to the same.
 */
export async function noteLanding(
  record: UnplacedRecord,
  repository: Pick<HostedRepository, "name" | "landings">,
  enforcement: Enforcement & { readonly evidence: Evidence },
): Promise<void> {
  const { store } = enforcement;
  const { landed, dossier, pullRequest } = record;
  if (landed === undefined || dossier === undefined) return;
  const { branch, before, after } = landed;
  const { id } = record.repository;
  if (before !== null)
    await store.putSystemLanding({
      ...{ record: record.record.id, repository: id, systems: dossier.systems },
      ...{ branch, before, after, pull: pullRequest?.number ?? null },
    });
  const earlier = await store.landingBefore(record.record.id);
  if (earlier !== null && restores(landed.paths, earlier))
    await finish(record, earlier.record, repository, enforcement);
  // What was asked for may be done by hand, and together with what came after it.
  const asked = new Set((await store.openRollbacks(id)).map(({ landing }) => landing));
  for (const landing of asked)
    if (await stands(record, landing, repository, enforcement)) await finish(record, landing, repository, enforcement);
}

/** Whether everything that a landing changed stands on its branch as it was before it, since this one. */
async function stands(
  { record, landed }: UnplacedRecord,
  landing: string,
  { landings }: Pick<HostedRepository, "landings">,
  { evidence }: { readonly evidence: Evidence },
): Promise<boolean> {
  const entry = await evidence.ledger.get(landing);
  const before = entry && keptRecord(entry).landed;
  if (!before?.before || !landed || landing === record.id || before.branch !== landed.branch) return false;
  const own = new Set(before.paths.map(({ path }) => path));
  if (!landed.paths.some(({ path }) => own.has(path))) return false;
  const { changes } = await landings.difference(before.before, landed.after);
  return !changes.some((change) => [change.before, change.after].some((side) => side && own.has(side.path)));
}

/** Records that a landing is taken back. */
async function finish(
  record: UnplacedRecord,
  landing: string,
  repository: Pick<HostedRepository, "name">,
  enforcement: Enforcement & { readonly evidence: Evidence },
): Promise<void> {
  const { store, evidence, queue } = enforcement;
  const entry = await evidence.ledger.get(landing);
  if (entry === null) return;
  const taken = keptRecord(entry);
  // What was taken back and is brought in again is no way back from anything.
  const before = await store.landingBefore(landing);
  if (before !== null && restores(taken.landed?.paths ?? [], before)) return;
  const started = await startOf(taken, record.landed?.at ?? "", enforcement);
  const finished = recordOf(record, taken, started, await firstSeen(record, enforcement));
  await keepRecord(finished, evidence, enforcement);
  await store.finishRollbacks(record.repository.id, landing, finished.record.id);
  if (taken.pullRequest) await queue.add(rolledBackWork(repositoryPlace(repository), finished.record.id));
}

type Paths = NonNullable<EvidenceRecord["landed"]>["paths"];

/** Whether everything that a landing changed stands again as it was before it. */
function restores(paths: Paths, { paths: changed }: LastLanding): boolean {
  const now = new Map(paths.map(({ path, after }) => [path, after]));
  return changed.every(({ path, entry }) => {
    const after = now.get(path);
    return after !== undefined && after?.id === entry?.id && after?.mode === entry?.mode;
  });
}

/** The word by which it was begun: the first one given since it landed. */
async function startOf(
  { repository, pullRequest, landed }: EvidenceRecord,
  until: string,
  { store }: Enforcement,
): Promise<StoredRollback | null> {
  if (pullRequest === undefined || landed === undefined) return null;
  const all = await store.rollbacksOf(repository.id, pullRequest.number);
  const since = (at: string) => Date.parse(at) >= Date.parse(landed.at) && Date.parse(at) <= Date.parse(until);
  return all.find(({ startedAt }) => since(startedAt)) ?? null;
}

/** When what takes it back was first seen, where nobody said a word. */
async function firstSeen({ pullRequest, repository }: UnplacedRecord, { store }: Enforcement): Promise<string | null> {
  if (pullRequest === undefined) return null;
  const pushes = await store.pushesOf(repository.id, pullRequest.number);
  return pushes.map(({ at }) => at).sort()[0] ?? null;
}

function recordOf(
  { record, repository, pullRequest, landed, dossier }: UnplacedRecord,
  taken: EvidenceRecord,
  started: StoredRollback | null,
  seen: string | null,
): UnplacedRecord {
  const at = landed?.at ?? "";
  const from = started?.startedAt ?? seen ?? at;
  const seconds = Math.max(0, Math.round((Date.parse(at) - Date.parse(from)) / 1000));
  const systems = dossier?.systems ?? [];
  const [only] = systems.length === 1 ? systems : [];
  const said =
    started !== null
      ? `since @${started.person} asked for it`
      : seen !== null
        ? "since what takes it back was first seen, as nobody asked for it by command"
        : "not measured: nothing tells when it began";
  const what = taken.pullRequest ? `#${taken.pullRequest.number}` : `commit ${taken.landed?.after.slice(0, 12)}`;
  return {
    record: { id: `rollback-finished/${record.id}/${taken.landed?.after.slice(0, 12)}` },
    event: "rollback-finished",
    repository,
    about: [taken.record.id, record.id, ...(started ? [started.record] : [])],
    ...(pullRequest ? { pullRequest } : {}),
    rollback: {
      ...{ system: only ?? null, strategy: "revert-commit", outcome: "succeeded", startedAt: from, seconds },
      detail: `Everything that ${what} changed stands again as it was before it. Time: ${said}${overrun(taken, seconds)}.`,
      pullRequest: pullRequest?.number ?? null,
    },
    limitations: [],
  };
}

/** That it took longer than the plan allows. */
function overrun({ dossier }: EvidenceRecord, seconds: number): string {
  const limits = (dossier?.rollback ?? []).flatMap(({ maxTimeToRestore: limit }) =>
    typeof limit === "string" && Duration.safeParse(limit).success ? [limit] : [],
  );
  const broken = limits.find((limit) => milliseconds(limit) / 1000 < seconds);
  return broken === undefined ? "" : `, longer than the ${broken} of the plan`;
}
