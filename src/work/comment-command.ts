/** A command as written: `/countersign name argument reason`, at the very start of a comment. */
export interface CommentCommand {
  /** In lower case. */
  readonly name: string;
  readonly argument: string;
  readonly reason: string;
}

/** What somebody gives as a reason is kept up to so many characters. */
const LONGEST_REASON = 1_000;
/** No name and no argument of a command is longer; what is longer stays as wrong as it was. */
const LONGEST_WORD = 100;

/**
 * Reads the command that a comment begins with, or null. Only the first line counts, from its first character on: what is
 * quoted, indented or fenced as code is no command. The word alone asks what there is.
 */
export function commandIn(body: string): CommentCommand | null {
  if (!body.startsWith(WORD)) return null;
  const end = body.search(/[\r\n]/);
  const line = (end < 0 ? body : body.slice(0, end)).slice(0, LONGEST_LINE).trimEnd();
  const [first, name = "help", argument = "", ...reason] = line.split(/[ \t]+/);
  if (first !== WORD) return null;
  return {
    name: name.slice(0, LONGEST_WORD).toLowerCase(),
    argument: argument.slice(0, LONGEST_WORD),
    reason: reason.join(" ").slice(0, LONGEST_REASON),
  };
}

const WORD = "/countersign";
const LONGEST_LINE = 4_000;
