import { environmentOf } from "./brackets.ts";
import {
  After,
  endElement,
  endOperand,
  type Frame,
  NO_PATH,
  nameOf,
  PATTERN,
  RETURN,
  valuePath,
  type Walk,
  within,
} from "./frame.ts";
import { popFrame } from "./frame-stack.ts";
import { addImport } from "./import-names.ts";
import { nameAfter, pair } from "./operators.ts";
import { Kind, packed } from "./tokens.ts";
import { addLiteral, addPlain, beginOperand } from "./values.ts";
import { Role } from "./word-roles.ts";

/** Reads a word: part of a dotted name, a keyword, a constant, or a new name. */
export function addWord(walk: Walk): void {
  const { tokens, text, frame } = walk;
  const word = text.slice(tokens.starts[walk.at], tokens.ends[walk.at]);
  if (frame.reach) extend(walk, frame, word);
  else {
    const role = walk.roles.get(word) ?? 0;
    if (role === 0 || isName(walk, role)) begin(walk, word);
    else keyword(walk, frame, word, role);
  }
}

function extend(walk: Walk, frame: Frame, word: string): void {
  frame.reach = false;
  if (EQUALS.has(word) && frame.after === After.operator && frame.open !== null && frame.chain === "")
    frame.open.path = ["==", nameAfter(walk, walk.at + 1)];
  const holder = frame.lead.length === 0 ? frame.chain : "";
  if (frame.chain === "") frame.marked = walk.literals.length;
  if (frame.keyed) frame.lead = [...frame.lead, frame.chain];
  if (frame.chain === "" || frame.keyed) frame.chain = word;
  else frame.chain = frame.chain.length > 200 ? word : `${frame.chain}.${word}`;
  frame.keyed = false;
  frame.after = After.operand;
  const environment = holder.endsWith("env") ? (environmentOf(holder) ?? handedEnvironment(holder, word)) : undefined;
  if (environment !== undefined && !followedBy(walk, 40))
    addLiteral(walk, within(valuePath(frame), environment), word, "string");
}

/** Methods by which a string is compared with what they get: `"x".equals(name)`. */
const EQUALS = new Set(["equals", "equalsIgnoreCase", "Equals", "eql"]);
const VARIABLE = /^[A-Z][A-Z0-9_]{1,100}$/;

/** `env.NAME` and `context.env.NAME`: environments handed in, told by the spelling of their variables. */
function handedEnvironment(holder: string, word: string): string | undefined {
  return (holder === "env" || holder.endsWith(".env")) && VARIABLE.test(word) ? "env[]" : undefined;
}

function followedByWord({ tokens, text, at }: Walk, word: string): boolean {
  return tokens.kinds[at + 1] === Kind.word && text.slice(tokens.starts[at + 1], tokens.ends[at + 1]) === word;
}

function followedBy({ tokens, at }: Walk, detail: number): boolean {
  return tokens.kinds[at + 1] === Kind.punctuation && tokens.details[at + 1] === detail;
}

const NAMED_BY_NEXT = new Set(["=", ".", ",", "]", ")"].map(packed));

/** Words that mean something elsewhere are names before `=`, and keys before a colon inside brackets. */
function isName(walk: Walk, role: number): boolean {
  const { tokens, at, frame } = walk;
  if (tokens.kinds[at + 1] !== Kind.punctuation) return false;
  const next = tokens.details[at + 1] ?? 0;
  if (role & Role.constant) return next === 61 || (next === 58 && frame.kind === "object");
  if (next === 58)
    return (frame.kind === "object" || frame.kind === "call" || frame.kind === "command") && (role & Role.lambda) === 0;
  if (role & Role.importsWords && frame.fresh && next === 46) return false; // `from . import x`
  return NAMED_BY_NEXT.has(next);
}

function begin(walk: Walk, word: string): void {
  const { language, tokens, previous } = walk;
  const annotated = tokens.kinds[previous] === Kind.punctuation && tokens.details[previous] === 64;
  if (language.parameters && word.startsWith("-") && word.length > 1) {
    parameter(walk, word.slice(1));
    return;
  }
  const earlier = walk.frame.after === After.operator ? "" : walk.frame.chain;
  const frame = beginOperand(walk);
  const bare = language.sigils?.includes(word[0] ?? "") ? withoutSigils(word, language.sigils) : word;
  frame.chain = annotated || frame.annotates ? `@${bare}` : bare;
  frame.lead = NO_PATH;
  frame.keyed = false;
  frame.chained = true;
  frame.after = After.operand;
  frame.marked = walk.literals.length;
  if (language.nameFirst && earlier !== "" && frame.declared === "" && frame.kind !== "call") frame.declared = earlier;
  if (walk.declares !== "") {
    walk.documented = [walk.declares === "type" ? word : `${word}()`, "doc"];
    walk.declares = "";
  }
  if (frame.environment !== null && frame.slot === null && !frame.typed)
    addLiteral(walk, within(valuePath(frame), frame.environment), word, "string");
}

