import {
  Also,
  beginsName,
  endOfName,
  endOfNumber,
  endOfRegex,
  endOfString,
  lengthOfPunctuator,
} from "./javascript-lexemes.ts";
import {
  add,
  addWhole,
  begin,
  hashbang,
  type JavaScriptScan,
  Last,
  lastOf,
  leave,
  newline,
  readBetween,
  value,
} from "./javascript-scan.ts";
import { beginsTypes, leaveExpression, readChildren, readInTag, readTag } from "./javascript-tags.ts";
import { beginTemplate, endTemplate, goOnTemplate } from "./javascript-templates.ts";
import type { Quote } from "./language.ts";
import { Gap, Kind, newTokens, type Tokens } from "./tokens.ts";

const STRING: Quote = { open: '"', close: '"', multiline: false, escape: "\\" };

/**
 * Splits JavaScript, TypeScript, JSX or TSX into tokens, in one pass over the characters. A slash and an angle are told
 * apart as js-tokens does, which is this scanner's oracle: by the token before them and the brackets around them.
 */
export function javascriptTokens(text: string, jsx: boolean): Tokens {
  const scan: JavaScriptScan = {
    text,
    tokens: newTokens(text),
    jsx,
    arrows: jsx && text.includes("=>"),
    pos: 0,
    gap: Gap.newline,
    last: Last.expression | Last.block,
    postfix: false,
    parentheses: 0,
    braces: [],
    parts: [{ mode: "code", nesting: 0 }],
    mode: "code",
    templates: [],
    tag: "",
    tags: [],
  };
  hashbang(scan);
  while (scan.pos < text.length) {
    const code = text.charCodeAt(scan.pos);
    if (scan.mode === "children") readChildren(scan, code);
    else if (scan.mode === "tag" || scan.mode === "ending") readInTag(scan, code);
    else readCode(scan, code);
  }
  for (const at of scan.templates) endTemplate(scan, at, text.length, false);
  return scan.tokens;
}

const Class = {
  other: 0,
  blank: 1,
  name: 2,
  digit: 3,
  quote: 4,
  template: 5,
  slash: 6,
  hash: 7,
  mark: 8,
  newline: 9,
} as const;
const CLASSES = new Uint8Array(128);
for (let code = 0; code < 128; code += 1) CLASSES[code] = classOf(String.fromCharCode(code));

