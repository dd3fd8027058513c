/** A path segment with wildcards. */
export interface SegmentPattern {
  /** The fixed text before the first wildcard and after the last one. */
  readonly start: string;
  readonly end: string;
  matches(segment: string): boolean;
}

type Token =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "any" }
  | { readonly kind: "star" }
  | CharacterClass;

interface CharacterClass {
  readonly kind: "class";
  readonly negated: boolean;
  readonly ranges: readonly (readonly [string, string])[];
}

/** Compiles one segment of a folded glob: its plain text where it has no wildcard. */
export function compileSegment(glob: string): SegmentPattern | string {
  const tokens = tokensOf([...glob]);
  if (tokens.every((token) => token.kind === "text")) return tokens.map((token) => token.text).join("");
  const [start, end] = [fixed(tokens), fixed(tokens.toReversed(), true)];
  const inner = tokens.filter((token) => token.kind !== "text");
  if (inner.length === 1 && inner[0]?.kind === "star") {
    const least = start.length + end.length;
    return {
      start,
      end,
      matches: (segment) => segment.length >= least && segment.startsWith(start) && segment.endsWith(end),
    };
  }
  // Folders named `[id]` are common, and no class can mean them: such a glob matches its own text too.
  const itself = inner.some((token) => token.kind === "class") ? glob : null;
  return { start, end, matches: (segment) => segment === itself || matchTokens(tokens, [...segment]) };
}

function fixed(tokens: readonly Token[], reversed = false): string {
  const stop = tokens.findIndex((token) => token.kind !== "text");
  const texts = tokens.slice(0, stop).map((token) => (token.kind === "text" ? token.text : ""));
  return (reversed ? texts.toReversed() : texts).join("");
}

function tokensOf(glob: readonly string[]): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < glob.length; at++) {
    const sign = glob[at] as string;
    const range = sign === "[" ? readClass(glob, at) : null;
    if (range) {
      tokens.push(range.token);
      at = range.end;
    } else if (sign === "*") {
      if (tokens.at(-1)?.kind !== "star") tokens.push({ kind: "star" });
    } else if (sign === "?") tokens.push({ kind: "any" });
    else if (sign === "\\" && at + 1 < glob.length) tokens.push({ kind: "text", text: glob[++at] as string });
    else tokens.push({ kind: "text", text: sign });
  }
  return tokens;
}

function readClass(glob: readonly string[], from: number): { token: CharacterClass; end: number } | null {
  const negated = glob[from + 1] === "^" || glob[from + 1] === "!";
  const first = from + (negated ? 2 : 1);
  const ranges: [string, string][] = [];
  for (let at = first; at < glob.length; at++) {
    if (glob[at] === "]" && at > first) return { token: { kind: "class", negated, ranges }, end: at };
    if (glob[at] === "\\" && at + 1 < glob.length) at++;
    const low = glob[at] as string;
    const high = glob[at + 2];
    if (glob[at + 1] === "-" && high !== undefined && high !== "]") {
      ranges.push([low, high]);
      at += 2;
    } else ranges.push([low, low]);
  }
  return null;
}

/** Goes back to the last star only, so the cost is at most tokens times characters. */
function matchTokens(tokens: readonly Token[], segment: readonly string[]): boolean {
  let token = 0;
  let at = 0;
  let star = -1;
  let resume = 0;
  while (at < segment.length) {
    const current = tokens[token];
    if (current?.kind === "star") {
      star = token++;
      resume = at;
    } else if (current && accepts(current, segment[at] as string)) {
      token++;
      at++;
    } else if (star >= 0) {
      token = star + 1;
      at = ++resume;
    } else return false;
  }
  while (tokens[token]?.kind === "star") token++;
  return token === tokens.length;
}

function accepts(token: Token, character: string): boolean {
  if (token.kind === "text") return token.text === character;
  if (token.kind === "class")
    return token.ranges.some(([low, high]) => low <= character && character <= high) !== token.negated;
  return token.kind === "any";
}
