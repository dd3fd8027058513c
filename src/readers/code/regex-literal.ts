import { type Scan, take } from "./scan.ts";
import { Gap, Kind } from "./tokens.ts";

const LONGEST = 2000;
/** How many times the text may be looked through in vain for ends; a text that needs more is hostile. */
const MOST_SEARCHED = 20;

/** Words behind which a slash begins a regular expression. */
const BEFORE_VALUE = new Set(
  "return typeof case in of delete void throw new else do await yield instanceof default and or not if unless while until when then puts elsif".split(
    " ",
  ),
);

/** A regular expression between slashes, where no value stands that could be divided. */
export function regexLiteral(scan: Scan): boolean {
  const { text, pos } = scan;
  const second = text.charCodeAt(pos + 1);
  if (second === 47 || second === 42 || dividesBefore(scan)) return false;
  if (scan.searched > MOST_SEARCHED * text.length) return false;
  const end = endOfRegex(text, pos + 1, scan.language.commands === true);
  scan.searched += end < 0 ? LONGEST : 0;
  if (end < 0) return false;
  let flags = end + 1;
  while (isLetter(text.charCodeAt(flags))) flags += 1;
  take(scan, Kind.regex, pos, flags);
  return true;
}

function dividesBefore({ text, tokens, gap, pos, language }: Scan): boolean {
  let last = tokens.count - 1;
  while (last >= 0 && tokens.kinds[last] === Kind.comment) last -= 1;
  if (last < 0) return false;
  const kind = tokens.kinds[last];
  if (kind === Kind.punctuation) {
    const detail = tokens.details[last];
    if (language.commands === true && gap >= Gap.newline) return false;
    return detail === 41 || detail === 93 || detail === 125;
  }
  if (kind !== Kind.word) return true;
  if (BEFORE_VALUE.has(text.slice(tokens.starts[last], tokens.ends[last]))) return false;
  // Ruby: `puts /x/` passes a regular expression, `a / b` and `a/b` divide.
  return !(language.commands === true && gap === Gap.space && text.charCodeAt(pos + 1) > 32);
}

/** Ruby's may go over several lines. */
function endOfRegex(text: string, start: number, multiline: boolean): number {
  let inClass = false;
  for (let pos = start; pos < text.length && pos < start + LONGEST; pos += 1) {
    const code = text.charCodeAt(pos);
    if (code === 10 && !multiline) return -1;
    if (code === 92) pos += 1;
    else if (code === 91) inClass = true;
    else if (code === 93) inClass = false;
    else if (code === 47 && !inClass) return pos;
  }
  return -1;
}

function isLetter(code: number): boolean {
  return code >= 97 && code <= 122;
}
