import { NO_FACTS } from "../../core/facts.ts";
import { peopleOf, personRefused } from "../../core/people.ts";
import type { EffectivePolicy } from "../../core/policy.ts";
import type { UnplacedRecord } from "../../evidence/record.ts";
import type { StoredFollowUp } from "../../stores/follow-up-store.ts";
import { HostingFault } from "../../work/hosting-fault.ts";
import { landedRules } from "../bypass/landing.ts";
import type { CommandOutcome } from "../commands/command-outcome.ts";
import type { GivenCommand } from "../commands/given-commands.ts";
import type { Enforcement, Evidence } from "../enforcement.ts";
import { knowingNamed } from "../matter.ts";
import { keepRecord } from "../recording/keep-record.ts";
import { causeAndAction } from "./cause-and-action.ts";
import type { LandedPlace } from "./landed-change.ts";

/**
 * Closes what is owed with a cause and an action, where whoever names them may: its owner or a risk-owner; who let it in
 * may be one of them, since it is a word of who answers for it and no approval. Recorded before it is closed.
 */
export async function correctiveAction(
  given: GivenCommand,
  followUp: StoredFollowUp | undefined,
  place: LandedPlace,
  enforcement: Enforcement & { readonly evidence: Evidence },
): Promise<CommandOutcome> {
  const { stored, refused } = given;
  if (refused !== null) return { done: false, reason: refused };
  if (followUp === undefined || followUp.kind !== "corrective-action")
    return {
      done: false,
      reason: "nothing by this name waits for a cause and an action; the issue has the line to copy",
    };
  const said = causeAndAction(stored.reason);
  if (said === null)
    return {
      done: false,
      reason: "says no cause and action: /countersign close <id> cause: why it happened action: what is done about it",
    };
  const unfit = await unfitFor(stored.login, followUp, place, enforcement);
  if (unfit !== null) return { done: false, reason: unfit };
  const account = (await place.repository.accounts([stored.login])).get(stored.login.toLowerCase()) ?? null;
  const { id, owner, name } = place.repository.name;
  const record: UnplacedRecord = {
    record: { id: `corrective-action/${followUp.id}` },
    event: "corrective-action",
    repository: { id, owner, name },
    about: [followUp.record],
    act: {
      ...{ person: { id: account, login: stored.login }, reason: stored.reason, systems: [...followUp.systems] },
      ...{ at: stored.at, ...said },
    },
    limitations: [],
  };
  await keepRecord(record, enforcement.evidence, enforcement);
  await enforcement.store.closeFollowUp(followUp.id, record.record.id);
  return { done: true, reason: "closed: cause and action are on record" };
}

async function unfitFor(
  login: string,
  followUp: StoredFollowUp,
  place: LandedPlace,
  enforcement: Enforcement,
): Promise<string | null> {
  const { owner } = followUp;
  const { repository, present } = place;
  const { store } = enforcement;
  const name = login.toLowerCase();
  const { roles } = await rulesFor(followUp, place, enforcement);
  const named = [...(owner === "" ? [] : [owner]), ...(roles["risk-owner"] ?? [])];
  const { members } = await repository.teamMembers(named.filter((one) => one.includes("/")));
  const access = await knowingNamed(repository, present.people, store).access([name]);
  const facts = { ...NO_FACTS, teams: members, access };
  const person = personRefused({ login, type: "User" }, facts);
  if (person !== null) return person;
  if (named.length === 0)
    return access.get(name) === "admin" ? null : "the rules name nobody for it, so it takes an administrator";
  if (peopleOf(named, facts).logins.has(name)) return null;
  return `is neither its owner${owner === "" ? "" : ` (${owner})`} nor a risk-owner`;
}

/** The rules before what landed: none that came with it say who closes what it owes (security rule S01). */
async function rulesFor(
  { branch, before, after }: StoredFollowUp,
  place: LandedPlace,
  enforcement: Enforcement,
): Promise<EffectivePolicy> {
  if (before === null || after === null) return place.present.policy;
  try {
    return (await landedRules({ ...place, branch }, { from: before, to: after }, enforcement)).policy;
  } catch (fault) {
    // What stood there before cannot be read any more: only what rules now tells.
    if (fault instanceof HostingFault && fault.code === "hosting/not-found") return place.present.policy;
    throw fault;
  }
}
