import type { FileSide } from "../core/detector.ts";
import { memoisedByObject } from "./memoised.ts";

/** The lines of a file's text, split once for all who read by lines. */
export const linesOf: (file: FileSide) => readonly string[] = memoisedByObject((file) => file.text.split("\n"));

/**
 * The places, from 0, of the lines in which a pattern with the flag `g` matches. One search through the text costs far less
 * than one in each line; the pattern must match no line end, and mean the same wherever its line stands.
 */
export function linesWith(file: FileSide, pattern: RegExp): readonly number[] {
  const { text } = file;
  const found: number[] = [];
  pattern.lastIndex = 0;
  if (!pattern.test(text)) return found;
  const lines = linesOf(file);
  let line = 0;
  let end = lines[0]?.length ?? 0;
  do {
    while (end < pattern.lastIndex && line < lines.length) {
      line += 1;
      end += (lines[line]?.length ?? 0) + 1;
    }
    found.push(line);
    pattern.lastIndex = end + 1;
  } while (pattern.test(text));
  return found;
}
