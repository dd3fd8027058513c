import type { Reader, Reading } from "../reader.ts";
import { readingOf } from "./shell-reader.ts";
import { newShell, scanShell } from "./shell-scanner.ts";
import type { Shell } from "./shell-state.ts";

/** Makefiles: variables, the commands of recipes, comments. */
export const makefileReader: Reader = {
  name: "makefile",
  reads: (path) => /(?:^|\/)(?:GNU)?makefile(?:\.[a-z]{1,10})?$|\.(?:mk|make)$/i.test(path),
  read: readMakefile,
};

const VARIABLE =
  /^[ ]{0,20}(?:(?:export|override|private|unexport)[ \t]{1,10}){0,3}([A-Za-z_][A-Za-z0-9_.-]{0,200})[ \t]{0,50}(?:::?:?|[?+!])?=[ \t]{0,100}/;
const DEFINITION = /^[ ]{0,20}(?:override[ \t]{1,10})?define[ \t]{1,10}([A-Za-z_][A-Za-z0-9_.-]{0,200})[^\n]{0,20}\n/;
const RECIPE = /^\t[ \t]{0,20}[-@+]{0,3}[ \t]{0,20}/;

function readMakefile(text: string): Reading {
  const shell = newShell(text, true);
  const lastEnd = text.lastIndexOf("\nendef");
  while (shell.pos < text.length) {
    const rest = text.slice(shell.pos, shell.pos + 500);
    const recipe = RECIPE.exec(rest);
    if (recipe) {
      shell.pos += recipe[0].length;
      scanShell(shell);
    } else if (!definition(shell, rest, lastEnd) && !variable(shell, rest)) otherLine(shell);
  }
  return readingOf(shell);
}

/** `define NAME` to `endef` is one value. */
function definition(shell: Shell, rest: string, lastEnd: number): boolean {
  const found = DEFINITION.exec(rest);
  if (!found || shell.pos >= lastEnd) return false;
  const { text } = shell;
  const start = shell.pos + found[0].length;
  const end = text.startsWith("endef", start) ? start - 1 : text.indexOf("\nendef", start - 1);
  if (end < 0) return false;
  shell.literals.push({
    path: [found[1] ?? ""],
    value: text.slice(start, Math.max(start, end)),
    kind: "string",
    place: start,
  });
  const after = text.indexOf("\n", end + 1);
  shell.pos = after < 0 ? text.length : after + 1;
  return true;
}

function variable(shell: Shell, rest: string): boolean {
  const found = VARIABLE.exec(rest);
  if (!found) return false;
  const start = shell.pos + found[0].length;
  const end = endOfValue(shell.text, start);
  const value = shell.text
    .slice(start, end)
    .replace(/[ \t]{0,50}\\\n[ \t]{0,200}/g, " ")
    .trim();
  shell.literals.push({ path: [found[1] ?? ""], value, kind: "string", place: start });
  shell.pos = end;
  otherLine(shell);
  return true;
}

/** The end of a variable's value: a comment, or a line end that no backslash hides. */
function endOfValue(text: string, start: number): number {
  let pos = start;
  for (; pos < text.length; pos += 1) {
    const character = text[pos];
    if (character === "\\") pos += 1;
    else if (character === "\n" || (character === "#" && /\s/.test(text[pos - 1] ?? " "))) break;
  }
  return Math.min(pos, text.length);
}

/** The rest of a line: a comment, or a rule that says nothing here. */
function otherLine(shell: Shell): void {
  const { text, pos } = shell;
  const found = text.indexOf("\n", pos);
  const end = found < 0 ? text.length : found;
  const line = text.slice(pos, end);
  const comment = /(?:^|\s)#/.exec(line);
  if (comment) shell.comments.push({ start: pos + line.indexOf("#", comment.index), end });
  shell.pos = end + 1;
}
