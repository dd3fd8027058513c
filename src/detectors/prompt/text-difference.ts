import { promptUnits } from "./prompt-text.ts";

const SIMILAR = 0.98;
/** The most single-character edits that are looked for; above, texts are no mere variant of each other. */
const MAX_EDITS = 400;
const SHOWN = 240;
const CONTEXT_WORDS = 6;
const MAX_SENTENCES = 4;
const SHOWN_SENTENCE = 120;

/** Whether two texts differ by less than one fiftieth of their characters: the size of a typing error in a prompt. */
export function nearlySame(before: string, after: string): boolean {
  const total = before.length + after.length;
  const allowed = Math.min(MAX_EDITS, Math.floor(total * (1 - SIMILAR)));
  return editsWithin(before, after, allowed);
}

/** Whether at most `limit` insertions and deletions turn one text into the other (Myers, "An O(ND) Difference Algorithm"). */
function editsWithin(a: string, b: string, limit: number): boolean {
  if (Math.abs(a.length - b.length) > limit) return false;
  const reach = new Int32Array(2 * limit + 3);
  const middle = limit + 1;
  for (let edits = 0; edits <= limit; edits += 1) {
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const down = reach[middle + diagonal + 1] ?? 0;
      const right = (reach[middle + diagonal - 1] ?? 0) + 1;
      let x = diagonal === -edits || (diagonal !== edits && right <= down) ? down : right;
      while (x < a.length && x - diagonal < b.length && a.charCodeAt(x) === b.charCodeAt(x - diagonal)) x += 1;
      reach[middle + diagonal] = x;
      if (x >= a.length && x - diagonal >= b.length) return true;
    }
  }
  return false;
}

/** What differs between two texts: each one's part, and where it begins, by words. */
export interface TextDifference {
  readonly before: string;
  readonly after: string;
  readonly start: number;
}

/** The part of each text that the other has not, with a few words around it; one that has nothing of its own shows where. */
export function textDifference(before: string, after: string): TextDifference {
  const old = before.split(" ");
  const fresh = after.split(" ");
  let start = 0;
  while (start < old.length && start < fresh.length && old[start] === fresh[start]) start += 1;
  let end = 0;
  const shorter = Math.min(old.length, fresh.length) - start;
  while (end < shorter && old[old.length - 1 - end] === fresh[fresh.length - 1 - end]) end += 1;
  const whole = { before: cut(old, start, end), after: cut(fresh, start, end), start };
  if (whole.before.length <= SHOWN && whole.after.length <= SHOWN) return whole;
  // Several changes far apart: the sentences that only one side has say more than everything between them.
  const [gone, come] = [sentencesOnlyIn(before, after), sentencesOnlyIn(after, before)];
  return gone === "" && come === "" ? { ...whole, ...shortenedBoth(whole) } : { before: gone, after: come, start };
}

function shortenedBoth({ before, after }: TextDifference) {
  return { before: shortened(before, SHOWN), after: shortened(after, SHOWN) };
}

function sentencesOnlyIn(text: string, other: string): string {
  const count = new Map<string, number>();
  for (const unit of promptUnits(other, 1)) count.set(unit.text, (count.get(unit.text) ?? 0) + 1);
  const own = promptUnits(text, 1).filter((unit) => {
    const left = count.get(unit.text) ?? 0;
    count.set(unit.text, left - 1);
    return left <= 0;
  });
  const shown = own.slice(0, MAX_SENTENCES).map((unit) => shortened(unit.text, SHOWN_SENTENCE));
  if (own.length > MAX_SENTENCES) shown.push(`and ${own.length - MAX_SENTENCES} more`);
  return shown.join(" … ");
}

function cut(words: readonly string[], start: number, end: number): string {
  const from = Math.max(0, start - CONTEXT_WORDS);
  const to = Math.min(words.length, words.length - end + CONTEXT_WORDS);
  return `${from > 0 ? "… " : ""}${words.slice(from, to).join(" ")}${to < words.length ? " …" : ""}`;
}

/** A text of at most about `length` characters: beginning and end of a longer one. */
export function shortened(text: string, length: number): string {
  if (text.length <= length) return text;
  const half = Math.floor(length / 2);
  return `${text.slice(0, half)} … ${text.slice(-half)}`;
}
