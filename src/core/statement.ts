import type { Case } from "./case.ts";
import { commandBy } from "./command.ts";
import { namesCommit } from "./independence.ts";
import type { Requirement } from "./requirement.ts";
import { plus } from "./scalars.ts";
import { atLeast } from "./tier.ts";

/** The written risk acceptance: by command, by an independent risk owner, bound to this head, dead when the tier rises. */
export function statementRequirement(matter: Case): Requirement {
  const { assessment, duties, clock } = matter;
  const { head } = assessment.changeSet;
  const tier = assessment.tier.value;
  const accepted = commandBy(
    "risk-owner",
    "accept-risk",
    matter,
    ({ argument, reason }) => namesCommit(argument, head) && reason !== "",
  );
  const waiting = (why: string): Requirement => ({
    kind: "statement",
    state: "waiting",
    role: "risk-owner",
    reason: `${why}a risk-owner comments /countersign accept-risk ${head} <reason>`,
  });
  if (!accepted) return waiting("");
  const who = `@${accepted.person?.login}`;
  if (accepted.tier !== undefined && !atLeast(accepted.tier, tier))
    return waiting(`${who} accepted the risk of ${accepted.tier}, and the tier rose to ${tier}: `);
  if (clock.reached(plus(accepted.createdAt, duties.validFor))) return waiting(`the acceptance of ${who} expired: `);
  return {
    kind: "statement",
    state: "met",
    role: "risk-owner",
    reason: `risk-owner ${who} accepted the risk: ${accepted.reason}`,
  };
}
