import type { Walk } from "./frame.ts";
import { Gap, Kind } from "./tokens.ts";
import { addLiteral } from "./values.ts";

const SKIPPED = new Set(["static", "type", "global", "func", "struct", "class", "function", "const"]);
/** Names of an import statement that are looked at. */
const MOST_TOKENS = 300;

/** Gives the modules that an import statement names by words (`import a.b`, `use a::b`, `from a import b`). */
export function addImport(walk: Walk, word: string): void {
  const { tokens, text, at, language } = walk;
  let start = -1;
  let end = -1;
  const finish = () => {
    while (end > start + 1 && isDots(text, end - 1, end) && !isDots(text, start, end)) end -= 1;
    if (start >= 0) addLiteral(walk, ["import"], text.slice(start, end), "string");
    start = -1;
  };
  let named = false;
  for (let next = at + 1; next < Math.min(tokens.count, at + MOST_TOKENS); next += 1) {
    const kind = tokens.kinds[next];
    const detail = tokens.details[next] ?? 0;
    const gap = tokens.gaps[next] ?? Gap.none;
    if (gap >= Gap.newline && language.lineEnds !== "never") break;
    if (kind === Kind.punctuation && detail === 44) {
      finish();
      if (word !== "import") break;
      named = false;
      continue;
    }
    const beside = start < 0 || (gap === Gap.none && tokens.starts[next] === end);
    const name = kind === Kind.word && !SKIPPED.has(text.slice(tokens.starts[next], tokens.ends[next]));
    if (named || (!beside && start >= 0)) {
      if (start >= 0) named = true;
      finish();
      if (word !== "import") break;
      continue;
    }
    if (name || (kind === Kind.punctuation && isDots(text, tokens.starts[next] ?? 0, tokens.ends[next] ?? 0))) {
      if (start < 0) start = tokens.starts[next] ?? 0;
      end = tokens.ends[next] ?? 0;
    } else if (kind !== Kind.word) break;
  }
  finish();
}

function isDots(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code !== 46 && code !== 58 && code !== 92) return false;
  }
  return true;
}
