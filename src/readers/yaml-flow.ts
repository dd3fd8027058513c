import { atPlain, plainLiteral, plainStop, upToStop } from "./yaml-plain.ts";
import { readQuoted } from "./yaml-quoted.ts";
import { skipSpaces, skipTag, takeComment, type YamlScan } from "./yaml-scan.ts";

/** Deeper values are the library's, which knows when to stop. */
const MAX_DEPTH = 60;

/** Where a flow collection stands: its lines are further in than `column`, but for the bracket that closes the outermost. */
interface Flow {
  readonly column: number;
  readonly outermost: boolean;
  readonly depth: number;
}

/** A sequence or mapping in brackets at the position. False for what is not surely understood. */
export function readFlow(scan: YamlScan, path: readonly string[], column: number, depth: number): boolean {
  return readCollection(scan, path, { column, outermost: true, depth });
}

function readCollection(scan: YamlScan, path: readonly string[], flow: Flow): boolean {
  if (flow.depth > MAX_DEPTH) return false;
  const { text } = scan;
  const mapping = text[scan.at] === "{";
  const close = mapping ? "}" : "]";
  const inner = { column: flow.column, outermost: false, depth: flow.depth + 1 };
  scan.at += 1;
  for (let index = 0; ; index += 1) {
    if (!skipBlanks(scan, flow)) return false;
    if (text[scan.at] === close) break;
    const name = mapping ? readKey(scan, flow) : String(index);
    if (name === null || (mapping && !skipBlanks(scan, inner))) return false;
    if (!readItem(scan, [...path, name], inner)) return false;
    if (!skipBlanks(scan, flow)) return false;
    if (text[scan.at] === close) break;
    if (text[scan.at] !== ",") return false;
    scan.at += 1;
  }
  scan.at += 1;
  return true;
}

function readItem(scan: YamlScan, path: readonly string[], flow: Flow): boolean {
  const tagged = skipTag(scan);
  const { text, at, line } = scan;
  const first = text[at];
  if (first === "[" || first === "{") return readCollection(scan, path, flow);
  if (first === '"' || first === "'") {
    const value = readQuoted(scan, flow.column);
    if (value === null) return false;
    scan.literals.push({ path, value, kind: "string", line });
    return true;
  }
  const plain = readWord(scan);
  if (plain === null) return false;
  scan.literals.push(tagged ? { path, value: plain, kind: "string", line } : { path, ...plainLiteral(plain), line });
  return true;
}

/** The name before a colon on the same line, which is moved over too. */
function readKey(scan: YamlScan, flow: Flow): string | null {
  const { text, at, line } = scan;
  const quoted = text[at] === '"' || text[at] === "'";
  const key = quoted ? readQuoted(scan, flow.column) : readWord(scan);
  if (key === null || scan.line !== line || (!quoted && key === "<<")) return null;
  skipSpaces(scan);
  if (text[scan.at] !== ":") return null;
  scan.at += 1;
  return key;
}

function readWord(scan: YamlScan): string | null {
  const { text, at } = scan;
  const stop = text[at] !== ":" && text[at] !== "?" && atPlain(scan) ? plainStop(text, at, true) : -1;
  if (stop < 0) return null;
  scan.at = stop;
  const word = upToStop(text, at, stop);
  return word === "" || word === "-" ? null : word;
}

/** Moves over spaces, comments and line ends; false where what follows a line end is not far enough in. */
function skipBlanks(scan: YamlScan, flow: Flow): boolean {
  const { text } = scan;
  let start = -1;
  for (;;) {
    const from = scan.at;
    skipSpaces(scan);
    const code = text.charCodeAt(scan.at);
    if (code === 35) {
      if (scan.at === from && start !== from) return false;
      takeComment(scan);
    } else if (code === 10) {
      scan.at += 1;
      scan.line += 1;
      start = scan.at;
    } else break;
  }
  if (start < 0 || scan.at >= text.length) return scan.at < text.length;
  const closes = flow.outermost && (text[scan.at] === "]" || text[scan.at] === "}");
  return scan.at - start >= flow.column + (closes ? 0 : 1);
}
