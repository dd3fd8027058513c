/** The quoted strings of one line, as written between their quotes, up to a comment that begins with `comment`. */
export function quotedStrings(line: string, comment: string): { strings: readonly string[]; comment: string | null } {
  const strings: string[] = [];
  let at = 0;
  while (at < line.length) {
    const character = line[at];
    if (character === '"' || character === "'") {
      const end = closing(line, at);
      if (end < 0) break;
      strings.push(line.slice(at + 1, end));
      at = end + 1;
    } else if (line.startsWith(comment, at)) return { strings, comment: line.slice(at + comment.length).trim() };
    else at += 1;
  }
  return { strings, comment: null };
}

function closing(line: string, start: number): number {
  for (let at = start + 1; at < line.length; at += 1) {
    if (line[at] === "\\") at += 1;
    else if (line[at] === line[start]) return at;
  }
  return -1;
}
