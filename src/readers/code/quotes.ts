import type { Hole, Quote } from "./language.ts";

/** A quote with C's escapes on one line. */
export function line(delimiter: string, more: Partial<Quote> = {}): Quote {
  return { open: delimiter, close: delimiter, multiline: false, escape: "\\", ...more };
}

/** A quote with C's escapes over several lines. */
export function lines(delimiter: string, more: Partial<Quote> = {}): Quote {
  return { open: delimiter, close: delimiter, multiline: true, escape: "\\", ...more };
}

/** A quote over several lines in which nothing is escaped. */
export function verbatim(delimiter: string, more: Partial<Quote> = {}): Quote {
  return { open: delimiter, close: delimiter, multiline: true, escape: "", decode: "none", ...more };
}

/** `'x'`, which is no string. */
export const CHARACTER: Quote = line("'", { character: true });

/** Interpolations as languages write them. */
export const HOLES = {
  dollar: [{ open: "${", close: "}" }],
  hash: [{ open: "#{", close: "}" }],
  braces: [{ open: "{", close: "}", doubled: true, formats: true }],
  php: [
    { open: "{$", close: "}" },
    { open: "${", close: "}" },
  ],
  swift: [{ open: "\\(", close: ")" }],
  parentheses: [{ open: "$(", close: ")" }],
} as const satisfies Readonly<Record<string, readonly Hole[]>>;

/** The words of a list. */
export function words(list: string): ReadonlySet<string> {
  return new Set(list.trim().split(/\s+/));
}

/** The constants of most languages. */
export const BOOLEANS = { true: "boolean", false: "boolean", null: "null" } as const;

/** The constants of languages that say nil. */
export const NIL = { true: "boolean", false: "boolean", nil: "null" } as const;
