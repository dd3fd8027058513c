import { PROBLEM } from "./problem.ts";
import type { Report } from "./problem-list.ts";

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
export function orderOf(report: Report): Order {
  const gaps = gapsOf(report);
  let [expected, unknown] = [0, 0];
  let newest: SignedPlace | null = null;
  return {
    next(place) {
      if (!place) {
        unknown++;
        return;
      }
      const { sequence, previous } = place;
      const absent = sequence - expected;
      if (absent < 0) {
        const what = gaps.filled(sequence) ? PROBLEM.reordered : PROBLEM.repeated;
        report(what(sequence, expected - 1));
        return;
      }
      if (unknown > absent) report(PROBLEM.inserted(unknown - absent, sequence));
      // What cannot be believed takes the places that nothing else takes.
      if (absent > unknown) gaps.add({ from: expected + unknown, to: sequence - 1 });
      const adjacent = sequence === 0 || newest?.sequence === sequence - 1;
      if (adjacent && previous !== (sequence === 0 ? null : newest?.digest)) report(PROBLEM.otherHistory(sequence));
      [expected, unknown, newest] = [sequence + 1, 0, place];
    },
    end() {
      gaps.close();
      return expected + unknown;
    },
  };
}

type Gap = Readonly<Record<"from" | "to", number>>;

/** Places that nothing has taken yet. */
function gapsOf(report: Report) {
  const gaps: Gap[] = [];
  const missing = ({ from, to }: Gap) => report(PROBLEM.deleted(from, to));
  return {
    add(gap: Gap) {
      gaps.push(gap);
      if (gaps.length > MOST_GAPS) gaps.splice(0, 1).forEach(missing);
    },
    filled(sequence: number): boolean {
      const at = gaps.findIndex(({ from, to }) => sequence >= from && sequence <= to);
      const gap = gaps[at];
      if (!gap) return false;
      const rest = [
        { from: gap.from, to: sequence - 1 },
        { from: sequence + 1, to: gap.to },
      ];
      gaps.splice(at, 1, ...rest.filter(({ from, to }) => from <= to));
      return true;
    },
    close: () => gaps.forEach(missing),
  };
}
