import type { Reading } from "./reader.ts";
import { readBlockScalar } from "./yaml-block-scalar.ts";
import { readFlow } from "./yaml-flow.ts";
import { atPlain, plainLiteral, plainStop, readPlain, upToStop } from "./yaml-plain.ts";
import { readQuoted } from "./yaml-quoted.ts";
import { atDash, endLine, isBlank, nextContent, skipSpaces, skipTag, type YamlScan } from "./yaml-scan.ts";

/** Deeper values are the library's, which knows when to stop. */
const MAX_DEPTH = 60;
/** Control characters, and marks of the byte order that are none: the library has its own ways with them. */
const ODD = /[^\t\n -\ufefe\uff00-\uffff]/;

/** A place below which values are read. */
interface Place {
  readonly path: readonly string[];
  readonly depth: number;
  /** Where a value that is not written counts as being. */
  readonly line: number;
}

/**
 * The values of YAML as most people write it: block mappings and sequences of scalars, in any number of documents.
 * It reads a text exactly as the library does, or gives null: for anchors, YAML's own tags, complex keys and all that is odd.
 */
export function readBlockYaml(text: string): Reading | null {
  if (ODD.test(text)) return null;
  const scan: YamlScan = { text, literals: [], comments: [], at: 0, line: 1, indent: 0, gap: false };
  nextContent(scan);
  let begun = false;
  for (;;) {
    const root = scan.indent >= 0;
    if (root) {
      if (!readRoot(scan) || scan.indent >= 0) return null;
    } else if (begun) pushNull(scan, { path: [], depth: 0, line: 1 });
    if (scan.at >= text.length) break;
    begun = text[scan.at] === "-";
    if (!(begun || root) || !readMarker(scan)) return null;
  }
  return { literals: scan.literals, comments: scan.comments, parsed: true };
}

/** What starts or ends a document; behind an end only a start is surely understood. */
function readMarker(scan: YamlScan): boolean {
  const end = scan.text[scan.at] === ".";
  scan.at += 3;
  if (!endLine(scan)) return false;
  nextContent(scan);
  return !end || scan.at >= scan.text.length || (scan.indent < 0 && scan.text[scan.at] === "-");
}

function readRoot(scan: YamlScan): boolean {
  const place = { path: [], depth: 0, line: scan.line };
  if (atDash(scan)) return readSequence(scan, place, scan.indent, false);
  const key = readKey(scan);
  return key !== null && readMapping(scan, place, scan.indent, key);
}

function pushNull(scan: YamlScan, { path, line }: Place): void {
  scan.literals.push({ path, value: "null", kind: "null", line });
}

/** Items at a column. `inMapping` when the key they belong to is at the same. */
function readSequence(scan: YamlScan, { path, depth }: Place, column: number, inMapping: boolean): boolean {
  if (depth > MAX_DEPTH) return false;
  const { line } = scan;
  for (let index = 0; ; index += 1) {
    const dash = scan.at;
    scan.at += 1;
    const item = { path: [...path, String(index)], depth: depth + 1, line };
    skipSpaces(scan);
    if (atLineEnd(scan)) {
      if (!readBelow(scan, item, column, false)) return false;
    } else if (!readCompact(scan, item, column, column + scan.at - dash)) return false;
    if (scan.indent < column) return true;
    if (scan.indent > column) return false;
    if (!atDash(scan)) return inMapping;
  }
}

/** What stands on the line of its dash: a collection at `inner`, or a scalar. */
function readCompact(scan: YamlScan, place: Place, column: number, inner: number): boolean {
  if (atDash(scan)) return readSequence(scan, place, inner, false);
  const key = readKey(scan);
  return key === null ? readInline(scan, place, column) : readMapping(scan, place, inner, key);
}

