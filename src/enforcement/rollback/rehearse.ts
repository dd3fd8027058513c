import type { Evaluation } from "../../core/evaluation.ts";
import { missingParts } from "../../core/rollback.ts";
import {
  REVERTING,
  type RollbackPlan,
  type RollbackStrategy,
  STRATEGIES,
  UNREGISTERED,
} from "../../core/rollback-plan.ts";
import type { UnplacedRecord } from "../../evidence/record.ts";
import { nearest } from "../../governance/nearest.ts";
import type { RollbackAnswer } from "../../reports/rollback-answer.ts";
import { conflictText } from "../../reports/rollback-text.ts";
import { decideAgain } from "../afterwards/decide-again.ts";
import type { GivenCommand } from "../commands/given-commands.ts";
import { keepRecord } from "../recording/keep-record.ts";
import {
  evaluatedTarget,
  type RollbackPlace,
  type Target,
  type TriedBack,
  triedBack,
  triedProposal,
} from "./landed-target.ts";
import { authorityOf } from "./rollback-authority.ts";

interface Answered {
  readonly answer: RollbackAnswer;
  readonly near: boolean;
}

/**
 * Proves the plan of a system without touching any branch, and records what came of it. What brings back what stood before
 * is proved by trying it on the newest landing of the system; of a switch that people throw, their word is recorded.
 */
export async function rehearse(given: GivenCommand, place: RollbackPlace): Promise<Answered> {
  const { login, argument: system } = given.stored;
  const refuse = (why: string, near: boolean): Answered => ({ answer: { kind: "refused", login, why }, near });
  const systems = place.configuration.registry.base.systems ?? [];
  const registered = systems.find(({ id }) => id === system);
  if (system === "") return refuse("names no system: /countersign rehearse <system>", false);
  if (!registered && system !== UNREGISTERED) {
    const meant = nearest(system, [...systems.map(({ id }) => id), UNREGISTERED]);
    return refuse(`there is no such system${meant === undefined ? "" : `; did you mean ${meant}`}`, false);
  }
  const target = await targetOf(system, place);
  const evaluation = await evaluatedTarget(target, place);
  const { refused, near } = await authorityOf(login, evaluation, place, registered);
  if (refused !== null) return refuse(refused, near);
  if (target.record === null && !touches(evaluation, system))
    return refuse(`nothing of ${system} has landed yet, and this pull request touches nothing of ${system}`, near);
  const asked = askedFor(given, registered?.rollback?.strategy);
  const tries = REVERTING.has(asked.strategy);
  if (!tries && asked.account === "")
    return refuse(`no machine can try ${asked.strategy}: write behind it what was done and seen`, near);
  const plans = evaluation.rollback.filter((plan) => (plan.system ?? UNREGISTERED) === system);
  const result = tries
    ? await proved(target, plans, place)
    : { outcome: "succeeded" as const, detail: `By the word of @${login}: ${asked.account}` };
  const answer = await recorded({ given, target, ...asked, ...result, registered: registered !== undefined }, place);
  return { answer, near };
}

/** What does not touch a system proves nothing about its way back. */
function touches({ assessment: { systems, unregistered } }: Evaluation, system: string): boolean {
  return system === UNREGISTERED ? unregistered : systems.some(({ id }) => id === system);
}

interface Rehearsed extends Proved {
  readonly given: GivenCommand;
  readonly target: Target & { readonly record: string | null };
  readonly strategy: RollbackStrategy;
  readonly account: string;
  readonly registered: boolean;
}

