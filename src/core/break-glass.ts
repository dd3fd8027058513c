import { governing } from "./assessment.ts";
import type { Case } from "./case.ts";
import { commandsNamed } from "./command.ts";
import type { Command } from "./facts.ts";
import { namesCommit } from "./independence.ts";
import { peopleOf, personRefused } from "./people.ts";
import type { Requirement } from "./requirement.ts";
import { plus } from "./scalars.ts";
import type { Vote } from "./vote.ts";

/** How long a broken glass lets this digest through. */
const LIFE = "PT4H";
const NEVER: ReadonlySet<string> = new Set(["record/prohibited-practice", "record/unreadable", "governance/policy"]);

/** The newest try to break the glass on this head, as the vote that explains it; null when nobody tried. */
export function breakGlass(matter: Case, requirements: readonly Requirement[]): Vote | null {
  const { head } = matter.assessment.changeSet;
  const command = commandsNamed("break-glass", matter).find(({ argument }) => namesCommit(argument, head));
  if (!command) return null;
  const person = command.person?.login ?? "ghost";
  const refused = refusal(command, matter, requirements);
  if (refused !== null) return { person, basis: "none", counted: false, reason: `may not break the glass: ${refused}` };
  const weak = isAuthor(command, matter) ? ", by the author (weak)" : "";
  const due = matter.policy.breakGlass.reviewWithin;
  const until = plus(command.createdAt, LIFE);
  const reason = `broke the glass until ${until}${weak}: ${command.reason}; the tier's full approval falls due within ${due}`;
  return { person, role: "break-glass", basis: "direct", counted: true, reason };
}

function refusal(command: Command, matter: Case, requirements: readonly Requirement[]): string | null {
  const { assessment, policy, facts, clock } = matter;
  const login = command.person?.login.toLowerCase() ?? "";
  const { logins, unreadable } = peopleOf(policy.breakGlass.by, facts);
  const unfit = personRefused(command.person, facts);
  if (unfit !== null) return unfit;
  if (!logins.has(login)) return "is not named in breakGlass.by";
  if (command.reason === "") return "gave no reason";
  if (isAuthor(command, matter) && (logins.size > 1 || unreadable.length > 0)) return "is the author";
  const barred = governing(assessment).find(
    ({ finding }) => finding.class === "governance" || finding.rule === "credential/secret-value",
  );
  if (barred) return `it never covers ${barred.finding.rule}`;
  const never = requirements.find(({ state, rule }) => state === "failed" && rule !== undefined && NEVER.has(rule));
  if (never) return `it never covers ${never.rule}`;
  if (!facts.ledger) return "no ledger can hold its retrospective approval";
  const ids = new Set(assessment.systems.map(({ id }) => id));
  const open = facts.ledger.openBreakGlasses.some(
    (entry) => entry.person.toLowerCase() === login || entry.systems.some((id) => ids.has(id)),
  );
  if (open) return "an earlier one by this person or on this system still lacks its retrospective approval";
  return clock.reached(plus(command.createdAt, LIFE)) ? `it held until ${plus(command.createdAt, LIFE)}` : null;
}

function isAuthor({ person }: Command, { facts }: Case): boolean {
  return facts.pullRequest?.author.login.toLowerCase() === person?.login.toLowerCase();
}