/** Entries at a column, of which the first one's key has been read. */
function readMapping(scan: YamlScan, { path, depth }: Place, column: number, first: string): boolean {
  if (depth > MAX_DEPTH) return false;
  for (let key: string | null = first; key !== null; key = readKey(scan)) {
    const value = { path: [...path, key], depth: depth + 1, line: scan.line };
    skipSpaces(scan);
    if (!(atLineEnd(scan) ? readBelow(scan, value, column, true) : readInline(scan, value, column))) return false;
    if (scan.indent < column) return true;
    if (scan.indent > column) return false;
  }
  return false;
}

/** Only a comment or nothing is left of the line; a hash that is no comment is found when the line is ended. */
function atLineEnd({ text, at }: YamlScan): boolean {
  const code = text.charCodeAt(at);
  return code === 10 || code === 35 || at >= text.length;
}

/** A value on the lines below its key or dash at a column, null when there is none. */
function readBelow(scan: YamlScan, place: Place, column: number, inMapping: boolean): boolean {
  if (!endLine(scan)) return false;
  nextContent(scan);
  if (scan.indent > column) {
    if (atDash(scan)) return readSequence(scan, place, scan.indent, false);
    const { indent, gap } = scan;
    const key = readKey(scan);
    if (key !== null) return readMapping(scan, place, indent, key);
    // The library forgets how far in a scalar has to be when a comment precedes it.
    const first = scan.text[scan.at];
    return !gap && first !== "|" && first !== ">" && readInline(scan, place, column);
  }
  if (inMapping && scan.indent === column && atDash(scan)) return readSequence(scan, place, column, true);
  pushNull(scan, place);
  return true;
}

/** A scalar or flow collection that begins here, and all up to the next content. */
function readInline(scan: YamlScan, place: Place, column: number): boolean {
  const tagged = scan.text[scan.at] === "!" && skipTag(scan);
  if (tagged && atLineEnd(scan)) return readTagged(scan, place, column);
  const { text, at, line } = scan;
  const { path, depth } = place;
  const first = text[at];
  if (first === "[" || first === "{") {
    if (!readFlow(scan, path, column, depth) || !endLine(scan)) return false;
  } else {
    const block = first === "|" || first === ">";
    const plain = !block && first !== '"' && first !== "'";
    const value = block
      ? readBlockScalar(scan, column)
      : plain
        ? readPlainValue(scan, column)
        : readQuoted(scan, column);
    if (value === null || !(block || endLine(scan))) return false;
    scan.literals.push(
      plain && !tagged ? { path, ...plainLiteral(value), line } : { path, value, kind: "string", line },
    );
  }
  nextContent(scan);
  return true;
}

/** A block collection below its tag. */
function readTagged(scan: YamlScan, place: Place, column: number): boolean {
  if (!endLine(scan)) return false;
  nextContent(scan);
  const { indent } = scan;
  if (indent <= column) return false;
  if (atDash(scan)) return readSequence(scan, place, indent, false);
  const key = readKey(scan);
  return key !== null && readMapping(scan, place, indent, key);
}

function readPlainValue(scan: YamlScan, column: number): string | null {
  return atPlain(scan) ? readPlain(scan, plainStop(scan.text, scan.at, false), column) : null;
}

/** A key and its colon on one line. Without one the position stays. */
function readKey(scan: YamlScan): string | null {
  const { text, at, line } = scan;
  const quoted = text[at] === '"' || text[at] === "'";
  if (quoted) {
    const key = readQuoted(scan, 0);
    skipSpaces(scan);
    if (key !== null && scan.line === line && text[scan.at] === ":" && isBlank(text.charCodeAt(scan.at + 1))) {
      scan.at += 1;
      return key;
    }
    scan.at = at;
    scan.line = line;
    return null;
  }
  const stop = atPlain(scan) ? plainStop(text, at, false) : -1;
  if (stop < 0 || text[stop] !== ":") return null;
  const key = upToStop(text, at, stop);
  if (key === "<<") return null;
  scan.at = stop + 1;
  return key;
}
