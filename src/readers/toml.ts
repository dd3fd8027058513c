import { lineNumbers } from "./line-numbers.ts";
import { readLines } from "./line-reader.ts";
import { isFull } from "./literal-cap.ts";
import type { Reader, Reading } from "./reader.ts";
import { endLine, readKey, readValue, skipBlanks, type TomlScan } from "./toml-value.ts";

/** TOML. Own scanner, since no kept parser tells where a value stands; tests hold it against one. */
export const tomlReader: Reader = {
  name: "toml",
  reads: (path) => /\.toml$|(?:^|\/)(?:Pipfile|\.cargo\/config|\.streamlit\/[^/]*)$/i.test(path),
  read: (text) => readToml(text) ?? readLines(text),
};

/** The values of TOML text, null when it is none. Tables of an array carry their index. */
export function readToml(text: string): Reading | null {
  const scan: TomlScan = { text, lineOf: lineNumbers(text), literals: [], comments: [], at: 0 };
  /** The last index of each array of tables, by its path. */
  const indices = new Map<string, number>();
  let table: readonly string[] = [];
  for (;;) {
    skipBlanks(scan, true);
    if (scan.at >= text.length) break;
    if (text[scan.at] === "[") {
      const header = readHeader(scan, indices);
      if (header === null) return null;
      table = header;
    } else if (!readPair(scan, table)) return null;
    if (isFull(scan) || !endLine(scan)) return null;
  }
  return { literals: scan.literals, comments: scan.comments, parsed: true };
}

function readPair(scan: TomlScan, table: readonly string[]): boolean {
  const key = readKey(scan);
  if (key === null || scan.text[scan.at] !== "=") return false;
  scan.at += 1;
  skipBlanks(scan, false);
  return readValue(scan, [...table, ...key], 0);
}

/** `[table]` or `[[array of tables]]`. */
function readHeader(scan: TomlScan, indices: Map<string, number>): readonly string[] | null {
  const repeated = scan.text[scan.at + 1] === "[";
  scan.at += repeated ? 2 : 1;
  const key = readKey(scan);
  const close = repeated ? "]]" : "]";
  if (key === null || !scan.text.startsWith(close, scan.at)) return null;
  scan.at += close.length;
  const path: string[] = [];
  key.forEach((part, position) => {
    path.push(part);
    const name = JSON.stringify(path);
    const last = indices.get(name);
    if (repeated && position === key.length - 1) {
      indices.set(name, (last ?? -1) + 1);
      path.push(String((last ?? -1) + 1));
    } else if (last !== undefined) path.push(String(last));
  });
  return path;
}
