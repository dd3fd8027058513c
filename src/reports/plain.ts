/**
 * Text from outside (paths, values, logins) made safe for one line of a terminal or a log: control, bidi, zero-width and
 * tag characters and lone surrogates become visible escapes, and it is cut at `limit` characters, between whole ones.
 */
export function plain(text: string, limit = 160): string {
  let safe = "";
  for (const character of text) {
    const next = isHidden(character.codePointAt(0) ?? 0) ? escaped(character) : character;
    if (safe.length + next.length > limit) return `${safe}…`;
    safe += next;
  }
  return safe;
}

/** Whether a text holds anything that does not show as it is, line breaks included. */
export function hidesCharacters(text: string): boolean {
  return [...text].some((character) => isHidden(character.codePointAt(0) ?? 0));
}

function isHidden(code: number): boolean {
  return (
    code < 0x20 ||
    (code >= 0x7f && code <= 0x9f) ||
    code === 0xad ||
    code === 0x34f ||
    code === 0x61c ||
    code === 0x115f ||
    code === 0x1160 ||
    (code >= 0x180b && code <= 0x180f) ||
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x206f) ||
    code === 0x3164 ||
    (code >= 0xd800 && code <= 0xdfff) ||
    code === 0xfeff ||
    (code >= 0xfff9 && code <= 0xfffb) ||
    (code >= 0xe0000 && code <= 0xe01ef)
  );
}

function escaped(character: string): string {
  if (character === "\n") return "⏎";
  if (character === "\t") return " ";
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
