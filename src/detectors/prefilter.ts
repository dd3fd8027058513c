import type { Detector } from "../core/detector.ts";
import { memoisedByObject } from "./memoised.ts";

/** Something that is only worth running on content with one of its lower-case literals; none means all content. */
type Gated = Pick<Detector, "literals">;

/** Tells in one pass over a file's bytes which detectors have one of their literals in it. */
export interface Prefilter<T extends Gated = Detector> {
  /** The detectors that look at `bytes`, in their order. */
  matching(bytes: Uint8Array, candidates: readonly T[]): readonly T[];
}

/** What else is looked for in the same pass, where all detectors are asked, and who is told. */
export interface Beside {
  readonly gates: readonly Gated[];
  /** What stands in content that some detector looks at. */
  note(bytes: Uint8Array, found: readonly Gated[]): void;
}

/** Builds the filter; upper and lower case of ASCII letters are one. */
export function prefilter<T extends Gated>(detectors: readonly T[], beside?: Beside): Prefilter<T> {
  const others = beside ? [...beside.gates] : [];
  const table = known([...detectors, ...others].map(({ literals }) => literals));
  const numbers = new Map(detectors.map((detector, number) => [detector, number]));
  const gated = memoisedByObject((candidates: readonly T[]) => gatesOf(candidates, numbers));
  // By number of detector or state, the last pass that met it: clearing them would cost more than a small file.
  const met = new Uint32Array(detectors.length + others.length);
  const seen = new Uint32Array(table.ends.length);
  let pass = 0;
  return {
    matching(bytes, candidates) {
      const gates = gated(candidates);
      const noting = beside !== undefined && candidates === detectors;
      let pending = gates.count;
      pass += 1;
      const reached = (state: number): boolean => {
        if (seen[state] === pass) return false;
        seen[state] = pass;
        for (const number of table.ends[state] ?? []) {
          if (met[number] === pass) continue;
          met[number] = pass;
          if (gates.asked[number] === 1) pending -= 1;
        }
        return pending === 0 && !noting;
      };
      if (pending > 0 || noting) walk(bytes, table, reached);
      const matching = candidates.filter((_, index) => {
        const number = gates.numbers[index] as number;
        return gates.asked[number] === 0 || met[number] === pass;
      });
      if (noting && matching.length > 0)
        beside.note(
          bytes,
          others.filter((_, index) => met[detectors.length + index] === pass),
        );
      return matching;
    },
  };
}

/** Tells of every state where a literal ends, until `reached` has heard enough. */
function walk(bytes: Uint8Array, table: Automaton, reached: (state: number) => boolean): void {
  const quarter = Math.floor(bytes.length / 4);
  if (quarter > 4 * table.longest) walkQuarters(bytes, table, quarter, reached);
  else walkFrom(0, bytes, table, reached);
}

function walkFrom(start: number, bytes: Uint8Array, table: Automaton, reached: (state: number) => boolean): void {
  const { classes, width, next, end } = table;
  let state = 0;
  for (let position = start; position < bytes.length; position += 1) {
    state = next[state * width + (classes[bytes[position] as number] as number)] as number;
    if (state < end) continue;
    state -= end;
    if (reached(state)) return;
  }
}

/**
 * Four walks side by side, each over a quarter and what a literal may reach into the one before: a processor looks up the
 * next state of one while it waits for those of the others.
 */
function walkQuarters(bytes: Uint8Array, table: Automaton, quarter: number, reached: (state: number) => boolean): void {
  const { classes, width, next, end, longest } = table;
  const [second, third, fourth] = [quarter - longest, 2 * quarter - longest, 3 * quarter - longest];
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let at = 0; at < quarter + longest; at += 1) {
    a = next[a * width + (classes[bytes[at] as number] as number)] as number;
    b = next[b * width + (classes[bytes[second + at] as number] as number)] as number;
    c = next[c * width + (classes[bytes[third + at] as number] as number)] as number;
    d = next[d * width + (classes[bytes[fourth + at] as number] as number)] as number;
    if ((a | b | c | d) < end) continue;
    if (a >= end) {
      a -= end;
      if (reached(a)) return;
    }
    if (b >= end) {
      b -= end;
      if (reached(b)) return;
    }
    if (c >= end) {
      c -= end;
      if (reached(c)) return;
    }
    if (d >= end) {
      d -= end;
      if (reached(d)) return;
    }
  }
  walkFrom(4 * quarter - longest, bytes, table, reached);
}

/** What is asked for in a pass. */
interface Gates {
  /** By candidate, its number. */
  readonly numbers: readonly number[];
  /** By number, whether one of its literals is needed. */
  readonly asked: Uint8Array;
  readonly count: number;
}

function gatesOf<T extends Gated>(candidates: readonly T[], known: ReadonlyMap<T, number>): Gates {
  const asked = new Uint8Array(known.size);
  const numbers = candidates.map((candidate) => known.get(candidate) ?? -1);
  let count = 0;
  candidates.forEach(({ literals }, index) => {
    const number = numbers[index] as number;
    if (literals.length === 0 || asked[number] !== 0) return;
    asked[number] = 1;
    count += 1;
  });
  return { numbers, asked, count };
}

/** Added to the number of a state where a literal ends. */
const SMALL_END = 0x8000;
const LARGE_END = 0x40000000;

/**
 * The automaton of Aho and Corasick as one table. Bytes that no literal tells apart share a place, and states are numbered
 * by their depth: what most text stays in is small enough for a processor's cache.
 */
interface Automaton {
  /** By byte, its place in a row. */
  readonly classes: Uint8Array;
  /** Places in a row: one for each byte that literals use, and one for all others. */
  readonly width: number;
  readonly next: Uint16Array | Int32Array;
  /** What is added to a state where a literal ends. */
  readonly end: number;
  /** Bytes of the longest literal. */
  readonly longest: number;
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
function complete(children: readonly Map<number, number>[], own: readonly (Set<number> | undefined)[]): Automaton {
  const { classes, width } = placesOf(children);
  const { order, numbers, depth } = byDepth(children);
  const end = order.length < SMALL_END ? SMALL_END : LARGE_END;
  const next = new (end === SMALL_END ? Uint16Array : Int32Array)(order.length * width);
  const fallback = new Int32Array(order.length);
  const ends = order.map((known) => own[known]);
  order.forEach((known, state) => {
    const row = state * width;
    const back = (fallback[state] ?? 0) * width;
    if (state !== 0) next.copyWithin(row, back, back + width);
    for (const [byte, reached] of children[known] ?? []) {
      const child = numbers[reached] as number;
      const place = row + (classes[byte] as number);
      const before = next[place] as number;
      const inherited = state === 0 ? 0 : before >= end ? before - end : before;
      fallback[child] = inherited;
      for (const number of ends[inherited] ?? []) ends[child] = (ends[child] ?? new Set()).add(number);
      next[place] = ends[child] ? child + end : child;
    }
  });
  return { classes, width, next, end, longest: depth, ends: ends.map((numbersOf) => numbersOf && [...numbersOf]) };
}

/** The states by their depth, the number that each gets by it, and the greatest depth. */
function byDepth(children: readonly Map<number, number>[]): {
  order: readonly number[];
  numbers: Int32Array;
  depth: number;
} {
  const order = [0];
  const numbers = new Int32Array(children.length);
  const depths = new Int32Array(children.length);
  let depth = 0;
  for (const state of order) {
    for (const child of children[state]?.values() ?? []) {
      numbers[child] = order.push(child) - 1;
      depth = (depths[state] ?? 0) + 1;
      depths[child] = depth;
    }
  }
  return { order, numbers, depth };
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