/** Records what came of it, and has what waits for it decided again. */
async function recorded(
  { given, target, strategy, account, outcome, detail, registered }: Rehearsed,
  { repository, pull, enforcement }: RollbackPlace,
): Promise<RollbackAnswer> {
  const { login, argument: system, key, at } = given.stored;
  const { id: number, owner, name } = repository.name;
  const [id = null] = [...pull.accounts].find(([, one]) => one.toLowerCase() === login.toLowerCase()) ?? [];
  const tries = REVERTING.has(strategy);
  const record: UnplacedRecord = {
    record: { id: `rehearsal/${number}/${pull.number}/${key}/${at}` },
    event: "rehearsal",
    repository: { id: number, owner, name },
    about: target.record === null ? [] : [target.record],
    act: { person: { id, login }, reason: account, systems: registered ? [system] : [], at },
    rollback: {
      ...{ system: registered ? system : null, strategy, outcome, startedAt: at, seconds: null, detail },
      pullRequest: target.pull?.number ?? null,
    },
    limitations: [
      "What no file holds (data, indexes, memories, what was sent) is not brought back by it.",
      ...(tries ? [] : ["Nothing but the person's word tells that it was done."]),
    ],
  };
  const entry = await keepRecord(record, enforcement.evidence, enforcement);
  const succeeded = outcome === "succeeded";
  // What is tried is the revert, whatever the plan calls it.
  const strategies = tries ? [...REVERTING] : [strategy];
  await enforcement.store.putRehearsal({ record: entry.id, repository: number, system, strategies, at, succeeded });
  await decideAgain(repository, `a rehearsal of ${system}`, enforcement);
  return { kind: "rehearsed", login, system, strategy, succeeded, detail, record: entry.id, sequence: entry.sequence };
}

/** The newest landing of a system that is on record; where there is none, what is proposed where it was asked for. */
async function targetOf(
  system: string,
  { repository, pull, enforcement }: RollbackPlace,
): Promise<Target & { readonly record: string | null }> {
  const last = await enforcement.store.lastOfSystem(repository.name.id, system);
  if (last !== null) {
    const { before, after, branch, record } = last;
    const brought =
      last.pull === null ? null : last.pull === pull.number ? pull : await repository.pullRequest(last.pull);
    return { before, after, branch, record, pull: brought };
  }
  const before = await repository.mergeBase({ base: pull.base.head, head: pull.head });
  return { before, after: pull.head, branch: pull.base.ref, record: null, pull };
}

/** The strategy that is rehearsed, and what was said of it: what is declared, unless the command names another one. */
function askedFor(
  { stored: { reason } }: GivenCommand,
  declared: RollbackStrategy | undefined,
): { readonly strategy: RollbackStrategy; readonly account: string } {
  const [first = "", ...rest] = reason.split(" ");
  const named = STRATEGIES.find((one) => one === first.toLowerCase());
  return named
    ? { strategy: named, account: rest.join(" ") }
    : { strategy: declared ?? "revert-commit", account: reason };
}

interface Proved {
  readonly outcome: "succeeded" | "conflicts" | "failed";
  readonly detail: string;
}

/** Tries it over blobs, and looks at what the plan says. */
async function proved(
  target: Target & { readonly record: string | null },
  plans: readonly RollbackPlan[],
  { repository }: RollbackPlace,
): Promise<Proved> {
  const what = target.pull === null ? `commit ${target.after.slice(0, 12)}` : `#${target.pull.number}`;
  const failed = (detail: string): Proved => ({ outcome: "failed", detail });
  const dead = plans.find(({ stale, previous }) => stale !== null && previous === null);
  if (dead?.stale) return failed(`The plan goes back to ${dead.stale.value}, which ${dead.stale.why}.`);
  const lacking = plans.map(missingParts).find((missing) => missing !== "");
  if (lacking !== undefined) return failed(`The plan lacks ${lacking}.`);
  // What is only proposed has not landed: it comes out again as it went in.
  const tried = target.record === null ? await triedProposal(target, repository) : await triedBack(target, repository);
  if (tried === null) return failed(`The branch ${target.branch} is gone.`);
  if (tried.conflicts.length > 0)
    return {
      outcome: "conflicts",
      detail: `Taking ${what} back conflicts in ${tried.conflicts.slice(0, 20).map(conflictText).join(", ")}.`,
    };
  if (tried.restores === 0) return failed(`Nothing of ${what} stands any more, so there is nothing to try it on.`);
  return { outcome: "succeeded", detail: succeededText(what, tried) };
}

function succeededText(what: string, { onto, restores, exact }: TriedBack): string {
  const files = restores === 1 ? "1 file" : `${restores} files`;
  const stood = restores === 1 ? "exactly as it stood before it" : "exactly as they stood before it";
  const how = restores === exact ? stood : `${exact} exactly as before it, the others with what came since`;
  return `${what} could be taken back from ${onto.slice(0, 12)} by itself: ${files}, ${how}.`;
}
