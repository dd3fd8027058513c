import type { Literal } from "../../core/detector.ts";

/** Deeper substitutions are text of the word around them. */
export const MAX_DEPTH = 60;

/** A word of a command: its value without quotes, substitutions as written. */
export interface Word {
  readonly start: number;
  value: string;
  /** Where the value begins behind `NAME=`, when it is an assignment. */
  assigned: string | null;
}

/** How the next words of a command are read. */
export type Mode =
  | "command"
  | "arguments"
  | "declaration"
  | "loop"
  | "list"
  | "subject"
  | "pattern"
  | "test"
  | "target";

/** What is open: commands (a script, a substitution, a subshell), double quotes, `${...}`, or an array. */
export interface ShellFrame {
  readonly kind: "commands" | "quotes" | "parameter" | "array";
  readonly close: string;
  readonly start: number;
  /** Names that lead to the values within. */
  readonly base: readonly string[];
  word: Word | null;
  /** The word that text within quotes belongs to; null within `${...}`, which is kept as written. */
  sink: Word | null;
  mode: Mode;
  /** The mode that a redirection's target goes back to. */
  resumed: Mode;
  command: string;
  index: number;
  flag: string;
  /** Left side of a comparison. */
  left: string;
  /** Depth of `case` around the present command. */
  cases: number;
}

/** A heredoc whose body begins on the next line. */
export interface PendingBody {
  readonly label: string;
  readonly tabs: boolean;
  readonly path: readonly string[];
}

/** A value with its place in the text. */
export interface Placed {
  readonly path: readonly string[];
  readonly value: string;
  readonly kind: Literal["kind"];
  readonly place: number;
}

/** The state of reading a script. */
export interface Shell {
  readonly text: string;
  pos: number;
  /** True where a line end ends everything: an instruction of a Dockerfile, a line of a recipe. */
  readonly oneLine: boolean;
  readonly stack: ShellFrame[];
  frame: ShellFrame;
  readonly bodies: PendingBody[];
  readonly literals: Placed[];
  readonly comments: { readonly start: number; readonly end: number }[];
  closed: boolean;
}

/** A frame before its first command. */
export function shellFrame(
  kind: ShellFrame["kind"],
  close: string,
  start: number,
  base: readonly string[],
): ShellFrame {
  return {
    kind,
    close,
    start,
    base,
    word: null,
    sink: null,
    mode: "command",
    resumed: "command",
    command: "",
    index: 0,
    flag: "",
    left: "",
    cases: 0,
  };
}

const MAX_PATH = 24;

/** The path of a value in a frame under one more name. */
export function under(base: readonly string[], ...names: readonly string[]): readonly string[] {
  return base.length + names.length > MAX_PATH ? base : [...base, ...names];
}
