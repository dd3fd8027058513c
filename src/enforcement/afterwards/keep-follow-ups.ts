import { createHash } from "node:crypto";
import type { OwedKind, UnplacedRecord } from "../../evidence/record.ts";
import type { StoredFollowUp } from "../../stores/follow-up-store.ts";
import { tellWork } from "../bypass/landing-job.ts";
import { type Enforcement, hostedName } from "../enforcement.ts";
import type { Repository } from "../job.ts";
import { decideAgain } from "./decide-again.ts";

/** What is owed after a record, as rows: told by the record alone, so that they can be told again. */
export function followUpsOf({
  record: { id: record },
  event,
  repository,
  pullRequest,
  landed,
  bypass,
  act,
  enforcement,
  dossier,
  owed = [],
}: UnplacedRecord): readonly Omit<StoredFollowUp, "closedBy">[] {
  const branch = landed?.branch ?? pullRequest?.baseRef ?? enforcement?.branch ?? "";
  const openedAt = landed?.at ?? act?.at ?? bypass?.at ?? pullRequest?.mergedAt ?? dossier?.decision.at;
  if (!openedAt) return [];
  return owed.map(({ kind, owner, dueAt }) => ({
    ...{ id: followUpId(record, kind), repository: repository.id, kind, record },
    cause: bypass?.cause ?? (event === "break-glass" ? event : "quick-revert"),
    ...{ pull: pullRequest?.number ?? null, branch, before: landed?.before ?? null, after: landed?.after ?? null },
    person: bypass?.actor ?? act?.person.login ?? null,
    systems: act?.systems ?? dossier?.systems ?? [],
    ...{ owner, openedAt, dueAt },
  }));
}

/** Sixteen hex digits: what people write in a command. */
function followUpId(record: string, kind: OwedKind): string {
  return createHash("sha256").update(`${kind} ${record}`).digest("hex").slice(0, 16);
}

/** Opens what is owed after a record, and has it told; a glass that was broken for what has landed holds no more. */
export async function keepFollowUps(
  record: UnplacedRecord,
  place: Repository,
  { store, queue }: Pick<Enforcement, "store" | "queue">,
): Promise<void> {
  const owed = followUpsOf(record);
  let fresh = false;
  for (const one of owed) fresh = (await store.putFollowUp(one)) || fresh;
  // They are held up by it from the day that it is due, and have to know that day.
  if (fresh) await decideAgain({ name: hostedName(place) }, "something is owed", { store, queue });
  // Last: until what is owed is known, the glass that is owed for keeps others from being broken.
  if (record.pullRequest?.merge) await store.dropGlass(record.repository.id, record.pullRequest.number);
  // Of what passed by, people are told anyway; and what landed may have taken back what something is owed for.
  const open = (await store.openFollowUps(record.repository.id)).length > 0;
  if (open && record.bypass === undefined) await queue.add(tellWork(place));
}
