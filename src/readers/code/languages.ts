import { C, CSHARP, DART, GO, GROOVY, JAVA, JAVASCRIPT, KOTLIN, RUST, SCALA, SWIFT } from "./c-languages.ts";
import { BICEP } from "./infrastructure-languages.ts";
import type { Language } from "./language.ts";
import { ELIXIR, LUA, PHP, POWERSHELL, PYTHON, R, RUBY } from "./script-languages.ts";

/** Languages by their rows. */
export const LANGUAGES: readonly Language[] = [
  PYTHON,
  JAVASCRIPT,
  GO,
  JAVA,
  KOTLIN,
  CSHARP,
  RUBY,
  RUST,
  PHP,
  SCALA,
  SWIFT,
  C,
  LUA,
  ELIXIR,
  R,
  POWERSHELL,
  DART,
  GROOVY,
  BICEP,
];
