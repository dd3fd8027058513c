import type { FileSide } from "../core/detector.ts";
import { memoisedByObject } from "./memoised.ts";
import { type Beside, type Prefilter, prefilter } from "./prefilter.ts";

interface Gate {
  readonly literals: readonly string[];
}

type Text = Pick<FileSide, "text"> & Partial<Pick<FileSide, "bytes">>;

const gates: Gate[] = [];
let filter: Prefilter<Gate> | null = null;
const noted = new WeakMap<Uint8Array, ReadonlySet<Gate>>();

/** Lets the pass that looks for the detectors' own words answer all gates of a file too. */
export const besideDetectors: Beside = {
  gates,
  note: (bytes, found) => void noted.set(bytes, new Set(found)),
};

/**
 * Whether a file's text holds one of some lower-case pieces of ASCII letters, in upper or lower case. One pass answers all
 * gates of a file: a pattern that must look at every place of a text costs more than all of them, and most files hold
 * nothing for it.
 */
export function textGate(...pieces: readonly string[]): (file: Text) => boolean {
  const gate: Gate = { literals: pieces };
  addGates([gate]);
  return (file) => heldGates(file).has(gate);
}

/** Adds gates that are asked for together, by `heldGates`. */
export function addGates(more: readonly Gate[]): void {
  gates.push(...more);
  filter = null;
}

/** The gates of which a file's text holds a piece. */
export const heldGates = memoisedByObject(({ text, bytes }: Text): ReadonlySet<Gate> => {
  // What is binary has bytes and no text.
  if (text === "") return new Set();
  const known = bytes && noted.get(bytes);
  if (known) return known;
  filter ??= prefilter(gates);
  // As many bytes as letters: nothing that would read otherwise.
  return new Set(filter.matching(bytes?.length === text.length ? bytes : Buffer.from(text), gates));
});
