import { plus } from "../../core/scalars.ts";
import type { UnplacedRecord } from "../../evidence/record.ts";
import type { StoredBypass } from "../../stores/bypass-store.ts";
import type { HostedRepository } from "../../work/hosting.ts";
import { keeperOf } from "../afterwards/owed-after.ts";
import type { Enforcement } from "../enforcement.ts";
import type { Payload } from "../job.ts";
import { presentRules } from "../matter.ts";
import { keptRecord } from "./kept-record.ts";

/** That somebody changed what this program said: as a record, and as people are told of it. */
export async function changedComment(
  work: Payload<"restore-comment">,
  repository: HostedRepository,
  landing: string | null,
  enforcement: Enforcement,
): Promise<{ readonly record: UnplacedRecord; readonly bypass: Omit<StoredBypass, "sequence"> }> {
  const { number, comment, login, person = null, deleted = false, at = null } = work;
  const { id, owner, name } = repository.name;
  const { store, now, evidence } = enforcement;
  const entry = landing === null ? null : await evidence?.ledger.get(landing);
  const landed = entry ? keptRecord(entry) : null;
  const what = landed ? "the evidence" : "what this program asks for";
  const did = deleted ? "deleted" : "changed";
  const detail = `The comment with ${what} on #${number} was ${did}; it is written again.`;
  const when = deleted || at === null ? now() : at;
  const baseRef = landed?.landed?.branch ?? (await store.headOf(id, number))?.baseRef ?? "";
  return {
    record: {
      record: { id: `comment/${id}/${comment}/${deleted ? "deleted" : (at ?? now())}` },
      event: "bypass",
      repository: { id, owner, name },
      about: landed ? [landed.record.id] : [],
      ...(landed?.pullRequest ? { pullRequest: landed.pullRequest } : {}),
      act: { person: { id: person, login }, reason: detail, systems: [], at: when },
      bypass: { cause: "comment-changed", actor: login, detail, at: when },
      ...(landed ? { owed: [await owedFor(repository, when, enforcement)] } : {}),
      limitations: ["Who GitHub names as the sender of the change is taken for who made it."],
    },
    bypass: {
      ...{ repository: id, branch: baseRef, before: null, after: null, cause: "comment-changed", actor: login },
      ...{ pull: number, at: when, detail },
    },
  };
}

/** Evidence that was changed is answered with a cause and an action, by who answers for the rules. */
async function owedFor(
  repository: HostedRepository,
  at: string,
  enforcement: Enforcement,
): Promise<NonNullable<UnplacedRecord["owed"]>[number]> {
  const place = await repository.landings.place();
  const head = await repository.landings.branchHead(place.defaultBranch);
  const defaultBranch = { name: place.defaultBranch, head: head ?? "" };
  const { policy } = await presentRules(repository, { ...place, defaultBranch }, enforcement);
  return { kind: "corrective-action", owner: keeperOf(policy), dueAt: plus(at, policy.breakGlass.reviewWithin) };
}
