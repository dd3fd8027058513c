import { opensObject } from "./braces.ts";
import { After, endElement, endOperand, type Frame, NO_PATH, nameOf, valuePath, type Walk, within } from "./frame.ts";
import { popFrame, pushFrame } from "./frame-stack.ts";
import { stringValue } from "./string-value.ts";
import { Gap, Kind, packed } from "./tokens.ts";
import { beginOperand, operandPath } from "./values.ts";

/** Reads an opening bracket. */
export function openBracket(walk: Walk, detail: number): void {
  if (detail === 40) openParenthesis(walk);
  else if (detail === 91) openSquare(walk);
  else openBrace(walk);
}

function openParenthesis(walk: Walk): void {
  const { frame, language } = walk;
  if (frame.chained && frame.chain !== "" && !spacedCommand(walk)) {
    const name = nameOf(frame);
    const imports = language.imports.strings?.includes(name) === true;
    const base = imports ? ["import"] : within(valuePath(frame), `${name}()`);
    const macro = frame.macro || name.endsWith("!");
    pushFrame(walk, { kind: "call", close: 41, base, numbered: !imports, macro });
    return;
  }
  if (language.nameFirst && opensDeclarations(walk)) return;
  if (language.parameters && follows(walk, 64)) {
    pushFrame(walk, { kind: "list", close: 41, base: operandPath(beginOperand(walk)), numbered: true });
    return;
  }
  const inner = frame.chained && frame.after !== After.operator ? frame : beginOperand(walk);
  pushFrame(walk, { kind: "group", close: 41, base: operandPath(inner), loops: inner.loops });
}

function follows({ tokens, previous }: Walk, detail: number): boolean {
  return tokens.kinds[previous] === Kind.punctuation && tokens.details[previous] === detail;
}

const DECLARES = new Set(["var", "const", "type", "import"]);

/** Go: `const ( ... )` holds statements. */
function opensDeclarations(walk: Walk): boolean {
  const { tokens, text, previous, frame } = walk;
  if (previous < 0 || !DECLARES.has(text.slice(tokens.starts[previous], tokens.ends[previous]))) return false;
  return pushFrame(walk, { kind: "block", close: 41, base: valuePath(frame) });
}

/** In languages of calls without parentheses, `f (x)` passes a value in parentheses: read the same way, it is the same call. */
function spacedCommand({ frame, language }: Walk): boolean {
  return language.commands === true && frame.kind === "command" && frame.after === After.operator;
}

const ENVIRONMENTS: Readonly<Record<string, string>> = {
  "process.env": "process.env",
  "import.meta.env": "import.meta.env",
  "os.environ": "os.environ[]",
  environ: "os.environ[]",
  ENV: "ENV[]",
  _ENV: "ENV[]",
};

/** The label under which names of the environment's variables stand, for an object that holds them. */
export function environmentOf(name: string): string | undefined {
  return Object.hasOwn(ENVIRONMENTS, name) ? ENVIRONMENTS[name] : undefined;
}

function openSquare(walk: Walk): void {
  const { frame, language, tokens } = walk;
  if (language.attributes !== undefined && opensAttribute(walk)) return;
  const commands = language.commands && tokens.gaps[walk.at] !== Gap.none && tokens.kinds[walk.previous] === Kind.word;
  const name = nameOf(frame);
  if (frame.chained && !commands && !name.endsWith("!")) {
    const base = within(valuePath(frame), environmentOf(name) ?? `${name}[]`);
    pushFrame(walk, { kind: "index", close: 93, base });
    return;
  }
  const inner = beginOperand(walk);
  const first = inner.kind === "call" && inner.slot === null && inner.index === 0;
  pushFrame(walk, {
    kind: "list",
    close: 93,
    base: operandPath(inner),
    keyedBase: first ? inner.base : null,
    numbered: true,
  });
}

function opensAttribute(walk: Walk): boolean {
  const { frame, language } = walk;
  const hash = follows(walk, 35);
  const style = language.attributes;
  if (style === "named" ? !namesAttribute(walk, frame) : !hash && !isInnerAttribute(walk)) return false;
  pushFrame(walk, { kind: style === "left-out" ? "skipped" : "group", close: 93, base: [], annotates: true });
  return true;
}

/** C#: `[Name(...)]` before a declaration or a parameter; `["a"]` is a collection, `["k"] = v` sets an element. */
function namesAttribute({ tokens, at }: Walk, { fresh, kind }: Frame): boolean {
  return fresh && (kind === "block" || kind === "call") && tokens.kinds[at + 1] === Kind.word;
}

/** `#![...]` */
function isInnerAttribute({ tokens, previous }: Walk): boolean {
  return previous > 0 && tokens.details[previous] === 33 && tokens.details[previous - 1] === 35;
}

function openBrace(walk: Walk): void {
  const { frame, language } = walk;
  if (!opensObject(walk)) {
    const base = frame.selects ? valuePath(frame) : NO_PATH;
    frame.header = 0;
    frame.selects = false;
    const arms = frame.selector;
    frame.selector = false;
    pushFrame(walk, { kind: "block", close: 125, base, arms });
    return;
  }
  const literal = frame.after !== After.operator;
  if (literal && language.tableCalls && frame.chain !== "") {
    pushFrame(walk, {
      kind: "object",
      close: 125,
      base: within(valuePath(frame), `${nameOf(frame)}()`),
      numbered: true,
    });
    return;
  }
  const inner = literal ? frame : beginOperand(walk);
  const first = inner.kind === "call" && inner.slot === null && inner.index === 0;
  const environment = destructuredEnvironment(walk);
  const declared = literal && language.directives === true && frame.slot === null && /^[a-z]/.test(frame.chain);
  pushFrame(walk, {
    kind: "object",
    close: 125,
    base: first ? inner.base : declared ? within(operandPath(inner), frame.chain) : operandPath(inner),
    numbered: environment === null,
    environment,
  });
}

