import type { Literal } from "../../core/detector.ts";
import { closeBracket, openBracket } from "./brackets.ts";
import { After, endElement, endOperand, type Walk } from "./frame.ts";
import { newFrame, popFrame } from "./frame-stack.ts";
import { endTag, openTag, openTagBrace } from "./jsx-tags.ts";
import type { Language } from "./language.ts";
import { operator } from "./operators.ts";
import { directive } from "./preprocessor.ts";
import { HOLE } from "./scan.ts";
import { Gap, Kind, packed, Tag, type Tokens } from "./tokens.ts";
import { addNumber, addString, addSymbol, addText } from "./values.ts";
import { rolesOf } from "./word-roles.ts";
import { addWord } from "./words.ts";

/** What the tokens of a program bind to names. */
export interface CodeLiterals {
  readonly literals: readonly Literal[];
  /** False when brackets did not match, so that names may be wrong. */
  readonly balanced: boolean;
}

/** Walks over the tokens once, with a stack of open brackets instead of a syntax tree. */
export function codeLiterals(tokens: Tokens, language: Language): CodeLiterals {
  const walk = newWalk(tokens, language);
  const { kinds, gaps } = tokens;
  for (let at = 0; at < tokens.count; at += 1) {
    if (at < walk.skip) continue;
    if (at >= walk.until) leaveHoles(walk, at);
    const kind = kinds[at] ?? 0;
    if ((gaps[at] ?? 0) >= Gap.newline) walk.newline = true;
    if (kind === Kind.comment) continue;
    walk.at = at;
    if (walk.newline) lineEnd(walk, kind);
    read(walk, kind);
    walk.newline = false;
    walk.previous = at;
  }
  leaveHoles(walk, tokens.count);
  while (walk.frame.kind === "command") popFrame(walk);
  return { literals: walk.literals, balanced: walk.balanced && walk.stack.length === 1 };
}

/** Tokens looked at ahead, for each token of the file and beyond that for any: hostile texts need more. */
const MOST_AHEAD = 20;
const LEAST_AHEAD = 10_000;

function newWalk(tokens: Tokens, language: Language): Walk {
  const frame = newFrame();
  return {
    text: tokens.text,
    tokens,
    language,
    roles: rolesOf(language),
    literals: [],
    stack: [frame],
    spare: [],
    frame,
    overflow: 0,
    until: Number.POSITIVE_INFINITY,
    at: 0,
    previous: -1,
    skip: 0,
    ahead: LEAST_AHEAD + MOST_AHEAD * tokens.count,
    directive: false,
    newline: false,
    line: 1,
    linePlace: 0,
    documented: language.docstrings ? ["doc"] : null,
    documents: language.docstrings === true,
    declares: "",
    balanced: true,
    tags: [],
  };
}

/** Ends the interpolations whose last token was read, with all brackets left open in them. */
function leaveHoles(walk: Walk, at: number): void {
  while (walk.stack.length > 1 && at >= walk.until) {
    const { kind } = walk.frame;
    popFrame(walk);
    if (kind !== "hole") continue;
    let outer = walk.stack.length - 1;
    while (outer > 0 && walk.stack[outer]?.kind !== "hole") outer -= 1;
    walk.until = outer > 0 ? (walk.stack[outer]?.until ?? 0) : Number.POSITIVE_INFINITY;
  }
}

const OPENS_VALUE = new Set(["(", "[", "@", "#"].map(packed));

/** A line end ends a statement where the language says so and a value stands before it. */
function lineEnd(walk: Walk, kind: number): void {
  const { lineEnds, braces } = walk.language;
  if (lineEnds === "never") {
    if (walk.directive) endElement(walk, walk.frame);
    walk.directive = false;
    return;
  }
  let { frame } = walk;
  if (frame.kind === "tag") return;
  const punctuation = kind === Kind.punctuation;
  const detail = walk.tokens.details[walk.at] ?? 0;
  const begins = !punctuation || (OPENS_VALUE.has(detail) && (braces !== "javascript" || detail === 64));
  if (frame.kind === "command" && frame.after !== After.operator && begins) {
    while (walk.frame.kind === "command") popFrame(walk);
    frame = walk.frame;
  }
  if (lineEnds === "always") {
    if (frame.kind === "block") endElement(walk, frame);
  } else if ((frame.kind === "block" || frame.kind === "object") && frame.after !== After.operator && begins) {
    endElement(walk, frame);
  }
}

function read(walk: Walk, kind: number): void {
  if (kind !== Kind.string) walk.documents = false;
  if (kind === Kind.word) addWord(walk);
  else if (kind === Kind.punctuation) punctuation(walk);
  else if (kind === Kind.string) addString(walk);
  else if (kind === Kind.number) addNumber(walk);
  else if (kind === Kind.symbol) addSymbol(walk);
  else if (kind === Kind.text) addText(walk);
  else if (kind === Kind.tag) openTag(walk);
  else {
    endOperand(walk.frame);
    walk.frame.after = After.operand;
  }
}

function punctuation(walk: Walk): void {
  const detail = walk.tokens.details[walk.at] ?? 0;
  if (detail === 40 || detail === 91 || detail === 123) openBracket(walk, detail);
  else if (CLOSING.has(detail)) closeBracket(walk, detail);
  else if (detail === HOLE) endElement(walk, walk.frame);
  else if (detail === Tag.brace) openTagBrace(walk);
  else if (detail === Tag.end) endTag(walk);
  else if (detail === 35 && walk.language.directives && walk.newline) directive(walk);
  else operator(walk, detail);
}

const CLOSING: ReadonlySet<number> = new Set([41, 93, 125, Tag.close, Tag.braceEnd]);
