import type { Parser, SyntaxNodeRef } from "@lezer/common";
import { parser as go } from "@lezer/go";
import { parser as java } from "@lezer/java";
import { parser as javascript } from "@lezer/javascript";
import { parser as php } from "@lezer/php";
import { parser as python } from "@lezer/python";
import { parser as rust } from "@lezer/rust";
import { tokensOf } from "../../../src/readers/code/code-reader.ts";
import { languageOf } from "../../../src/readers/code/language-of.ts";
import { Kind } from "../../../src/readers/code/tokens.ts";

/** Where the strings and the comments of a program lie, as `start-end`. */
export interface Ranges {
  readonly strings: readonly string[];
  readonly comments: readonly string[];
}

const PARSERS: Readonly<Record<string, Parser>> = {
  go,
  java,
  php,
  py: python,
  rs: rust,
  js: javascript.configure({ dialect: "jsx" }),
  jsx: javascript.configure({ dialect: "jsx" }),
  ts: javascript.configure({ dialect: "ts" }),
  tsx: javascript.configure({ dialect: "ts jsx" }),
};

const STRINGS = new Set([
  "String",
  "FormatString",
  "TemplateString",
  "TemplateType",
  "StringLiteral",
  "TextBlock",
  "RawString",
  "HeredocString",
  "JSXAttributeValue",
]);
const COMMENTS = new Set(["Comment", "LineComment", "BlockComment", "Hashbang", "Shebang"]);

/** The extensions that lezer has a grammar for. */
export const ORACLES: readonly string[] = Object.keys(PARSERS);

/** What lezer's grammar finds; null where it says that the text is no program of the language. */
export function lezerRanges(text: string, extension: string): Ranges | null {
  const parser = PARSERS[extension];
  if (!parser) return null;
  const strings: string[] = [];
  const comments: string[] = [];
  let errors = 0;
  parser.parse(text).iterate({
    enter: (node: SyntaxNodeRef) => {
      if (node.type.isError) errors += 1;
      if (STRINGS.has(node.name) && isQuoted(text, node)) strings.push(rangeOf(text, node));
      else if (COMMENTS.has(node.name)) {
        comments.push(rangeOf(text, node));
        return false; // Comments within comments are part of them.
      }
      return true;
    },
  });
  return errors > 0 ? null : { strings: strings.sort(), comments: comments.sort() };
}

/** lezer's name covers expressions in braces as values of JSX attributes. */
function isQuoted(text: string, { name, from }: SyntaxNodeRef): boolean {
  return name !== "JSXAttributeValue" || /["']/.test(text[from] ?? "");
}

/** Heredocs begin at their operator; where they end is told by their bodies. Line comments end before their line end. */
function rangeOf(text: string, { name, from, to }: SyntaxNodeRef): string {
  if (name === "HeredocString") return `${from}-heredoc`;
  return `${from}-${text[to - 1] === "\n" && COMMENTS.has(name) ? to - 1 : to}`;
}

/** What this project's scanner finds; PHP's commands in backticks are no strings to lezer. */
export function scannedRanges(text: string, path: string): Ranges {
  const language = languageOf(path);
  if (!language) throw new Error(`no language for ${path}`);
  const { kinds, starts, ends, details, strings, count } = tokensOf(text, language, path);
  const found: string[] = [];
  const comments: string[] = [];
  for (let at = 0; at < count; at += 1) {
    const quote = kinds[at] === Kind.string ? strings[details[at] ?? 0]?.quote : undefined;
    if (quote && !(language.name === "php" && quote.open === "`"))
      found.push(quote.open === "<<" ? `${starts[at]}-heredoc` : `${starts[at]}-${ends[at]}`);
    else if (kinds[at] === Kind.comment) comments.push(`${starts[at]}-${ends[at]}`);
  }
  return { strings: found.sort(), comments: comments.sort() };
}
