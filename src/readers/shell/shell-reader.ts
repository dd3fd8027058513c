import type { Comment, Literal } from "../../core/detector.ts";
import { readCode } from "../code/code-reader.ts";
import { interpreterOf, scriptLanguage } from "../code/language-of.ts";
import { lineCounter } from "../line-counter.ts";
import type { Reader, Reading } from "../reader.ts";
import { newShell, scanShell } from "./shell-scanner.ts";
import type { Placed, Shell } from "./shell-state.ts";

const SCRIPT =
  /\.(?:sh|bash|zsh|ksh|dash|bats|command|envrc|profile)$|(?:^|\/)(?:\.(?:bash|zsh)(?:rc|env|_profile|_aliases)|\.zprofile|\.profile|\.envrc|PKGBUILD|APKBUILD|entrypoint|docker-entrypoint)$/i;
/** Files without an extension in folders of programs: their first line says what they are. */
const UNNAMED = /(?:^|\/)(?:bin|sbin|scripts?|hooks|\.husky|\.githooks|tools|ci)\/(?:[^/]+\/){0,8}[^/.]+$/;

/** Shell scripts: assignments, arguments by their flags, heredocs, comments; other scripts by their first line. */
export const shellReader: Reader = {
  name: "shell",
  reads: (path) => SCRIPT.test(path) || UNNAMED.test(path),
  read: (text, path) => {
    if (!SCRIPT.test(path) && !/^(?:|bash|sh|zsh|ksh|dash|bats)$/.test(interpreterOf(text)))
      return readCode(text, scriptLanguage(text), path);
    return readShell(text);
  },
};

/** Reads a script. */
function readShell(text: string): Reading {
  const shell = newShell(text, false);
  scanShell(shell);
  return readingOf(shell);
}

/** The literals and comments of a script with their lines, in the order of the text. */
export function readingOf({
  text,
  literals,
  comments,
  closed,
}: Pick<Shell, "text" | "literals" | "comments" | "closed">): Reading {
  const placed: readonly Placed[] = [...literals].sort((one, other) => one.place - other.place);
  const lines = lineCounter(text);
  const given = placed.map(({ path, value, kind, place }): Literal => ({ path, value, kind, line: lines(place) }));
  return { literals: given, comments: runs(text, comments), parsed: closed };
}

function runs(text: string, comments: Shell["comments"]): readonly Comment[] {
  const lines = lineCounter(text);
  const found: { text: string; line: number }[] = [];
  let last = -2;
  for (const { start, end } of comments) {
    const line = lines(start);
    const body = text.slice(start, end).replace(/^#!?/, "").trim();
    const before = text.lastIndexOf("\n", start - 1);
    const alone = start - before < 500 && text.slice(before + 1, start).trim() === "";
    const run = found.at(-1);
    if (alone && run && last === line - 1) run.text += `\n${body}`;
    else found.push({ text: body, line });
    last = alone ? line : -2;
  }
  return found;
}
