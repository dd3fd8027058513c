const LONGEST = 8_000;
const OPENING = "([{";
const CLOSING = ")]}";

/** Parts of source text that commas separate at one level of brackets, each without blanks and comments. */
export interface SourceParts {
  readonly parts: readonly string[];
  /** The offset after the closing bracket, or where the text or the limit ended it. */
  readonly end: number;
}

/**
 * Splits what stands between the bracket at `open` and its match. Blanks, comments and quote style outside of texts are
 * left out, so that wrapping and formatting change nothing; strings keep every character.
 */
export function sourceParts(text: string, open: number, hashComments: boolean): SourceParts {
  const parts: string[] = [];
  const limit = Math.min(text.length, open + LONGEST);
  let part: string[] = [];
  let depth = 0;
  let at = open;
  const close = (): void => {
    if (part.length > 0) parts.push(part.join(""));
    part = [];
  };
  while (at < limit) {
    const character = text[at] ?? "";
    const skipped = character === "/" || character === "#" ? commentEnd(text, at, hashComments) : at;
    if (skipped > at) at = skipped;
    else if (character === '"' || character === "'" || character === "`") {
      const end = stringEnd(text, at);
      part.push(`"${contentOf(text, at, end)}"`);
      at = end;
    } else {
      at += 1;
      if (OPENING.includes(character)) depth += 1;
      if (CLOSING.includes(character)) depth -= 1;
      if (depth === 0) break;
      if (depth === 1 && character === ",") close();
      else if (at > open + 1 && !isBlank(text, at - 1)) append(part, character, isBlank(text, at - 2));
    }
  }
  close();
  return { parts, end: at };
}

function isBlank(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code <= 32 || code >= 128 ? /\s/.test(text[at] ?? "") : false;
}

/** Adds a character; words that only a blank separates stay apart, a comma before a closing bracket goes. */
function append(part: string[], character: string, behindBlank: boolean): void {
  const last = part.at(-1) ?? "";
  if (last === "," && CLOSING.includes(character)) part.pop();
  if (behindBlank && /[\w$]/.test(character) && /^[\w$]$/.test(last)) part.push(" ");
  part.push(character);
}

/** The offset after a comment that begins at `at`, or `at`. */
function commentEnd(text: string, at: number, hashComments: boolean): number {
  if (!hashComments && text.startsWith("/*", at)) {
    const end = text.indexOf("*/", at + 2);
    return end < 0 ? text.length : end + 2;
  }
  if (!text.startsWith(hashComments ? "#" : "//", at)) return at;
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

function stringEnd(text: string, at: number): number {
  const quote = text[at] ?? "";
  if (isTriple(text, at)) {
    const end = text.indexOf(quote.repeat(3), at + 3);
    return end < 0 ? text.length : end + 3;
  }
  for (let position = at + 1; position < text.length; position += 1) {
    if (text[position] === "\\") position += 1;
    else if (text[position] === quote) return position + 1;
    else if (text[position] === "\n" && quote !== "`") return position;
  }
  return text.length;
}

function isTriple(text: string, at: number): boolean {
  const quote = text[at] ?? "";
  return quote !== "`" && text.startsWith(quote.repeat(3), at);
}

function contentOf(text: string, at: number, end: number): string {
  const width = isTriple(text, at) ? 3 : 1;
  return text.slice(at + width, Math.max(at + width, end - width));
}
