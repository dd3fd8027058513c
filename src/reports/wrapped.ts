/** Breaks a text into lines of at most `width` columns at spaces, the later ones indented; a longer word stands alone. */
export function wrapped(text: string, width: number | null, indent: string, hang: string): string[] {
  if (width === null) return [indent + text];
  const lines: string[] = [];
  let line = indent;
  let empty = true;
  for (const word of text.split(" ")) {
    if (!empty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = hang;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line];
}
