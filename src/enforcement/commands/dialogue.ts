import type { Evaluation } from "../../core/evaluation.ts";
import type { CommandLine } from "../../reports/report-context.ts";
import type { Enforcement } from "../enforcement.ts";
import type { Matter } from "../matter.ts";
import { type CommandOutcome, isAuthor } from "./command-outcome.ts";
import { outcomeOf } from "./command-table.ts";
import type { GivenCommand, GivenCommands } from "./given-commands.ts";

/** A command with what came of it. */
export interface JudgedCommand {
  readonly given: GivenCommand;
  readonly outcome: CommandOutcome;
  /** Whether it is of somebody who works on the repository, or of the author; others are not quoted. */
  readonly near: boolean;
}

/** What people asked for, judged by a decision. */
export interface Dialogue {
  readonly judged: readonly JudgedCommand[];
  /** Whether reactions can be put. */
  readonly reacts: boolean;
  /** Whether answers stand in comments of their own; else the check holds them. */
  readonly replies: boolean;
  /** What the check and our comment say of commands. */
  readonly lines: readonly CommandLine[];
  /** Whether somebody who may asks to have the check written anew, and was not answered yet. */
  readonly again: boolean;
  /** Whether somebody who may asks to have reviewers requested, and was not answered yet. */
  readonly requests: boolean;
  /** Whether the check has to hold an explanation. */
  readonly explains: boolean;
}

const SILENT: Dialogue = {
  ...{ judged: [], reacts: false, replies: false, lines: [] },
  ...{ again: false, requests: false, explains: false },
};
const NEAR: ReadonlySet<string> = new Set(["triage", "write", "maintain", "admin"]);
/** So many commands are shown, the newest. */
const MOST_LINES = 10;

/** Judges what people asked for by what was decided; whoever gave a command must have the right to it now. */
export async function dialogueOf(
  { all }: GivenCommands,
  evaluation: Evaluation,
  { repository }: Pick<Matter, "repository">,
  { now }: Pick<Enforcement, "now">,
): Promise<Dialogue> {
  if (all.length === 0) return SILENT;
  const known = evaluation.facts.access ?? new Map<string, string>();
  const logins = [...new Set(all.map(({ stored }) => stored.login.toLowerCase()))];
  const unknown = logins.filter((login) => !known.has(login)).sort();
  const access = new Map([...known, ...(unknown.length > 0 ? await repository.access(unknown) : [])]);
  const members = new Set([...evaluation.facts.teams.values()].flat().map((login) => login.toLowerCase()));
  const scene = { evaluation, access, now: now() };
  const judged = all.map((given): JudgedCommand => {
    const login = given.stored.login.toLowerCase();
    const near = NEAR.has(access.get(login) ?? "none") || members.has(login) || isAuthor(given);
    return { given, outcome: outcomeOf(given, scene), near };
  });
  const { conversation } = repository;
  const reacts = await conversation.mayReact();
  // Where nothing is enforced the check says everything, and nothing else is written.
  const replies = evaluation.policy.mode === "enforce" && (await conversation.mayReply());
  const owed = (name: string) =>
    judged.some(({ given: { stored }, outcome }) => stored.name === name && !stored.answered && outcome.done);
  const explained = judged.some(({ given, outcome }) => given.stored.name === "explain" && outcome.done);
  return {
    ...{ judged, reacts, replies },
    lines: linesOf(judged, reacts),
    again: owed("recheck"),
    requests: owed("request-reviewers"),
    explains: explained && !replies,
  };
}

/** What a reaction does not say: of each person the newest command of a name, where it was refused or cannot be reacted to. */
function linesOf(judged: readonly JudgedCommand[], reacts: boolean): readonly CommandLine[] {
  const newest = new Map<string, JudgedCommand>();
  for (const one of judged) {
    const { stored } = one.given;
    if (!one.near || stored.key.startsWith("button/")) continue;
    const key = `${stored.login.toLowerCase()} ${stored.name}`;
    newest.delete(key);
    newest.set(key, one);
  }
  return [...newest.values()]
    .filter(({ outcome, given }) => !outcome.done || (!reacts && given.comment !== null))
    .slice(-MOST_LINES)
    .map(({ given: { stored }, outcome: { done, reason } }) => {
      const argument = stored.argument.replace(/^([0-9a-f]{12})[0-9a-f]{5,}$/i, "$1…");
      const command = [stored.name, argument].filter((word) => word !== "").join(" ");
      return { person: stored.login, command, done, reason };
    });
}