const LONGEST_PATTERN = 200;

/** The environment that a pattern takes its names from: `const { A, B } = process.env`. */
function destructuredEnvironment({ tokens, text, at, language, frame, previous }: Walk): string | null {
  if (language.braces !== "javascript" || frame.kind !== "block" || tokens.kinds[previous] !== Kind.word) return null;
  let next = at + 1;
  let depth = 1;
  for (; depth > 0 && next < Math.min(tokens.count, at + LONGEST_PATTERN); next += 1) {
    if (tokens.kinds[next] !== Kind.punctuation) continue;
    const detail = tokens.details[next];
    depth += detail === 123 ? 1 : detail === 125 ? -1 : 0;
  }
  if (depth > 0 || tokens.details[next] !== 61) return null;
  const source = text.slice(tokens.starts[next + 1], (tokens.starts[next + 1] ?? 0) + 15);
  const name = source.startsWith("process.env") ? "process.env" : source.startsWith("import.meta.env") ? source : null;
  const following = name === null ? "" : text.charAt((tokens.starts[next + 1] ?? 0) + name.length);
  return name !== null && following !== "." && following !== "[" ? name : null;
}

/** Reads a closing bracket: ends its frame and those left open in it. */
export function closeBracket(walk: Walk, detail: number): void {
  if (walk.overflow > 0) {
    walk.overflow -= 1;
    return;
  }
  while (walk.frame.kind === "command") popFrame(walk);
  const depth = openerOf(walk, detail);
  if (depth < 0) {
    walk.balanced = false;
    return;
  }
  if (depth < walk.stack.length - 1) walk.balanced = false;
  while (walk.stack.length - 1 > depth) popFrame(walk);
  const closed = walk.frame;
  popFrame(walk);
  afterBracket(walk, closed);
}

const FARTHEST = 12;

function openerOf({ stack }: Walk, detail: number): number {
  for (let depth = stack.length - 1; depth > 0 && depth >= stack.length - FARTHEST; depth -= 1) {
    const frame = stack[depth];
    if (!frame || frame.kind === "hole") return -1;
    if (frame.close === detail) return depth;
  }
  return -1;
}

function afterBracket(walk: Walk, closed: Frame): void {
  const { frame } = walk;
  if (closed.kind === "block") afterBlock(walk, frame, closed);
  else if (closed.kind === "skipped") {
    walk.literals.length = closed.opened;
    endElement(walk, frame);
  } else if (closed.annotates) endElement(walk, frame);
  else afterValue(walk, frame, closed);
}

function afterValue(walk: Walk, frame: Frame, closed: Frame): void {
  frame.after = frame.after === After.string && closed.kind === "call" ? After.string : After.operand;
  frame.reach = false;
  frame.chained = true;
  if (closed.kind === "types") return;
  if (closed.kind === "index") {
    subscript(walk, frame, closed);
    return;
  }
  frame.chain = closed.kind === "call" ? `${nameOf(frame)}()` : "";
  frame.lead = NO_PATH;
  if (closed.kind === "list") {
    frame.key = onlyValue(walk, closed);
    frame.keyAt = walk.at;
  }
}

const MOST_SUBSCRIPTS = 12;

function subscript(walk: Walk, frame: Frame, closed: Frame): void {
  if (walk.at === closed.openedAt + 1) return; // `names[]` declares a list.
  const key = closed.keyAt === walk.previous ? closed.key : onlyValue(walk, closed);
  if (key === null || frame.lead.length >= MOST_SUBSCRIPTS) frame.chain += "[]";
  else {
    frame.lead = [...frame.lead, frame.chain];
    frame.chain = key;
    frame.keyed = true;
  }
}

/** The value of a bracket pair that holds one literal and nothing else; null for any other. */
function onlyValue({ tokens, text, at }: Walk, { openedAt }: Frame): string | null {
  const only = openedAt + 1;
  const kind = tokens.kinds[only];
  if (kind === Kind.string) {
    const shape = tokens.strings[tokens.details[only] ?? 0];
    return shape && shape.next === at && shape.holes === null ? stringValue(text, shape) : null;
  }
  if (at !== openedAt + 2) return null;
  if (kind === Kind.number) return text.slice(tokens.starts[only], tokens.ends[only]);
  return kind === Kind.symbol ? text.slice((tokens.starts[only] ?? 0) + 1, tokens.ends[only]) : null;
}

const GOES_ON = new Set([",", ".", ")", "(", "=", "]"].map(packed));

/** A block ends its statement, unless an expression goes on behind it. */
function afterBlock(walk: Walk, frame: Frame, closed: Frame): void {
  const { tokens, at, text } = walk;
  const next = at + 1;
  if (closed.base.length > 0 && frame.slot !== null && text.startsWith("else", tokens.starts[next])) {
    endOperand(frame);
    frame.selects = true;
    return;
  }
  const detail = tokens.kinds[next] === Kind.punctuation ? (tokens.details[next] ?? 0) : 0;
  const tag = walk.language.nameFirst && tokens.kinds[next] === Kind.string && (tokens.gaps[next] ?? 0) < Gap.newline;
  const goesOn = tag || GOES_ON.has(detail) || (detail === 123 && tokens.gaps[next] === Gap.none);
  if (frame.kind === "block" && !goesOn) {
    endElement(walk, frame);
    return;
  }
  const { chain, lead } = frame;
  endOperand(frame);
  frame.after = After.operand;
  if (detail === 61) {
    frame.chain = chain;
    frame.lead = lead;
  }
}
