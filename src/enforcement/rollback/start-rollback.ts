import type { Evaluation } from "../../core/evaluation.ts";
import type { EvidenceRecord, UnplacedRecord } from "../../evidence/record.ts";
import { type RollbackAnswer, revertBody, revertTitle } from "../../reports/rollback-answer.ts";
import type { StoredRollback } from "../../stores/rollback-store.ts";
import type { GivenCommand } from "../commands/given-commands.ts";
import { keepRecord } from "../recording/keep-record.ts";
import { keptRecord } from "../recording/kept-record.ts";
import { evaluatedTarget, type RollbackPlace, type Target, triedBack } from "./landed-target.ts";
import { authorityOf } from "./rollback-authority.ts";

/** What came of a command; `later` where it is too early to tell. */
export type Started = { readonly answer: RollbackAnswer; readonly near: boolean } | "later";

/**
 * Has a merged pull request taken back: opens the pull request that does it where the App may, else says who has to press
 * what. What was begun is on record with its time; done again it comes to the same.
 */
export async function startRollback(given: GivenCommand, place: RollbackPlace): Promise<Started> {
  const { login, argument, reason: rest } = given.stored;
  const refuse = (why: string, near = true): Started => ({ answer: { kind: "refused", login, why }, near });
  const landed = await landedHere(place);
  if (landed === "later") return landed;
  if ("why" in landed) return refuse(landed.why, false);
  const evaluation = await evaluatedTarget(landed.target, place);
  const { refused, near } = await authorityOf(login, evaluation, place);
  if (refused !== null) return refuse(refused, near);
  const reason = [argument, rest].filter((word) => word !== "").join(" ");
  if (reason === "") return refuse("gives no reason: write it behind the command");
  const begun = await begin({ ...landed, given, reason, plans: evaluation.rollback }, place);
  return "why" in begun ? refuse(begun.why) : { answer: begun, near };
}

interface Landed {
  readonly landing: string;
  readonly record: EvidenceRecord;
  readonly target: Target;
}

/** What the pull request brought, as it is on record. */
async function landedHere({
  pull,
  repository,
  enforcement,
  settled,
}: RollbackPlace): Promise<Landed | { readonly why: string } | "later"> {
  if (pull.state !== "merged") return { why: "it was not merged, so there is nothing to take back" };
  const landing = await enforcement.store.landingOf(repository.name.id, pull.number);
  if (landing === null && !settled) return "later";
  const entry = landing === null ? null : await enforcement.evidence.ledger.get(landing);
  const record = entry && keptRecord(entry);
  if (landing === null || !record?.landed?.before)
    return { why: "nothing governed of this merge is on record; press Revert at its end, if you want it back" };
  const { branch, before, after } = record.landed;
  return { landing, record, target: { before, after, branch, pull } };
}

interface Begin extends Landed {
  readonly given: GivenCommand;
  readonly reason: string;
  readonly plans: Evaluation["rollback"];
}

/** Tries it, opens what takes it back, and records that it was begun, by whom and when. */
async function begin(
  { given, reason, plans, landing, record: landed, target }: Begin,
  place: RollbackPlace,
): Promise<RollbackAnswer | { readonly why: string }> {
  const { pull, repository, enforcement } = place;
  const { store, evidence } = enforcement;
  const { login, at, key } = given.stored;
  const { branch } = target;
  const known = await store.rollbacksOf(repository.name.id, pull.number);
  const id = `rollback-started/${repository.name.id}/${pull.number}/${key}/${at}`;
  const own = known.find((one) => one.record === id);
  const standing = own ? null : await underWay(known, place);
  if (standing !== null) return { kind: "under-way", ...standing };
  const tried = await triedBack(target, repository);
  if (tried === null) return { why: `the branch ${branch} is gone` };
  const { conflicts, restores } = tried;
  if (restores === 0 && conflicts.length === 0) return { why: `nothing of it stands on ${branch} any more` };
  const opened = conflicts.length > 0 ? null : (own?.revert ?? (await openedRevert(reason, given, place)));
  const revert = typeof opened === "number" ? opened : null;
  const refused = opened !== null && typeof opened === "object" ? opened.refused : null;
  const [account = null] = [...pull.accounts].find(([, name]) => name.toLowerCase() === login.toLowerCase()) ?? [];
  const start = { person: { id: account, login }, reason, at, revert, conflicts: conflicts.map(({ path }) => path) };
  await keepRecord(recordOf(id, landed, { ...start, plans }), evidence, enforcement);
  const row = { record: id, repository: repository.name.id, pull: pull.number, landing };
  await store.putRollback({ ...row, person: login, startedAt: at, revert });
  return { kind: "started", login, pull: pull.number, branch, revert, refused, conflicts, plans };
}

/** Whether it is being taken back already. */
async function underWay(
  known: readonly StoredRollback[],
  { repository }: RollbackPlace,
): Promise<{ readonly person: string; readonly revert: number } | null> {
  for (const { revert, person } of known.toReversed()) {
    const pull = revert === null ? null : await repository.pullRequest(revert);
    if (pull?.state === "open") return { person, revert: pull.number };
  }
  return null;
}

/** The pull request that takes it back, opened now or by a try of which nothing was noted; null where the App may not. */
async function openedRevert(
  reason: string,
  { stored: { login } }: GivenCommand,
  { repository: { reverts }, pull }: RollbackPlace,
): Promise<number | { readonly refused: string } | null> {
  if (!(await reverts.mayOpen())) return null;
  const before = await reverts.openedFor(pull.number);
  if (before?.state === "open") return before.number;
  const said = { title: revertTitle(pull), body: revertBody(pull, login, reason) };
  const opened = await reverts.open(pull.number, said);
  return "number" in opened ? opened.number : opened;
}

interface Start {
  readonly person: { readonly id: number | null; readonly login: string };
  readonly reason: string;
  readonly at: string;
  readonly revert: number | null;
  readonly conflicts: readonly string[];
  readonly plans: readonly { readonly system: string | null; readonly strategy: string }[];
}

function recordOf(id: string, landed: EvidenceRecord, start: Start): UnplacedRecord {
  const { person, reason, at, revert, conflicts, plans } = start;
  const systems = landed.dossier?.systems ?? [];
  const [only] = systems.length === 1 ? systems : [];
  return {
    record: { id },
    event: "rollback-started",
    repository: landed.repository,
    about: [landed.record.id],
    ...(landed.pullRequest ? { pullRequest: landed.pullRequest } : {}),
    act: { person, reason, systems, at },
    rollback: {
      system: only ?? null,
      strategy: plans[0]?.strategy ?? "revert-commit",
      outcome: conflicts.length > 0 ? "conflicts" : "started",
      startedAt: at,
      seconds: null,
      detail: detailOf(revert, conflicts),
      pullRequest: revert,
    },
    limitations: [],
  };
}

function detailOf(revert: number | null, conflicts: readonly string[]): string {
  if (conflicts.length > 0)
    return `Taking it back conflicts in ${conflicts.slice(0, 20).join(", ")}; people open the pull request by hand.`;
  if (revert === null)
    return "The App may not open pull requests here; people press Revert on the merged pull request.";
  return `The pull request #${revert} was opened to take it back.`;
}
