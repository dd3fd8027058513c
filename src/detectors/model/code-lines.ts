import type { FileSide, Literal } from "../../core/detector.ts";
import { linesOf } from "../file-lines.ts";
import { memoisedByObject } from "../memoised.ts";

/** Lines that lie inside a comment or a string that began on a line before. */
export const hiddenLines: (file: FileSide) => ReadonlySet<number> = memoisedByObject((file) => {
  const hidden = new Set<number>();
  for (const { value, line } of file.literals) hideBelow(hidden, value, line);
  for (const { text, line } of file.comments) hideBelow(hidden, text, line);
  return hidden;
});

function hideBelow(hidden: Set<number>, text: string, line: number): void {
  let row = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
    row += 1;
    hidden.add(line + row);
  }
}

/** The line of a value's first character: the text of a block of YAML begins below the line of its key. */
export function firstLineOf(file: FileSide, { line }: Literal): number {
  const header = linesOf(file)[line - 1] ?? "";
  return /\.ya?ml/i.test(file.path) && /[|>][+-]?\d?[+-]?\s{0,8}(?:#.{0,200})?$/.test(header.slice(-220))
    ? line + 1
    : line;
}

/** A line of code without the comment at its end, as far as a mark behind a space shows one. */
export function withoutComment(text: string): string {
  const at = text.search(/(?:^|\s)(?:#|\/\/|\/\*|\*\s)/);
  return at < 0 ? text : text.slice(0, at);
}
