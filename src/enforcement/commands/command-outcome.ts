import { governing } from "../../core/assessment.ts";
import { GLASS_HOLDS } from "../../core/break-glass.ts";
import { clockAt } from "../../core/clock.ts";
import type { Evaluation } from "../../core/evaluation.ts";
import { exclusionsOf, namesCommit, selfApproves } from "../../core/independence.ts";
import { holdersOf, personRefused } from "../../core/people.ts";
import { type Instant, plus } from "../../core/scalars.ts";
import type { GivenCommand } from "./given-commands.ts";

/** What came of a command: it counts or was done, or it was refused; with the reason as people read it. */
export interface CommandOutcome {
  readonly done: boolean;
  readonly reason: string;
}

/** What commands are judged by. */
export interface CommandScene {
  readonly evaluation: Evaluation;
  /** `role_name` by login in lower case. */
  readonly access: ReadonlyMap<string, string>;
  readonly now: Instant;
}

/** Judges one command by what was decided. */
export type Judge = (given: GivenCommand, scene: CommandScene) => CommandOutcome;

const done = (reason: string): CommandOutcome => ({ done: true, reason });
const refused = (reason: string): CommandOutcome => ({ done: false, reason });

const WRITERS: ReadonlySet<string> = new Set(["write", "maintain", "admin"]);

/** Whatever makes the App work again is for those who may write. */
export const byWriters: Judge = ({ stored: { login } }, { access }) => {
  const role = access.get(login.toLowerCase());
  if (role !== undefined && WRITERS.has(role)) return done("done");
  return refused(`only people with write access may ask for it${role === undefined ? "" : `, and this is ${role}`}`);
};

/** Answers are for whoever takes part: those with a role in the repository, and the author. */
export const byParticipants: Judge = (given, scene) => {
  if (scene.access.get(given.stored.login.toLowerCase()) === "triage" || isAuthor(given)) return done("answered");
  return byWriters(given, scene).done
    ? done("answered")
    : refused("only people of this repository and the author are answered");
};

/** Whether a command is the author's own. */
export function isAuthor({ stored: { login }, pull }: GivenCommand): boolean {
  return pull.author?.login.toLowerCase() === login.toLowerCase();
}

/** An approval counts or not as the decision says. */
export const approves: Judge = ({ stored: { login }, argument }, { evaluation }) => {
  if (evaluation.assessment.tier.value === "none") return refused("nothing here needs an approval");
  const known = [evaluation.assessment.changeSet.head, ...evaluation.facts.commits.map(({ id }) => id)];
  if (!known.some((id) => id === argument)) return refused("names no commit of this pull request");
  const own = evaluation.votes.filter(({ person }) => person.toLowerCase() === login.toLowerCase());
  const reasons = [...new Set(own.map(({ reason }) => reason))].join("; ");
  if (own.some(({ counted }) => counted)) return done(reasons);
  return refused(reasons === "" ? "it counts for no role here" : reasons);
};

/** Taking back what is not there is refused, so that nobody believes to have lifted a request for changes. */
export const withdraws: Judge = ({ stored: { login, at } }, { evaluation }) => {
  const took = evaluation.facts.reviews.some(
    ({ person, via, state, submittedAt }) =>
      via === "command" && state === "DISMISSED" && submittedAt === at && person?.login === login,
  );
  if (took) return done("their approval is taken back");
  return refused(
    "there is no approval of theirs to take back; a request for changes is lifted by an approval, or dismissed",
  );
};

/** A risk is accepted for one head, by an independent risk owner, at the tier that was shown. */
export const acceptsRisk: Judge = (given, scene) => {
  const { evaluation } = scene;
  const statement = evaluation.requirements.find(({ kind }) => kind === "statement");
  if (statement === undefined) return refused("this tier asks for no risk acceptance");
  if (given.argument !== evaluation.assessment.changeSet.head) return refused("names another commit than the head");
  if (given.stored.reason === "") return refused("gives no reason");
  const unfit = unfitFor("risk-owner", given.stored.login, scene);
  if (unfit !== null) return refused(unfit);
  return statement.state === "met" ? done("the risk is accepted for this head") : refused(statement.reason);
};

