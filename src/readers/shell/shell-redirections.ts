import { MAX_DEPTH, type Shell, type ShellFrame, shellFrame, under } from "./shell-state.ts";
import { append, baseHere, endCommand, endWord, pushShell } from "./shell-words.ts";

/** `<`, `>` and their like: what follows is a target, a process, or a heredoc. */
export function redirection(shell: Shell, frame: ShellFrame): void {
  const { text, pos } = shell;
  if (frame.word && /^\d{1,3}$/.test(frame.word.value)) frame.word = null;
  else endWord(shell);
  if (frame.kind !== "commands" || frame.mode === "test") {
    shell.pos += 1;
  } else if (text[pos + 1] === "(") {
    if (!pushShell(shell, shellFrame("commands", "subshell", pos, baseHere(frame)), MAX_DEPTH)) append(shell, "(");
    shell.pos += 2;
  } else if (text.startsWith("<<<", pos)) {
    frame.flag = "<<<";
    shell.pos += 3;
  } else if (text.startsWith("<<", pos)) heredoc(shell, frame);
  else {
    let end = pos + 1;
    while (end < pos + 3 && "<>&|".includes(text[end] ?? " ")) end += 1;
    if (frame.mode !== "target") frame.resumed = frame.mode;
    frame.mode = "target";
    shell.pos = end;
  }
}

const LABEL = /^<<(-?)[ \t]{0,20}(?:'([^'\n]{1,100})'|"([^"\n]{1,100})"|\\?([A-Za-z0-9_!.%+-]{1,100}))/;

function heredoc(shell: Shell, frame: ShellFrame): void {
  const found = LABEL.exec(shell.text.slice(shell.pos, shell.pos + 130));
  if (!found) {
    shell.pos += 2;
    return;
  }
  const label = found[2] ?? found[3] ?? found[4] ?? "";
  const path = frame.command === "" ? under(frame.base, "<<") : under(frame.base, `${frame.command}()`, "<<");
  shell.bodies.push({ label, tabs: found[1] === "-", path });
  shell.pos += found[0].length;
}

/** Ends the command, and reads the heredocs whose bodies begin on the next line. */
export function lineEnd(shell: Shell): void {
  if (shell.frame.kind === "array") endWord(shell);
  else endCommand(shell);
  shell.pos += 1;
  for (const body of shell.bodies.splice(0)) {
    const start = shell.pos;
    let line = start;
    while (line < shell.text.length) {
      const found = shell.text.indexOf("\n", line);
      const end = found < 0 ? shell.text.length : found;
      const written = shell.text.slice(line, end);
      if ((body.tabs ? written.replace(/^\t+/, "") : written).trimEnd() === body.label) break;
      line = end + 1;
    }
    if (line >= shell.text.length) shell.closed = false;
    const value = shell.text.slice(start, Math.max(start, Math.min(line, shell.text.length) - 1));
    shell.literals.push({ path: body.path, value, kind: "string", place: start });
    const end = shell.text.indexOf("\n", line);
    shell.pos = line >= shell.text.length || end < 0 ? shell.text.length : end + 1;
  }
}
