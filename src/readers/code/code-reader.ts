import { codeLiterals } from "./code-literals.ts";
import { commentRuns } from "./comment-runs.ts";
import { javascriptTokens } from "./javascript.ts";
import type { Language } from "./language.ts";
import { LANGUAGES } from "./languages.ts";
import type { Reader, Reading } from "../reader.ts";
import { scan } from "./scanner.ts";
import type { Tokens } from "./tokens.ts";

/** Reads programs: strings with the names they are bound to, numbers under names, comments. */
export const codeReader: Reader = {
  name: "code",
  reads: (path) => languageOf(path) !== null,
  read: (text, path) => {
    const language = languageOf(path);
    return language === null ? { literals: [], comments: [], parsed: true } : readCode(text, language, path);
  },
};

const BY_EXTENSION: ReadonlyMap<string, Language> = new Map(
  LANGUAGES.flatMap((language) => language.extensions.map((extension) => [extension, language] as const)),
);

/** The language of a path by its extension; null for files that hold no program. */
export function languageOf(path: string): Language | null {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  return dot < 0 ? null : (BY_EXTENSION.get(name.slice(dot + 1).toLowerCase()) ?? null);
}

/** Reads the text of a program in a language known. */
export function readCode(text: string, language: Language, path: string): Reading {
  const tokens = tokensOf(text, language, path);
  const { literals, balanced } = codeLiterals(tokens, language);
  return { literals, comments: commentRuns(tokens), parsed: balanced && tokens.closed };
}

/** The tokens of a program; exported for the comparison with other parsers. */
export function tokensOf(text: string, language: Language, path: string): Tokens {
  if (language.name !== "javascript") return scan(text, language);
  return javascriptTokens(text, language, !/\.[mc]?ts$/i.test(path));
}
