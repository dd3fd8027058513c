import type { Language } from "./language.ts";
import { LANGUAGES } from "./languages.ts";

const BY_EXTENSION: ReadonlyMap<string, Language> = new Map(
  LANGUAGES.flatMap((language) => language.extensions.map((extension) => [extension, language] as const)),
);

const BY_NAME: ReadonlyMap<string, Language> = new Map(
  LANGUAGES.flatMap((language) => (language.files ?? []).map((name) => [name.toLowerCase(), language] as const)),
);

/** The language of a path by its name or extension; null for files that hold no program. */
export function languageOf(path: string): Language | null {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  const dot = name.lastIndexOf(".");
  return BY_NAME.get(name) ?? (dot < 0 ? null : (BY_EXTENSION.get(name.slice(dot + 1)) ?? null));
}

const SHEBANG = /^#!\s{0,4}\S{0,200}\/(?:env\s{1,4}(?:-S\s{1,4})?)?([A-Za-z_-]{1,40})/;

/** The interpreter that a script's first line names, without its version; empty for none. */
export function interpreterOf(text: string): string {
  return text.startsWith("#!") ? (SHEBANG.exec(text.slice(0, 300))?.[1] ?? "") : "";
}

/** The language of a script by its interpreter. */
export function scriptLanguage(text: string): Language | null {
  const interpreter = interpreterOf(text);
  return LANGUAGES.find(({ interpreters }) => interpreters?.includes(interpreter)) ?? null;
}
