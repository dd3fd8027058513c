import type { Comment, Literal } from "../core/detector.ts";
import { isFull } from "./literal-cap.ts";
import type { Reader, Reading } from "./reader.ts";
import { bareScalar } from "./scalar.ts";

const SECTION = /^\[([^\]\n]{1,500})\][ \t]{0,100}(?:[#;].{0,500})?$/;
const ENTRY = /^([\w"'$@*/](?:[^=:\n]|:(?![ \t]|$)){0,300})(?:=|:(?=[ \t]|$))[ \t]{0,100}/;
/** `proxy_pass https://host;` of servers whose files are no INI. */
const WORDS = /^([\w.-]{1,100})[ \t]{1,100}([^{}]{1,2000}?);?$/;
/** How much of a line is looked at for a section or key. */
const WINDOW = 700;

interface Entry {
  readonly path: readonly string[];
  readonly line: number;
  readonly indent: number;
  readonly parts: string[];
}

/** INI and its kin: sections, `key = value` or `key: value`, values that go on in deeper lines. */
export const iniReader: Reader = {
  name: "ini",
  reads: (path) =>
    /\.(?:ini|cfg|conf|cnf|service|desktop|inf|gitconfig|url)$|(?:^|\/)(?:\.(?:editorconfig|npmrc|pypirc|flake8|coveragerc|pylintrc|gitconfig|gitmodules|yarnrc|s3cfg|boto|netrc|condarc)|\.aws\/(?:config|credentials))$/i.test(
      path,
    ),
  read: readIni,
};

function readIni(text: string): Reading {
  const literals: Literal[] = [];
  const comments: Comment[] = [];
  let section: readonly string[] = [];
  let open: Entry | null = null;
  let parsed = true;
  const close = () => {
    if (open) literals.push(literalOf(open));
    open = null;
  };
  let line = 0;
  for (const source of text.split("\n")) {
    line += 1;
    const rest = source.trimStart();
    const indent = source.length - rest.length;
    if (rest === "") continue;
    if (isFull({ literals, comments })) return { literals, comments, parsed: false };
    if (rest[0] === "#" || rest[0] === ";") {
      comments.push({ text: rest.slice(1).trim(), line });
      continue;
    }
    const held: Entry | null = open;
    if (held && indent > (held as Entry).indent) {
      (held as Entry).parts.push(withoutComment(rest, line, comments));
      continue;
    }
    close();
    const header = SECTION.exec(rest.slice(0, WINDOW));
    const entry = header ? null : ENTRY.exec(rest.slice(0, WINDOW));
    if (header) section = [(header[1] as string).trim()];
    else if (entry) {
      const parts = [withoutComment(rest.slice(entry[0].length), line, comments)];
      open = { path: [...section, unquoted((entry[1] as string).trimEnd())], line, indent, parts };
    } else if (/^[\w-]{1,200}$/.test(rest.trimEnd())) {
      literals.push({ path: [...section, rest.trimEnd()], value: "", kind: "string", line });
    } else {
      const words = WORDS.exec(rest.trimEnd());
      if (words) literals.push({ path: [...section, words[1] as string], ...bareScalar(words[2] as string), line });
      parsed = false;
    }
  }
  close();
  return { literals, comments, parsed };
}

function literalOf({ path, line, parts }: Entry): Literal {
  const filled = parts.filter((part, index) => index > 0 || part !== "");
  const value = filled.join("\n");
  const bare = unquoted(value);
  if (bare !== value || value === "") return { path, value: bare, kind: "string", line };
  return { path, ...bareScalar(value), line: parts[0] === "" && parts.length > 1 ? line + 1 : line };
}

function withoutComment(text: string, line: number, comments: Comment[]): string {
  const at = text.search(/[ \t][#;]/);
  if (at < 0) return text.trim();
  comments.push({ text: text.slice(at + 2).trim(), line });
  return text.slice(0, at).trim();
}

function unquoted(text: string): string {
  const quote = text[0];
  return text.length > 1 && (quote === '"' || quote === "'") && text.endsWith(quote) ? text.slice(1, -1) : text;
}
