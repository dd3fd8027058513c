const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const MARK = "\ufffd";

/**
 * A path of git, which is bytes, as text. Paths in UTF-8 are themselves; in others each byte outside ASCII becomes U+FFFD and
 * two hexadecimal digits (`caf�E9.md`). A path that really holds U+FFFD is written the same way, so no two paths collide.
 */
export function pathText(bytes: Uint8Array): string {
  try {
    const text = strict.decode(bytes);
    if (!text.includes(MARK)) return text;
  } catch {
    // not UTF-8: escaped below
  }
  let text = "";
  for (const byte of bytes)
    text += byte < 0x80 ? String.fromCharCode(byte) : MARK + byte.toString(16).toUpperCase().padStart(2, "0");
  return text;
}

/** The bytes of a path: the inverse of `pathText`. */
export function pathBytes(text: string): Buffer {
  if (!text.includes(MARK)) return Buffer.from(text);
  return Buffer.concat(
    text
      .split(/(\ufffd[0-9A-F]{2})/)
      .map((part) => (part.startsWith(MARK) ? Buffer.from(part.slice(1), "hex") : Buffer.from(part))),
  );
}
