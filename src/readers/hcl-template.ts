/** A string of HCL and the offset behind it. */
export interface HclString {
  readonly value: string;
  readonly end: number;
}

const MAX_DEPTH = 100;
const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\" };

/** The quoted template at `start`, its interpolations kept as written; null when it does not end on its line. */
export function quotedTemplate(text: string, start: number): HclString | null {
  const parts: string[] = [];
  let kept = start + 1;
  for (let at = kept; at < text.length; at += 1) {
    const character = text[at];
    if (character === "\n") return null;
    if (character === '"') return { value: parts.join("") + text.slice(kept, at), end: at + 1 };
    if (character === "\\") {
      const [value, length] = escapeAt(text, at + 1);
      parts.push(text.slice(kept, at), value);
      at += length;
      kept = at + 1;
    } else if ((character === "$" || character === "%") && text[at + 1] === "{") {
      if (text[at - 1] === character && at - 1 >= kept) continue;
      const end = interpolationEnd(text, at + 2);
      if (end === null) return null;
      at = end;
    }
  }
  return null;
}

/** The offset of the brace that closes an interpolation, over the strings and braces inside it. */
function interpolationEnd(text: string, from: number): number | null {
  /** Open constructs: a brace, or the quote of a string inside. */
  const open: string[] = ["{"];
  for (let at = from; at < text.length && open.length <= MAX_DEPTH; at += 1) {
    const character = text[at];
    const quoted = open.at(-1) === '"';
    if (quoted && character === "\n") return null;
    if (quoted && character === "\\") at += 1;
    else if (character === '"') {
      if (quoted) open.pop();
      else open.push('"');
    } else if (character === "{" && (!quoted || text[at - 1] === "$" || text[at - 1] === "%")) open.push("{");
    else if (character === "}" && !quoted) {
      open.pop();
      if (open.length === 0) return at;
    }
  }
  return null;
}

/** The heredoc at `start` (`<<` or `<<-` and a marker); null when it does not end. */
export function heredoc(text: string, start: number): HclString | null {
  const head = /<<(-?)([A-Za-z_][\w-]{0,100})[ \t]{0,100}\n/y;
  head.lastIndex = start;
  const match = head.exec(text);
  if (!match) return null;
  const lines: string[] = [];
  for (let at = head.lastIndex; at < text.length; ) {
    const found = text.indexOf("\n", at);
    const end = found < 0 ? text.length : found;
    const line = text.slice(at, end);
    if (line.trim() === match[2]) {
      const body = match[1] === "-" ? dedented(lines) : lines;
      return { value: body.map((item) => `${item}\n`).join(""), end };
    }
    lines.push(line);
    at = end + 1;
  }
  return null;
}

function dedented(lines: readonly string[]): readonly string[] {
  let common = Number.POSITIVE_INFINITY;
  for (const line of lines) {
    const indent = line.length - line.trimStart().length;
    if (indent < line.length) common = Math.min(common, indent);
  }
  return lines.map((line) => line.slice(Math.min(common, line.length)));
}

function escapeAt(text: string, at: number): readonly [string, number] {
  const name = text[at] ?? "";
  const digits = name === "u" ? 4 : name === "U" ? 8 : 0;
  const hexadecimal = text.slice(at + 1, at + 1 + digits);
  if (digits > 0 && hexadecimal.length === digits && /^[\da-fA-F]+$/.test(hexadecimal)) {
    const code = Number.parseInt(hexadecimal, 16);
    if (code <= 0x10ffff) return [String.fromCodePoint(code), 1 + digits];
  }
  const simple = ESCAPES[name];
  return simple === undefined ? [`\\${name === "\n" ? "" : name}`, name === "\n" ? 0 : 1] : [simple, 1];
}
