import type { BlockComment, Hook, Language, Quote } from "./language.ts";
import { bracketInHole, endString, formatInHole, openString, type Scan, take } from "./scan.ts";
import { Gap, Kind, newTokens, packed, type Tokens } from "./tokens.ts";

/** What may begin at a character, compiled once from a language's row. */
interface Start {
  readonly hooks: readonly Hook[];
  readonly lines: readonly string[];
  readonly blocks: readonly BlockComment[];
  readonly quotes: readonly Quote[];
}

const Class = { other: 0, space: 1, newline: 2, word: 3, digit: 4, start: 5 } as const;

interface Compiled {
  readonly classes: Uint8Array;
  readonly words: Uint8Array;
  readonly parts: Uint8Array;
  readonly ends: Uint8Array;
  readonly starts: ReadonlyMap<number, Start>;
}

const compiled = new WeakMap<Language, Compiled>();

/** Splits a text into words, strings, comments, numbers and punctuation in one pass over its characters. */
export function scan(text: string, language: Language): Tokens {
  const tables = tablesOf(language);
  const state: Scan = {
    text,
    language,
    tokens: newTokens(text),
    pos: 0,
    gap: Gap.newline,
    holes: [],
    heredocs: [],
    endless: new Set(),
    searched: 0,
  };
  if (language.begins) state.pos = language.begins(text);
  const { classes, starts } = tables;
  const { length } = text;
  while (state.pos < length) {
    const code = text.charCodeAt(state.pos);
    const kind = code < 128 ? (classes[code] ?? 0) : wideClass(code);
    if (kind === Class.space) {
      state.pos += 1;
      state.gap |= Gap.space;
    } else if (kind === Class.newline) newline(state);
    else if (kind === Class.word) word(state, tables);
    else if (kind === Class.digit) number(state);
    else if (kind === Class.start && special(state, starts.get(code)!, tables)) continue;
    else if (code === 46 && isDigit(text.charCodeAt(state.pos + 1)) && !endsOperand(state)) number(state);
    else if (!bracketInHole(state, code)) punctuation(state, code);
  }
  for (const { token } of state.holes.reverse()) endString(state, token, length, length, false);
  return state.tokens;
}

function newline(state: Scan): void {
  state.pos += 1;
  state.gap |= Gap.newline;
  while (state.heredocs.length > 0) {
    state.language.heredoc?.(state);
    if (state.heredocs.length > 0 && state.text.charCodeAt(state.pos) === 10) state.pos += 1;
  }
}

function word(state: Scan, { parts, ends }: Compiled): void {
  const { text, pos: start } = state;
  let pos = start + 1;
  for (; pos < text.length; pos += 1) {
    const code = text.charCodeAt(pos);
    if (code < 128 ? parts[code] === 0 : wideClass(code) !== Class.word) break;
  }
  if (ends[text.charCodeAt(pos)] === 1 && text.charCodeAt(pos + 1) !== 61) pos += 1;
  const next = text.charCodeAt(pos);
  if ((next === 34 || next === 39 || next === 96) && prefixed(state, start, pos)) return;
  take(state, Kind.word, start, pos);
}

/** A string whose delimiter stands directly behind a word that belongs to it: `r"..."`, `b'...'`. */
function prefixed(state: Scan, start: number, pos: number): boolean {
  const { prefixes } = state.language;
  if (!prefixes || pos - start > 5) return false;
  const quotes = prefixes[state.text.slice(start, pos)] ?? prefixes[state.text.slice(start, pos).toLowerCase()];
  const quote = quotes?.find(({ open }) => state.text.startsWith(open, pos));
  if (!quote) return false;
  openString(state, quote, start, pos + quote.open.length);
  return true;
}

function number(state: Scan): void {
  const { text, pos: start } = state;
  const radix = text.charCodeAt(start) === 48 && /[xXbBoO]/.test(text[start + 1] ?? "");
  const separator = state.language.digitSeparator?.charCodeAt(0);
  let pos = start + 1;
  for (; pos < text.length; pos += 1) {
    const code = text.charCodeAt(pos);
    if (isDigit(code) || code === 95 || isLetter(code)) continue;
    if (code === separator && isDigit(text.charCodeAt(pos + 1))) continue;
    if (code === 46 && isDigit(text.charCodeAt(pos + 1)) && text.charCodeAt(pos - 1) !== 46) continue;
    if (code === 46 && !isFollowedByWord(text, pos + 1)) {
      pos += 1;
      break;
    }
    const exponent = text.charCodeAt(pos - 1) | 32;
    if ((code === 43 || code === 45) && exponent === 101 && !radix && isDigit(text.charCodeAt(pos + 1))) continue;
    break;
  }
  take(state, Kind.number, start, pos);
}

function isFollowedByWord(text: string, pos: number): boolean {
  const code = text.charCodeAt(pos);
  return code === 46 || code === 95 || isLetter(code) || code >= 128;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}

/** Whether a value ends directly before the present place, so that a dot there reaches into it. */
function endsOperand({ tokens, gap }: Scan): boolean {
  if (gap !== Gap.none || tokens.count === 0) return false;
  const kind = tokens.kinds[tokens.count - 1];
  const detail = tokens.details[tokens.count - 1];
  return kind === Kind.word || (kind === Kind.punctuation && (detail === 41 || detail === 93));
}

