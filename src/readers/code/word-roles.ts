import type { Language } from "./language.ts";

/** What a word does in a language, as bits. */
export const Role = {
  keyword: 1,
  /** A block follows. */
  header: 2,
  /** A name of a function or type follows. */
  declaration: 4,
  constant: 8,
  returns: 16,
  pattern: 32,
  importsWords: 64,
  importsStrings: 128,
  loop: 256,
  member: 512,
  creates: 1024,
  /** The value behind it is the same operand (`await x`, `new X`). */
  prefix: 2048,
  lambda: 4096,
  /** The block that follows gives a value. */
  selects: 8192,
  /** Binds a value to the key before it. */
  pairs: 16384,
  /** The name before it is compared with what follows. */
  compares: 32768,
} as const;

/** The roles of a language's words. */
export type WordRoles = ReadonlyMap<string, number>;

const EVERYWHERE: ReadonlyMap<string, number> = new Map([
  ["return", Role.returns],
  ["yield", Role.returns],
  ["case", Role.pattern],
  ["when", Role.pattern],
  ["for", Role.loop],
  ["foreach", Role.loop],
  ["in", Role.member],
  ["of", Role.member],
  ["is", Role.compares],
  ["new", Role.creates | Role.prefix],
  ["await", Role.prefix],
  ["typeof", Role.prefix],
  ["mut", Role.prefix],
  ["ref", Role.prefix],
  ["lambda", Role.lambda],
]);

const known = new WeakMap<Language, WordRoles>();

/** Compiles the word lists of a language's row once. */
export function rolesOf(language: Language): WordRoles {
  const done = known.get(language);
  if (done) return done;
  const roles = new Map<string, number>();
  const add = (word: string, role: number) => roles.set(word, (roles.get(word) ?? 0) | role);
  for (const word of language.keywords) add(word, Role.keyword | (EVERYWHERE.get(word) ?? 0));
  for (const word of language.headers) add(word, Role.keyword | Role.header | (EVERYWHERE.get(word) ?? 0));
  for (const word of language.selectors ?? []) add(word, Role.keyword | Role.header | Role.selects);
  for (const word of language.pairs ?? []) if (/^[a-z]/.test(word)) add(word, Role.keyword | Role.pairs);
  for (const word of language.declarations) add(word, Role.keyword | Role.declaration);
  for (const word of Object.keys(language.constants)) add(word, Role.constant);
  for (const word of language.imports.words ?? []) add(word, Role.importsWords);
  for (const word of language.imports.strings ?? []) add(word, Role.importsStrings);
  known.set(language, roles);
  return roles;
}
