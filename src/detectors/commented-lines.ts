import type { FileSide } from "../core/detector.ts";
import { memoisedByObject } from "./memoised.ts";

/** The numbers of the lines on which a comment stands, so that reading by lines can leave them out. */
export const commentedLines = memoisedByObject(({ comments, text }: FileSide): ReadonlySet<number> => {
  const lines = new Set<number>();
  const source = text.split("\n");
  for (const comment of comments) {
    const height = comment.text.split("\n").length;
    for (let line = comment.line; line < comment.line + height; line += 1)
      // Behind code on the same line a comment silences nothing.
      if (/^\s*(?:#|\/\/|\/?\*|--|;|<!--|"""|''')/.test(source[line - 1] ?? "") || line > comment.line) lines.add(line);
  }
  return lines;
});