function special(state: Scan, start: Start, tables: Compiled): boolean {
  const { text, pos } = state;
  for (const hook of start.hooks) if (hook(state)) return true;
  for (const open of start.lines) {
    if (!text.startsWith(open, pos)) continue;
    const end = text.indexOf("\n", pos);
    take(state, Kind.comment, pos, end < 0 ? text.length : end);
    return true;
  }
  for (const block of start.blocks) {
    if (!text.startsWith(block.open, pos) || (block.lineStart && !startsLine(text, pos))) continue;
    blockComment(state, block);
    return true;
  }
  for (const quote of start.quotes) {
    if (!text.startsWith(quote.open, pos)) continue;
    openString(state, quote, pos, pos + quote.open.length);
    return true;
  }
  if (tables.words[text.charCodeAt(pos)] !== 1) return false;
  word(state, tables);
  return true;
}

function startsLine(text: string, pos: number): boolean {
  return pos === 0 || text.charCodeAt(pos - 1) === 10;
}

function blockComment(state: Scan, block: BlockComment): void {
  const { text, pos: start, tokens, gap } = state;
  const body = start + block.open.length;
  const found = block.nests ? endOfNested(text, block, body) : text.indexOf(block.close, body);
  if (found < 0) tokens.closed = false;
  take(state, Kind.comment, start, found < 0 ? text.length : found + block.close.length);
  state.gap = gap & Gap.newline;
}

function endOfNested(text: string, { open, close }: BlockComment, start: number): number {
  const first = open.charCodeAt(0);
  const last = close.charCodeAt(0);
  let depth = 1;
  for (let pos = start; pos < text.length; pos += 1) {
    const code = text.charCodeAt(pos);
    if (code === last && text.startsWith(close, pos)) {
      depth -= 1;
      if (depth === 0) return pos;
      pos += close.length - 1;
    } else if (code === first && text.startsWith(open, pos)) {
      depth += 1;
      pos += open.length - 1;
    }
  }
  return -1;
}

const THREES = new Set("=== !== ... **= ??= ||= &&= <=> ?-> >>= <<= //= ..= ..< ++=".split(" ").map(packed));
const TWOS = new Set(
  "== != <= >= => -> := :: ?. ?? || && += -= *= /= .= %= |= &= ^= <- .. =~ ~= &. !. ?: <> |> \\\\ ++ -- !! << ** ~> <|"
    .split(" ")
    .map(packed),
);

function punctuation(state: Scan, code: number): void {
  const { text, pos } = state;
  if (code === 58 && formatInHole(state)) return;
  const second = text.charCodeAt(pos + 1) || 0;
  const third = text.charCodeAt(pos + 2) || 0;
  const two = code | (second << 8);
  if (second < 128 && TWOS.has(two)) {
    const three = two | (third << 16);
    if (third < 128 && THREES.has(three)) take(state, Kind.punctuation, pos, pos + 3, three);
    else take(state, Kind.punctuation, pos, pos + 2, two);
  } else take(state, Kind.punctuation, pos, pos + 1, code);
}

/** Letters, digits and marks of all scripts are parts of words; blanks of all scripts are blanks. */
function wideClass(code: number): number {
  if (code === 0xa0 || code === 0x3000 || code === 0xfeff || (code >= 0x2000 && code <= 0x200b)) return Class.space;
  return code === 0x2028 || code === 0x2029 ? Class.newline : Class.word;
}

function tablesOf(language: Language): Compiled {
  const known = compiled.get(language);
  if (known) return known;
  const starts = startsOf(language);
  const classes = new Uint8Array(128);
  const words = new Uint8Array(128);
  const parts = new Uint8Array(128);
  const ends = new Uint8Array(128);
  for (let code = 0; code < 128; code += 1) {
    const character = String.fromCharCode(code);
    const letter = isLetter(code) || code === 95;
    words[code] = letter || language.wordStart?.includes(character) ? 1 : 0;
    parts[code] = letter || isDigit(code) || language.wordPart?.includes(character) ? 1 : 0;
    ends[code] = language.wordEnd?.includes(character) ? 1 : 0;
    classes[code] = words[code] === 1 ? Class.word : isDigit(code) ? Class.digit : blankClass(code);
    if (starts.has(code)) classes[code] = Class.start;
  }
  const tables = { classes, words, parts, ends, starts };
  compiled.set(language, tables);
  return tables;
}

function blankClass(code: number): number {
  if (code === 10) return Class.newline;
  return code <= 32 ? Class.space : Class.other;
}

function startsOf({ hooks, lineComments, blockComments = [], quotes }: Language): ReadonlyMap<number, Start> {
  const codes = new Set(
    [
      ...Object.keys(hooks ?? {}),
      ...lineComments,
      ...blockComments.map(({ open }) => open),
      ...quotes.map(({ open }) => open),
    ].map((text) => text.charCodeAt(0)),
  );
  const begins = (code: number) => (text: string) => text.charCodeAt(0) === code;
  return new Map(
    [...codes].map((code): [number, Start] => [
      code,
      {
        hooks: hooks?.[String.fromCharCode(code)] ?? [],
        lines: lineComments.filter(begins(code)),
        blocks: blockComments.filter(({ open }) => begins(code)(open)),
        quotes: quotes.filter(({ open }) => begins(code)(open)),
      },
    ]),
  );
}
