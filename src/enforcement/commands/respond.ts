import type { Evaluation } from "../../core/evaluation.ts";
import { plus } from "../../core/scalars.ts";
import { brokenGlassText } from "../../reports/break-glass.ts";
import { explanationOf, helpText } from "../../reports/explanation.ts";
import type { ReportContext } from "../../reports/report-context.ts";
import type { Reaction } from "../../work/conversation.ts";
import { HostingFault } from "../../work/hosting-fault.ts";
import { glassView } from "../afterwards/broken-glass.ts";
import { type Enforcement, placeOf } from "../enforcement.ts";
import { decideWork } from "../job.ts";
import type { Matter } from "../matter.ts";
import { rollbackWork } from "../rollback/rollback-job.ts";
import { askReviewers } from "./ask-reviewers.ts";
import { COMMANDS } from "./command-table.ts";
import type { Dialogue, JudgedCommand } from "./dialogue.ts";

/** What an answer is made of. */
export interface Response {
  readonly evaluation: Evaluation;
  readonly dialogue: Dialogue;
  /** What a comment on this pull request is written with. */
  contextOf(number: number): ReportContext;
}

/** So many commands of somebody who takes no part in the repository are answered on one pull request. */
const MOST_OF_STRANGERS = 3;
/** Commands that ask for something rather than say something. */
const ASKS: ReadonlySet<string> = new Set(["recheck", "request-reviewers", "explain", "help"]);

/**
 * Asks reviewers and answers commands, each once. The decision stands already, so that nothing which fails here takes it
 * back: it is tried again in a minute, unless the hosting service will not have it.
 */
export async function respond(response: Response, matter: Matter, enforcement: Enforcement): Promise<void> {
  const { evaluation, dialogue } = response;
  const { store, queue, log, now } = enforcement;
  const owed = dialogue.judged.filter(({ given }) => !given.stored.answered);
  const tried = async (what: string, run: () => Promise<void>): Promise<boolean> => {
    try {
      await run();
      return true;
    } catch (fault) {
      if (!(fault instanceof HostingFault)) throw fault;
      log.warn({ repository: matter.work.repository, number: matter.work.number, what, err: fault }, "not answered");
      return fault.code === "hosting/forbidden" || fault.code === "hosting/refused";
    }
  };
  const place = { repository: matter.repository, store, pulls: matter.pulls };
  // Asking takes the same permission as commenting.
  const may = await matter.repository.conversation.mayReply();
  const asked = !may || (await tried("review requests", () => askReviewers(evaluation, place, dialogue.requests)));
  let complete = asked;
  for (const judged of owed) {
    const { stored } = judged.given;
    if (stored.name === "request-reviewers" && !asked) continue;
    if (stored.name === "rehearse") {
      await queue.add(rollbackWork(placeOf(matter.work, judged.given.pull.number)));
      continue;
    }
    const answered = isIgnored(judged, dialogue) || (await tried(stored.name, () => answer(judged, response, matter)));
    complete &&= answered;
    const tier = stored.tier ?? evaluation.assessment.tier.value;
    if (answered) await store.putAsk({ ...stored, tier, answered });
  }
  if (!complete) await queue.add(decideWork(matter.work, "answers are owed"), plus(now(), "PT1M"));
}

/** Strangers are told a few times why nothing comes of it: whoever may only comment must not make the App write for ever. */
function isIgnored({ given, near }: JudgedCommand, { judged }: Dialogue): boolean {
  if (near) return false;
  const own = judged.filter(
    (other) => !other.near && other.given.stored.login === given.stored.login && other.given.pull === given.pull,
  );
  return own.findIndex((other) => other.given === given) >= MOST_OF_STRANGERS;
}

async function answer(
  { given, outcome }: JudgedCommand,
  { evaluation, dialogue, contextOf }: Response,
  { repository: { conversation } }: Matter,
): Promise<void> {
  const { name, key } = given.stored;
  const { number } = given.pull;
  if (outcome.done && dialogue.replies && name === "explain")
    await conversation.reply(number, key, explanationOf(evaluation, contextOf(number)));
  if (outcome.done && dialogue.replies && name === "help") await conversation.reply(number, key, helpText(COMMANDS));
  const glass = name === "break-glass" && outcome.done && dialogue.replies ? glassView(evaluation) : null;
  if (glass !== null)
    await conversation.reply(number, key, brokenGlassText({ ...glass, baseRef: given.pull.base.ref }));
  if (given.comment !== null && dialogue.reacts)
    await conversation.react(given.comment, reactionTo(name, outcome.done));
}

function reactionTo(name: string, done: boolean): Reaction {
  if (!done) return "confused";
  return ASKS.has(name) ? "eyes" : "+1";
}
