import type { Quote } from "./language.ts";
import { openString, type Scan, take } from "./scan.ts";
import { Gap, Kind } from "./tokens.ts";

const PAIRS: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}", "<": ">" };
const HASH_BRACE = [{ open: "#{", close: "}" }] as const;

/** Ruby: `%q(...)`, `%Q[...]`, `%w[...]`, `%i[...]`, `%r{...}`, `%(...)`. */
export function percentLiteral(scan: Scan): boolean {
  const { text, pos } = scan;
  const second = text[pos + 1] ?? "";
  const typed = /[qQwWiIrsx]/.test(second);
  const open = text[pos + (typed ? 2 : 1)] ?? "";
  const close = PAIRS[open] ?? (typed && /[!|/^~@,.:-]/.test(open) ? open : "");
  if (close === "" || (!typed && open !== "(" && open !== "{" && open !== "[") || endsValue(scan)) return false;
  const body = pos + (typed ? 3 : 2);
  if (second === "w" || second === "W" || second === "i" || second === "I") return wordList(scan, body, close);
  const raw = second === "q" || second === "s";
  const quote: Quote = {
    open,
    close,
    multiline: true,
    escape: "\\",
    nests: open !== close,
    ...(raw ? { decode: "simple" } : { holes: HASH_BRACE }),
  };
  const token = openString(scan, quote, pos, body);
  if (second === "r") scan.tokens.kinds[token] = Kind.regex;
  return true;
}

/** A value before a percent sign is divided; `puts %w[...]` passes a literal. */
function endsValue({ tokens, gap, text, pos }: Scan): boolean {
  const last = tokens.count - 1;
  if (last < 0) return false;
  const kind = tokens.kinds[last];
  const detail = tokens.details[last];
  if (kind === Kind.punctuation) return detail === 41 || detail === 93 || detail === 125;
  if (kind !== Kind.word) return kind !== Kind.comment;
  return gap === Gap.none || text[pos + 1] === " ";
}

const WORD: Quote = { open: "", close: "", multiline: false, escape: "", decode: "none" };

/** `%w[a b]` is a list of strings: brackets and commas are put around its words. */
function wordList(scan: Scan, body: number, close: string): boolean {
  const { text, pos, tokens } = scan;
  if (scan.endless.has(close)) return false;
  const found = text.indexOf(close, body);
  if (found < 0) scan.endless.add(close);
  if (found < 0) return false;
  take(scan, Kind.punctuation, pos, body, 91);
  let at = body;
  while (at < found) {
    while (at < found && text.charCodeAt(at) <= 32) at += 1;
    let end = at;
    while (end < found && text.charCodeAt(end) > 32) end += 1;
    if (end === at) break;
    const token = take(scan, Kind.string, at, end, tokens.strings.length);
    tokens.strings.push({
      quote: WORD,
      bodyStart: at,
      bodyEnd: end,
      next: token + 1,
      holes: null,
      closed: true,
      depth: 0,
    });
    take(scan, Kind.punctuation, end, end, 44);
    at = end;
  }
  take(scan, Kind.punctuation, found, found + 1, 93);
  return true;
}

const SYMBOL_STRING: Quote = { open: ':"', close: '"', multiline: true, escape: "\\", holes: HASH_BRACE };

/** Ruby's `:name` and `:"name"`, Elixir's atoms. */
export function symbol(scan: Scan): boolean {
  const { text, pos, gap, tokens } = scan;
  const next = text.charCodeAt(pos + 1);
  if (text[pos - 1] === ":" || (gap === Gap.none && tokens.count > 0 && endsName(scan))) return false;
  if (next === 34) {
    openString(scan, SYMBOL_STRING, pos, pos + 2);
    return true;
  }
  if (!isLetter(next)) return false;
  let end = pos + 1;
  while (isLetter(text.charCodeAt(end)) || /[0-9@]/.test(text[end] ?? "")) end += 1;
  if (/[?!]/.test(text[end] ?? "") && text[end + 1] !== "=") end += 1;
  take(scan, Kind.symbol, pos, end);
  return true;
}

function endsName({ tokens }: Scan): boolean {
  const kind = tokens.kinds[tokens.count - 1];
  const detail = tokens.details[tokens.count - 1];
  return kind !== Kind.punctuation || detail === 41 || detail === 93 || detail === 125;
}

/** Ruby's and Elixir's `?x`. */
export function questionCharacter(scan: Scan): boolean {
  const { text, pos, gap } = scan;
  const next = text.charCodeAt(pos + 1);
  if (next <= 32 || Number.isNaN(next) || (gap === Gap.none && scan.tokens.count > 0 && endsName(scan))) return false;
  const end = next === 92 ? pos + 3 : pos + 2;
  const after = text.charCodeAt(end);
  if (isLetter(after) || (after >= 48 && after <= 57)) return false;
  take(scan, Kind.character, pos, end);
  return true;
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code >= 128;
}

const END = "\n__END__\n";

/** Ruby ignores what stands behind `__END__`. */
export function rubyEnd(scan: Scan): boolean {
  const { text, pos } = scan;
  if (pos === 0 || !text.startsWith(END, pos - 1)) return false;
  scan.pos = text.length;
  return true;
}

/** Elixir: `~s(...)`, `~S"""..."""`, `~r/.../`. */
export function sigil(scan: Scan): boolean {
  const { text, pos } = scan;
  const letter = text[pos + 1] ?? "";
  if (!/[A-Za-z]/.test(letter)) return false;
  const heredoc = /^(?:"""|''')/.exec(text.slice(pos + 2, pos + 5))?.[0];
  const open = heredoc ?? text[pos + 2] ?? "";
  const close = heredoc ?? PAIRS[open] ?? (/[/|"']/.test(open) ? open : "");
  if (close === "") return false;
  const raw = letter === letter.toUpperCase();
  const quote: Quote = {
    open,
    close,
    multiline: true,
    escape: "\\",
    ...(raw ? { decode: "none" } : { holes: HASH_BRACE }),
  };
  const token = openString(
    scan,
    heredoc === undefined ? quote : { ...quote, dedent: true },
    pos,
    pos + 2 + open.length,
  );
  if (letter === "r" || letter === "R") scan.tokens.kinds[token] = Kind.regex;
  return true;
}