/** A suspected secret is cleared by an independent holder of `security`. */
export const clearsSecret: Judge = (given, scene) => {
  const { argument, stored } = given;
  const found = governing(scene.evaluation.assessment).filter(
    ({ finding }) =>
      finding.rule === "credential/secret-value" &&
      /^[0-9a-f]{16,}$/.test(argument) &&
      finding.after?.includes(argument),
  );
  if (found.length === 0) return refused("no suspected secret has this fingerprint; the check prints the line to copy");
  if (found.some(({ finding }) => finding.confidence === "certain"))
    return refused("this is a secret for certain: remove it and rotate it");
  if (stored.reason === "") return refused("gives no reason");
  const unfit = unfitFor("security", stored.login, scene);
  return unfit === null ? done("it is on record as no secret, at this path") : refused(unfit);
};

/** The glass is broken, or not, as the decision says. */
export const breaksGlass: Judge = ({ stored: { login, at }, argument }, { evaluation }) => {
  const { decision, assessment, facts, votes } = evaluation;
  if (decision.state === "not-governed") return refused("nothing here is governed, so nothing holds it up");
  const until = plus(at, GLASS_HOLDS);
  const own = votes.find((vote) => vote.until === until && vote.person.toLowerCase() === login.toLowerCase());
  if (own) return own.counted ? done(own.reason) : refused(own.reason);
  if (decision.basis === "observe") return refused("nothing is enforced here, so nothing holds it up");
  const { head } = assessment.changeSet;
  const named = facts.commits.some(({ id }) => namesCommit(argument, id));
  if (named && !namesCommit(argument, head)) return refused("what is governed was changed since that commit");
  if (!named && !namesCommit(argument, head)) return refused("names another commit than the head");
  return refused("it may merge without it, as far as approvals go");
};

/** What is owed is closed where it is owed: before a merge nothing is. */
export const closes: Judge = () =>
  refused("nothing is owed for what has not landed; it belongs into the issue that tells of it, or on the merged one");

/** Only what was merged is taken back; merged pull requests are answered elsewhere. */
export const takesBack: Judge = () => refused("it is not merged, so there is nothing to take back: close it instead");

/** It is rehearsed and answered by a work of its own, which looks at who asked. */
export const rehearses: Judge = () => done("it is rehearsed, and answered here");

/** Whoever a commit only names lifts that themselves; what they pushed stays theirs. */
export const disowns: Judge = ({ argument, stored: { login } }, { evaluation: { facts } }) => {
  const named = facts.commits.filter(({ id }) => namesCommit(argument, id));
  if (named.length === 0) return refused("names no commit of this pull request; give its full id");
  const name = login.toLowerCase();
  if (!named.some(({ logins }) => logins.some((one) => one.toLowerCase() === name)))
    return refused("that commit does not name them, so there is nothing to lift");
  const left = exclusionsOf(facts).get(name);
  return left === undefined
    ? done("that commit excludes them no longer")
    : done(`that commit excludes them no longer; they stay excluded: ${left.reason}`);
};

/** Why somebody may not speak for a role; else null. */
function unfitFor(role: string, login: string, { evaluation, now }: CommandScene): string | null {
  const { facts, policy, assessment } = evaluation;
  const name = login.toLowerCase();
  const person = personRefused({ login, type: "User" }, facts);
  if (person !== null) return person;
  const { logins, unreadable } = holdersOf(role, { policy, facts, clock: clockAt(now) });
  if (!logins.has(name))
    return unreadable.length > 0
      ? `holds ${role} by no team that can be read (${unreadable.join(", ")} cannot)`
      : `does not hold the role ${role}`;
  const excluded = exclusionsOf(facts).get(name);
  if (excluded === undefined || selfApproves(name, facts, policy, assessment.tier.value)) return null;
  return `is not independent: ${excluded.reason}`;
}
