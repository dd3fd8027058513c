/** A command as written: `/countersign name argument reason`, at the very start of a comment. */
export interface CommentCommand {
  readonly name: string;
  readonly argument: string;
  readonly reason: string;
}

/** Reads the command that a comment begins with, or null. Only the first line counts. */
export function commandIn(body: string): CommentCommand | null {
  const line = body.split(/\r?\n/, 1)[0] ?? "";
  const words = line.trimEnd().split(/[ \t]+/);
  if (words[0] !== "/countersign" || words[1] === undefined) return null;
  return { name: words[1], argument: words[2] ?? "", reason: words.slice(3).join(" ") };
}
