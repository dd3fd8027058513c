import { z } from "zod";
import { ahead } from "./ahead.ts";
import { Envelope, envelopeBytes } from "./envelope.ts";
import { type CheckedEnvelope, checkEnvelope } from "./envelope-check.ts";
import type { KnownKeys } from "./key-history.ts";
import { type EvidenceProblem, PROBLEM, problemAt } from "./problem.ts";
import { problemList } from "./problem-list.ts";
import type { EvidenceRecord } from "./record.ts";
import { leafHash, verifyInclusion } from "./tree.ts";
import type { Witness } from "./verification.ts";

/** One record out of a ledger, with the proof that it is in the tree of a checkpoint. */
export const ProvenRecord = z.strictObject({
  envelope: Envelope,
  /** Hashes beside its way to the root, from below, lower-case hex. */
  proof: z.array(z.string()).max(64),
});
/** One record out of a ledger, with the proof that it is in the tree of a checkpoint. */
export type ProvenRecord = z.infer<typeof ProvenRecord>;

/** What verifying records out of a ledger came to: whether others are missing cannot be said. */
export interface ExcerptVerification {
  readonly count: number;
  readonly problems: readonly EvidenceProblem[];
  readonly problemCount: number;
}

/** Verifies records out of a ledger, in the ledger's order, each by its signatures and its proof. */
export async function verifyExcerpt(
  records: AsyncIterable<unknown> | Iterable<unknown>,
  { keys, checkpoint }: { readonly keys: KnownKeys; readonly checkpoint: Witness },
  seen: (record: EvidenceRecord) => void = () => {},
): Promise<ExcerptVerification> {
  const { found, report } = problemList();
  let [count, last] = [0, -1];
  for await (const { proven, checked } of ahead(records, prepared(keys))) {
    const at = count++;
    if (!proven) {
      report(problemAt(at, { code: "unreadable", detail: "it is not in the form of a record with its proof" }));
      continue;
    }
    const { place, record, problems } = checked;
    for (const problem of problems) report(problemAt(place?.sequence ?? at, problem));
    if (!place) continue;
    const { sequence } = place;
    const leaf = leafHash(envelopeBytes(proven.envelope));
    if (!verifyInclusion({ index: sequence, leaf }, checkpoint, proven.proof))
      report(PROBLEM.notIncluded(sequence, checkpoint.size));
    if (sequence === last) report(PROBLEM.repeated(sequence, last));
    if (sequence < last) report(PROBLEM.reordered(sequence, last));
    last = Math.max(last, sequence);
    if (record) seen(record);
  }
  return { count, problems: found.problems, problemCount: found.count };
}

function prepared(keys: KnownKeys) {
  return (given: unknown) => {
    const proven = ProvenRecord.safeParse(given).data ?? null;
    const checked = proven ? checkEnvelope(proven.envelope, keys) : Promise.resolve(UNREAD);
    return { weight: proven?.envelope.payload.length ?? 0, result: checked.then((checked) => ({ proven, checked })) };
  };
}

const UNREAD: CheckedEnvelope = { place: null, record: null, problems: [] };
