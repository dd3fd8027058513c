import type { Comment, Literal } from "../core/detector.ts";
import { isFull } from "./literal-cap.ts";
import { quotedStrings } from "./quoted-strings.ts";
import type { Reader, Reading } from "./reader.ts";

const COORDINATES = /^([\w.-]{1,200}:[\w.-]{1,200})(?::([^:@]{0,100}))?(?::[\w-]{0,50})?(?:@\w{1,10})?$/;
const PLUGIN = /^[ \t]{0,200}(?:id|kotlin)[ \t]{0,20}\(?[ \t]{0,20}["'][^"']{1,200}["']\)?[ \t]{1,20}version\b/;
const NAME =
  /^[ \t]{0,200}(?:(?:val|var|def|const|final|String|private|extra|ext|set)[ \t]{1,20})*([\w.]{1,200}(?:\[["'][\w.]{1,100}["']\])?)/;

/** Gradle build files by lines: versions by `group:artifact`, plugins by id, and strings by the word their line begins with. */
export const gradleReader: Reader = {
  name: "gradle",
  reads: (path) => /\.gradle(?:\.kts)?$/.test(path),
  read: readGradle,
};

function readGradle(text: string): Reading {
  const literals: Literal[] = [];
  const comments: Comment[] = [];
  let block: { start: number; parts: string[] } | null = null;
  text.split("\n").forEach((source, index) => {
    if (isFull({ literals, comments })) return;
    const line = index + 1;
    if (block !== null) {
      const end = source.indexOf("*/");
      block.parts.push(end < 0 ? source : source.slice(0, end));
      if (end < 0) return;
      comments.push({ text: block.parts.join("\n").trim(), line: block.start });
      block = null;
      return;
    }
    if (/^[ \t]{0,200}\/\*/.test(source)) {
      const start = source.indexOf("/*") + 2;
      const end = source.indexOf("*/", start);
      if (end < 0) block = { start: line, parts: [source.slice(start)] };
      else comments.push({ text: source.slice(start, end).trim(), line });
      return;
    }
    const { strings, comment } = quotedStrings(source, "//");
    if (comment !== null) comments.push({ text: comment, line });
    for (const literal of literalsOf(source, strings)) literals.push({ ...literal, line });
  });
  return { literals, comments, parsed: !isFull({ literals, comments }) };
}

function literalsOf(source: string, strings: readonly string[]): readonly Omit<Literal, "line">[] {
  const name = NAME.exec(source)?.[1];
  const [first, second] = strings;
  if (first !== undefined && second !== undefined && PLUGIN.test(source)) {
    return [{ path: [first], value: second, kind: "string" }];
  }
  return strings.map((value, index) => {
    const coordinates = COORDINATES.exec(value);
    if (coordinates) return { path: [coordinates[1] as string], value: coordinates[2] ?? "", kind: "string" };
    const path = name === undefined ? [] : index === 0 ? [name] : [name, String(index)];
    return { path, value, kind: "string" };
  });
}
