import { After, type Walk } from "./frame.ts";
import { Kind, packed } from "./tokens.ts";
import { Role } from "./word-roles.ts";

/** Whether an opening brace begins data (an object, a dictionary, a literal of a structure) rather than a block. */
export function opensObject(walk: Walk): boolean {
  const { frame } = walk;
  switch (walk.language.braces) {
    case "object":
      return true;
    case "block":
      return false;
    case "hash":
      return before(walk) === AT;
    case "ruby":
      return frame.after === After.operator && !ARROWS.has(before(walk));
    case "javascript":
      return javascript(walk);
    case "composite":
      return composite(walk);
    case "initializer":
      return initializer(walk);
    case "expression":
      return expression(walk);
  }
}

/** The punctuation before the present token, 0 for a word or the like. */
function before({ tokens, previous }: Walk): number {
  return previous >= 0 && tokens.kinds[previous] === Kind.punctuation ? (tokens.details[previous] ?? 0) : 0;
}

function roleBefore(walk: Walk): number {
  const { tokens, previous, text } = walk;
  if (previous < 0 || tokens.kinds[previous] !== Kind.word) return 0;
  return walk.roles.get(text.slice(tokens.starts[previous], tokens.ends[previous])) ?? 0;
}

const ARROWS = new Set(["=>", "->"].map(packed));
const AT = 64;
const [EQUALS, CLOSE_ANGLE, COLON, CLOSE_ROUND, CLOSE_SQUARE, CLOSE_BRACE] = [61, 62, 58, 41, 93, 125];

function javascript(walk: Walk): boolean {
  const { frame } = walk;
  const punctuation = before(walk);
  if (ARROWS.has(punctuation) || punctuation === CLOSE_ANGLE || frame.after !== After.operator) return false;
  if (punctuation === COLON) return frame.kind !== "block" || !frame.fresh;
  if ((roleBefore(walk) & Role.header) > 0) return false;
  return frame.kind !== "block" || !frame.fresh;
}

/** Go, C and C++: braces behind a type or an operator, unless a header waits for its block. */
function composite(walk: Walk): boolean {
  const { frame, tokens, previous } = walk;
  const punctuation = before(walk);
  if (punctuation === CLOSE_ROUND || tokens.kinds[previous] === Kind.string) return false;
  if (frame.kind !== "block") return frame.header < 2;
  if (frame.header === 1) return tokens.kinds[previous] === Kind.word && tokens.details[previous - 1] === CLOSE_SQUARE;
  if (frame.header > 1) return false;
  if (punctuation === CLOSE_BRACE) return frame.after !== After.operator;
  if ((roleBefore(walk) & Role.keyword) > 0) return (roleBefore(walk) & Role.returns) > 0;
  return !frame.fresh;
}

/** Java and C#: arrays, and the initializers of C# behind `new`. */
function initializer(walk: Walk): boolean {
  const { frame } = walk;
  const punctuation = before(walk);
  if (ARROWS.has(punctuation)) return false;
  if (punctuation === CLOSE_SQUARE) return !frame.annotates && !frame.fresh;
  if (frame.after !== After.operator) return frame.creates && walk.language.name === "csharp";
  if (frame.kind === "object") return true;
  if (frame.kind === "block" && frame.fresh) return false;
  return (roleBefore(walk) & Role.header) === 0 && punctuation !== 0;
}

const UPPER = /^(?:[A-Z]|.{0,200}!$)/;

/** Rust: structures by their capital letter, and data in macros. */
function expression(walk: Walk): boolean {
  const { frame, tokens, previous, text } = walk;
  if (frame.header > 0) return false;
  if (frame.macro && frame.kind !== "block") return true;
  if (frame.after === After.operator) return false;
  if (before(walk) === CLOSE_ANGLE) return true;
  if (tokens.kinds[previous] !== Kind.word) return false;
  return UPPER.test(text.slice(tokens.starts[previous], tokens.ends[previous])) && before(walk) !== EQUALS;
}
