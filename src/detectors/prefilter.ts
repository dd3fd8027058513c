import type { Detector } from "../core/detector.ts";

/** Something that is only worth running on content with one of its lower-case literals; none means all content. */
type Gated = Pick<Detector, "literals">;

/** Tells in one pass over a file's bytes which detectors have one of their literals in it. */
export interface Prefilter<T extends Gated = Detector> {
  /** The detectors that look at `bytes`, in their order. */
  matching(bytes: Uint8Array, candidates: readonly T[]): readonly T[];
}

/** Builds the filter; upper and lower case of ASCII letters are one. */
export function prefilter<T extends Gated>(detectors: readonly T[]): Prefilter<T> {
  const { classes, width, next, ends } = known(detectors.map(({ literals }) => literals));
  const numbers = new Map(detectors.map((detector, number) => [detector, number]));
  return {
    matching(bytes, candidates) {
      const pending = new Set<number>();
      for (const detector of candidates) if (detector.literals.length > 0) pending.add(numbers.get(detector) ?? -1);
      const seen = new Uint8Array(ends.length);
      let row = 0;
      for (let position = 0; position < bytes.length && pending.size > 0; position += 1) {
        row = next[row + (classes[bytes[position] as number] as number)] as number;
        if (row >= 0) continue;
        row = -row;
        const state = row / width;
        if (seen[state] === 1) continue;
        seen[state] = 1;
        for (const number of ends[state] ?? []) pending.delete(number);
      }
      return candidates.filter((detector) => !pending.has(numbers.get(detector) ?? -1));
    },
  };
}

/**
 * The automaton of Aho and Corasick as one table. A state is the offset of its row, so that a byte costs one look-up;
 * it is negative where a literal ends there. Bytes that no literal tells apart share a place, which keeps the table small
 * enough for a processor's cache.
 */
interface Automaton {
  /** By byte, its place in a row. */
  readonly classes: Uint8Array;
  /** Places in a row: one for each byte that literals use, and one for all others. */
  readonly width: number;
  readonly next: Int32Array;
  /** By state, the detectors whose literals end there. */
  readonly ends: readonly (readonly number[] | undefined)[];
}

type Literals = readonly (readonly string[])[];

/** Automatons by what they look for: every evaluation makes its detectors anew, their literals are mostly the same. */
const built: { readonly literals: Literals; readonly automaton: Automaton }[] = [];
const MOST_BUILT = 8;

function known(literals: Literals): Automaton {
  const at = built.findIndex((one) => alike(one.literals, literals));
  const entry = built[at] ?? { literals, automaton: automaton(literals) };
  if (at >= 0) built.splice(at, 1);
  built.unshift(entry);
  built.length = Math.min(built.length, MOST_BUILT);
  return entry.automaton;
}

function alike(one: Literals, other: Literals): boolean {
  return (
    one.length === other.length &&
    one.every((list, number) => {
      const against = other[number] ?? [];
      return (
        list === against || (list.length === against.length && list.every((text, index) => text === against[index]))
      );
    })
  );
}

function automaton(literals: Literals): Automaton {
  const children: Map<number, number>[] = [new Map()];
  const ends: (Set<number> | undefined)[] = [];
  literals.forEach((own, number) => {
    for (const literal of own) {
      let state = 0;
      for (const byte of Buffer.from(literal.toLowerCase())) {
        const child = children[state]?.get(byte) ?? children.push(new Map()) - 1;
        children[state]?.set(byte, child);
        state = child;
      }
      ends[state] = (ends[state] ?? new Set()).add(number);
    }
  });
  return complete(children, ends);
}

/** Lays out the rows breadth first: each begins as that of the longest shorter beginning of what led to it. */
function complete(children: readonly Map<number, number>[], ends: (Set<number> | undefined)[]): Automaton {
  const { classes, width } = placesOf(children);
  const next = new Int32Array(children.length * width);
  const fallback = new Int32Array(children.length);
  const queue = [0];
  for (const state of queue) {
    const row = state * width;
    const back = (fallback[state] ?? 0) * width;
    if (state !== 0) next.copyWithin(row, back, back + width);
    for (const [byte, child] of children[state] ?? []) {
      const place = row + (classes[byte] as number);
      const inherited = state === 0 ? 0 : Math.abs(next[place] as number) / width;
      fallback[child] = inherited;
      for (const number of ends[inherited] ?? []) ends[child] = (ends[child] ?? new Set()).add(number);
      next[place] = ends[child] ? -child * width : child * width;
      queue.push(child);
    }
  }
  return {
    classes,
    width,
    next,
    ends: Array.from({ length: children.length }, (_, state) => ends[state] && [...ends[state]]),
  };
}

function placesOf(children: readonly Map<number, number>[]): Pick<Automaton, "classes" | "width"> {
  const classes = new Uint8Array(256);
  let places = 1;
  for (const byte of new Set(children.flatMap((one) => [...one.keys()]))) {
    classes[byte] = places++;
    if (byte >= 97 && byte <= 122) classes[byte - 32] = classes[byte] as number;
  }
  return { classes, width: places };
}
