import type { Reader, Reading } from "../reader.ts";
import { codeLiterals } from "./code-literals.ts";
import { commentRuns } from "./comment-runs.ts";
import { javascriptTokens } from "./javascript.ts";
import type { Language } from "./language.ts";
import { languageOf } from "./language-of.ts";
import { scan } from "./scanner.ts";
import { giveBack, type Tokens } from "./tokens.ts";

/** Reads programs: strings with the names they are bound to, numbers under names, comments. */
export const codeReader: Reader = {
  name: "code",
  reads: (path) => languageOf(path) !== null,
  read: (text, path) => readCode(text, languageOf(path), path),
};

/** Reads the text of a program; one of no known language gives nothing. */
export function readCode(text: string, language: Language | null, path: string): Reading {
  if (language === null) return { literals: [], comments: [], parsed: true };
  const tokens = tokensOf(text, language, path);
  const { literals, balanced } = codeLiterals(tokens, language);
  const reading = { literals, comments: commentRuns(tokens), parsed: balanced && tokens.closed };
  giveBack(tokens);
  return reading;
}

/** The tokens of a program. */
export function tokensOf(text: string, language: Language, path: string): Tokens {
  if (language.name !== "javascript") return scan(text, language);
  return javascriptTokens(text, !/\.[mc]?ts$/i.test(path));
}
