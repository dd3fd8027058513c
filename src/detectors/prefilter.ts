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
  const { classes, next, firstEnd, width, ends } = automaton(detectors);
  const numbers = new Map(detectors.map((detector, number) => [detector, number]));
  return {
    matching(bytes, candidates) {
      const pending = new Set<number>();
      for (const detector of candidates) if (detector.literals.length > 0) pending.add(numbers.get(detector) ?? -1);
      const seen = new Uint8Array(ends.length);
      let state = 0;
      for (let position = 0; position < bytes.length && pending.size > 0; position += 1) {
        state = next[state + (classes[bytes[position] as number] as number)] as number;
        if (state < firstEnd) continue;
        const end = (state - firstEnd) / width;
        if (seen[end] === 1) continue;
        seen[end] = 1;
        for (const number of ends[end] ?? []) pending.delete(number);
      }
      return candidates.filter((detector) => !pending.has(numbers.get(detector) ?? -1));
    },
  };
}

/**
 * The automaton of Aho and Corasick as one table. A state is the offset of its row, so that a byte costs two look-ups;
 * states in which a literal ends come last, so that one comparison tells them.
 */
interface Automaton {
  /** The column of each byte; bytes that no literal holds share one. */
  readonly classes: Uint8Array;
  readonly next: Int32Array;
  readonly firstEnd: number;
  readonly width: number;
  /** The detectors whose literals end in each of the last states. */
  readonly ends: readonly (readonly number[])[];
}

function automaton(detectors: readonly Gated[]): Automaton {
  const literals = detectors.map(({ literals }) => literals.map((literal) => Buffer.from(literal.toLowerCase())));
  const { classes, width } = byteClasses(literals.flat());
  const size = literals.flat().reduce((sum, literal) => sum + literal.length, 1);
  const trie = new Int32Array(size * width);
  const found: (Set<number> | undefined)[] = [];
  let count = 1;
  literals.forEach((own, number) => {
    for (const literal of own) {
      let state = 0;
      for (const byte of literal) {
        const cell = state * width + (classes[byte] as number);
        if (trie[cell] === 0) trie[cell] = count++;
        state = trie[cell] as number;
      }
      found[state] = (found[state] ?? new Set()).add(number);
    }
  });
  completeRows(trie, width, found);
  return { classes, width, ...endsLast(trie, count, width, found) };
}

function byteClasses(literals: readonly Uint8Array[]): { readonly classes: Uint8Array; readonly width: number } {
  const classes = new Uint8Array(256);
  let width = 1;
  for (const literal of literals) for (const byte of literal) if (classes[byte] === 0) classes[byte] = width++;
  for (let byte = 65; byte <= 90; byte += 1) classes[byte] = classes[byte + 32] as number;
  return { classes, width };
}

/** Fills every row's empty cells with where the longest shorter beginning leads, breadth first. */
function completeRows(trie: Int32Array, width: number, found: (Set<number> | undefined)[]): void {
  const fallback = new Map<number, number>();
  const queue = [0];
  for (const state of queue) {
    const back = fallback.get(state) ?? 0;
    for (let column = 0; column < width; column += 1) {
      const cell = state * width + column;
      const child = trie[cell] as number;
      const inherited = state === 0 ? 0 : (trie[back * width + column] as number);
      if (child === 0) trie[cell] = inherited;
      else {
        fallback.set(child, inherited);
        for (const number of found[inherited] ?? []) found[child] = (found[child] ?? new Set()).add(number);
        queue.push(child);
      }
    }
  }
}

/** Numbers the states anew, those where something ends last, and makes each the offset of its row. */
function endsLast(trie: Int32Array, count: number, width: number, found: readonly (Set<number> | undefined)[]) {
  const states = Array.from({ length: count }, (_, state) => state);
  const order = [...states.filter((state) => !found[state]), ...states.filter((state) => found[state])];
  const place = new Int32Array(count);
  order.forEach((state, position) => {
    place[state] = position * width;
  });
  const next = new Int32Array(count * width);
  order.forEach((state, position) => {
    for (let column = 0; column < width; column += 1)
      next[position * width + column] = place[trie[state * width + column] as number] as number;
  });
  const ends = order.flatMap((state) => (found[state] ? [[...found[state]]] : []));
  return { next, ends, firstEnd: (count - ends.length) * width };
}
