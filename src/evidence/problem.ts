/** What can be wrong with a ledger, a record or a proof. */
export type ProblemCode =
  | "unreadable"
  | "payload-type"
  | "wrong-key"
  | "edited"
  | "second-signature"
  | "key-not-valid"
  | "schema"
  | "row-changed"
  | "inserted"
  | "repeated"
  | "reordered"
  | "deleted"
  | "truncated"
  | "rewritten"
  | "not-included";

/** One thing that is wrong: where, and a sentence for people. */
export interface EvidenceProblem {
  readonly code: ProblemCode;
  /** The record's sequence, or the place where it stands if its own cannot be trusted. */
  readonly sequence: number;
  readonly sentence: string;
}

/** What is wrong with one envelope, before its place is known. `detail` holds nothing that the envelope could choose freely. */
export interface EnvelopeProblem {
  readonly code:
    | "payload-type"
    | "wrong-key"
    | "edited"
    | "second-signature"
    | "key-not-valid"
    | "schema"
    | "unreadable";
  readonly detail: string;
}

/** A problem of an envelope as it stands in a place. */
export function problemAt(sequence: number, { code, detail }: EnvelopeProblem): EvidenceProblem {
  return { code, sequence, sentence: `Record ${sequence} ${SENTENCES[code](detail)}.` };
}

const SENTENCES: Readonly<Record<EnvelopeProblem["code"], (detail: string) => string>> = {
  unreadable: (what) => `cannot be read: ${what}`,
  "payload-type": () => "says that it holds something other than a record: its payload type was swapped",
  "wrong-key": (key) => `is signed with a key that is not known${key && ` (${key})`}`,
  edited: () => "was changed after it was signed, or signed with another key: its signature does not fit",
  "second-signature": (count) =>
    `carries ${count} signatures of which one is not valid: it was added or changed afterwards`,
  "key-not-valid": (key) => `is signed with a key that was not valid then (${key})`,
  schema: (where) =>
    `is signed, but not in the form of a record${where && ` (${where})`}: a newer version or another program wrote it`,
};

/** What is wrong with the order of records, and with what stands beside them. */
export const PROBLEM = {
  deleted: (from: number, to: number) =>
    made("deleted", from, `${from === to ? `Record ${from} is` : `Records ${from} to ${to} are`} missing: deleted.`),
  inserted: (count: number, before: number) =>
    made(
      "inserted",
      before,
      `${count === 1 ? "One entry" : `${count} entries`} before record ${before} ${count === 1 ? "does" : "do"} not belong there: inserted.`,
    ),
  reordered: (sequence: number, after: number) =>
    made("reordered", sequence, `Record ${sequence} stands after record ${after}: the order was changed.`),
  repeated: (sequence: number, after: number) =>
    made("repeated", sequence, `Record ${sequence} stands a second time, after record ${after}: a copy was inserted.`),
  otherHistory: (sequence: number) =>
    made(
      "rewritten",
      sequence,
      `Record ${sequence} was signed to follow another record than the one before it: the history was rewritten.`,
    ),
  rowChanged: (sequence: number, columns: readonly string[]) =>
    made(
      "row-changed",
      sequence,
      `The ledger's own ${columns.join(", ")} beside record ${sequence} is not that of the record: the row was changed.`,
    ),
  rewritten: (source: string, size: number) =>
    made(
      "rewritten",
      Math.max(0, size - 1),
      `${source} covers ${records(size)}, and they were other ones: the history was rewritten.`,
    ),
  truncated: (source: string, covered: number, size: number) =>
    made(
      "truncated",
      size,
      `${source} covers ${records(covered)}, and the ledger ends after ${records(size)}: its end was cut off.`,
    ),
  notIncluded: (sequence: number, size: number) =>
    made(
      "not-included",
      sequence,
      `Record ${sequence} is not proven to be among the ${records(size)} of the checkpoint.`,
    ),
} as const;

function made(code: ProblemCode, sequence: number, sentence: string): EvidenceProblem {
  return { code, sequence, sentence };
}

function records(count: number): string {
  return count === 1 ? "1 record" : `${count.toLocaleString("en")} records`;
}
