import type { FileSide } from "../core/detector.ts";

/** Lines that lie inside a comment or a string that began on a line before. */
export function hiddenLines(file: FileSide): ReadonlySet<number> {
  const hidden = new Set<number>();
  for (const { value, line } of file.literals) hideBelow(hidden, value, line);
  for (const { text, line } of file.comments) hideBelow(hidden, text, line);
  return hidden;
}

function hideBelow(hidden: Set<number>, text: string, line: number): void {
  const rows = text.split("\n").length;
  for (let row = 1; row < rows; row += 1) hidden.add(line + row);
}

/** A line of code without the comment at its end, as far as a mark behind a space shows one. */
export function withoutComment(text: string): string {
  const at = text.search(/(?:^|\s)(?:#|\/\/|\/\*|\*\s)/);
  return at < 0 ? text : text.slice(0, at);
}
