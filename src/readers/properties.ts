import type { Comment, Literal } from "../core/detector.ts";
import { isFull } from "./literal-cap.ts";
import type { Reader, Reading } from "./reader.ts";
import { bareScalar } from "./scalar.ts";

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", f: "\f" };

/** Java properties: `key=value`, `key: value` or `key value`, with lines that go on behind a backslash. */
export const propertiesReader: Reader = {
  name: "properties",
  reads: (path) => /\.properties$/i.test(path),
  read: readProperties,
};

function readProperties(text: string): Reading {
  const literals: Literal[] = [];
  const comments: Comment[] = [];
  const lines = text.split("\n");
  for (let at = 0; at < lines.length && !isFull({ literals, comments }); at += 1) {
    const first = (lines[at] as string).trimStart();
    if (first === "") continue;
    const line = at + 1;
    if (first[0] === "#" || first[0] === "!") {
      comments.push({ text: first.slice(1).trim(), line });
      continue;
    }
    const parts = [first];
    while (goesOn(parts.at(-1) as string) && at + 1 < lines.length) {
      parts.push((parts.pop() as string).slice(0, -1));
      at += 1;
      parts.push((lines[at] as string).trimStart());
    }
    literals.push(entryOf(parts.join(""), line));
  }
  return { literals, comments, parsed: !isFull({ literals, comments }) };
}

/** Whether a line ends in an odd number of backslashes. */
function goesOn(line: string): boolean {
  let count = 0;
  while (line[line.length - 1 - count] === "\\") count += 1;
  return count % 2 === 1;
}

function entryOf(entry: string, line: number): Literal {
  let end = 0;
  while (end < entry.length && !"=: \t".includes(entry[end] as string)) end += entry[end] === "\\" ? 2 : 1;
  let start = end;
  while (" \t".includes(entry[start] ?? "x")) start += 1;
  if ("=:".includes(entry[start] ?? "x")) start += 1;
  while (" \t".includes(entry[start] ?? "x")) start += 1;
  const value = decoded(entry.slice(start));
  const path = [decoded(entry.slice(0, end))];
  return value === "" ? { path, value, kind: "string", line } : { path, ...bareScalar(value), line };
}

function decoded(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(/\\(?:u([\da-fA-F]{4})|(.))/gs, (_match, code: string | undefined, other: string | undefined) =>
    code === undefined ? (ESCAPES[other ?? ""] ?? other ?? "") : String.fromCharCode(Number.parseInt(code, 16)),
  );
}
