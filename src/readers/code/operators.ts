import {
  After,
  endElement,
  endOperand,
  type Frame,
  NO_PATH,
  nameOf,
  PATTERN,
  type Path,
  RETURN,
  targetOf,
  valuePath,
  type Walk,
  within,
} from "./frame.ts";
import { popFrame } from "./frame-stack.ts";
import { Kind, packed } from "./tokens.ts";
import { closeTypes, typeArguments } from "./type-arguments.ts";

const code = packed;
const ASSIGNS = new Set("= := += ||= &&= ??= .= |= -= *= /= %= **= //= ++=".split(" ").map(code));
const DOTS = new Set(". ?. :: &. !. ?->".split(" ").map(code));
const ARROW = code("=>");
const OPTIONAL = code("?:");
const COMPARES = new Set("== != === !== =~ ~=".split(" ").map(code));

const tables = new WeakMap<object, ReadonlySet<number>>();

/** Whether a row's list of operators holds one; the lists are compiled once. */
function has(list: readonly string[] | undefined, detail: number): boolean {
  if (list === undefined) return false;
  let table = tables.get(list);
  if (!table) {
    table = new Set(list.map(code));
    tables.set(list, table);
  }
  return table.has(detail);
}

/** Reads a punctuation token that is no bracket. */
export function operator(walk: Walk, detail: number): void {
  const { frame, language } = walk;
  if (detail === 44) comma(walk);
  else if (detail === 59) semicolon(walk);
  else if (has(language.dots, detail)) dot(frame);
  else if (detail === 58 || (detail === OPTIONAL && language.braces === "javascript")) colon(walk);
  else if (has(language.joins, detail)) join(frame);
  else if (frame.arms ? detail === ARROW || has(language.arms, detail) : has(language.arms, detail)) arm(walk);
  else if (has(language.pairs, detail)) pair(walk);
  else if (DOTS.has(detail)) dot(frame);
  else if (ASSIGNS.has(detail) || has(language.assigns, detail)) assign(walk);
  else if (COMPARES.has(detail)) compare(walk);
  else if (detail === 60 && language.generics && typeArguments(walk)) return;
  else if ((detail & 255) === 62 && frame.kind === "types") closeTypes(walk, detail);
  else otherOperator(walk, frame, detail);
}

function otherOperator(walk: Walk, frame: Frame, detail: number): void {
  if (detail === 124 && frame.arms && frame.after === After.string && frame.open !== null) frame.open.path = PATTERN;
  if (detail === 63 && walk.language.ternary) {
    if (walk.tokens.details[walk.at + 1] === 58 && walk.tokens.kinds[walk.at + 1] === Kind.punctuation) return;
    frame.ternaries += 1;
  }
  if (detail === 33 && frame.after !== After.operator) return; // `x!` asserts in TypeScript, Swift and C#.
  endOperand(frame);
  frame.fresh = false;
}

function dot(frame: Frame): void {
  if (frame.chained) frame.reach = true;
  else endOperand(frame);
  frame.after = After.operator;
}

function join(frame: Frame): void {
  if (frame.after !== After.operator) frame.joining = true;
  frame.after = After.operator;
  frame.chain = "";
  frame.lead = NO_PATH;
  frame.chained = false;
  frame.fresh = false;
}

/** `name == "x"` gives the value the name's path; `"x" == name` the same. */
function compare(walk: Walk): void {
  const { frame } = walk;
  const left = nameOf(frame);
  if (frame.after === After.string && frame.open !== null) {
    frame.open.path = ["==", nameAfter(walk, walk.at)];
    endOperand(frame);
    return;
  }
  endOperand(frame);
  frame.compared = left;
}

/** The dotted name that begins behind a token. */
export function nameAfter({ tokens, text }: Walk, at: number): string {
  let name = "";
  for (let next = at + 1; next < Math.min(tokens.count, at + 12); next += 1) {
    if (tokens.kinds[next] === Kind.word) name += text.slice(tokens.starts[next], tokens.ends[next]);
    else if (tokens.kinds[next] === Kind.punctuation && DOTS.has(tokens.details[next] ?? 0) && name !== "") name += ".";
    else break;
  }
  return name.slice(0, 160);
}

/** Ends an argument, a member or one of several values. */
function comma(walk: Walk): void {
  const { frame, language } = walk;
  if (frame.kind === "block" || frame.kind === "hole") {
    commaInStatement(walk, frame);
    return;
  }
  if (frame.kind === "group" && language.tuples && !frame.numbered && !frame.annotates) {
    nameFirst(walk, frame.base, frame.opened);
    frame.numbered = true;
  }
  const { loops } = frame;
  frame.index += 1;
  endElement(walk, frame);
  frame.fresh = false;
  frame.loops = loops; // `for a, b in ...`
}

