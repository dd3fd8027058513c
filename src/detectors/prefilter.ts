import type { Detector } from "../core/detector.ts";

/** Something that is only worth running on content with one of its lower-case literals; none means all content. */
type Gated = Pick<Detector, "literals">;

/** Tells in one pass over a file's bytes which detectors have one of their literals in it. */
export interface Prefilter<T extends Gated = Detector> {
  /** The detectors that look at `bytes`, in their order. */
  matching(bytes: Uint8Array, candidates: readonly T[]): readonly T[];
}

/**
 * Builds an Aho-Corasick automaton over the lower-case ASCII literals of all detectors. Each state's row has 256 next
 * states, completed with the fallback of Aho and Corasick, so that a byte costs one look-up.
 */
export function prefilter<T extends Gated>(detectors: readonly T[]): Prefilter<T> {
  const { next, ends } = known(detectors);
  const numbers = new Map(detectors.map((detector, number) => [detector, number]));
  return {
    matching(bytes, candidates) {
      const pending = new Set<number>();
      for (const detector of candidates) if (detector.literals.length > 0) pending.add(numbers.get(detector) ?? -1);
      let state = 0;
      for (let position = 0; position < bytes.length && pending.size > 0; position += 1) {
        state = next[state * 256 + (bytes[position] ?? 0)] ?? 0;
        const found = ends[state];
        if (found) for (const number of found) pending.delete(number);
      }
      return candidates.filter((detector) => !pending.has(numbers.get(detector) ?? -1));
    },
  };
}

interface Automaton {
  readonly next: Int32Array;
  readonly ends: readonly (readonly number[] | undefined)[];
}

/** Automatons by what they look for: every evaluation makes its detectors anew, their literals are mostly the same. */
const built = new Map<string, Automaton>();
const MOST_BUILT = 8;

function known(detectors: readonly Gated[]): Automaton {
  const key = JSON.stringify(detectors.map(({ literals }) => literals));
  const found = built.get(key) ?? automaton(detectors);
  built.delete(key);
  built.set(key, found);
  for (const oldest of built.keys()) {
    if (built.size <= MOST_BUILT) break;
    built.delete(oldest);
  }
  return found;
}

function automaton(detectors: readonly Gated[]): Automaton {
  const children: Map<number, number>[] = [new Map()];
  const ends: (Set<number> | undefined)[] = [];
  detectors.forEach((detector, number) => {
    for (const literal of detector.literals) {
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

function complete(children: readonly Map<number, number>[], ends: (Set<number> | undefined)[]): Automaton {
  const next = new Int32Array(children.length * 256);
  const fallback = new Int32Array(children.length);
  const queue = [0];
  for (const state of queue) {
    const row = state * 256;
    const back = (fallback[state] ?? 0) * 256;
    if (state !== 0) next.copyWithin(row, back, back + 256);
    for (const [byte, child] of children[state] ?? []) {
      const inherited = state === 0 ? 0 : (next[row + byte] ?? 0);
      fallback[child] = inherited;
      next[row + byte] = child;
      if (byte >= 97 && byte <= 122) next[row + byte - 32] = child;
      for (const number of ends[inherited] ?? []) ends[child] = (ends[child] ?? new Set()).add(number);
      queue.push(child);
    }
  }
  return {
    next,
    ends: Array.from({ length: children.length }, (_, state) => (ends[state] ? [...(ends[state] ?? [])] : undefined)),
  };
}
