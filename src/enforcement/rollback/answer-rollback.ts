import { milliseconds, plus } from "../../core/scalars.ts";
import { type RollbackAnswer, rollbackAnswerText, rolledBackText } from "../../reports/rollback-answer.ts";
import type { HostedRepository } from "../../work/hosting.ts";
import { type GivenCommand, givenCommands, headsByPushes } from "../commands/given-commands.ts";
import { type Enforcement, hostedName } from "../enforcement.ts";
import type { Payload } from "../job.ts";
import { keptRecord } from "../recording/kept-record.ts";
import { type RollbackPlace, rollbackPlace } from "./landed-target.ts";
import { rehearse } from "./rehearse.ts";
import { ROLLBACK_COMMANDS, rollbackWork } from "./rollback-job.ts";
import { startRollback } from "./start-rollback.ts";

/** So many refusals of somebody who takes no part in the repository are shown on one pull request. */
const MOST_OF_STRANGERS = 3;

/** How often a merge that is not on record yet is looked for, and the pause in between. */
const MOST_LOOKS = 15;
const PAUSE = "PT20S";

/** Does what was asked for on a pull request, each command once: takes it back, or rehearses how that would be done. */
export async function answerRollback(
  work: Payload<"answer-rollback">,
  enforcement: Enforcement,
  signal: AbortSignal,
): Promise<void> {
  const { store, evidence, queue, now } = enforcement;
  if (evidence === null) return;
  const repository = await enforcement.hosting.open(hostedName(work), signal);
  const pull = await repository.pullRequest(work.number);
  if (pull === null) return;
  const pushes = await store.pushesOf(work.repository, work.number);
  const { all } = await givenCommands(work.repository, [pull], headsByPushes(pushes), store);
  const owed = all.filter(({ stored }) => ROLLBACK_COMMANDS.has(stored.name) && !stored.answered);
  if (owed.length === 0) return;
  const { looks = 0 } = work;
  const place = await rollbackPlace(repository, pull, { ...enforcement, evidence }, looks >= MOST_LOOKS);
  for (const given of owed) {
    const { stored } = given;
    // Of one that is open, only what can be rehearsed: whoever decides about it refuses the rest.
    if (pull.state === "open" && stored.name !== "rehearse") continue;
    const result = await resultOf(given, place);
    if (result === "later") {
      await queue.add(rollbackWork(work, looks + 1), plus(now(), PAUSE));
      continue;
    }
    await say(given, result, place, all);
    await store.putAsk({ ...stored, answered: true });
  }
}

async function resultOf(given: GivenCommand, place: RollbackPlace): Promise<Awaited<ReturnType<typeof startRollback>>> {
  const { login, name } = given.stored;
  const refuse = (why: string) => ({ answer: { kind: "refused", login, why } as const, near: false });
  if (given.refused !== null) return refuse(given.refused);
  // Nothing is read for strangers, who may comment as often as they like.
  if (!(await isKnown(login, place))) return refuse("neither works on the repository nor is in its organisation");
  if (place.configuration.faults.length + place.present.organization.faults.length > 0)
    return { ...refuse("the rules cannot be read, so nobody knows who may; mend them first"), near: true };
  return name === "rehearse" ? rehearse(given, place) : startRollback(given, place);
}

/** Whoever takes no part is shown a few times that nothing comes of it, and told nothing. */
async function say(
  given: GivenCommand,
  { answer, near: known }: { readonly answer: RollbackAnswer; readonly near: boolean },
  { repository, pull, present, enforcement }: RollbackPlace,
  all: readonly GivenCommand[],
): Promise<void> {
  const { conversation, name } = repository;
  const { key, login } = given.stored;
  const near = known || (await isNear(login, repository));
  const own = all.filter(({ stored }) => stored.login === login && ROLLBACK_COMMANDS.has(stored.name));
  if (!near && own.indexOf(given) >= MOST_OF_STRANGERS) return;
  if (given.comment !== null && (await conversation.mayReact()))
    await conversation.react(given.comment, answer.kind === "refused" ? "confused" : "+1");
  if (!near || !(await conversation.mayReply())) return;
  const url = `${enforcement.server}/${name.owner}/${name.name}`;
  const page = { url, quickWithin: milliseconds(present.policy.limits.quickRevert) };
  await conversation.reply(pull.number, key, rollbackAnswerText(answer, page));
}

async function isKnown(login: string, { repository, pull }: RollbackPlace): Promise<boolean> {
  if (await isNear(login, repository)) return true;
  if (pull.organization === null) return false;
  return (await repository.organizationMembers([login.toLowerCase()])).active.includes(login.toLowerCase());
}

async function isNear(login: string, { access }: HostedRepository): Promise<boolean> {
  const role = (await access([login])).get(login.toLowerCase()) ?? "none";
  return role === "triage" || role === "write" || role === "maintain" || role === "admin";
}

/** Says on the pull request that was taken back that it was, and how long that took. */
export async function tellRollback(
  work: Payload<"tell-rollback">,
  { hosting, evidence, store }: Enforcement,
  signal: AbortSignal,
): Promise<void> {
  const entry = await evidence?.ledger.get(work.record);
  if (!entry) return;
  const record = keptRecord(entry);
  const landing = await evidence?.ledger.get(record.about[0] ?? "");
  const pull = landing ? keptRecord(landing).pullRequest?.number : undefined;
  if (pull === undefined) return;
  const { conversation, name } = await hosting.open(hostedName(work), signal);
  // Where nothing was enforced and nobody asked, nothing is said beside the check.
  const asked = (await store.rollbacksOf(name.id, pull)).length > 0 || (await store.commentOf(name.id, pull)) !== null;
  if (asked && (await conversation.mayReply()))
    await conversation.reply(pull, "rollback-finished", rolledBackText(record));
}
