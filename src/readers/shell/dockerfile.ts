import { readJson } from "../json.ts";
import type { Reader, Reading } from "../reader.ts";
import { readingOf } from "./shell-reader.ts";
import { newShell, scanShell } from "./shell-scanner.ts";
import type { Shell } from "./shell-state.ts";
import { readWord } from "./shell-words.ts";

const NAME = /(?:^|\/)[^/]*(?:Dockerfile|Containerfile)[^/]*$|\.dockerfile$/i;
const OTHER = /\.(?:md|ya?ml|json|toml|[cm]?[jt]s|py|go|rb|sh|dockerignore|txt)$/i;

/** Dockerfiles: `FROM`, `ENV`, `ARG` and the commands of `RUN`, `CMD` and `ENTRYPOINT`. */
export const dockerfileReader: Reader = {
  name: "dockerfile",
  reads: (path) => NAME.test(path) && !OTHER.test(path),
  read: readDockerfile,
};

const INSTRUCTION = /^[ \t]{0,100}(?:ONBUILD[ \t]{1,20})?([A-Za-z]{2,12})[ \t]{1,100}/i;
const COMMANDS = new Set(["RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK", "SHELL"]);
const FLAG = /^(?:--[a-z-]{1,30}(?:=[^\s]{0,300})?|CMD)[ \t]{1,20}/;

function readDockerfile(text: string): Reading {
  const shell = newShell(text, true);
  while (shell.pos < text.length) {
    const found = INSTRUCTION.exec(text.slice(shell.pos, shell.pos + 240));
    const instruction = found?.[1]?.toUpperCase() ?? "";
    shell.pos += found?.[0].length ?? 0;
    if (COMMANDS.has(instruction)) commandLine(shell);
    else if (instruction === "ENV" || instruction === "ARG") variables(shell);
    else if (instruction !== "") argumentLine(shell, instruction);
    scanShell(shell);
  }
  return readingOf(shell);
}

/** A command, or its words as a JSON list. */
function commandLine(shell: Shell): void {
  for (let found = FLAG.exec(shell.text.slice(shell.pos, shell.pos + 400)); found; ) {
    shell.pos += found[0].length;
    found = FLAG.exec(shell.text.slice(shell.pos, shell.pos + 400));
  }
  if (shell.text[shell.pos] !== "[") return;
  const end = endOfLine(shell);
  const list = readJson(shell.text.slice(shell.pos, end).replaceAll("\\\n", "  "));
  if (list === null) return;
  for (const { value } of list.literals) readWord(shell, shell.frame, { start: shell.pos, value, assigned: null });
  shell.pos = end;
}

/** `ENV NAME=value NAME=value` is a declaration as in the shell, `ENV NAME value` the old way to write it. */
function variables(shell: Shell): void {
  const { text, pos } = shell;
  const old = /^([A-Za-z_][A-Za-z0-9_]{0,200})[ \t]{1,100}(?=\S)/.exec(text.slice(pos, pos + 320));
  shell.frame.mode = "declaration";
  if (!old) return;
  const end = endOfLine(shell);
  const start = pos + old[0].length;
  shell.literals.push({
    path: [old[1] ?? ""],
    value: unquoted(text.slice(start, end).trim()),
    kind: "string",
    place: start,
  });
  shell.pos = end;
}

/** Any other instruction: `FROM image AS stage` gives its image, the others all their text. */
function argumentLine(shell: Shell, instruction: string): void {
  if (instruction === "FROM") commandLine(shell);
  const start = shell.pos;
  const end = endOfLine(shell);
  const written = shell.text.slice(start, end).replaceAll("\\\n", " ").trim();
  const value = instruction === "FROM" ? (written.split(/\s/, 1)[0] ?? "") : written;
  shell.literals.push({ path: [instruction], value: unquoted(value), kind: "string", place: start });
  shell.pos = end;
}

function unquoted(value: string): string {
  return /^"[^"]*"$|^'[^']*'$/.test(value) ? value.slice(1, -1) : value;
}

/** The first line end that no backslash hides. */
function endOfLine({ text, pos }: Shell): number {
  for (let end = text.indexOf("\n", pos); end >= 0; end = text.indexOf("\n", end + 1)) {
    if (text[end - 1] !== "\\") return end;
  }
  return text.length;
}
