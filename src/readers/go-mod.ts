import type { Comment, Literal } from "../core/detector.ts";
import { isFull } from "./literal-cap.ts";
import type { Reader, Reading } from "./reader.ts";

/** `go.mod`: the version of each required module by its path; other directives under their own names. */
export const goModReader: Reader = {
  name: "go-mod",
  reads: (path) => /(?:^|\/)go\.(?:mod|work)$/.test(path),
  read: readGoMod,
};

function readGoMod(text: string): Reading {
  const literals: Literal[] = [];
  const comments: Comment[] = [];
  let block: string | null = null;
  let parsed = true;
  text.split("\n").forEach((source, index) => {
    if (isFull({ literals, comments })) return;
    const line = index + 1;
    const slashes = source.search(/(?:^|[ \t])\/\//);
    if (slashes >= 0) comments.push({ text: source.slice(source.indexOf("//", slashes) + 2).trim(), line });
    const words = (slashes < 0 ? source : source.slice(0, slashes)).trim().split(/[ \t]+/);
    if (words[0] === "") return;
    if (words[0] === ")") block = null;
    else if (words[1] === "(") block = words[0] as string;
    else {
      const [directive, ...rest] = block === null ? words : [block, ...words];
      const literal = directiveOf(directive as string, rest.map(unquoted), line);
      if (literal) literals.push(literal);
      else parsed = false;
    }
  });
  return { literals, comments, parsed: parsed && !isFull({ literals, comments }) };
}

function directiveOf(directive: string, words: readonly string[], line: number): Literal | null {
  const [first, ...rest] = words;
  if (first === undefined) return null;
  if (directive === "require") return { path: [first], value: rest.join(" "), kind: "string", line };
  const arrow = words.indexOf("=>");
  if (arrow > 0) return { path: [directive, first], value: words.slice(arrow + 1).join(" "), kind: "string", line };
  return rest.length === 0
    ? { path: [directive], value: first, kind: "string", line }
    : { path: [directive, first], value: rest.join(" "), kind: "string", line };
}

function unquoted(word: string): string {
  return word.length > 1 && /^["`]/.test(word) && word.endsWith(word[0] as string) ? word.slice(1, -1) : word;
}
