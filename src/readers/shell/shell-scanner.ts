import { lineEnd, redirection } from "./shell-redirections.ts";
import { MAX_DEPTH, type Shell, type ShellFrame, shellFrame, under } from "./shell-state.ts";
import { append, assignment, baseHere, endCommand, endWord, popShell, pushShell, wordOf } from "./shell-words.ts";

/** Reads commands from the present place to the end of the text, or of the line where only one is to be read. */
export function scanShell(shell: Shell): void {
  const { text } = shell;
  const depth = shell.stack.length;
  while (shell.pos < text.length) {
    const { frame } = shell;
    const character = text[shell.pos] ?? "";
    if (character === "\n" && shell.oneLine && shell.stack.length === depth) break;
    if (frame.kind === "quotes") inQuotes(shell, character);
    else if (frame.kind === "parameter") inParameter(shell, frame, character);
    else inCommands(shell, frame, character);
  }
  if (shell.stack.length > depth) shell.closed = false;
  while (shell.stack.length > depth) close(shell);
  endCommand(shell);
  if (shell.pos < text.length) lineEnd(shell);
}

/** A new reading of a script or of one line of it. */
export function newShell(text: string, oneLine: boolean): Shell {
  const frame = shellFrame("commands", "", 0, []);
  return { text, pos: 0, oneLine, stack: [frame], frame, bodies: [], literals: [], comments: [], closed: true };
}

const SPECIAL = new Uint8Array(128);
for (const character of " \t\n\\'\"`$#;&|()<>=") SPECIAL[character.charCodeAt(0)] = 1;

function inCommands(shell: Shell, frame: ShellFrame, character: string): void {
  const handle = Object.hasOwn(HANDLERS, character) ? HANDLERS[character] : undefined;
  if (handle) handle(shell, frame);
  else plain(shell);
}

const HANDLERS: Readonly<Record<string, (shell: Shell, frame: ShellFrame) => void>> = {
  "\n": lineEnd,
  " ": blank,
  "\t": blank,
  "\\": escaped,
  "#": hash,
  "'": (shell) => singleQuotes(shell, shell.pos + 1, false),
  '"': openQuotes,
  $: dollar,
  "`": backtick,
  "=": equals,
  "(": openRound,
  ")": closeRound,
  ";": separator,
  "&": separator,
  "|": separator,
  "<": redirection,
  ">": redirection,
};

function blank(shell: Shell): void {
  endWord(shell);
  shell.pos += 1;
}

function hash(shell: Shell, frame: ShellFrame): void {
  if (frame.word) plain(shell);
  else comment(shell);
}

function equals(shell: Shell, frame: ShellFrame): void {
  if (!assignment(shell, frame)) plain(shell);
}

/** Takes characters that mean nothing to the shell. */
function plain(shell: Shell): void {
  const { text, pos } = shell;
  let end = pos + 1;
  while (end < text.length && SPECIAL[text.charCodeAt(end)] !== 1) end += 1;
  append(shell, text.slice(pos, end));
  shell.pos = end;
}

function escaped(shell: Shell): void {
  const next = shell.text[shell.pos + 1] ?? "";
  if (next !== "\n") append(shell, next);
  shell.pos += 2;
  if (next === "\n" && shell.oneLine) skipCommentLines(shell);
}

/** A Dockerfile's instruction goes on behind lines of comments. */
function skipCommentLines(shell: Shell): void {
  for (;;) {
    const end = shell.text.indexOf("\n", shell.pos);
    const line = shell.text.slice(shell.pos, end < 0 ? undefined : end);
    if (end < 0 || !line.trimStart().startsWith("#")) return;
    shell.comments.push({ start: shell.pos + line.length - line.trimStart().length, end });
    shell.pos = end + 1;
  }
}

