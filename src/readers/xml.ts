import type { Comment, Literal } from "../core/detector.ts";
import { lineNumbers } from "./line-numbers.ts";
import { readLines } from "./line-reader.ts";
import type { Reader, Reading } from "./reader.ts";
import { openElement, plistElement, type XmlElement, xmlText } from "./xml-element.ts";

const MAX_DEPTH = 200;

interface Scan {
  readonly text: string;
  readonly lineOf: (offset: number) => number;
  readonly literals: Literal[];
  readonly comments: Comment[];
  readonly open: XmlElement[];
  /** Text of the innermost element since its last tag, and where it begins. */
  pieces: string[];
  from: number;
  at: number;
}

/** XML where configuration lives in it. Entities that a document declares itself are left as written. */
export const xmlReader: Reader = {
  name: "xml",
  reads: (path) =>
    /\.(?:xml|csproj|fsproj|vbproj|vcxproj|sqlproj|proj|props|targets|config|nuspec|plist|resx|xcprivacy|entitlements|pubxml|dtsx|bpmn|iml|xmp|storyboard)$/i.test(
      path,
    ),
  read: (text) => readXml(text) ?? readLines(text),
};

/** The attributes and texts of XML, null when it is not well-formed. A property list is read as what it lists. */
function readXml(text: string): Reading | null {
  const scan: Scan = {
    text,
    lineOf: lineNumbers(text),
    literals: [],
    comments: [],
    open: [],
    pieces: [],
    from: 0,
    at: 0,
  };
  if (!/^\s{0,1000}</.test(text)) return null;
  while (scan.at < text.length) {
    const tag = text.indexOf("<", scan.at);
    addText(scan, scan.at, tag < 0 ? text.length : tag, false);
    if (tag < 0) break;
    scan.at = tag;
    if (!readMarkup(scan)) return null;
  }
  return scan.open.length > 0 ? null : { literals: scan.literals, comments: scan.comments, parsed: true };
}

function readMarkup(scan: Scan): boolean {
  const { text, at } = scan;
  if (text.startsWith("<!--", at)) {
    const end = text.indexOf("-->", at + 4);
    if (end >= 0) scan.comments.push({ text: text.slice(at + 4, end).trim(), line: scan.lineOf(at) });
    return moveTo(scan, end, 3);
  }
  if (text.startsWith("<![CDATA[", at)) {
    const end = text.indexOf("]]>", at + 9);
    if (end >= 0) addText(scan, at + 9, end, true);
    return moveTo(scan, end, 3);
  }
  if (text.startsWith("<?", at)) return moveTo(scan, text.indexOf("?>", at + 2), 2);
  if (text.startsWith("<!", at)) return moveTo(scan, declarationEnd(text, at), 1);
  return text[at + 1] === "/" ? closeTag(scan) : openTag(scan);
}

function moveTo(scan: Scan, found: number, length: number): boolean {
  scan.at = found + length;
  return found >= 0;
}

/** The offset of the `>` behind a document type and its internal subset. */
function declarationEnd(text: string, at: number): number {
  const end = text.indexOf(">", at);
  const subset = text.slice(at, end).indexOf("[");
  if (end < 0 || subset < 0) return end;
  const close = text.indexOf("]", at + subset);
  return close < 0 ? -1 : text.indexOf(">", close);
}

function addText(scan: Scan, start: number, end: number, literally: boolean): void {
  if (start >= end || scan.open.length === 0) return;
  const piece = scan.text.slice(start, end);
  if (scan.pieces.length === 0) {
    if (!literally && piece.trim() === "") return;
    scan.from = start + (literally ? 0 : piece.length - piece.trimStart().length);
  }
  scan.pieces.push(literally ? piece : xmlText(piece));
}

/** Gives the text so far as one value of the innermost element. */
function flush(scan: Scan): void {
  const element = scan.open.at(-1);
  const value = scan.pieces.join("").trim();
  scan.pieces = [];
  if (!element || value === "") return;
  const literal = element.text(value);
  if (literal) scan.literals.push({ ...literal, line: scan.lineOf(scan.from) });
}

function closeTag(scan: Scan): boolean {
  const end = scan.text.indexOf(">", scan.at);
  flush(scan);
  const element = scan.open.pop();
  return element !== undefined && scan.text.slice(scan.at + 2, end).trim() === element.name && moveTo(scan, end, 1);
}

function openTag(scan: Scan): boolean {
  flush(scan);
  const { text } = scan;
  const start = scan.at + 1;
  scan.at = start;
  while (scan.at < text.length && !" \t\n/>=<".includes(text[scan.at] as string)) scan.at += 1;
  const name = text.slice(start, scan.at);
  const attributes = readAttributes(scan);
  if (name === "" || attributes === null || scan.open.length >= MAX_DEPTH) return false;
  const parent = scan.open.at(-1);
  const build = name === "plist" || parent?.plist ? plistElement : openElement;
  const element = build(parent, name, attributes);
  for (const { path, value, kind, offset } of element.literals) {
    scan.literals.push({ path, value, kind, line: scan.lineOf(offset < 0 ? start : offset) });
  }
  if (text[scan.at] === "/") scan.at += 1;
  else scan.open.push(element);
  return text[scan.at] === ">" && moveTo(scan, scan.at, 1);
}

/** The attributes of a tag with the offsets of their values; leaves the position at `/` or `>`. */
function readAttributes(scan: Scan): readonly { name: string; value: string; offset: number }[] | null {
  const { text } = scan;
  const attributes: { name: string; value: string; offset: number }[] = [];
  for (;;) {
    scan.at = afterBlanks(text, scan.at);
    const start = scan.at;
    if (text[start] === ">" || (text[start] === "/" && text[start + 1] === ">")) return attributes;
    while (scan.at < text.length && !" \t\n=<>\"'".includes(text[scan.at] as string)) scan.at += 1;
    const name = text.slice(start, scan.at);
    scan.at = afterBlanks(text, scan.at);
    if (name === "" || text[scan.at] !== "=") return null;
    const quote = afterBlanks(text, scan.at + 1);
    if (text[quote] !== '"' && text[quote] !== "'") return null;
    const end = text.indexOf(text[quote] as string, quote + 1);
    if (end < 0) return null;
    attributes.push({ name, value: xmlText(text.slice(quote + 1, end)), offset: quote });
    scan.at = end + 1;
  }
}

function afterBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && " \t\n".includes(text[at] as string)) at += 1;
  return at;
}
