import { createHash } from "node:crypto";
import type { OwedKind, UnplacedRecord } from "../../evidence/record.ts";
import type { StoredFollowUp } from "../../stores/follow-up-store.ts";
import type { Store } from "../../stores/store.ts";

/** What is owed after a record, as rows: told by the record alone, so that they can be told again. */
export function followUpsOf({
  record: { id: record },
  event,
  repository,
  pullRequest,
  landed,
  bypass,
  act,
  dossier,
  owed = [],
}: UnplacedRecord): readonly Omit<StoredFollowUp, "closedBy">[] {
  const branch = landed?.branch ?? pullRequest?.baseRef;
  const openedAt = landed?.at ?? act?.at ?? pullRequest?.mergedAt ?? dossier?.decision.at;
  if (branch === undefined || !openedAt) return [];
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

/** Opens what is owed after a record; true where any of it is new. */
export async function keepFollowUps(
  record: UnplacedRecord,
  { putFollowUp }: Pick<Store, "putFollowUp">,
): Promise<boolean> {
  let fresh = false;
  for (const one of followUpsOf(record)) fresh = (await putFollowUp(one)) || fresh;
  return fresh;
}
