import { refusalText } from "../../reports/follow-up-answer.ts";
import type { StoredFollowUp } from "../../stores/follow-up-store.ts";
import { approves, type CommandOutcome } from "../commands/command-outcome.ts";
import type { GivenCommand } from "../commands/given-commands.ts";
import type { Enforcement } from "../enforcement.ts";
import { ROLLBACK_COMMANDS } from "../rollback/rollback-job.ts";
import type { ApprovalAfterwards } from "./approval-afterwards.ts";
import type { LandedPlace } from "./landed-change.ts";

/** What people said of what is owed, and what came of it. */
export interface Said {
  readonly all: readonly GivenCommand[];
  readonly open: readonly StoredFollowUp[];
  /** How approvals stand, by follow-up. */
  readonly judged: ReadonlyMap<string, ApprovalAfterwards>;
  /** Closes what a command names, where it may. */
  closing(given: GivenCommand): Promise<CommandOutcome>;
}

const NEAR: ReadonlySet<string> = new Set(["triage", "write", "maintain", "admin"]);
const HERE = "after the merge there is only: approve, withdraw, close";

/** Does what commands ask for and answers each once, people of the repository alone: with a reaction, refusals with words. */
export async function answerAfterwards(said: Said, place: LandedPlace, enforcement: Enforcement): Promise<void> {
  const { repository } = place;
  for (const given of said.all) {
    const { stored } = given;
    if (stored.answered || isBefore(given, said) || ROLLBACK_COMMANDS.has(stored.name)) continue;
    const access = (await repository.access([stored.login])).get(stored.login.toLowerCase()) ?? "none";
    if (NEAR.has(access)) await answer(given, await outcomeOf(given, said), place);
    await enforcement.store.putAsk({ ...stored, answered: true });
  }
}

/** Whether it was said before anything was owed, and so about something else. */
function isBefore({ stored, pull }: GivenCommand, { open }: Said): boolean {
  const since = open.filter((one) => one.pull === pull.number).map(({ openedAt }) => Date.parse(openedAt));
  return since.length > 0 && Date.parse(stored.at) < Math.min(...since);
}

async function outcomeOf(given: GivenCommand, said: Said): Promise<CommandOutcome> {
  const { name } = given.stored;
  if (name === "close") return said.closing(given);
  if (given.refused !== null) return { done: false, reason: given.refused };
  if (name === "approve") return approvalOf(given, said);
  if (name === "withdraw")
    return { done: true, reason: "an approval of theirs that is not on record counts no longer" };
  return { done: false, reason: HERE };
}

/** An approval counts or not as the count of what it names says. */
function approvalOf(given: GivenCommand, { judged }: Said): CommandOutcome {
  for (const { found } of judged.values()) {
    if (found === null) continue;
    const { assessment, facts } = found.evaluation;
    const known = [assessment.changeSet.head, ...facts.commits.map(({ id }) => id)];
    if (known.includes(given.argument))
      return approves(given, { evaluation: found.evaluation, access: new Map(), now: given.stored.at });
  }
  return { done: false, reason: "names nothing that waits for an approval; the issue has the line to copy" };
}

async function answer(
  given: GivenCommand,
  { done, reason }: CommandOutcome,
  { repository }: LandedPlace,
): Promise<void> {
  const { conversation, landings } = repository;
  const { key, login } = given.stored;
  const { number } = given.pull;
  const reacts = given.comment !== null && (await conversation.mayReact());
  if (reacts && given.comment !== null) await conversation.react(given.comment, done ? "+1" : "confused");
  if (done && reacts) return;
  const text = refusalText({ person: login, done, reason });
  if (given.pull.head === "") {
    if (await landings.issue.mayWrite()) await landings.issue.answer(number, key, text);
  } else if (await conversation.mayReply()) await conversation.reply(number, key, text);
}
