import { RE2JS } from "re2js";

/** The group whose match is what a rule of a policy finds. */
export const VALUE_GROUP = "value";
/** A literal of so many bytes gates a pattern, so that hundreds of them cost little on files that hold none. */
const SHORTEST_LITERAL = 3;

/** Compiles a pattern of a policy: RE2 syntax, `^` and `$` at line ends, linear time. */
export function compilePattern(pattern: string): RE2JS {
  return RE2JS.compile(pattern, RE2JS.MULTILINE);
}

/** What is wrong with a pattern and what is expected instead, or null. */
export function patternFault(pattern: string): { readonly message: string; readonly expected: string } | null {
  let compiled: RE2JS;
  try {
    compiled = compilePattern(pattern);
  } catch (cause) {
    const reason = (cause instanceof Error ? cause.message : String(cause)).replace(/: `[\s\S]*$/, "");
    return {
      message: `a pattern that does not compile (${reason})`,
      expected: "RE2 syntax, without look-around and back-references",
    };
  }
  if (!(VALUE_GROUP in compiled.namedGroups()))
    return {
      message: "a pattern without the group `value`",
      expected: "the named group (?<value>...) around what is found",
    };
  return literalOf(pattern) === null
    ? {
        message: "a pattern that any text may begin to match",
        expected: "three letters or more in a row that every match holds, outside of groups and alternatives",
      }
    : null;
}

/**
 * The longest run of characters that every match of a pattern must hold, lower-cased, or null when none is certain or
 * none is long enough. Groups and classes end a run, a quantifier takes its last character away.
 */
export function literalOf(pattern: string): string | null {
  const folds = /\(\?[a-zA-Z]*i/.test(pattern);
  let best = "";
  let run = "";
  const end = (): void => {
    if (run.length > best.length) best = run;
    run = "";
  };
  let at = 0;
  while (at < pattern.length) {
    if (pattern[at] === "|") return null;
    const after = tokenEnd(pattern, at);
    const literal = literalIn(pattern.slice(at, after), folds);
    if (literal !== null) run += literal;
    else end();
    at = after;
    const next = pattern[at] ?? "";
    // What may be absent is no part of the run, and what comes again ends it.
    if ("*?{".includes(next) && next !== "") run = run.slice(0, -1);
    if ("*?{+".includes(next)) end();
  }
  end();
  return Buffer.byteLength(best) >= SHORTEST_LITERAL ? best.toLowerCase() : null;
}

/** The offset after the group, class, escape, repetition or character at `at`. */
function tokenEnd(pattern: string, at: number): number {
  const rest = pattern.slice(at);
  if (rest.startsWith("\\"))
    return at + (/^\\(?:x\{[^}]*\}|x..|[pP]\{[^}]*\}|[pP].|[0-7]{1,3}|.)?/s.exec(rest)?.[0].length ?? 1);
  if (rest.startsWith("{")) return at + (/^\{[^}]*\}/.exec(rest)?.[0].length ?? 1);
  if (rest.startsWith("[")) return classEnd(pattern, at);
  if (!rest.startsWith("(")) return at + 1;
  let position = at + 1;
  while (position < pattern.length && pattern[position] !== ")") position = tokenEnd(pattern, position);
  return position + 1;
}

/** The offset after the class that opens at `at`; a bracket that stands first in it closes nothing. */
function classEnd(pattern: string, at: number): number {
  let position = at + (pattern[at + 1] === "^" ? 2 : 1);
  const first = position;
  while (position < pattern.length && !(pattern[position] === "]" && position > first)) {
    if (pattern.startsWith("[:", position)) position = Math.max(position, pattern.indexOf(":]", position)) + 2;
    else position += pattern[position] === "\\" ? 2 : 1;
  }
  return position + 1;
}

/** The character that a token of a pattern stands for by itself, or null. */
function literalIn(token: string, folds: boolean): string | null {
  const character = token.length === 2 && token.startsWith("\\") ? token.slice(1) : token;
  const special = token.length === 1 ? /[\\^$.*+?()[\]{}|\n\r\t]/ : /[A-Za-z0-9\s]/;
  if (character.length !== 1 || special.test(character)) return null;
  const ascii = character < "\x80";
  // The automaton folds the case of ASCII letters only, and K and S have other forms besides.
  if (folds && (!ascii || /[ks]/i.test(character))) return null;
  return ascii || (character.toLowerCase() === character && !/[\ud800-\udfff]/.test(character)) ? character : null;
}
