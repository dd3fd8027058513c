import { endLine, type YamlScan } from "./yaml-scan.ts";

const NEWLINE = 10;
const SPACE = 32;

/**
 * A literal or folded block scalar whose indicator is at the position and whose lines are further in than `column`.
 * Null for an indentation that is given by number, for one without text, and for padding that would count.
 */
export function readBlockScalar(scan: YamlScan, column: number): string | null {
  const { text } = scan;
  const folded = text[scan.at] === ">";
  const chomping = text[scan.at + 1];
  scan.at += chomping === "-" || chomping === "+" ? 2 : 1;
  if (!endLine(scan)) return null;
  const lines: string[] = [];
  const trailing = readLinesOf(scan, column, lines);
  if (trailing < 0) return null;
  const value = folded ? foldedLines(lines) : lines.join("\n");
  if (chomping === "-") return value;
  return chomping === "+" ? value + "\n".repeat(trailing + 1) : `${value}\n`;
}

/** Fills in the lines, from the column of the first on, up to the last with text, and gives the number of empty ones behind it; -1 for what is not surely understood. */
function readLinesOf(scan: YamlScan, column: number, lines: string[]): number {
  const { text } = scan;
  let indent = -1;
  let empty = 0;
  let padding = 0;
  while (scan.at < text.length) {
    let at = scan.at;
    while (text.charCodeAt(at) === SPACE) at += 1;
    const width = at - scan.at;
    const code = text.charCodeAt(at);
    if (at >= text.length && width > 0) return -1;
    if (code === NEWLINE) {
      padding = Math.max(padding, width);
      lines.push(indent >= 0 && width > indent ? text.slice(scan.at + indent, at) : "");
      empty += 1;
    } else {
      if (indent < 0) {
        if (width <= column || padding > width) return -1;
        indent = width;
      }
      if (width < indent) {
        if (code === 9) return -1;
        break;
      }
      const found = text.indexOf("\n", at);
      at = found < 0 ? text.length : found;
      lines.push(text.slice(scan.at + indent, at));
      empty = 0;
      padding = 0;
    }
    scan.at = at + 1;
    scan.line += 1;
  }
  if (indent < 0 || padding > indent) return -1;
  lines.length -= empty;
  return empty;
}

/** Lines joined by spaces, except around those further in; several line breaks are one less. */
function foldedLines(lines: readonly string[]): string {
  let value = "";
  let separator = "";
  let further = false;
  for (let index = lines.findIndex((line) => line !== ""), first = index; index < lines.length; index += 1) {
    const line = lines[index] as string;
    if (index === first) value = "\n".repeat(first);
    if (line === "") {
      if (separator === "\n") value += "\n";
      else separator = "\n";
    } else if (line[0] === " " || line[0] === "\t") {
      if (separator === " ") separator = "\n";
      else if (!further && separator === "\n") separator = "\n\n";
      value += separator + line;
      separator = "\n";
      further = true;
    } else {
      value += separator + line;
      separator = " ";
      further = false;
    }
  }
  return value;
}
