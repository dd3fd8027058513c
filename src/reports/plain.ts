/**
 * Text from outside (paths, values, logins) made safe for one line of a terminal or a log: control, bidi, zero-width and
 * tag characters become visible escapes, and it is cut at `limit` characters.
 */
export function plain(text: string, limit = 160): string {
  let safe = "";
  for (const character of text) {
    safe += isHidden(character.codePointAt(0) ?? 0) ? escaped(character) : character;
    if (safe.length > limit) return `${safe.slice(0, limit)}…`;
  }
  return safe;
}

function isHidden(code: number): boolean {
  return (
    code < 0x20 ||
    (code >= 0x7f && code <= 0x9f) ||
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x206f) ||
    code === 0xfeff ||
    (code >= 0xe0000 && code <= 0xe007f)
  );
}

function escaped(character: string): string {
  if (character === "\n") return "⏎";
  if (character === "\t") return " ";
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
