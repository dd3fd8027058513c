import { type Shell, type ShellFrame, type shellFrame, under, type Word } from "./shell-state.ts";

/** Words before a command that are no command themselves. */
const KEYWORDS = new Set(
  "if then else elif fi do done while until { } ! time coproc env sudo exec nohup command builtin".split(" "),
);
const DECLARATIONS = new Set("export local readonly declare typeset".split(" "));
const TESTS = new Set(["[", "[[", "test"]);
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,200}$/;

const LONGEST_TARGET = 320;

/** The word being read, begun here if there is none. */
export function wordOf(shell: Shell, frame: ShellFrame): Word {
  frame.word ??= { start: shell.pos, value: "", assigned: null };
  return frame.word;
}

/** Adds text to the word that the present place belongs to. */
export function append(shell: Shell, text: string): void {
  const { frame } = shell;
  if (frame.kind === "quotes") {
    if (frame.sink) frame.sink.value += text;
  } else if (frame.kind !== "parameter") wordOf(shell, frame).value += text;
}

/** Makes the word so far a name that what follows is assigned to, when it is one. */
export function assignment(shell: Shell, frame: ShellFrame): boolean {
  const { word, mode } = frame;
  if (frame.kind !== "commands" || !word || word.assigned !== null) return false;
  if (mode !== "command" && mode !== "declaration") return false;
  if (word.value.length > LONGEST_TARGET) return false;
  const name = word.value.endsWith("+") ? word.value.slice(0, -1) : word.value.replace(/\[[^\]]{0,100}\]$/, "");
  if (!NAME.test(name)) return false;
  word.assigned = name;
  word.value = "";
  shell.pos += 1;
  return true;
}

/** Names around the value that a substitution or an array at the present place gives. */
export function baseHere(frame: ShellFrame): readonly string[] {
  if (frame.word?.assigned) return under(frame.base, frame.word.assigned);
  if (frame.kind === "array") return under(frame.base, String(frame.index));
  return frame.command === "" || frame.mode === "test" ? frame.base : under(frame.base, `${frame.command}()`);
}

/** Ends the word being read and gives its literal. */
export function endWord(shell: Shell): void {
  const { frame } = shell;
  const { word } = frame;
  if (!word) return;
  frame.word = null;
  if (frame.kind === "array") {
    add(shell, word, under(frame.base, String(frame.index)));
    frame.index += 1;
  } else if (word.assigned !== null) {
    // The body of `NAME=$(cat <<EOF` is a literal of its own.
    if (!word.value.startsWith("$(") || !word.value.includes("<<")) add(shell, word, under(frame.base, word.assigned));
  } else readWord(shell, frame, word);
}

function add(shell: Shell, word: Word, path: readonly string[]): void {
  shell.literals.push({ path, value: word.value, kind: "string", place: word.start });
}

/** Reads a word that assigns nothing. */
export function readWord(shell: Shell, frame: ShellFrame, word: Word): void {
  const { value } = word;
  switch (frame.mode) {
    case "command":
      beginCommand(frame, value);
      break;
    case "declaration":
      break;
    case "loop":
      if (value === "in") frame.mode = "list";
      else frame.left = value;
      break;
    case "list":
      add(shell, word, under(frame.base, frame.left, String(frame.index)));
      frame.index += 1;
      break;
    case "subject":
      if (value === "in") frame.mode = "pattern";
      break;
    case "pattern":
      if (value === "esac") endCase(frame);
      else add(shell, word, ["case"]);
      break;
    case "test":
      testWord(shell, frame, word);
      break;
    case "target":
      frame.mode = frame.resumed;
      break;
    case "arguments":
      argument(shell, frame, word);
  }
}

function beginCommand(frame: ShellFrame, value: string): void {
  if (value === "esac") endCase(frame);
  else if (value === "for" || value === "select") frame.mode = "loop";
  else if (value === "case") {
    frame.mode = "subject";
    frame.cases += 1;
  } else if (TESTS.has(value)) {
    frame.mode = "test";
    frame.command = value;
  } else if (value === "function") {
    frame.resumed = "command";
    frame.mode = "target";
  } else if (DECLARATIONS.has(value)) frame.mode = "declaration";
  else if (!KEYWORDS.has(value)) {
    frame.command = value.slice(value.lastIndexOf("/") + 1).slice(0, 100);
    frame.mode = "arguments";
  }
}

function endCase(frame: ShellFrame): void {
  frame.cases = Math.max(0, frame.cases - 1);
  frame.mode = "command";
}

function testWord(shell: Shell, frame: ShellFrame, word: Word): void {
  const { value } = word;
  if (value === "=" || value === "==" || value === "!=" || value === "=~") frame.flag = "=";
  else if (frame.flag === "=") {
    add(shell, word, ["==", frame.left]);
    frame.flag = "";
  } else if (value === "]" || value === "]]") frame.mode = "command";
  else frame.left = value.replace(/^\$\{?/, "").replace(/[^A-Za-z0-9_].*$/s, "");
}

const FLAG = /^--?([A-Za-z][A-Za-z0-9_.-]{0,100})(?:=|$)/;

function argument(shell: Shell, frame: ShellFrame, word: Word): void {
  const callee = `${frame.command}()`;
  const found = FLAG.exec(word.value);
  if (found) {
    frame.flag = "";
    const [whole, name = ""] = found;
    if (!whole.endsWith("=")) frame.flag = name;
    else
      shell.literals.push({
        path: under(frame.base, callee, name),
        value: word.value.slice(whole.length),
        kind: "string",
        place: word.start,
      });
    return;
  }
  if (frame.flag !== "") add(shell, word, under(frame.base, callee, frame.flag));
  else {
    add(shell, word, under(frame.base, callee, String(frame.index)));
    frame.index += 1;
  }
  frame.flag = "";
}

/** Ends the command being read: the next word begins another. */
export function endCommand(shell: Shell): void {
  endWord(shell);
  const { frame } = shell;
  if (frame.kind !== "commands") return;
  if (frame.mode !== "pattern" && frame.mode !== "subject") frame.mode = "command";
  frame.command = "";
  frame.index = 0;
  frame.flag = "";
}

/** Opens a frame, unless too many are open. */
export function pushShell(shell: Shell, frame: ReturnType<typeof shellFrame>, most: number): boolean {
  if (shell.stack.length >= most) return false;
  shell.stack.push(frame);
  shell.frame = frame;
  return true;
}

/** Closes the innermost frame. */
export function popShell(shell: Shell): ShellFrame {
  const closed = shell.frame;
  shell.stack.pop();
  shell.frame = shell.stack[shell.stack.length - 1] ?? shell.frame;
  return closed;
}
