import type { Quote } from "./language.ts";

/** Kinds of tokens. `text` is JSX text, `symbol` Ruby's `:name` and Elixir's atoms. */
export const Kind = {
  word: 1,
  string: 2,
  character: 3,
  comment: 4,
  number: 5,
  punctuation: 6,
  regex: 7,
  text: 8,
  symbol: 9,
  /** The name in an opening JSX tag. */
  tag: 10,
} as const;

/** Details of JSX punctuation: the end of an opening tag, braces around an expression, the end of an element. */
export const Tag = { close: 3, brace: 4, braceEnd: 5, end: 6 } as const;

/** What lies between a token and the one before it. */
export const Gap = { none: 0, space: 1, newline: 2 } as const;

/** What a string token holds between its delimiters. */
export interface StringShape {
  readonly quote: Quote;
  bodyStart: number;
  bodyEnd: number;
  /** Index of the first token after the string: tokens of its interpolations stand between. */
  next: number;
  /** Starts and ends of the interpolations in the body, in turn. */
  holes: number[] | null;
  closed: boolean;
  /** Pairs of delimiters open in the body. */
  depth: number;
}

/** Tokens of one text in parallel arrays: 14 bytes a token, so that a hostile file cannot take the memory. */
export interface Tokens {
  readonly text: string;
  count: number;
  kinds: Uint8Array;
  gaps: Uint8Array;
  starts: Int32Array;
  ends: Int32Array;
  /** For punctuation its packed characters, for strings the index of their shape. */
  details: Int32Array;
  readonly strings: StringShape[];
  /** False when something was left open at the end of the text. */
  closed: boolean;
}

/** Arrays of a text that was read, all zero: most texts are read one after the other, and need as many. */
let spare: Tokens | null = null;
const MOST_SPARE = 1 << 16;

/** An empty list with room for the tokens of a text of usual density. */
export function newTokens(text: string): Tokens {
  const room = Math.max(64, text.length >> 2);
  const taken = spare !== null && spare.kinds.length >= room ? spare : null;
  if (taken !== null) spare = null;
  return {
    text,
    count: 0,
    kinds: taken?.kinds ?? new Uint8Array(room),
    gaps: taken?.gaps ?? new Uint8Array(room),
    starts: taken?.starts ?? new Int32Array(room),
    ends: taken?.ends ?? new Int32Array(room),
    details: taken?.details ?? new Int32Array(room),
    strings: [],
    closed: true,
  };
}

/** Leaves the arrays of tokens that nobody reads any more to the next text. */
export function giveBack(tokens: Tokens): void {
  const { count, kinds, gaps, starts, ends, details } = tokens;
  if (kinds.length > MOST_SPARE || (spare !== null && spare.kinds.length >= kinds.length)) return;
  for (const used of [kinds, gaps, starts, ends, details]) used.fill(0, 0, count);
  spare = { ...tokens, text: "", strings: [] };
}

/** Appends a token and gives its index. */
export function addToken(
  tokens: Tokens,
  kind: number,
  gap: number,
  start: number,
  end: number,
  detail: number,
): number {
  const at = tokens.count;
  if (at === tokens.kinds.length) grow(tokens);
  tokens.kinds[at] = kind;
  tokens.gaps[at] = gap;
  tokens.starts[at] = start;
  tokens.ends[at] = end;
  tokens.details[at] = detail;
  tokens.count = at + 1;
  return at;
}

function grow(tokens: Tokens): void {
  const room = tokens.kinds.length * 2;
  tokens.kinds = wider(new Uint8Array(room), tokens.kinds);
  tokens.gaps = wider(new Uint8Array(room), tokens.gaps);
  tokens.starts = wider(new Int32Array(room), tokens.starts);
  tokens.ends = wider(new Int32Array(room), tokens.ends);
  tokens.details = wider(new Int32Array(room), tokens.details);
}

function wider<T extends Uint8Array | Int32Array>(wide: T, narrow: T): T {
  wide.set(narrow);
  return wide;
}

/** The detail of a punctuation token: its up to three characters in one number. */
export function packed(punctuation: string): number {
  return punctuation.charCodeAt(0) | ((punctuation.charCodeAt(1) || 0) << 8) | ((punctuation.charCodeAt(2) || 0) << 16);
}
