import type { Literal } from "../../core/detector.ts";
import {
  After,
  endElement,
  endOperand,
  type Frame,
  lineAt,
  nameOf,
  type OpenLiteral,
  PATTERN,
  type Path,
  valuePath,
  type Walk,
  within,
} from "./frame.ts";
import { pushFrame } from "./frame-stack.ts";
import { stringValue } from "./string-value.ts";
import { Gap, Kind, packed } from "./tokens.ts";

/** A program of more values is none: the rest is not taken, and the file said to be read in part. */
const MOST_LITERALS = 1_000_000;

/** Appends a literal at the present token. */
export function addLiteral(walk: Walk, path: Path, value: string, kind: Literal["kind"]): OpenLiteral {
  const literal = { path, value, kind, line: lineAt(walk, walk.tokens.starts[walk.at] ?? 0) };
  if (walk.literals.length < MOST_LITERALS) walk.literals.push(literal);
  else walk.balanced = false;
  return literal;
}

/**
 * Does what every operand does to its frame: joins a running string as `{}`, ends an operand it stands beside, and
 * begins a call without parentheses where the language has them.
 */
export function beginOperand(walk: Walk): Frame {
  let { frame } = walk;
  frame.fresh = false;
  if (frame.after !== After.operator) {
    if (walk.language.parameters && frame.kind === "command") {
      frame.index += 1;
      endElement(walk, frame);
      frame.fresh = false;
    } else if (walk.language.commands && commands(walk, frame)) frame = walk.frame;
    else endOperand(frame);
  }
  if (frame.joining) {
    if (frame.open !== null) frame.open.value += "{}";
    frame.joining = false;
  }
  return frame;
}

function commands(walk: Walk, frame: Frame): boolean {
  const { tokens } = walk;
  if (!frame.chained || frame.chain === "" || tokens.kinds[walk.previous] !== Kind.word) return false;
  if (walk.newline || (tokens.gaps[walk.at] === Gap.none && !walk.language.tableCalls)) return false;
  const name = nameOf(frame);
  const attribute = name.startsWith("@");
  const base = attribute ? within(valuePath(frame), name.slice(1)) : commandPath(walk, frame, name);
  return pushFrame(walk, { kind: "command", close: 0, base, numbered: !attribute && base[0] !== "import" });
}

function commandPath(walk: Walk, frame: Frame, name: string): Path {
  if (walk.language.imports.strings?.includes(name)) return ["import"];
  return within(valuePath(frame), `${name}()`);
}

/** A string: a new literal, or the next part of the one before it. */
export function addString(walk: Walk): void {
  const { tokens, text, language } = walk;
  const shape = tokens.strings[tokens.details[walk.at] ?? 0];
  if (!shape) return;
  let { frame } = walk;
  const value = stringValue(text, shape);
  const beside = frame.after === After.string && language.adjacent === true;
  if (frame.open !== null && (frame.joining || beside)) {
    frame.open.value += value;
    frame.joining = false;
  } else if (language.nameFirst && frame.after === After.operand && frame.base[0] !== "import") {
    return; // A struct tag.
  } else {
    const joined = frame.joining;
    const tag = frame.after === After.operand && frame.chained ? nameOf(frame) : "";
    frame.joining = false;
    frame = beginOperand(walk);
    const path = tag === "" ? stringPath(walk, frame) : taggedPath(walk, frame, tag);
    frame.open = addLiteral(walk, path, joined ? `{}${value}` : value, "string");
  }
  frame.after = After.string;
  frame.chain = "";
  frame.chained = true;
  if (shape.next > walk.at + 1) enterHoles(walk, frame, shape.next);
}

/** A template behind a name (`sql\`...\``) is its argument where nothing else names it. */
function taggedPath(walk: Walk, frame: Frame, tag: string): Path {
  const path = stringPath(walk, frame);
  return path.length > 0 || walk.tokens.gaps[walk.at] !== Gap.none ? path : [`${tag}()`, "0"];
}

function stringPath(walk: Walk, frame: Frame): Path {
  if (walk.documents && walk.documented) {
    walk.documents = false;
    return walk.documented;
  }
  return operandPath(frame);
}

/** The path of an operand: beside `==` it is the name on the other side that matters. */
export function operandPath(frame: Frame): Path {
  if (frame.slot === PATTERN) return PATTERN;
  return frame.compared === null ? valuePath(frame) : ["==", frame.compared];
}

function enterHoles(walk: Walk, frame: Frame, until: number): void {
  const base = frame.slot === null && !frame.numbered ? frame.base : valuePath(frame);
  if (pushFrame(walk, { kind: "hole", close: 0, base, until })) walk.until = until;
  else walk.overflow -= 1;
}

/** A number: a literal where it has a name. */
export function addNumber(walk: Walk): void {
  const { tokens, text } = walk;
  const written = text.slice(tokens.starts[walk.at], tokens.ends[walk.at]);
  const negative = isNegative(walk);
  const frame = beginOperand(walk);
  addPlain(walk, frame, (negative ? "-" : "") + plainNumber(written), "number");
  frame.after = After.operand;
  frame.chain = written;
  frame.chained = false;
}

/** A value that counts only under a name: positions in subscripts and operands of comparisons have none. */
export function addPlain(walk: Walk, frame: Frame, value: string, kind: Literal["kind"]): void {
  if (frame.kind === "index" || frame.compared !== null) return;
  const path = valuePath(frame);
  if (path.length > 0 && (path.length > 1 || path[0] !== "return")) addLiteral(walk, path, value, kind);
}

const BEFORE_SIGN = new Set(["=", "(", "[", "{", ",", ":", "=>", ":=", "->", "<-"].map(packed));

function isNegative({ tokens, previous }: Walk): boolean {
  if (previous < 1 || tokens.kinds[previous] !== Kind.punctuation || tokens.details[previous] !== 45) return false;
  return tokens.kinds[previous - 1] === Kind.punctuation && BEFORE_SIGN.has(tokens.details[previous - 1] ?? 0);
}

/** A number without separators of digits and marks of its type, so that spelling it otherwise is no change. */
function plainNumber(written: string): string {
  const bare = written.includes("_") || written.includes("'") ? written.replace(/[_']/g, "") : written;
  if (/^0[xXbBoO]/.test(bare)) return bare;
  const length = /^[0-9.]{1,400}(?:[eE][+-]?[0-9]{1,20})?/.exec(bare)?.[0].length ?? bare.length;
  return /^(?:[fFdDlLuUmMn]{1,3}|[iuf](?:8|16|32|64|128|size))?$/.test(bare.slice(length))
    ? bare.slice(0, length)
    : bare;
}

/** Ruby's `:name`: a value where it is bound to a name, a key where a pair follows. */
export function addSymbol(walk: Walk): void {
  const { tokens, text } = walk;
  const name = text.slice((tokens.starts[walk.at] ?? 0) + 1, tokens.ends[walk.at]);
  const frame = beginOperand(walk);
  if (frame.slot !== null && frame.compared === null) addLiteral(walk, valuePath(frame), name, "string");
  frame.after = After.operand;
  frame.chain = name;
  frame.chained = false;
}

/** Text between JSX tags. */
export function addText(walk: Walk): void {
  const { tokens, text } = walk;
  const value = text.slice(tokens.starts[walk.at], tokens.ends[walk.at]).trim().replace(/\s+/g, " ");
  if (value !== "") addLiteral(walk, within(valuePath(walk.frame), walk.tags.at(-1) ?? ""), value, "string");
}
