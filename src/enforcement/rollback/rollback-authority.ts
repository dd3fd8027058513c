import { clockAt } from "../../core/clock.ts";
import type { Evaluation } from "../../core/evaluation.ts";
import { NO_FACTS } from "../../core/facts.ts";
import { delegatesOf, peopleOf, personRefused } from "../../core/people.ts";
import type { System } from "../../core/registry.ts";
import { quickDemand } from "../../core/safe-direction.ts";
import { peopleFacts } from "../pooled-facts.ts";
import type { RollbackPlace } from "./landed-target.ts";

/** Whether somebody may have a change taken back: null, or why not; and whether they are anybody of this repository. */
export interface Authority {
  readonly refused: string | null;
  readonly near: boolean;
}

const NEAR: ReadonlySet<string> = new Set(["triage", "write", "maintain", "admin"]);

/**
 * Whoever the tier of the change or of its systems would ask, the owners of those systems and of the plan, their deputies,
 * and who may break the glass; each must have the right now.
 */
export async function authorityOf(
  login: string,
  evaluation: Evaluation,
  { repository, pull, enforcement }: RollbackPlace,
  named?: System,
): Promise<Authority> {
  const { policy } = evaluation;
  // Who answers for what else a change touches has no say about the system that is named.
  const assessment = named ? { ...evaluation.assessment, systems: [named] } : evaluation.assessment;
  const demand = quickDemand(assessment);
  const owners = assessment.systems.flatMap(({ owner, deputies = [], rollback }) => [
    ...(owner === undefined ? [] : [owner]),
    ...deputies,
    ...(rollback?.owner === undefined ? [] : [rollback.owner]),
  ]);
  const holders = [...new Set([...demand.holders, ...demand.standIns.flat(), ...owners])];
  const teams = holders.filter((name) => name.includes("/")).map((name) => name.slice(1).toLowerCase());
  const people = await peopleFacts(repository, pull, { teams, logins: [login.toLowerCase()] });
  const facts = { ...NO_FACTS, ...people };
  const near = NEAR.has(people.access?.get(login.toLowerCase()) ?? "none");
  const refused = personRefused({ login, type: "User" }, facts);
  if (refused !== null) return { refused, near };
  const { logins, unreadable } = peopleOf(holders, facts);
  const clock = clockAt(enforcement.now());
  const delegates = Object.keys(policy.roles).flatMap((role) => delegatesOf(logins, role, { policy, clock }));
  const may = logins.has(login.toLowerCase()) || delegates.includes(login.toLowerCase());
  if (may) return { refused: null, near: true };
  const unread = unreadable.length > 0 ? ` (the members of ${unreadable.join(", ")} cannot be read)` : "";
  const whom = holders.slice(0, 8).join(", ");
  return { refused: `is none of those who may: ${whom === "" ? "nobody is named" : whom}${unread}`, near };
}
