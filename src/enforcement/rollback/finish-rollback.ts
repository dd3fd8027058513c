import type { EvidenceRecord, UnplacedRecord } from "../../evidence/record.ts";
import type { LastLanding } from "../../stores/recording-store.ts";
import type { StoredRollback } from "../../stores/rollback-store.ts";
import type { Enforcement, Evidence } from "../enforcement.ts";
import type { Repository } from "../job.ts";
import { keepRecord } from "../recording/keep-record.ts";
import { rolledBackWork } from "./rollback-job.ts";

/** The id of the record that a landing took an earlier one back. */
function finishedId(landing: string): string {
  return `rollback-finished/${landing}`;
}

/**
 * Notes what a recorded landing means for ways back: it is what its systems would be taken back from, and it may itself be
 * what takes an earlier one back, recognised by what stands on every path of that one, however it was made. Done again it
 * comes to the same.
 */
export async function noteLanding(
  record: UnplacedRecord,
  place: Repository,
  enforcement: Enforcement & { readonly evidence: Evidence },
): Promise<void> {
  const { store, evidence, queue } = enforcement;
  const { landed, dossier, pullRequest, repository } = record;
  if (landed === undefined || dossier === undefined) return;
  const pull = pullRequest?.number ?? null;
  const { branch, before, after } = landed;
  if (before !== null)
    await store.putSystemLanding({
      ...{ record: record.record.id, repository: repository.id, systems: dossier.systems },
      ...{ branch, before, after, pull },
    });
  const earlier = await store.landingBefore(record.record.id);
  if (earlier === null || !restores(landed.paths, earlier)) return;
  // What was taken back and is brought in again is no way back from anything.
  if (await isWayBack(earlier, evidence)) return;
  const started = await startOf(earlier, landed.at, enforcement);
  const finished = recordOf(record, earlier, started, await firstSeen(record, enforcement));
  await keepRecord(finished, evidence, enforcement);
  if (earlier.pull !== null) await queue.add(rolledBackWork(place, finished.record.id));
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

/** Whether a landing took an earlier one back itself. */
async function isWayBack({ record }: LastLanding, { ledger }: Evidence): Promise<boolean> {
  return (await ledger.get(finishedId(record))) !== null;
}

/** The word by which it was begun: the first one given since it landed. */
async function startOf(
  { repository, pull, landedAt }: LastLanding,
  until: string,
  { store }: Enforcement,
): Promise<StoredRollback | null> {
  if (pull === null) return null;
  const all = await store.rollbacksOf(repository, pull);
  const since = (at: string) => Date.parse(at) >= Date.parse(landedAt) && Date.parse(at) <= Date.parse(until);
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
  earlier: LastLanding,
  started: StoredRollback | null,
  seen: string | null,
): UnplacedRecord {
  const at = landed?.at ?? earlier.landedAt;
  const from = started?.startedAt ?? seen ?? at;
  const systems = dossier?.systems ?? [];
  const [only] = systems.length === 1 ? systems : [];
  const said =
    started !== null
      ? `since @${started.person} asked for it`
      : seen !== null
        ? "since what takes it back was first seen, as nobody asked for it by command"
        : "not measured: nothing tells when it began";
  const what = earlier.pull === null ? `commit ${earlier.record.split("/").at(-1)}` : `#${earlier.pull}`;
  return {
    record: { id: finishedId(record.id) },
    event: "rollback-finished",
    repository,
    about: [earlier.record, record.id, ...(started ? [started.record] : [])],
    ...(pullRequest ? { pullRequest } : {}),
    rollback: {
      system: only ?? null,
      strategy: "revert-commit",
      outcome: "succeeded",
      startedAt: from,
      seconds: Math.max(0, Math.round((Date.parse(at) - Date.parse(from)) / 1000)),
      detail: `Everything that ${what} changed stands again as it was before it. Time: ${said}.`,
      pullRequest: pullRequest?.number ?? null,
    },
    limitations: [],
  };
}
