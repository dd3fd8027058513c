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

/** Several records in words: `Record 3 is`, `Records 3 to 5 are`. */
export function recordsAre(from: number, to: number): string {
  return from === to ? `Record ${from} is` : `Records ${from} to ${to} are`;
}

/** So many records, in words. */
export function recordCount(count: number): string {
  return count === 1 ? "1 record" : `${count.toLocaleString("en")} records`;
}

/** Takes a problem that was found. */
export type Report = (problem: EvidenceProblem) => void;

const MOST = 1_000;

/** Counts every problem and keeps the first thousand, so that a ledger of nothing but problems costs no memory. */
export function problemList() {
  const found = { problems: [] as EvidenceProblem[], count: 0 };
  const report: Report = (problem) => {
    found.count++;
    if (found.problems.length < MOST) found.problems.push(problem);
  };
  return { found, report };
}