function comment(shell: Shell): void {
  const { text, pos } = shell;
  const end = text.indexOf("\n", pos);
  shell.comments.push({ start: pos, end: end < 0 ? text.length : end });
  shell.pos = end < 0 ? text.length : end;
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", e: "\u001b", a: "\u0007", "0": "\0" };

function singleQuotes(shell: Shell, body: number, escapes: boolean): void {
  const { text } = shell;
  append(shell, "");
  let from = body;
  let pos = body;
  for (; pos < text.length && text[pos] !== "'"; pos += 1) {
    if (!escapes || text[pos] !== "\\") continue;
    const next = text[pos + 1] ?? "";
    append(shell, text.slice(from, pos) + (ESCAPES[next] ?? next));
    pos += 1;
    from = pos + 1;
  }
  append(shell, text.slice(from, pos));
  if (pos >= text.length) shell.closed = false;
  shell.pos = Math.min(pos + 1, text.length);
}

function openQuotes(shell: Shell, frame: ShellFrame): void {
  const opened = shellFrame("quotes", '"', shell.pos, frame.kind === "parameter" ? frame.base : baseHere(frame));
  opened.sink = frame.kind === "parameter" ? null : wordOf(shell, frame);
  if (!pushShell(shell, opened, MAX_DEPTH)) append(shell, '"');
  shell.pos += 1;
}

function inQuotes(shell: Shell, character: string): void {
  const { text, pos } = shell;
  if (character === '"') {
    popShell(shell);
    shell.pos += 1;
  } else if (character === "\\") {
    const next = text[pos + 1] ?? "";
    append(shell, next === "\n" ? "" : '$`"\\'.includes(next) ? next : `\\${next}`);
    shell.pos += 2;
  } else if (character === "$") dollar(shell);
  else if (character === "`") backtick(shell);
  else {
    let end = pos + 1;
    while (end < text.length && !'"\\$`'.includes(text[end] ?? "")) end += 1;
    append(shell, text.slice(pos, end));
    shell.pos = end;
  }
}

function dollar(shell: Shell): void {
  const { text, pos, frame } = shell;
  const next = text[pos + 1] ?? "";
  if (next === "'" && frame.kind !== "quotes") singleQuotes(shell, pos + 2, true);
  else if (next === '"' && frame.kind !== "quotes") shell.pos += 1;
  else if (text.startsWith("$((", pos)) arithmetic(shell);
  else if (next === "(" || next === "{") {
    const base = frame.kind === "commands" || frame.kind === "array" ? baseHere(frame) : frame.base;
    const opened = shellFrame(next === "(" ? "commands" : "parameter", next === "(" ? ")" : "}", pos, base);
    if (frame.kind === "commands" || frame.kind === "array") wordOf(shell, frame);
    if (!pushShell(shell, opened, MAX_DEPTH)) append(shell, `$${next}`);
    shell.pos += 2;
  } else {
    append(shell, "$");
    shell.pos += 1;
  }
}

const LONGEST_ARITHMETIC = 2000;

function arithmetic(shell: Shell): void {
  const { text, pos } = shell;
  const end = text.slice(pos, pos + LONGEST_ARITHMETIC).indexOf("))");
  const after = end < 0 ? pos + 2 : pos + end + 2;
  append(shell, text.slice(pos, after));
  shell.pos = after;
}

function backtick(shell: Shell): void {
  const { frame } = shell;
  if (frame.close === "`") {
    close(shell);
    return;
  }
  const opened = shellFrame("commands", "`", shell.pos, frame.kind === "commands" ? baseHere(frame) : frame.base);
  const nested = shell.stack.some(({ close: mark }) => mark === "`");
  if (frame.kind === "commands" || frame.kind === "array") wordOf(shell, frame);
  if (nested || !pushShell(shell, opened, MAX_DEPTH)) append(shell, "`");
  shell.pos += 1;
}

/** Ends the innermost frame; a substitution is part of the word around it, as written. */
function close(shell: Shell): void {
  if (shell.frame.kind === "commands") endCommand(shell);
  else endWord(shell);
  const closed = popShell(shell);
  shell.pos = Math.min(shell.pos + 1, shell.text.length);
  if (closed.kind === "array") {
    shell.frame.word = null;
    return;
  }
  if (closed.kind === "quotes" || closed.close === "subshell") return;
  append(shell, shell.text.slice(closed.start, shell.pos));
}

function inParameter(shell: Shell, frame: ShellFrame, character: string): void {
  if (character === "}") {
    fallback(shell, frame);
    close(shell);
  } else if (character === "\\") shell.pos += 2;
  else if (character === '"') openQuotes(shell, frame);
  else if (character === "$") dollar(shell);
  else if (character === "`") backtick(shell);
  else shell.pos += 1;
}

const FALLBACK = /^\$\{([A-Za-z_][A-Za-z0-9_]{0,100}):?[-=]/;

/** `${NAME:-value}` binds a value to the name where nothing else does. */
function fallback(shell: Shell, frame: ShellFrame): void {
  const found = FALLBACK.exec(shell.text.slice(frame.start, frame.start + 110));
  if (!found) return;
  const place = frame.start + found[0].length;
  const written = shell.text.slice(place, shell.pos);
  const value = /^"[^"]*"$|^'[^']*'$/.test(written) ? written.slice(1, -1) : written;
  if (value !== "") shell.literals.push({ path: under(frame.base, found[1] ?? ""), value, kind: "string", place });
}

function openRound(shell: Shell, frame: ShellFrame): void {
  const { word } = frame;
  if (!word && shell.text.startsWith("((", shell.pos)) {
    arithmetic(shell);
    return;
  }
  if (frame.mode === "pattern" && !word) {
    shell.pos += 1;
    return;
  }
  if (word?.assigned && word.value === "") {
    pushShell(shell, shellFrame("array", ")", shell.pos, under(frame.base, word.assigned)), MAX_DEPTH);
  } else if (word) {
    frame.word = null; // `name()` defines a function.
    frame.mode = "command";
    if (shell.text[shell.pos + 1] === ")") shell.pos += 1;
  } else pushShell(shell, shellFrame("commands", "subshell", shell.pos, frame.base), MAX_DEPTH);
  shell.pos += 1;
}

function closeRound(shell: Shell, frame: ShellFrame): void {
  if (frame.mode === "pattern") {
    endWord(shell);
    frame.mode = "command";
    shell.pos += 1;
  } else if (frame.close === ")" || frame.close === "subshell") close(shell);
  else {
    endCommand(shell);
    shell.pos += 1;
  }
}

function separator(shell: Shell, frame: ShellFrame): void {
  const { text, pos } = shell;
  const character = text[pos];
  if (frame.mode === "pattern") endWord(shell);
  else if (frame.mode === "test" && frame.command === "[[" && character !== ";") {
    endWord(shell);
    frame.flag = "";
  } else endCommand(shell);
  const twice = text[pos + 1] === character;
  if (character === ";" && (twice || text[pos + 1] === "&") && frame.cases > 0) frame.mode = "pattern";
  shell.pos += twice ? 2 : 1;
}
