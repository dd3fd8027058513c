import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import jsTokens from "js-tokens";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** A TypeScript file of the project. */
export interface SourceFile {
  /** From the project's root. */
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
  /** Files of the project that it imports, by their paths, and packages by their names. */
  readonly imports: readonly string[];
}

/** Every TypeScript file below the folders, sorted by path. */
export function sourceFiles(...folders: readonly string[]): readonly SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .sort()
      .map((name) => sourceFile(join(folder, name))),
  );
}

function sourceFile(path: string): SourceFile {
  const text = readFileSync(join(ROOT, path), "utf8");
  const specifiers = [
    ...text.matchAll(/^(?:import|export|\})[^"'`]*?from "([^"]+)";$|^import "([^"]+)";$|import\("([^"]+)"\)/gm),
  ];
  return {
    path,
    text,
    lines: text.split("\n"),
    imports: specifiers.map(([, from, bare, dynamic]) => resolved(path, from ?? bare ?? dynamic ?? "")),
  };
}

function resolved(path: string, specifier: string): string {
  return specifier.startsWith(".") ? relative(ROOT, join(ROOT, dirname(path), specifier)) : specifier;
}

/** A token that is no white space and no comment, with its line from 1. */
interface Token {
  readonly text: string;
  readonly line: number;
}

/** The lengths in lines of a file's functions, by the line each begins on; what stands in them counts with them. */
export function functionLengths({ text }: SourceFile): readonly { readonly line: number; readonly length: number }[] {
  const tokens = significant(text);
  const found: { line: number; length: number }[] = [];
  for (const [at, token] of tokens.entries()) {
    const open = token.text === "=>" ? at + 1 : token.text === "function" ? bodyOf(tokens, at) : -1;
    if (tokens[open]?.text !== "{") continue;
    const end = tokens[closing(tokens, open)];
    if (end) found.push({ line: token.line, length: end.line - token.line + 1 });
  }
  return found;
}

function significant(text: string): readonly Token[] {
  let line = 1;
  const tokens: Token[] = [];
  for (const { type, value } of jsTokens(text)) {
    if (type !== "WhiteSpace" && !type.includes("Comment") && type !== "LineTerminatorSequence")
      tokens.push({ text: value, line });
    line += value.split("\n").length - 1;
  }
  return tokens;
}

const PAIRS: Readonly<Record<string, string>> = { "(": ")", "{": "}", "[": "]" };

function closing(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    const text = tokens[at]?.text ?? "";
    if (text in PAIRS || text === "${") depth++;
    else if (text === ")" || text === "}" || text === "]") depth--;
    if (depth === 0) return at;
  }
  return tokens.length;
}

/** Where the body of a function declaration opens: after its parameters and its result's type. */
function bodyOf(tokens: readonly Token[], from: number): number {
  let at =
    closing(
      tokens,
      tokens.findIndex(({ text }, index) => index > from && text === "("),
    ) + 1;
  let generics = 0;
  for (; at < tokens.length; at++) {
    const { text = "" } = tokens[at] ?? {};
    const before = tokens[at - 1]?.text ?? "";
    if (text === "<") generics++;
    else if (text === ">") generics--;
    else if (text === "{" && generics === 0 && ![":", "|", "&", "=>"].includes(before)) return at;
    else if (text in PAIRS) at = closing(tokens, at);
  }
  return -1;
}