function commaInStatement(walk: Walk, frame: Frame): void {
  const { targets, slot } = frame;
  const several = walk.language.bareTuples === true && slot !== null && !frame.typed;
  if (frame.arms && !frame.armed && frame.after === After.string && frame.open !== null) {
    frame.open.path = PATTERN;
    endOperand(frame);
  } else if (frame.arms && slot !== PATTERN) endElement(walk, frame);
  else if (frame.header > 0 || slot === PATTERN || slot === RETURN) endOperand(frame);
  else if (slot === null && frame.chain !== "" && walk.language.targets) {
    frame.targets ??= [];
    if (frame.targets.length < MOST_TARGETS) frame.targets.push(targetOf(frame));
    endOperand(frame);
  } else if (targets !== null && frame.target + 1 < targets.length) {
    frame.target += 1;
    frame.slot = targets[frame.target] ?? null;
    endOperand(frame);
  } else if (several) {
    if (frame.tuple === 0) nameFirst(walk, valuePath(frame), frame.marked);
    frame.tuple += 1;
    frame.slot = within(frame.tuple === 1 ? slot : slot.slice(0, -1), String(frame.tuple));
    endOperand(frame);
  } else {
    endElement(walk, frame);
    frame.fresh = false;
  }
}

const MOST_TARGETS = 16;

/** A comma shows that a value is the first of several: its literals get its index. */
function nameFirst(walk: Walk, base: Path, since: number): void {
  for (let index = since; index < walk.literals.length; index += 1) {
    const literal = walk.literals[index];
    if (!literal || (literal.path[0] === "==" && base[0] !== "==") || literal.path.length < base.length) continue;
    literal.path = [...base, "0", ...literal.path.slice(base.length)];
  }
}

function semicolon(walk: Walk): void {
  while (walk.frame.kind === "command") popFrame(walk);
  const { kind, header } = walk.frame;
  if (header === 1 && walk.language.nameFirst) {
    endElement(walk, walk.frame);
    walk.frame.header = 1;
    walk.frame.fresh = false;
  } else if (kind === "call" || kind === "list" || kind === "index") endOperand(walk.frame);
  else endElement(walk, walk.frame);
}

/** A colon ends a header or a label, chooses in `a ? b : c`, or binds what follows to the key or name before it. */
function colon(walk: Walk): void {
  const { frame, language } = walk;
  if (frame.ternaries > 0) {
    frame.ternaries -= 1;
    if (frame.lambda !== null) frame.slot = frame.lambda.length > 0 ? frame.lambda : null;
    frame.lambda = null;
    endOperand(frame);
  } else if (frame.slot === PATTERN || (frame.kind === "block" && frame.header === 1)) {
    endElement(walk, frame);
    walk.documents = language.docstrings === true && walk.documented !== null;
  } else {
    if (frame.slot === null && frame.kind !== "index") bindKey(walk, frame, true);
    endOperand(frame);
  }
}

/** Makes the literal or name before the present token the key of the value behind it. */
function bindKey(walk: Walk, frame: Frame, typed: boolean): void {
  const key = keyBefore(walk, frame);
  if (key === null) return;
  frame.slot = [key];
  frame.typed = typed;
  if (frame.keyedBase !== null) frame.base = frame.keyedBase;
}

function keyBefore(walk: Walk, frame: Frame): string | null {
  if (frame.keyAt === walk.previous) {
    if (frame.key !== null) walk.literals.length = frame.started;
    return frame.key ?? "[]";
  }
  if (frame.after === After.string && frame.open !== null) {
    const { value } = frame.open;
    walk.literals.length = frame.started;
    return value;
  }
  if (walk.tokens.kinds[walk.previous] === Kind.number) walk.literals.length = frame.started;
  return frame.chain === "" ? null : nameOf(frame);
}

/** `"key" => value`, `"key" to value` */
export function pair(walk: Walk): void {
  const { frame } = walk;
  if (frame.slot === null) bindKey(walk, frame, false);
  endOperand(frame);
}

/** `"x" => value`: the literal is a pattern; a name is the key of the value, as is the name of a member (`Model => "x"` in C#). */
function arm(walk: Walk): void {
  const { frame } = walk;
  const named = frame.arms || (frame.kind === "block" && walk.language.name === "csharp");
  if (frame.after === After.string && frame.open !== null) frame.open.path = PATTERN;
  const key = frame.after === After.operand && named && frame.chain !== "" ? [nameOf(frame)] : null;
  if (frame.slot === PATTERN || (frame.slot === null && named)) frame.slot = key;
  endOperand(frame);
  frame.fresh = false;
  frame.armed = true;
}

/** Binds what follows to the name, subscript or pattern before it. */
function assign(walk: Walk): void {
  const { frame } = walk;
  if (frame.kind === "index") {
    endOperand(frame);
    return;
  }
  const keyed = frame.key !== null && frame.keyAt === walk.previous && frame.chain === "";
  const quoted =
    frame.after === After.string && frame.open !== null && (frame.kind === "object" || frame.kind === "call");
  if (keyed || (quoted && frame.slot === null)) bindKey(walk, frame, false);
  else if (!frame.typed && frame.declared !== "") frame.slot = [frame.declared];
  else if (!frame.typed && frame.chain !== "") {
    if (!/[([]/.test(nameOf(frame))) walk.literals.length = frame.marked;
    const target = targetOf(frame);
    frame.slot = frame.lambda === null ? target : [...frame.lambda, ...target];
    if (frame.targets !== null) {
      frame.targets.push(target);
      frame.slot = frame.targets[0] ?? target;
      frame.target = 0;
    }
  }
  frame.typed = false;
  endOperand(frame);
  frame.marked = walk.literals.length;
  frame.fresh = false;
}
