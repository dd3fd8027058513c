import { closeBracket } from "./brackets.ts";
import { After, endOperand, nameOf, valuePath, type Walk, within } from "./frame.ts";
import { pushFrame } from "./frame-stack.ts";
import { Gap, Kind, packed } from "./tokens.ts";

/** Longer lists of types are read as comparisons. */
const MOST_TOKENS = 1000;
const IN_TYPES = new Set(". , < > >> >>> [ ] ? | & : ; :: ( ) { } * => -> = ... ?. ~ ' +".split(" ").map(packed));
const BEHIND = new Set("( { [ . :: = ? & * ) , > ; } |".split(" ").map(packed));

/**
 * Steps over the types between a name and what follows it (`tool<Args>(...)`, `Map<String, List<String>> m`), or reads
 * them as brackets where they hold strings (`useState<"a" | "b">(...)`).
 */
export function typeArguments(walk: Walk): boolean {
  const { tokens, at, frame, language } = walk;
  const begins = language.braces === "javascript" && frame.after === After.operator;
  if (!begins && (!frame.chained || frame.chain === "")) return false;
  if (!begins && tokens.gaps[at] !== Gap.none && !language.tableCalls) return false;
  const end = endOfTypes(walk);
  if (end === null) return false;
  if (!end.strings) {
    walk.skip = end.next;
    return true;
  }
  const base = frame.chain === "" ? valuePath(frame) : within(valuePath(frame), `${nameOf(frame)}<>`);
  return pushFrame(walk, { kind: "types", close: 62, base });
}

interface Types {
  readonly next: number;
  readonly strings: boolean;
}

function endOfTypes(walk: Walk): Types | null {
  const { tokens, at } = walk;
  let angles = 0;
  let brackets = 0;
  let strings = false;
  const end = Math.min(tokens.count, at + MOST_TOKENS, at + walk.ahead);
  for (let next = at; next < end; next += 1) {
    walk.ahead -= 1;
    const kind = tokens.kinds[next];
    const detail = tokens.details[next] ?? 0;
    if (kind === Kind.string) strings = true;
    if (kind !== Kind.punctuation) continue;
    if (!IN_TYPES.has(detail)) return null;
    if (detail === 60) angles += 1;
    else if (detail === 40 || detail === 91 || detail === 123) brackets += 1;
    else if (detail === 41 || detail === 93 || detail === 125) brackets -= 1;
    else if (detail === 59 && brackets === 0) return null;
    else if ((detail & 255) === 62) angles -= widthOf(detail);
    if (brackets < 0 || angles < 0) return null;
    if (angles > 0) continue;
    const behind = next + 1;
    const fits =
      tokens.kinds[behind] === Kind.word || BEHIND.has(tokens.details[behind] ?? 0) || startsLine(tokens.gaps[behind]);
    return fits ? { next: behind, strings } : null;
  }
  return null;
}

function startsLine(gap: number | undefined): boolean {
  return gap === undefined || gap >= Gap.newline;
}

/** `>>` and `>>>` close two and three. */
function widthOf(detail: number): number {
  return detail > 0xffff ? 3 : detail > 0xff ? 2 : 1;
}

/** Ends type arguments that were read as brackets; the name before them goes on. */
export function closeTypes(walk: Walk, detail: number): void {
  for (let left = widthOf(detail); left > 0 && walk.frame.kind === "types"; left -= 1) closeBracket(walk, 62);
  if (walk.frame.kind !== "types" && walk.frame.after === After.operator) endOperand(walk.frame);
}
