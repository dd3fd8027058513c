import type { FileSide } from "../core/detector.ts";
import { linesOf } from "./file-lines.ts";
import { memoisedByObject } from "./memoised.ts";

/** The numbers of the lines on which a comment stands, so that reading by lines can leave them out. */
export const commentedLines = memoisedByObject((file: FileSide): ReadonlySet<number> => {
  const lines = new Set<number>();
  const source = file.comments.length > 0 ? linesOf(file) : [];
  for (const comment of file.comments) {
    const height = comment.text.split("\n").length;
    for (let line = comment.line; line < comment.line + height; line += 1)
      // Behind code on the same line a comment silences nothing.
      if (/^\s*(?:#|\/\/|\/?\*|--|;|<!--|"""|''')/.test(source[line - 1] ?? "") || line > comment.line) lines.add(line);
  }
  return lines;
});
