import { createHash } from "node:crypto";
import type { EffectivePolicy } from "../../core/policy.ts";
import { plus } from "../../core/scalars.ts";
import type { GateStates, WeakPart } from "../../doctor/gate-states.ts";
import type { EvidenceRecord, UnplacedRecord } from "../../evidence/record.ts";
import type { HostedRepository } from "../../work/hosting.ts";
import { keepFollowUps } from "../afterwards/keep-follow-ups.ts";
import { keeperOf } from "../afterwards/owed-after.ts";
import { repositoryPlace } from "../bypass/watched-branches.ts";
import type { Enforcement } from "../enforcement.ts";
import { keepRecord } from "./keep-record.ts";
import { keptRecord } from "./kept-record.ts";

/** How the gate of a repository stands, as far as the App may see it. */
export interface GateNow {
  readonly repository: HostedRepository;
  readonly policy: EffectivePolicy;
  /** The default branch, whose policy it is. */
  readonly branch: string;
  /** What was seen by branch, check and part; null where the rules were not looked at, as nothing is enforced. */
  readonly seen: GateStates | null;
  readonly weak: readonly WeakPart[];
}

type Standing = NonNullable<EvidenceRecord["enforcement"]>;

/** Records how the gate of each branch stands, once at each change, so that nobody has to guess later what was enforced when. */
export async function recordEnforcement(gate: GateNow, enforcement: Enforcement): Promise<void> {
  const { evidence, store } = enforcement;
  if (evidence === null) return;
  const { id, owner, name } = gate.repository.name;
  for (const standing of await standings(gate, enforcement)) {
    const last = await store.recordedGate(id, standing.branch);
    const digest = hashOf(standing);
    if (last?.digest === digest) continue;
    // Told by what came before: the same twice in between is two changes, and one that is recorded again is one.
    const record = `enforcement/${id}/${standing.branch}/${hashOf([last?.record ?? null, digest]).slice(0, 32)}`;
    await keepRecord(
      {
        record: { id: record },
        event: "enforcement",
        repository: { id, owner, name },
        about: last === null ? [] : [last.record],
        enforcement: standing,
        limitations: LIMITATIONS,
      },
      evidence,
      enforcement,
    );
    await store.putRecordedGate({ repository: id, branch: standing.branch, digest, record });
  }
}

const LIMITATIONS = [
  "Who may bypass the rules, and the older protection of branches, is shown to administrators only: what is unknown here may be open.",
  "It was looked at when GitHub told of a change, and once a day; a change that was taken back in between may be missing.",
];

/** Each branch with its own part of what was seen. */
async function standings(
  { repository, policy, branch, seen, weak }: GateNow,
  { observes }: Enforcement,
): Promise<readonly Standing[]> {
  const ungranted = await repository.ungranted();
  const common = {
    mode: observes ? "observe (by the operator)" : policy.mode,
    states: {
      "policy enforceFrom": policy.enforceFrom,
      permissions: ungranted === null ? "granted" : `missing: ${ungranted.effects.join(" ")}`,
    },
  };
  const branches = new Map<string, Record<string, string>>([[branch, {}]]);
  for (const [key, state] of Object.entries(seen ?? {})) {
    const at = key.indexOf(" ");
    const own = branches.get(key.slice(0, at)) ?? {};
    branches.set(key.slice(0, at), { ...own, [key.slice(at + 1)]: state });
  }
  return [...branches].map(([one, states]) => ({
    branch: one,
    mode: common.mode,
    states: { ...common.states, ...(seen === null ? { rules: "not looked at: nothing is enforced" } : states) },
    weak: weak.filter(({ key }) => key.startsWith(`${one} `)).map(({ what }) => what),
  }));
}

/** Records that the gate got weaker: it is answered with a cause and an action, by who answers for the rules. */
export async function recordWeakened(
  weakened: Pick<GateNow, "repository" | "policy" | "branch"> & {
    readonly actor: string | null;
    readonly detail: string;
  },
  enforcement: Enforcement,
): Promise<void> {
  const { evidence, store, now } = enforcement;
  const { repository, policy, branch, actor, detail } = weakened;
  const { id, owner, name } = repository.name;
  const seen = await store.recordedGate(id, branch);
  const entry = seen && (await evidence?.ledger.get(seen.record));
  if (evidence === null || !entry) return;
  const { enforcement: standing } = keptRecord(entry);
  const at = now();
  const record: UnplacedRecord = {
    record: { id: `weakened/${entry.id}` },
    event: "bypass",
    repository: { id, owner, name },
    about: [entry.id],
    ...(standing ? { enforcement: standing } : {}),
    bypass: { cause: "gate-weakened", actor, detail, at },
    owed: [{ kind: "corrective-action", owner: keeperOf(policy), dueAt: plus(at, policy.breakGlass.reviewWithin) }],
    limitations: LIMITATIONS,
  };
  const kept = await keepRecord(record, evidence, enforcement);
  await keepFollowUps(keptRecord(kept), repositoryPlace(repository), enforcement);
}

function hashOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}
