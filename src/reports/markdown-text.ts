import { plain } from "./plain.ts";

/** A name as GitHub writes people and teams, where it would notify; not inside of an address or a path. */
const NAME = /(?<![\w@./-])@[A-Za-z0-9][A-Za-z0-9-]{0,38}(?:\/[A-Za-z0-9][\w.-]{0,99})?/;
/** A command of this program, which somebody may want to copy; up to where the sentence goes on. */
const COMMAND = /(?<![\w./])\/countersign [a-z][^;]*/;
const SPANS = new RegExp(`${NAME.source}|${COMMAND.source}`, "g");

/** A code span that no content can leave: its fence is longer than any run of backticks inside. */
export function codeSpan(text: string, limit = 120): string {
  return span(plain(text, limit));
}

/** A code span for a cell of a table. A pipe would end the cell, and behind a backslash it cannot be escaped. */
export function codeCell(text: string, limit = 120): string {
  return span(withoutPipes(plain(text, limit)));
}

function withoutPipes(text: string): string {
  return text.replace(/(\\?)\|/g, (_, backslash) => (backslash === "" ? "\\|" : "\\¦"));
}

function span(content: string): string {
  if (content === "") return "";
  const runs = content.match(/`+/g) ?? [];
  const fence = "`".repeat(runs.reduce((longest, run) => Math.max(longest, run.length), 0) + 1);
  const pad = runs.length > 0 || /^ | $/.test(content) ? " " : "";
  return `${fence}${pad}${content}${pad}${fence}`;
}

/**
 * A sentence in which names notify nobody, references and addresses link nowhere and markup of others is inert; names and
 * commands stand in code spans.
 */
export function sentence(text: string, limit = 400): string {
  const safe = plain(text, limit).trim();
  let out = "";
  let end = 0;
  for (const match of safe.matchAll(SPANS)) {
    out += inert(safe.slice(end, match.index)) + span(withoutPipes(match[0].trimEnd()));
    end = match.index + match[0].trimEnd().length;
  }
  return (out + inert(safe.slice(end))).replace(/^([-+]|\d{1,9}(?=[.)]))/, (first) =>
    /\d/.test(first) ? `${first}\\` : `\\${first}`,
  );
}

/** What GitHub finds in text after Markdown was read (names, references, addresses) is broken by a word joiner. */
function inert(text: string): string {
  return text
    .replace(/[\\`*_{}[\]<>#|~&$]/g, "\\$&")
    .replace(/[@#]/g, "$&\u2060")
    .replace(/(GH-)(?=\d)/gi, "$1\u2060")
    .replace(/:(?=\/\/)/g, ":\u2060")
    .replace(/(www)\./gi, "$1\u2060.");
}

/** A link whose text is Markdown already, to an address that is made here. */
export function link(markdown: string, url: string): string {
  return `[${markdown}](${encodeURI(url)
    .replace(/%25/g, "%")
    .replace(/[()'*!]/g, percent)})`;
}

/** A path of a repository as part of an address. */
export function pathInUrl(path: string): string {
  return path
    .split("/")
    .map((part) => encodeURIComponent(part.toWellFormed()).replace(/[()'*!]/g, percent))
    .join("/");
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}
