import { governing } from "./assessment.ts";
import type { Case } from "./case.ts";
import { commandsNamed } from "./command.ts";
import type { Command } from "./facts.ts";
import { namesCommit } from "./independence.ts";
import { peopleOf, personRefused } from "./people.ts";
import type { Requirement } from "./requirement.ts";
import { plus } from "./scalars.ts";
import type { Vote } from "./vote.ts";

/** How long a broken glass lets one digest through. */
export const GLASS_HOLDS = "PT4H";
/** So many refused tries are shown. */
const MOST = 5;
const NEVER: ReadonlySet<string> = new Set(["record/prohibited-practice", "record/unreadable", "governance/policy"]);

/** Tries to break the glass on this head, as votes that explain them; the oldest that holds counts. */
export function breakGlass(matter: Case, requirements: readonly Requirement[]): readonly Vote[] {
  const { head } = matter.assessment.changeSet;
  const tries = commandsNamed("break-glass", matter).filter(({ argument }) => namesCommit(argument, head));
  const votes: Vote[] = [];
  let held = "1970-01-01T00:00:00Z";
  for (const command of tries.toReversed()) {
    const until = plus(command.createdAt, GLASS_HOLDS);
    const early =
      Date.parse(command.createdAt) < Date.parse(held) ? `an earlier one on this head holds until ${held}` : null;
    const refused = refusal(command, matter, requirements) ?? early;
    if (refused === null) held = until;
    const why = refused ?? (matter.clock.reached(until) ? `it held until ${until}` : null);
    votes.push(why === null ? brokenBy(command, until, matter) : refusedTo(command, until, why));
  }
  // Whoever may comment must not hide what holds behind tries of their own.
  return [...votes.filter(({ counted }) => counted), ...votes.filter(({ counted }) => !counted).slice(-MOST)];
}

function refusedTo({ person }: Command, until: string, why: string): Vote {
  const reason = `may not break the glass: ${why}`;
  return { person: person?.login ?? "ghost", basis: "none", counted: false, reason, until };
}

function brokenBy(command: Command, until: string, matter: Case): Vote {
  const weak = matter.excluded.has(command.person?.login.toLowerCase() ?? "") ? ", by the author (weak)" : "";
  const due = matter.policy.breakGlass.reviewWithin;
  const reason = `broke the glass until ${until}${weak}: ${command.reason}; the tier's full approval falls due within ${due}`;
  return {
    person: command.person?.login ?? "ghost",
    role: "break-glass",
    basis: "direct",
    counted: true,
    reason,
    until,
  };
}

function refusal(command: Command, matter: Case, requirements: readonly Requirement[]): string | null {
  const { assessment, policy, facts } = matter;
  const login = command.person?.login.toLowerCase() ?? "";
  const { logins, unreadable } = peopleOf(policy.breakGlass.by, facts);
  const unfit = personRefused(command.person, facts);
  if (unfit !== null) return unfit;
  if (!logins.has(login)) return "is not named in breakGlass.by";
  if (command.reason === "") return "gave no reason";
  // Whoever pushed or committed it made it as well, whoever opened the pull request.
  const own = matter.excluded.get(login);
  if (own && (logins.size > 1 || unreadable.length > 0)) return own.reason;
  const barred = governing(assessment).find(
    ({ finding }) => finding.class === "governance" || finding.rule === "credential/secret-value",
  );
  if (barred) return `it never covers ${barred.finding.rule}`;
  const never = requirements.find(({ state, rule }) => state === "failed" && rule !== undefined && NEVER.has(rule));
  if (never) return `it never covers ${never.rule}`;
  if (!facts.ledger) return "no ledger can hold its retrospective approval";
  const ids = new Set(assessment.systems.map(({ id }) => id));
  const open = facts.ledger.openBreakGlasses.find(
    (entry) => entry.person.toLowerCase() === login || entry.systems.some((id) => ids.has(id)),
  );
  return open ? `an earlier one by this person or on this system is still open: ${open.what}` : null;
}
