/** A sentence or list item of a prompt, by the line its first word stands on. */
export interface PromptUnit {
  readonly text: string;
  readonly line: number;
}

const MAX_TAG_WORDS = 6;

interface Word {
  readonly text: string;
  readonly line: number;
}

/** What counts of a prompt: its words. Wrapping, indentation, line ends and blank lines are how it is laid out. */
export function normalisedPrompt(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** The line of each word of `normalisedPrompt`, for a text whose first line is `line`. */
export function wordLines(text: string, line: number): readonly number[] {
  const lines: number[] = [];
  text.split("\n").forEach((row, index) => {
    for (const word of row.split(/\s+/)) if (word !== "") lines.push(line + index);
  });
  return lines;
}

/**
 * The sentences and list items of a text whose first line is `line`. They are cut from the run of words, never by line
 * ends, so that a re-wrapped text has the same ones.
 */
export function promptUnits(text: string, line: number): readonly PromptUnit[] {
  const units: PromptUnit[] = [];
  let current: Word[] = [];
  const close = () => {
    const [first] = current;
    if (first) units.push({ text: current.map((word) => word.text).join(" "), line: first.line });
    current = [];
  };
  const words = wordsOf(text, line);
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] as Word;
    const tag = endOfTag(words, index);
    if (tag !== null || isMarker(word.text)) {
      close();
      index = tag ?? index;
      continue;
    }
    const last = current.at(-1);
    if (last && (endsSentence(last.text, word.text) || startsRule(word.text, words[index + 1]?.text ?? ""))) close();
    current.push(word);
  }
  close();
  return units;
}

/** Words by white space; sentence ends of scripts that put no space behind them end a word too. */
function wordsOf(text: string, line: number): readonly Word[] {
  const words: Word[] = [];
  text.split("\n").forEach((row, index) => {
    for (const part of row.split(/\s+/)) {
      if (part === "") continue;
      const pieces = /[。！？；<>]/.test(part) ? part.split(/(?<=[。！？；>])|(?=<\/?[A-Za-z_])/u) : [part];
      for (const piece of pieces) words.push({ text: piece, line: line + index });
    }
  });
  return words;
}

/** Where a tag that begins at a word ends, within a few words: `<rules>`, `</Quality Checks>`; null for no tag. */
function endOfTag(words: readonly Word[], index: number): number | null {
  if (!/^<\/?[A-Za-z_]/.test(words[index]?.text ?? "")) return null;
  for (let end = index; end < Math.min(words.length, index + MAX_TAG_WORDS); end += 1)
    if (words[end]?.text.endsWith(">")) return end;
  return null;
}

/** List bullets, numbers, headings, quotes and table bars: structure between units. */
function isMarker(word: string): boolean {
  return (
    word.length <= 40 &&
    (word.length <= 4 || !isLetter(word.charCodeAt(0))) &&
    /^(?:[-*+•–—▪◦·|>]+|#{1,6}|\(?(?:\d{1,3}|[A-Za-z])[.)]|[-=_*]{3,}|```\w*|\{%[-+]?|[-+]?%\})$/.test(word)
  );
}

function endsSentence(word: string, next: string): boolean {
  if (isLetter(word.charCodeAt(word.length - 1))) return false;
  if (/[。！？；]$|["'“”]\)$/u.test(word)) return true;
  return (
    /[.!?;]["'”’)\]*_`]{0,4}$/.test(word.slice(-6)) &&
    !/^(?:e\.g|i\.e|etc|vs|approx|no|mr|mrs|dr)\.$/i.test(word) &&
    !/^[\p{Ll}]/u.test(next)
  );
}

/** Rules on lines of their own without a full stop: the capital of the word that makes them one begins a new unit. */
function startsRule(word: string, next: string): boolean {
  const first = word.charCodeAt(0);
  if (first >= 97 && first <= 122) return false;
  if (/^\**(?:Never|Always|Only|Refuse|Decline|Avoid|Escalate|NEVER|ALWAYS|ONLY|Don't|DON'T|Don’t)\b/.test(word))
    return true;
  return (
    /^\**(?:Do|DO|Must|MUST|Under|You|YOU)$/.test(word) && /^(?:not|NOT|no|must|MUST|may|should|cannot)\b/.test(next)
  );
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}