/** PowerShell: `-Name value` binds within the command's arguments. */
function parameter(walk: Walk, name: string): void {
  beginOperand(walk);
  const { frame } = walk;
  endElement(walk, frame);
  frame.fresh = false;
  frame.slot = [name.endsWith(":") ? name.slice(0, -1) : name];
}

function withoutSigils(word: string, sigils: string): string {
  let from = 0;
  while (from < word.length && sigils.includes(word[from] ?? "")) from += 1;
  return word.slice(from);
}

function keyword(walk: Walk, frame: Frame, word: string, role: number): void {
  if (role & Role.constant) {
    constant(walk, word);
    return;
  }
  const statement = frame.fresh && (frame.kind === "block" || frame.kind === "hole");
  if (role & (Role.importsWords | Role.importsStrings) && imports(walk, frame, word, role, statement)) return;
  if ((role & Role.keyword) === 0 || role & (Role.importsWords | Role.importsStrings)) {
    begin(walk, word);
    return;
  }
  if (role & Role.prefix) {
    frame.fresh = false;
    if (role & Role.creates) frame.creates = true;
    return;
  }
  if (word === "not" && frame.after !== After.operator && followedByWord(walk, "in")) return;
  if (role & Role.member && (frame.chain !== "" || frame.after === After.string)) {
    member(walk, frame);
    return;
  }
  if (role & Role.compares && frame.chain !== "") {
    const name = nameOf(frame);
    endOperand(frame);
    frame.compared = name;
    return;
  }
  if (role & Role.pairs) {
    pair(walk);
    return;
  }
  statementWord(walk, word, role);
}

function statementWord(walk: Walk, word: string, role: number): void {
  if (walk.language.commands) {
    while (walk.frame.kind === "command") popFrame(walk);
    if (STARTS_AFRESH.has(word)) endElement(walk, walk.frame);
  }
  const { frame } = walk;
  const label = (role & Role.pattern) > 0 && frame.kind === "block" && walk.language.commands !== true;
  if (label) endElement(walk, frame);
  const statement = frame.fresh && (frame.kind === "block" || frame.kind === "hole");
  const keep = frame.joining;
  endOperand(frame);
  frame.joining = keep && (role & Role.header) === 0;
  if (role & Role.returns && frame.slot === null && !frame.numbered) frame.slot = RETURN;
  else if (role & Role.pattern && statement) frame.slot = PATTERN;
  if (role & Role.loop) frame.loops = true;
  if (role & Role.lambda) {
    frame.ternaries += 1;
    frame.lambda = frame.slot ?? [];
  }
  if (role & Role.header && statement) frame.header = 1;
  if (role & Role.selects) {
    frame.selects = frame.slot !== null || frame.kind !== "block" || frame.base.length > 0;
    frame.selector = SELECTORS.has(word);
  }
  if (role & Role.declaration) {
    frame.header = walk.language.docstrings ? 1 : 2;
    walk.declares = TYPES.has(word) ? "type" : "function";
  }
  frame.fresh = frame.fresh && KEEPS_FRESH.has(word);
}

/** Words of languages without braces behind which statements begin. */
const STARTS_AFRESH = new Set(["do", "then", "else", "begin", "ensure", "rescue", "end"]);
const SELECTORS = new Set(["match", "when", "switch"]);
const TYPES = new Set(["class", "struct", "interface", "trait", "enum", "module", "object", "record", "protocol"]);
/** Behind these a statement still begins. */
const KEEPS_FRESH = new Set([
  "else",
  "do",
  "then",
  "try",
  "finally",
  "export",
  "async",
  "pub",
  "public",
  "private",
  "protected",
  "static",
  "abstract",
  "final",
  "override",
  "internal",
  "sealed",
  "open",
  "begin",
  "ensure",
]);

function constant(walk: Walk, word: string): void {
  const frame = beginOperand(walk);
  const kind = walk.language.constants[word] ?? "null";
  addPlain(walk, frame, kind === "null" ? kind : word.replace("$", "").toLowerCase(), kind);
  frame.after = After.operand;
  frame.chain = word;
  frame.chained = false;
}

/** `for x in [...]` binds to `x`; elsewhere `x in [...]` compares, but for Swift, whose closures begin so. */
function member(walk: Walk, frame: Frame): void {
  const name = nameOf(frame);
  const { loops } = frame;
  if (frame.after === After.string && frame.open !== null) frame.open.path = ["==", nameAfter(walk, walk.at)];
  endOperand(frame);
  if (name === "") return;
  if (loops) frame.slot = [name];
  else if (walk.language.name === "swift") endElement(walk, frame);
  else frame.compared = name;
}

/** True when the word begins an import, whose names it gives. */
function imports(walk: Walk, frame: Frame, word: string, role: number, statement: boolean): boolean {
  if (role & Role.importsStrings) {
    if (followedBy(walk, 40) || (!statement && word !== "from")) return false;
    if (word === "from" && walk.tokens.kinds[walk.at + 1] !== Kind.string) return false;
    endOperand(frame);
    frame.slot = ["import"];
    frame.fresh = false;
    return true;
  }
  if (!statement) return false;
  addImport(walk, word);
  endOperand(frame);
  frame.header = 2;
  frame.fresh = false;
  return true;
}
