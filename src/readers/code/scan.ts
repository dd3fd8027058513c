import type { Hole, Language, Quote } from "./language.ts";
import { addToken, Gap, Kind, type Tokens } from "./tokens.ts";

/** Interpolations within interpolations beyond this are text: no program nests so deep, hostile ones try. */
const MAX_NESTING = 50;

/** A format longer than this is read as code. */
const LONGEST_FORMAT = 1000;

/** A string whose interpolation is being read. */
interface OpenHole {
  readonly hole: Hole;
  readonly token: number;
  /** Brackets open within the interpolation. */
  depth: number;
}

/** A heredoc that begins on the next line. */
export interface Heredoc {
  readonly token: number;
  readonly end: string;
  readonly indented: boolean;
}

/** Where a scanner stands in its text. */
export interface Scan {
  readonly text: string;
  readonly language: Language;
  readonly tokens: Tokens;
  pos: number;
  gap: number;
  readonly holes: OpenHole[];
  readonly heredocs: Heredoc[];
  /** Labels of heredocs that no line ends, and how much was looked through for such lines. */
  readonly endless: Set<string>;
  searched: number;
}

/** Appends a token from `start` to the end given and moves there. */
export function take(scan: Scan, kind: number, start: number, end: number, detail = 0): number {
  const at = addToken(scan.tokens, kind, scan.gap, start, end, detail);
  scan.gap = Gap.none;
  scan.pos = end;
  return at;
}

/** Begins a string token at `start` whose body begins at `body`, and reads on to its end or first interpolation. */
export function openString(scan: Scan, quote: Quote, start: number, body: number): number {
  const { tokens } = scan;
  const kind = quote.character === true ? Kind.character : Kind.string;
  const at = take(scan, kind, start, body, tokens.strings.length);
  tokens.strings.push({ quote, bodyStart: body, bodyEnd: body, next: at + 1, holes: null, closed: true, depth: 0 });
  readBody(scan, at);
  return at;
}

/** Reads a string's body from the present place to its end, or to an interpolation, whose code comes next. */
function readBody(scan: Scan, token: number): void {
  const { text, tokens } = scan;
  const shape = tokens.strings[tokens.details[token] ?? 0]!;
  const { quote } = shape;
  const close = quote.close.charCodeAt(0);
  const single = quote.close.length === 1;
  const escaping = quote.escape === "" ? -1 : quote.escape.charCodeAt(0);
  const line = quote.multiline ? -1 : 10;
  const hole = quote.holes?.[0]?.open.charCodeAt(0) ?? -1;
  const length = text.length;
  const nested = quote.nests === true ? quote.open.charCodeAt(0) : -1;
  let { pos } = scan;
  while (pos < length) {
    const code = text.charCodeAt(pos);
    if (code === close && (single || text.startsWith(quote.close, pos))) {
      const end = pos + quote.close.length;
      if (quote.doubled && text.startsWith(quote.close, end)) pos = end + quote.close.length;
      else if (quote.greedy && text.charCodeAt(end) === close) pos += 1;
      else if (shape.depth > 0) {
        shape.depth -= 1;
        pos = end;
      } else {
        endString(scan, token, pos, end, true);
        return;
      }
    } else if (code === hole && quote.holes) {
      const found = holeAt(scan, quote.holes, pos);
      if (found !== null && scan.holes.length < MAX_NESTING) {
        openHole(scan, found, token, pos);
        return;
      }
      pos += (found === null && doubles(quote.holes, text, pos)) || code === escaping ? 2 : 1;
    } else if (code === nested) {
      shape.depth += 1;
      pos += 1;
    } else if (code === escaping) pos += 2;
    else if (code === line) break;
    else pos += 1;
  }
  const end = Math.min(pos, length);
  endString(scan, token, end, end, false);
}

function doubles(holes: readonly Hole[], text: string, pos: number): boolean {
  return holes.some(({ open, doubled }) => doubled === true && text.startsWith(open + open, pos));
}

function holeAt(scan: Scan, holes: readonly Hole[], pos: number): Hole | null {
  for (const hole of holes) {
    if (!scan.text.startsWith(hole.open, pos)) continue;
    if (hole.doubled && scan.text.startsWith(hole.open, pos + hole.open.length)) continue;
    return hole;
  }
  return null;
}

/** Marks where each interpolation begins, so that what is read in it starts afresh. */
export const HOLE = 1;

function openHole(scan: Scan, hole: Hole, token: number, pos: number): void {
  const shape = scan.tokens.strings[scan.tokens.details[token] ?? 0]!;
  shape.holes ??= [];
  shape.holes.push(pos);
  take(scan, Kind.punctuation, pos, pos + hole.open.length, HOLE);
  scan.holes.push({ hole, token, depth: 0 });
}

/** Handles a bracket inside an interpolation; true when it ended the interpolation and the string went on. */
export function bracketInHole(scan: Scan, code: number): boolean {
  const open = scan.holes.at(-1);
  if (!open) return false;
  if (code === 40 || code === 91 || code === 123) open.depth += 1;
  else if (code !== 41 && code !== 93 && code !== 125) return false;
  else if (open.depth > 0) open.depth -= 1;
  else if (code === open.hole.close.charCodeAt(0)) {
    closeHole(scan, open, scan.pos + (open.hole.repeat ?? 1));
    return true;
  }
  return false;
}

function closeHole(scan: Scan, open: OpenHole, end: number): void {
  scan.holes.pop();
  scan.tokens.strings[scan.tokens.details[open.token] ?? 0]!.holes?.push(end);
  scan.pos = end;
  readBody(scan, open.token);
}

/** The format behind the colon of an f-string's interpolation is text; interpolations in it belong to it. */
export function formatInHole(scan: Scan): boolean {
  const open = scan.holes.at(-1);
  if (!open || open.depth > 0 || open.hole.formats !== true) return false;
  const { text } = scan;
  let depth = 0;
  const end = Math.min(text.length, scan.pos + LONGEST_FORMAT);
  for (let pos = scan.pos + 1; pos < end; pos += 1) {
    const code = text.charCodeAt(pos);
    if (code === 123) depth += 1;
    else if (code === 10) break;
    else if (code === 125) {
      if (depth === 0) {
        closeHole(scan, open, pos + (open.hole.repeat ?? 1));
        return true;
      }
      depth -= 1;
    }
  }
  return false;
}

/** Ends a string token; `end` is behind its delimiter. */
export function endString(scan: Scan, token: number, bodyEnd: number, end: number, closed: boolean): void {
  const { tokens } = scan;
  const shape = tokens.strings[tokens.details[token] ?? 0]!;
  const length = scan.text.length;
  shape.bodyEnd = Math.min(bodyEnd, length);
  shape.next = tokens.count;
  shape.closed = closed;
  if (!closed) tokens.closed = false;
  tokens.ends[token] = Math.min(end, length);
  scan.pos = Math.min(end, length);
}
