import { hash } from "node:crypto";
import { canonicalBytes } from "./canonical.ts";
import type { LedgerTip } from "./ledger.ts";
import { PREDICATE_TYPE, STATEMENT_TYPE, type Statement, type UnplacedRecord } from "./record.ts";

/** The statement of a record in the place that the ledger gives it. `createdAt` is RFC 3339. */
export function statementOf(record: UnplacedRecord, tip: LedgerTip, createdAt: string): Statement {
  const place = { id: record.record.id, sequence: tip.size, previous: tip.previous, createdAt };
  return {
    _type: STATEMENT_TYPE,
    subject: subjectsOf(record),
    predicateType: PREDICATE_TYPE,
    predicate: { ...record, record: place },
  };
}

/** The commits and files that a record is about; where it names none, the record's own content, since in-toto asks for one. */
function subjectsOf(record: UnplacedRecord): Statement["subject"] {
  const commits = new Map<string, string>();
  const { pullRequest, landed, dossier } = record;
  const name = (sha: string | null | undefined, as: string) => {
    if (sha && !commits.has(sha)) commits.set(sha, as);
  };
  name(pullRequest?.head ?? dossier?.change.head, "head commit");
  name(pullRequest?.merge, "merge commit");
  name(landed?.after, "landed commit");
  const files = (dossier?.files ?? []).flatMap(({ path, after }) => {
    if (!after) return [];
    return [{ name: `file ${path}`, digest: { gitBlob: after.id, ...(after.sha256 ? { sha256: after.sha256 } : {}) } }];
  });
  const subjects = [...[...commits].map(([gitCommit, as]) => ({ name: as, digest: { gitCommit } })), ...files];
  if (subjects.length > 0) return subjects;
  const { record: _, ...content } = record;
  return [{ name: "recorded content", digest: { sha256: hash("sha256", canonicalBytes(content), "hex") } }];
}
