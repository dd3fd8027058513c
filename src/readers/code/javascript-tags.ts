import { Also, beginsName, endOfName } from "./javascript-lexemes.ts";
import { add, addWhole, begin, type JavaScriptScan, Last, leave, readBetween } from "./javascript-scan.ts";
import type { Quote } from "./language.ts";
import { Gap, Kind, packed, Tag } from "./tokens.ts";

const ATTRIBUTE: Quote = { open: '"', close: '"', multiline: true, escape: "", decode: "none" };

/** Type parameters of an arrow function, which look like a tag: `<T,>(x) => x`, `<T extends X>(x) => x`. */
const TYPE_PARAMETERS = /<(?=\s{0,100}(?:const\s{1,10})?[A-Za-z_$][\w$]{0,100}(?:\s{0,10},|\s{1,100}extends\s))/y;
const BLANK = /\s/;
const MOST_BLANKS = 100;

/** Whether an angle at a place begins the type parameters of an arrow function. */
export function beginsTypes({ text, arrows }: JavaScriptScan, pos: number): boolean {
  if (!arrows) return false;
  let before = pos - 1;
  while (before >= pos - MOST_BLANKS && BLANK.test(text.charAt(before))) before -= 1;
  const code = text.charCodeAt(before);
  if (code !== 61 && code !== 40 && code !== 44 && code !== 58 && code !== 63) return false;
  TYPE_PARAMETERS.lastIndex = pos;
  return TYPE_PARAMETERS.test(text);
}

/** Begins an element at an angle. */
export function readTag(scan: JavaScriptScan): void {
  begin(scan, "tag");
  punctuator(scan, 60);
  scan.last = Last.angle;
}

/** Begins an expression at a brace. */
function readExpression(scan: JavaScriptScan): void {
  begin(scan, "expression", scan.braces.length);
  punctuator(scan, 123);
  scan.last = Last.expression;
  scan.postfix = false;
}

/** Ends an expression at its brace. */
export function leaveExpression(scan: JavaScriptScan): void {
  leave(scan);
  punctuator(scan, 125);
  scan.last = Last.expression | Last.block;
}

/** Reads what stands between the tags of an element. */
export function readChildren(scan: JavaScriptScan, code: number): void {
  const end = endOfText(scan);
  if (end > scan.pos) {
    add(scan, Kind.text, end - scan.pos);
    scan.pos = end;
  } else if (code === 60) readTag(scan);
  else if (code === 123) readExpression(scan);
  else readBetween(scan, code);
}

function endOfText(scan: JavaScriptScan): number {
  const { text } = scan;
  let end = scan.pos;
  for (; end < text.length; end += 1) {
    const code = text.charCodeAt(end);
    if (code === 62 || code === 123 || code === 125 || (code === 60 && !beginsTypes(scan, end))) break;
  }
  return end;
}

/** Reads what stands in a tag. */
export function readInTag(scan: JavaScriptScan, code: number): void {
  const { text, pos } = scan;
  if (code === 60 && beginsTypes(scan, pos)) readBetween(scan, code);
  else if (code === 123) readExpression(scan);
  else if (punctuates(text, pos, code)) readPunctuator(scan, code);
  else if (beginsName(text, pos)) {
    const end = endOfName(text, pos, Also.dash);
    name(scan, end - pos);
    scan.pos = end;
    scan.last = 0;
  } else if (code === 34 || code === 39) {
    const found = text.indexOf(code === 34 ? '"' : "'", pos + 1);
    addWhole(scan, ATTRIBUTE, found < 0 ? text.length : found, found >= 0);
    scan.last = 0;
  } else readBetween(scan, code);
}

function punctuates(text: string, pos: number, code: number): boolean {
  if (code !== 47) return code === 60 || code === 62 || code === 46 || code === 58 || code === 61 || code === 125;
  const second = text.charCodeAt(pos + 1);
  return second !== 42 && second !== 47;
}

function readPunctuator(scan: JavaScriptScan, code: number): void {
  const { last, mode } = scan;
  punctuator(scan, code);
  scan.last = code === 60 ? Last.angle : code === 47 ? Last.slash : 0;
  if (code === 60) begin(scan, "tag");
  else if (code === 62) {
    leave(scan);
    if ((last & Last.slash) > 0 || mode === "ending") scan.postfix = true;
    else begin(scan, "children");
  } else if (code === 47 && (last & Last.angle) > 0) {
    leave(scan);
    if (scan.mode === "children") leave(scan);
    begin(scan, "ending");
  }
}

function joinsName({ tokens, gap, pos }: JavaScriptScan): boolean {
  const last = tokens.count - 1;
  return gap === Gap.none && tokens.kinds[last] === Kind.tag && tokens.ends[last] === pos;
}

/** `<Foo.Bar` */
function extendsName(scan: JavaScriptScan, length: number): boolean {
  if (scan.tag !== "attributes" || !joinsName(scan)) return false;
  scan.tokens.ends[scan.tokens.count - 1] = scan.pos + length;
  return true;
}

function name(scan: JavaScriptScan, length: number): void {
  if (extendsName(scan, length)) return;
  if (scan.tag === "start") {
    add(scan, Kind.tag, length);
    scan.tag = "attributes";
  } else if (scan.tag === "attributes") add(scan, Kind.word, length);
}

/**
 * Tags become calls: the token of its name opens `<Foo.Bar a="x">`, its angle closes it; `/>` and `</Foo.Bar>` end the
 * element.
 */
function punctuator(scan: JavaScriptScan, code: number): void {
  const { tag } = scan;
  if (code === 60) {
    if (!extendsName(scan, 1)) openAngle(scan);
  } else if (code === 47 && tag !== "closing") scan.tag = tag === "start" ? "closing" : "ending";
  else if (code === 62) {
    if (tag === "attributes" || tag === "ending") add(scan, Kind.punctuation, 1, Tag.close);
    if (tag === "closing" || tag === "ending") add(scan, Kind.punctuation, 1, Tag.end);
    scan.tag = scan.tags.pop() ?? "";
  } else if (code === 123) {
    add(scan, Kind.punctuation, 1, Tag.brace);
    scan.tags.push(tag);
    scan.tag = "";
  } else if (code === 125) closeBrace(scan);
  else if (!extendsName(scan, 1)) otherwise(scan, code);
  scan.pos += 1;
}

function openAngle(scan: JavaScriptScan): void {
  scan.tags.push(scan.tag);
  scan.tag = "start";
}

function closeBrace(scan: JavaScriptScan): void {
  if (extendsName(scan, 1)) return;
  add(scan, Kind.punctuation, 1, Tag.braceEnd);
  scan.tag = scan.tags.pop() ?? "";
}

function otherwise(scan: JavaScriptScan, code: number): void {
  if (scan.tag === "start") {
    add(scan, Kind.tag, 1);
    scan.tag = "attributes";
  } else if (scan.tag === "attributes") add(scan, Kind.punctuation, 1, packed(String.fromCharCode(code)));
}
