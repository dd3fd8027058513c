import { endOfTemplate } from "./javascript-lexemes.ts";
import { add, addWhole, begin, type JavaScriptScan, Last, leave, shapeOf, value } from "./javascript-scan.ts";
import type { Quote } from "./language.ts";
import { HOLE } from "./scan.ts";
import { addToken, Gap, Kind } from "./tokens.ts";

const TEMPLATE: Quote = { open: "`", close: "`", multiline: true, escape: "\\" };

/** Reads a template to its end or its first interpolation. */
export function beginTemplate(scan: JavaScriptScan): void {
  const { text, tokens, pos } = scan;
  const end = endOfTemplate(text, pos + 1);
  if (text.charCodeAt(end) !== 36) {
    addWhole(scan, TEMPLATE, end, text.charCodeAt(end) === 96);
    value(scan, scan.pos);
    return;
  }
  begin(scan, "template", scan.braces.length);
  const at = add(scan, Kind.string, end + 2 - pos, tokens.strings.length);
  scan.templates.push(at);
  const shape = { quote: TEMPLATE, bodyStart: pos + 1, bodyEnd: pos + 1, next: 0, holes: [], closed: true, depth: 0 };
  tokens.strings.push(shape);
  interpolation(scan, at, end);
}

function interpolation(scan: JavaScriptScan, at: number, start: number): void {
  shapeOf(scan.tokens, at).holes?.push(start);
  addToken(scan.tokens, Kind.punctuation, Gap.none, start, start + 2, HOLE);
  scan.pos = start + 2;
  scan.last = Last.expression;
  scan.postfix = false;
}

/** Reads on in a template behind an interpolation. */
export function goOnTemplate(scan: JavaScriptScan): void {
  const { text, tokens, templates, pos } = scan;
  const at = templates.at(-1) ?? 0;
  shapeOf(tokens, at).holes?.push(pos + 1);
  const end = endOfTemplate(text, pos + 1);
  if (text.charCodeAt(end) === 36) {
    interpolation(scan, at, end);
    return;
  }
  const closed = text.charCodeAt(end) === 96;
  templates.pop();
  leave(scan);
  endTemplate(scan, at, closed ? end + 1 : end, closed);
  value(scan, closed ? end + 1 : end);
}

/** Ends the string of a template; `end` is behind its delimiter. */
export function endTemplate({ tokens }: JavaScriptScan, at: number, end: number, closed: boolean): void {
  const shape = shapeOf(tokens, at);
  shape.bodyEnd = end - (closed ? 1 : 0);
  shape.next = tokens.count;
  shape.closed = closed;
  tokens.ends[at] = end;
  if (!closed) tokens.closed = false;
}
