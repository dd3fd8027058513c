import type { Comment, Literal } from "../core/detector.ts";
import { lineNumbers } from "./line-numbers.ts";
import { isFull } from "./literal-cap.ts";
import type { Reader, Reading } from "./reader.ts";
import { bareScalar } from "./scalar.ts";

const ASSIGNMENT =
  /[ \t]{0,200}(?:export[ \t]{1,200})?([A-Za-z_][\w.-]{0,300})[ \t]{0,200}(?:=|:(?=[ \t]))[ \t]{0,200}/y;

const NAME =
  /(?:^|\/)(?:[^/]*\.env(?:[.-][^/]*)?|\.envrc(?:\.[^/]*)?|\.dev\.vars[^/]*|env\.(?:example|sample|template|dist))$/i;
/** `vite.env.d.ts` and the like are what their last extension says. */
const OTHER_FORMAT =
  /\.(?:[cm]?[jt]sx?|py|rb|go|php|java|kt|cs|rs|sh|md|ya?ml|json|toml|tf|xml|html?|vue|svelte|gpg|age|asc)$/i;

/** Environment files: `NAME=value` with `export`, quotes that may span lines, and comments; a name in a comment is no value. */
export const dotenvReader: Reader = {
  name: "dotenv",
  reads: (path) => NAME.test(path) && !OTHER_FORMAT.test(path),
  read: readDotenv,
};

function readDotenv(text: string): Reading {
  const literals: Literal[] = [];
  const comments: Comment[] = [];
  const lineOf = lineNumbers(text);
  /** Quotes known not to be closed any more, so that no search for them is repeated. */
  const unclosed = new Set<string>();
  let parsed = true;
  let at = 0;
  while (at < text.length) {
    if (isFull({ literals, comments })) return { literals, comments, parsed: false };
    const end = endOfLine(text, at);
    ASSIGNMENT.lastIndex = at;
    const match = ASSIGNMENT.exec(text);
    if (match === null || ASSIGNMENT.lastIndex > end) {
      const line = text.slice(at, end).trim();
      if (line.startsWith("#")) comments.push({ text: line.replace(/^#+[ \t]?/, ""), line: lineOf(at) });
      else if (line !== "") parsed = false;
      at = end + 1;
      continue;
    }
    const start = ASSIGNMENT.lastIndex;
    const line = lineOf(start);
    const path = [match[1] as string];
    const quoted = quotedFrom(text, start, unclosed);
    if (quoted) literals.push({ path, value: quoted.value, kind: "string", line });
    else literals.push({ path, ...bare(text.slice(start, end)), line });
    at = endOfLine(text, quoted?.end ?? start) + 1;
    const rest = text.slice(quoted?.end ?? start, at - 1);
    const hash = quoted ? rest.indexOf("#") : rest.search(/(?:^|[ \t])#/);
    if (hash >= 0) {
      comments.push({ text: rest.slice(hash).replace(/^[ \t]?#+[ \t]?/, ""), line: lineOf(at - 1) });
    }
  }
  return { literals, comments, parsed };
}

function bare(text: string): Pick<Literal, "value" | "kind"> {
  const comment = text.search(/(?:^|[ \t])#/);
  const value = (comment < 0 ? text : text.slice(0, comment)).trim();
  return value === "" ? { value, kind: "string" } : bareScalar(value);
}

/** The quoted value that begins at `start` and the offset behind its closing quote; null without a closing quote. */
function quotedFrom(text: string, start: number, unclosed: Set<string>): { value: string; end: number } | null {
  const quote = text[start] ?? "";
  if ((quote !== '"' && quote !== "'" && quote !== "`") || unclosed.has(quote)) return null;
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text[at];
    if (character === "\\" && quote === '"') at += 1;
    else if (character === quote) {
      const raw = text.slice(start + 1, at);
      return { value: quote === '"' ? raw.replace(/\\([nrt"\\$])/g, decoded) : raw, end: at + 1 };
    }
  }
  unclosed.add(quote);
  return null;
}

function decoded(_match: string, name: string): string {
  return name === "n" ? "\n" : name === "r" ? "\r" : name === "t" ? "\t" : name;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end;
}
