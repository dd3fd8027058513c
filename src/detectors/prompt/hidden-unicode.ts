/** A run of characters that a reviewer does not see and a model reads. */
export interface HiddenText {
  readonly kind: "bidi" | "zero-width" | "tag" | "variation-selector" | "invisible";
  /** Its code points, `U+202E U+2066`, at most the first sixteen. */
  readonly codes: string;
  readonly line: number;
}

const SUSPECT =
  /[\ufe00-\ufe0f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e0fff}]+/gu;
const MAX_CODES = 16;
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
/** Scripts whose spelling needs joiners between letters. */
const JOINED_BEFORE =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Mongolian}\p{Script=Myanmar}\p{Script=Khmer}\p{M}]$/u;
/** Scripts that mark where a word ends without showing it. */
const SPACELESS =
  /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}\p{Script=Javanese}]$/u;
const EMOJI_BEFORE = /(?:\ufe0f|\u20e3|\u{e007f}|[\p{Extended_Pictographic}\p{Emoji_Modifier}])$/u;
const EMOJI_AFTER = /^[\p{Extended_Pictographic}♀♂⚕]/u;
/** The three flags of the Unicode list that are spelled with tags: England, Scotland, Wales. */
const FLAGS = new Set(["gbeng", "gbsct", "gbwls"]);

/** Finds hidden characters in a text whose first line is `line`; spelling that needs invisible characters is none. */
export function hiddenText(text: string, line: number): readonly HiddenText[] {
  if (!/[^\x00-\x7f]/.test(text)) return [];
  return text.split("\n").flatMap((row, index) => inLine(row, line + index, index === 0));
}

function inLine(row: string, line: number, first: boolean): readonly HiddenText[] {
  const found: HiddenText[] = [];
  for (const match of row.matchAll(SUSPECT)) {
    const before = row.slice(Math.max(0, match.index - 4), match.index);
    const after = row.slice(match.index + match[0].length, match.index + match[0].length + 4);
    const points = [...match[0]];
    if (isSpelling(points, before, after, row) || (first && match.index === 0 && match[0] === "\ufeff")) continue;
    const codes = points.slice(0, MAX_CODES).map((point) => `U+${hex(point)}`);
    const hidden = points.length > MAX_CODES ? ` and ${points.length - MAX_CODES} more` : "";
    found.push({ kind: kindOf(points), codes: `${codes.join(" ")}${hidden}`, line });
  }
  return found;
}

function hex(point: string): string {
  return (point.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
}

function kindOf(points: readonly string[]): HiddenText["kind"] {
  const codes = points.map((point) => point.codePointAt(0) ?? 0);
  const some = (from: number, to: number) => codes.some((code) => code >= from && code <= to);
  if (some(0xe0000, 0xe007f)) return "tag";
  if (some(0x202a, 0x202e) || some(0x2066, 0x2069) || some(0x200e, 0x200f) || some(0x061c, 0x061c)) return "bidi";
  if (some(0xfe00, 0xfe0f) || some(0xe0100, 0xe01ef)) return "variation-selector";
  return some(0x200b, 0x200d) || some(0xfeff, 0xfeff) || some(0x2060, 0x2060) ? "zero-width" : "invisible";
}

function isSpelling(points: readonly string[], before: string, after: string, row: string): boolean {
  const run = points.join("");
  if (run === "\u200d" || run === "\ufe0f\u200d") {
    if (EMOJI_BEFORE.test(before) && EMOJI_AFTER.test(after)) return true;
  }
  if (run === "\u200c" || run === "\u200d") return JOINED_BEFORE.test(before);
  if (run === "\u200b") return SPACELESS.test(before);
  if (/^[\u200e\u200f\u061c]+$/.test(run)) return RIGHT_TO_LEFT.test(row);
  if (/^[\ufe00-\ufe0f]$/.test(run)) return before !== "" && !/\s$/.test(before);
  if (/^[\u{e0100}-\u{e01ef}]$/u.test(run)) return /\p{Script=Han}$/u.test(before);
  return isFlag(points, before);
}

function isFlag(points: readonly string[], before: string): boolean {
  if (!before.endsWith("\u{1f3f4}") || points.at(-1) !== "\u{e007f}") return false;
  const letters = points.slice(0, -1).map((point) => String.fromCharCode((point.codePointAt(0) ?? 0) - 0xe0000));
  return FLAGS.has(letters.join(""));
}
