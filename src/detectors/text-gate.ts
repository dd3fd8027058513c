import type { FileSide } from "../core/detector.ts";
import { memoisedByObject } from "./memoised.ts";
import { type Prefilter, prefilter } from "./prefilter.ts";

interface Gate {
  readonly literals: readonly string[];
}

type Text = Pick<FileSide, "text"> & Partial<Pick<FileSide, "bytes">>;

const gates: Gate[] = [];
let filter: Prefilter<Gate> | null = null;

/**
 * Whether a file's text holds one of some lower-case pieces, in upper or lower case. One pass answers all gates of a file:
 * a pattern that must look at every place of a text costs more than all of them, and most files hold nothing for it.
 */
export function textGate(...pieces: readonly string[]): (file: Text) => boolean {
  const gate: Gate = { literals: pieces };
  gates.push(gate);
  filter = null;
  return (file) => held(file).has(gate);
}

const held = memoisedByObject(({ text, bytes }: Text): ReadonlySet<Gate> => {
  filter ??= prefilter(gates);
  // As many bytes as letters: nothing that would read otherwise.
  return new Set(filter.matching(bytes?.length === text.length ? bytes : Buffer.from(text), gates));
});
