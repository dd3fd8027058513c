import { nearest } from "../../governance/nearest.ts";
import {
  acceptsRisk,
  approves,
  breaksGlass,
  byParticipants,
  byWriters,
  type CommandOutcome,
  type CommandScene,
  clearsSecret,
  closes,
  disowns,
  type Judge,
  rehearses,
  takesBack,
  withdraws,
} from "./command-outcome.ts";
import type { GivenCommand } from "./given-commands.ts";

/** One command: everything that people are told of it, and who judges it. */
export interface CommandRow {
  readonly name: string;
  /** As written behind the name: `<sha>`. */
  readonly arguments: readonly string[];
  /** Who may give it. */
  readonly who: string;
  /** What it does, as one sentence. */
  readonly does: string;
  readonly judge: Judge;
}

const WRITERS = "who has write access";
const ROLLERS = "whoever the change's tier would ask, owners and deputies of its systems, and whom breakGlass.by names";
const PARTICIPANTS = "who works on the repository, and the author";

/** Every command; help, answers to unknown ones and docs/commands.md come from here. */
export const COMMANDS: readonly CommandRow[] = [
  {
    name: "explain",
    arguments: [],
    who: PARTICIPANTS,
    does: "Answers with what was found, why it is this tier, what it takes, who can still approve and which approvals count.",
    judge: byParticipants,
  },
  {
    name: "recheck",
    arguments: [],
    who: WRITERS,
    does: "Reads reviews, checks, people and rules again and writes the check anew.",
    judge: byWriters,
  },
  {
    name: "request-reviewers",
    arguments: [],
    who: WRITERS,
    does: "Asks those who can still approve for their review, once more if they reviewed before; large teams, too.",
    judge: byWriters,
  },
  {
    name: "approve",
    arguments: ["<sha>"],
    who: "who could approve with a review, and the author where the policy allows that",
    does: "Approves the named commit, like an approving review of it.",
    judge: approves,
  },
  {
    name: "withdraw",
    arguments: [],
    who: "everybody for themselves",
    does: "Takes back your approval, given by review or by command. Deleting the comment does not bring it back.",
    judge: withdraws,
  },
  {
    name: "accept-risk",
    arguments: ["<sha>", "<reason>"],
    who: "an independent risk-owner",
    does: "Accepts the risk of this head in writing; it ends with the next push, or when the tier rises.",
    judge: acceptsRisk,
  },
  {
    name: "break-glass",
    arguments: ["<sha>", "<reason>"],
    who: "whom breakGlass.by names, and not its author",
    does: "In an emergency: lets this content merge for four hours without its approvals, which fall due afterwards.",
    judge: breaksGlass,
  },
  {
    name: "close",
    arguments: ["<id>", "cause: <why>", "action: <what>"],
    who: "after the merge: who sees to what is owed, or a risk-owner",
    does: "Closes what is owed after a broken glass or a bypass, with why it happened and what is done about it.",
    judge: closes,
  },
  {
    name: "rollback",
    arguments: ["<reason>"],
    who: ROLLERS,
    does: "On a merged pull request: opens the pull request that takes it back, or says who presses what; the time until it is taken back is on record.",
    judge: takesBack,
  },
  {
    name: "rehearse",
    arguments: ["<system>"],
    who: ROLLERS,
    does: "Tries to take the newest merge of a system back, without touching any branch, and records what came of it.",
    judge: rehearses,
  },
  {
    name: "not-a-secret",
    arguments: ["<fingerprint>", "<reason>"],
    who: "an independent holder of security",
    does: "Says that a suspected secret is none; remembered for this value at this path.",
    judge: clearsSecret,
  },
  {
    name: "not-mine",
    arguments: ["<sha>"],
    who: "whom the commit names",
    does: "Says that a commit which names you is not yours, so that it does not keep you from approving.",
    judge: disowns,
  },
  {
    name: "help",
    arguments: [],
    who: PARTICIPANTS,
    does: "Answers with this list.",
    judge: byParticipants,
  },
];

const BY_NAME = new Map(COMMANDS.map((row) => [row.name, row]));

/** The command of a name. */
export function commandNamed(name: string): CommandRow | undefined {
  return BY_NAME.get(name);
}

/** What came of a command; of one that does not exist, what it may have meant. */
export function outcomeOf(given: GivenCommand, scene: CommandScene): CommandOutcome {
  const { name } = given.stored;
  const row = BY_NAME.get(name);
  if (row) return given.refused === null ? row.judge(given, scene) : { done: false, reason: given.refused };
  const meant = nearest(name, [...BY_NAME.keys()]);
  const hint = meant === undefined ? "" : `did you mean /countersign ${meant}; `;
  return { done: false, reason: `there is no such command; ${hint}all of them: /countersign help` };
}
