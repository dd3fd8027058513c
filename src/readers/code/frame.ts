import type { Literal } from "../../core/detector.ts";
import type { Language } from "./language.ts";
import type { Tokens } from "./tokens.ts";
import type { WordRoles } from "./word-roles.ts";

/** Names that lead to a value, outermost first. Shared between literals, never changed. */
export type Path = readonly string[];

/** A literal while its parts are still being joined. */
export interface OpenLiteral {
  path: Path;
  value: string;
  kind: Literal["kind"];
  line: number;
}

/** `command` is a call without parentheses, `hole` an interpolation, `tag` the attributes of a JSX element. */
export type FrameKind =
  | "block"
  | "call"
  | "object"
  | "list"
  | "group"
  | "index"
  | "command"
  | "hole"
  | "tag"
  | "types"
  | "skipped";

/** What the last token of a frame was: nothing that ends a value, a value, or a string. */
export const After = { operator: 0, operand: 1, string: 2 } as const;

/** An open bracket with the element being read in it; once closed, it is used again. */
export interface Frame {
  kind: FrameKind;
  /** Packed closing bracket, 0 where something else ends it. */
  close: number;
  base: Path;
  /** The base when keys turn up in a list that is the first argument of a call. */
  keyedBase: Path | null;
  /** True where an element without a key is named by its index. */
  numbered: boolean;
  index: number;
  /** Token index at which an interpolation ends. */
  until: number;
  /** Number of literals when it was opened. */
  opened: number;
  /** Index of the opening token. */
  openedAt: number;
  /** True inside a macro, where braces hold data. */
  macro: boolean;
  /** True where names stand for annotations. */
  annotates: boolean;
  /** True where patterns stand before their values. */
  arms: boolean;
  /** Label of the environment whose names are destructured here. */
  environment: string | null;

  // The element being read.
  fresh: boolean;
  slot: Path | null;
  /** True when the slot came by a colon, which an equals sign then keeps. */
  typed: boolean;
  chain: string;
  lead: Path;
  chained: boolean;
  reach: boolean;
  /** True when the name's last part is the key of a subscript: a member behind it is a part of its own. */
  keyed: boolean;
  after: number;
  /** Number of literals when the element, and the name being read, began. */
  started: number;
  marked: number;
  open: OpenLiteral | null;
  joining: boolean;
  ternaries: number;
  /** Names of the value that a lambda gives, while its parameters are read. */
  lambda: Path | null;
  compared: string | null;
  header: number;
  /** True when the next block gives the element's value. */
  selects: boolean;
  /** True when the next block holds patterns and their values. */
  selector: boolean;
  /** True behind the arrow of an arm. */
  armed: boolean;
  loops: boolean;
  creates: boolean;
  declared: string;
  targets: Path[] | null;
  target: number;
  /** Index of the value being read where one name is bound to several. */
  tuple: number;
  /** The only value of a pair of brackets that ended at token `keyAt`: a key where a colon or an equals sign follows. */
  key: string | null;
  keyAt: number;
}

/** The state of one walk over the tokens of a file. */
export interface Walk {
  readonly text: string;
  readonly tokens: Tokens;
  readonly language: Language;
  readonly roles: WordRoles;
  readonly literals: OpenLiteral[];
  readonly stack: Frame[];
  /** Frames that were closed. */
  readonly spare: Frame[];
  frame: Frame;
  /** Brackets open beyond the deepest frame. */
  overflow: number;
  /** Index of the token behind the interpolation being read. */
  until: number;
  /** Index of the token being read and of the one before it that is no comment. */
  at: number;
  previous: number;
  /** Index of the next token to read, where the one being read took more. */
  skip: number;
  /** How many more tokens may be looked at ahead for the ends of type arguments. */
  ahead: number;
  /** True in a line of the preprocessor. */
  directive: boolean;
  /** True when a line end stands before the token. */
  newline: boolean;
  line: number;
  linePlace: number;
  /** Name whose documentation may come next, and whether it comes now. */
  documented: Path | null;
  documents: boolean;
  declares: "" | "function" | "type";
  balanced: boolean;
  /** Names of the JSX elements that are open. */
  readonly tags: string[];
}

export const NO_PATH: Path = [];
/** The paths of what a function returns, and of the patterns of cases. */
export const RETURN: Path = ["return"];
export const PATTERN: Path = ["case"];
/** Longer paths lose names between the outermost and the innermost. */
const MAX_PATH = 24;
const OUTERMOST = 4;

/** Ends the value being read in a frame: what follows is another operand of the same element. */
export function endOperand(frame: Frame): void {
  frame.chain = "";
  frame.lead = NO_PATH;
  frame.chained = false;
  frame.reach = false;
  frame.keyed = false;
  frame.after = After.operator;
  frame.open = null;
  frame.joining = false;
  frame.compared = null;
}

/** Ends the element (argument, member, statement) being read in a frame. */
export function endElement(walk: Walk, frame: Frame): void {
  endOperand(frame);
  frame.fresh = true;
  frame.slot = null;
  frame.typed = false;
  frame.started = walk.literals.length;
  frame.marked = walk.literals.length;
  frame.ternaries = 0;
  frame.lambda = null;
  frame.header = 0;
  frame.selects = false;
  frame.selector = false;
  frame.armed = false;
  frame.loops = false;
  frame.creates = false;
  frame.declared = "";
  frame.targets = null;
  frame.tuple = 0;
}

/** A path with one more name, unless it is long enough. */
export function within(path: Path, name: string): Path {
  return path.length < MAX_PATH ? [...path, name] : shortened([...path, name]);
}

function shortened(path: Path): Path {
  return [...path.slice(0, OUTERMOST), ...path.slice(path.length - MAX_PATH + OUTERMOST)];
}

/** The path of a value that stands at the present place of a frame. */
export function valuePath(frame: Frame): Path {
  if (frame.slot !== null) {
    if (frame.base.length === 0) return frame.slot;
    const path = [...frame.base, ...frame.slot];
    return path.length <= MAX_PATH ? path : shortened(path);
  }
  return frame.numbered ? within(frame.base, String(frame.index)) : frame.base;
}

const LONGEST_NAME = 160;

/** The dotted text of the name being read, cut to a sane length from the left. */
export function nameOf(frame: Frame): string {
  const name = frame.lead.length === 0 ? frame.chain : [...frame.lead, frame.chain].join(".");
  return name.length > LONGEST_NAME ? name.slice(name.length - LONGEST_NAME) : name;
}

/** The name being read as the parts of a path: subscripts by literals are parts of their own. */
export function targetOf(frame: Frame): Path {
  return frame.lead.length === 0 ? [frame.chain] : [...frame.lead, frame.chain];
}

/** The line (from 1) of a place in the text; places must not go back. */
export function lineAt(walk: Walk, place: number): number {
  while (walk.linePlace >= 0 && walk.linePlace < place) {
    walk.linePlace = walk.text.indexOf("\n", walk.linePlace);
    if (walk.linePlace < 0 || walk.linePlace >= place) break;
    walk.line += 1;
    walk.linePlace += 1;
  }
  return walk.line;
}