function classOf(character: string): number {
  if (/[ \t]/.test(character)) return Class.blank;
  if (character === "\n") return Class.newline;
  if (/[A-Za-z_$]/.test(character)) return Class.name;
  if (/[0-9]/.test(character)) return Class.digit;
  if (/["']/.test(character)) return Class.quote;
  if (character === "`") return Class.template;
  if (character === "/") return Class.slash;
  if (/[#\\]/.test(character)) return Class.hash;
  return "{}()[];,<>+-*%&|^!~?:=.".includes(character) ? Class.mark : Class.other;
}

function readCode(scan: JavaScriptScan, code: number): void {
  switch (code < 128 ? CLASSES[code] : Class.hash) {
    case Class.blank:
      blanks(scan);
      return;
    case Class.newline:
      newline(scan);
      return;
    case Class.name:
      word(scan, endOfName(scan.text, scan.pos + 1, Also.escape));
      return;
    case Class.mark:
      punctuator(scan, code);
      return;
    case Class.digit:
      number(scan);
      return;
    case Class.quote:
      string(scan, code);
      return;
    case Class.template:
      beginTemplate(scan);
      return;
    case Class.slash:
      slash(scan);
      return;
    case Class.hash:
      unusual(scan, code);
      return;
    default:
      readBetween(scan, code);
  }
}

function blanks(scan: JavaScriptScan): void {
  const { text } = scan;
  let end = scan.pos + 1;
  for (let code = text.charCodeAt(end); code === 32 || code === 9; code = text.charCodeAt(end)) end += 1;
  scan.pos = end;
  scan.gap |= Gap.space;
}

/** A name that begins with a mark, an escape or a letter of another script; or something else. */
function unusual(scan: JavaScriptScan, code: number): void {
  const { text, pos } = scan;
  const start = code === 35 ? pos + 1 : pos;
  const begins = beginsName(text, start) || text.charCodeAt(start) === 92;
  const end = begins ? endOfName(text, start, Also.escape) : start;
  if (end > start) word(scan, end);
  else readBetween(scan, code);
}

interface Keyword {
  readonly word: string;
  readonly last: number;
}

const LONGEST = 10;
/** Keywords that say what may follow, by their first character and length: no two share both. */
const KEYWORDS: (Keyword | undefined)[] = [];
for (const [list, last] of [
  ["await case default delete do instanceof new typeof void", Last.expression],
  ["return throw yield", Last.expression | Last.restricted],
  ["else", Last.expression | Last.block],
  ["for if while with", Last.head],
] as const)
  for (const one of list.split(" ")) KEYWORDS[placeOf(one.charCodeAt(0), one.length)] = { word: one, last };

function placeOf(first: number, length: number): number {
  return (first & 127) * (LONGEST + 1) + length;
}

function word(scan: JavaScriptScan, end: number): void {
  const { text, pos, last } = scan;
  const length = end - pos;
  const keyword = length <= LONGEST ? KEYWORDS[placeOf(text.charCodeAt(pos), length)] : undefined;
  const meaning = keyword !== undefined && text.startsWith(keyword.word, pos) ? keyword.last : 0;
  add(scan, Kind.word, length);
  scan.pos = end;
  scan.postfix = (meaning & Last.expression) === 0;
  if (meaning === Last.head) scan.last = (last & Last.dot) > 0 ? 0 : Last.head;
  else scan.last = meaning || lastOf(text, end);
}

function number(scan: JavaScriptScan): void {
  const end = endOfNumber(scan.text, scan.pos);
  add(scan, Kind.number, end - scan.pos);
  value(scan, end);
}

function string(scan: JavaScriptScan, quote: number): void {
  const { text } = scan;
  const end = endOfString(text, scan.pos + 1, quote);
  addWhole(scan, STRING, end, text.charCodeAt(end) === quote);
  value(scan, scan.pos);
}

function slash(scan: JavaScriptScan): void {
  const { text, pos, last } = scan;
  const second = text.charCodeAt(pos + 1);
  if (second === 42 || second === 47) readBetween(scan, 47);
  else if ((last & Last.expression) === 0) punctuator(scan, 47);
  else {
    const end = endOfRegex(text, pos);
    add(scan, Kind.regex, end - pos);
    value(scan, end);
    if (end === pos + 1) scan.last = Last.expression;
  }
}

/** What a punctuator of one character means for the next token. */
const MEANS = new Uint8Array(128);
for (const character of "{}([,;<>=*%&|^!~?:/+-") MEANS[character.charCodeAt(0)] = Last.expression;
for (const character of ";])") MEANS[character.charCodeAt(0)] = (MEANS[character.charCodeAt(0)] ?? 0) | Last.block;
for (const character of "{}") MEANS[character.charCodeAt(0)] = Last.expression | Last.block;
MEANS[46] = Last.dot;

function punctuator(scan: JavaScriptScan, code: number): void {
  const { text, pos, last } = scan;
  if (code === 125 && closesPart(scan)) return;
  const length = lengthOfPunctuator(text, pos, code);
  if (length === 0) {
    number(scan);
    return;
  }
  const types = code === 60 && scan.arrows && beginsTypes(scan, pos);
  if (code === 60 && length === 1 && scan.jsx && !types && (last & Last.expression) > 0) {
    readTag(scan);
    return;
  }
  const second = length > 1 ? text.charCodeAt(pos + 1) : 0;
  const third = length > 2 ? text.charCodeAt(pos + 2) : 0;
  add(scan, Kind.punctuation, length, code | (second << 8) | (third << 16));
  scan.pos = pos + length;
  if (length === 1) single(scan, code, last);
  else several(scan, code, second);
}

function several(scan: JavaScriptScan, code: number, second: number): void {
  if (second === code && (code === 43 || code === 45)) {
    scan.last = scan.postfix ? 0 : Last.expression; // `++` and `--` leave what they stand beside as it is.
    return;
  }
  scan.postfix = false;
  if (code === 61 && second === 62) scan.last = Last.expression | Last.block;
  else scan.last = code === 63 && second === 46 ? Last.dot : Last.expression;
}

function single(scan: JavaScriptScan, code: number, before: number): void {
  scan.last = MEANS[code] ?? 0;
  scan.postfix = code === 93;
  if (code === 40) {
    if (before === Last.head) begin(scan, "head", scan.parentheses);
    scan.parentheses += 1;
  } else if (code === 41) {
    scan.parentheses -= 1;
    scan.postfix = true;
    if (scan.mode === "head" && scan.parentheses === scan.parts.at(-1)?.nesting) {
      leave(scan);
      scan.last = Last.expression | Last.block;
      scan.postfix = false;
    }
  } else if (code === 123) scan.braces.push((before & (Last.expression | Last.block)) === Last.expression);
  else if (code === 125) {
    scan.postfix = scan.braces.pop() ?? false;
    if (scan.postfix) scan.last = 0;
  }
}

/** Whether a closing brace ends an interpolation, or an expression in an element. */
function closesPart(scan: JavaScriptScan): boolean {
  const { mode, braces, parts } = scan;
  if ((mode !== "template" && mode !== "expression") || braces.length !== parts.at(-1)?.nesting) return false;
  if (mode === "template") goOnTemplate(scan);
  else leaveExpression(scan);
  return true;
}
