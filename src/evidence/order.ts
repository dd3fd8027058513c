import { type EvidenceProblem, recordsAre } from "./problem.ts";

/** The place that a record was signed for. */
export interface SignedPlace {
  readonly sequence: number;
  readonly previous: string | null;
  /** The digest of the record's own envelope. */
  readonly digest: string;
}

/** Compares the order in which records stand with the places that they were signed for. */
export interface Order {
  /** The next one: its signed place, or null where nothing that it says can be believed. */
  next(place: SignedPlace | null): void;
  /** Nothing more comes: what is missing is missing. Gives the size that the records speak of, at least. */
  end(): number;
}

/** How many gaps are kept open for records that may still come. */
const MOST_GAPS = 1_000;

/** An order that tells what is wrong as it sees it. It keeps no record, however many there are. */
export function orderOf(report: (problem: EvidenceProblem) => void): Order {
  const gaps: { from: number; to: number }[] = [];
  let [expected, unknown] = [0, 0];
  let newest: SignedPlace | null = null;

  const late = ({ sequence }: SignedPlace) => {
    const after = `stands after record ${expected - 1}`;
    const at = gaps.findIndex(({ from, to }) => sequence >= from && sequence <= to);
    const gap = gaps[at];
    if (!gap) {
      report({
        code: "repeated",
        sequence,
        sentence: `Record ${sequence} ${after} a second time: a copy was inserted.`,
      });
      return;
    }
    report({ code: "reordered", sequence, sentence: `Record ${sequence} ${after}: the order was changed.` });
    const rest = [
      { from: gap.from, to: sequence - 1 },
      { from: sequence + 1, to: gap.to },
    ];
    gaps.splice(at, 1, ...rest.filter(({ from, to }) => from <= to));
  };
  const missing = (gap: { from: number; to: number } | undefined) => {
    if (!gap) return;
    const sentence = `${recordsAre(gap.from, gap.to)} missing: deleted.`;
    report({ code: "deleted", sequence: gap.from, sentence });
  };
  const inserted = (count: number, sequence: number) => {
    const what = count === 1 ? "One entry that stands" : `${count} entries that stand`;
    const sentence = `${what} before record ${sequence} ${count === 1 ? "does" : "do"} not belong there: inserted.`;
    report({ code: "inserted", sequence, sentence });
  };

  return {
    next(place) {
      if (!place) {
        unknown++;
        return;
      }
      const { sequence, previous } = place;
      const absent = sequence - expected;
      if (absent < 0) return late(place);
      if (unknown > absent) inserted(unknown - absent, sequence);
      // What cannot be believed takes the places that nothing else takes.
      if (absent > unknown) gaps.push({ from: expected + unknown, to: sequence - 1 });
      if (gaps.length > MOST_GAPS) missing(gaps.shift());
      const adjacent = sequence === 0 || newest?.sequence === sequence - 1;
      if (adjacent && previous !== (sequence === 0 ? null : newest?.digest)) report(otherHistory(sequence));
      [expected, unknown, newest] = [sequence + 1, 0, place];
    },
    end() {
      gaps.forEach(missing);
      return expected + unknown;
    },
  };
}

function otherHistory(sequence: number): EvidenceProblem {
  const sentence = `Record ${sequence} was signed to follow another record than the one before it: the history was rewritten.`;
  return { code: "rewritten", sequence, sentence };
}
