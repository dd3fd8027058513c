import type { Comment, Literal } from "../core/detector.ts";

/** What a reader makes of one text: named values and comments in file order. */
export interface Reading {
  /** Numbers as written, booleans as `true` or `false`, null as `null`, strings with their escapes decoded. */
  readonly literals: readonly Literal[];
  /** Without their delimiters; in programs comments on neighbouring lines of their own are one. */
  readonly comments: readonly Comment[];
  /** False when the text is not what its name says and was read by lines instead. */
  readonly parsed: boolean;
}

/** Reads one format or language. Pure, linear in the text, never throws, never executes. */
export interface Reader {
  readonly name: string;
  /** True where texts of any length are read within little memory. */
  readonly anyLength?: true;
  reads(path: string): boolean;
  /** `text` has LF line ends and no byte order mark. */
  read(text: string, path: string): Reading;
}
