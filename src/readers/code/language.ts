import type { Scan } from "./scan.ts";

/** How an interpolation in a string begins and ends. */
export interface Hole {
  readonly open: string;
  readonly close: "}" | ")";
  /** How often the closing character stands there; once when left out. */
  readonly repeat?: number;
  /** True where the doubled opening character stands for itself (`{{` in f-strings). */
  readonly doubled?: boolean;
  /** True where a colon at the top of the interpolation begins a format (`{x:>10}`). */
  readonly formats?: boolean;
}

/** One way to write a string. */
export interface Quote {
  readonly open: string;
  readonly close: string;
  readonly multiline: boolean;
  /** The character after which the next one never ends the string; empty for none. */
  readonly escape: "\\" | "`" | "";
  /** True where the closing delimiter written twice stands for itself. */
  readonly doubled?: boolean;
  /** How escapes are decoded for the value; left out: like C. */
  readonly decode?: "none" | "simple" | "backtick";
  readonly holes?: readonly Hole[];
  /** True where the delimiters may stand in the body in pairs (`%q(a (b))`). */
  readonly nests?: boolean;
  /** True where a longer run of the closing character ends with the delimiter (`""""` in Kotlin). */
  readonly greedy?: boolean;
  /** True where the language takes common indentation away, and the first line end. */
  readonly dedent?: boolean;
  /** True for a character, which is no string. */
  readonly character?: boolean;
}

/** Handles what only one language has; true when it consumed something at the present place. */
export type Hook = (scan: Scan) => boolean;

/** A pair of delimiters of comments over several lines. */
export interface BlockComment {
  readonly open: string;
  readonly close: string;
  readonly nests?: boolean;
  /** True where it counts only at the start of a line. */
  readonly lineStart?: boolean;
}

/** How the braces of a language are told apart. */
export type Braces = "object" | "javascript" | "composite" | "initializer" | "expression" | "ruby" | "hash" | "block";

/** A language as one row of data: how it is scanned and how names are bound to values in it. */
export interface Language {
  readonly name: string;
  readonly extensions: readonly string[];
  /** Names of files without such an extension. */
  readonly files?: readonly string[];
  /** Interpreters that a script's first line names. */
  readonly interpreters?: readonly string[];
  readonly lineComments: readonly string[];
  readonly blockComments?: readonly BlockComment[];
  readonly quotes: readonly Quote[];
  /** Quotes by the word that stands directly before the delimiter, in lower case. */
  readonly prefixes?: Readonly<Record<string, readonly Quote[]>>;
  /** Characters other than letters, digits and `_` that begin or continue a word. */
  readonly wordStart?: string;
  readonly wordPart?: string;
  /** A character that may stand between digits besides `_`. */
  readonly digitSeparator?: string;
  /** Where code begins in a text that holds other things too; the text's start when left out. */
  readonly begins?: (text: string) => number;
  /** Characters that may end a word (`empty?`). */
  readonly wordEnd?: string;
  /** By the first character of what they handle. */
  readonly hooks?: Readonly<Record<string, readonly Hook[]>>;
  /** Reads the next heredoc whose body begins at the present line, and takes it off the queue. */
  readonly heredoc?: (scan: Scan) => void;
  readonly braces: Braces;
  /** Words that are no names; the next value stands alone after them. */
  readonly keywords: ReadonlySet<string>;
  /** Words after which a brace (or Python's colon) opens a block. */
  readonly headers: ReadonlySet<string>;
  /** Words like headers whose blocks give a value (`match x { ... }`): names around them lead to it. */
  readonly selectors?: ReadonlySet<string>;
  /** Words before the name of a function or type. */
  readonly declarations: ReadonlySet<string>;
  readonly constants: Readonly<Record<string, "boolean" | "null">>;
  /** Operators that join strings. */
  readonly joins: readonly string[];
  /** True where neighbouring strings are one. */
  readonly adjacent?: boolean;
  /** When a line end ends a statement. */
  readonly lineEnds: "always" | "operand" | "never";
  /** True where types stand in angle brackets between a name and its call. */
  readonly generics?: boolean;
  /** True where lines that begin with `#` are statements of their own. */
  readonly directives?: boolean;
  /** Operators or words besides `:` and `=` that bind a value to the key on their left (`=>`, `to`, `->`). */
  readonly pairs?: readonly string[];
  /** Operators that stand between a pattern and its value (`=>` in Rust). */
  readonly arms?: readonly string[];
  /** Assignment operators besides `=`, `:=`, `+=` and their like. */
  readonly assigns?: readonly string[];
  /** Operators that reach into a value besides `.`, `?.` and `::`. */
  readonly dots?: readonly string[];
  /** True where `c ? a : b` exists. */
  readonly ternary?: boolean;
  /** True where parentheses with a comma are a value of several. */
  readonly tuples?: boolean;
  /** True where names between commas are assigned to at once (`a, b = ...`). */
  readonly targets?: boolean;
  /** True where values between commas are one value without parentheses too. */
  readonly bareTuples?: boolean;
  /** How imports are written. */
  readonly imports: ImportStyle;
  /** True where a name before a value without parentheses calls it (`puts "x"`). */
  readonly commands?: boolean;
  /** True where `-Name value` names an argument. */
  readonly parameters?: boolean;
  /** True where a table behind a name calls it (`f{...}`). */
  readonly tableCalls?: boolean;
  /** True where `x Type = value` puts the type behind the name. */
  readonly nameFirst?: boolean;
  /** True where `def` and `class` are followed by a documentation string. */
  readonly docstrings?: boolean;
  /** True where `[` at the start of a statement (or behind `#`) holds attributes: named like annotations, or left out. */
  readonly attributes?: "named" | "hash-named" | "left-out";
  /** Characters before variables that are no part of their names. */
  readonly sigils?: string;
}

/** Which words bring modules in, and what stands behind them. */
export interface ImportStyle {
  /** Words that begin a statement naming modules by words (`import a.b`). */
  readonly words?: readonly string[];
  /** Words of statements and calls that name a module by a string (`import "x"`, `require("x")`). */
  readonly strings?: readonly string[];
}
