/** What the opcodes of a pickle load when it is read. */
export interface PickleWalk {
  /** Names that would be imported, `module name`, in order, each once; `? ?` for a name put together while loading. */
  readonly globals: readonly string[];
  /** Where the stream ended: after its last STOP, or where it broke. */
  readonly end: number;
  /** True where the stream broke off, was not understood, or went past a cap: nothing may be concluded from silence. */
  readonly broken: boolean;
}

const MOST_OPCODES = 20_000_000;
const DEEPEST = 1_000_000;
const LONGEST_NAME = 1_000;

/** How an opcode's data is laid out: a fixed number of bytes, a length of `size` bytes before the data, or lines. */
type Layout = { readonly fixed: number } | { readonly size: 1 | 4 | 8 } | { readonly lines: 1 | 2 };

const LAYOUTS = layouts();

/** By the opcodes of `pickletools` in CPython 3.13. */
function layouts(): readonly (Layout | undefined)[] {
  const table: (Layout | undefined)[] = new Array(256).fill(undefined);
  const set = (opcodes: string, layout: Layout) => {
    for (const opcode of opcodes) table[opcode.charCodeAt(0)] = layout;
  };
  set("(.012NQR}]al)tseduob", { fixed: 0 });
  set("\x81\x85\x86\x87\x88\x89\x8f\x90\x91\x92\x93\x94\x97\x98", { fixed: 0 });
  set("Kh\x80q\x82", { fixed: 1 });
  set("M\x83", { fixed: 2 });
  set("Jjr\x84", { fixed: 4 });
  set("G\x95", { fixed: 8 });
  set("UC\x8c\x8a", { size: 1 });
  set("TXB\x8b", { size: 4 });
  set("\x8d\x8e\x96", { size: 8 });
  set("FILSVPgp", { lines: 1 });
  set("ci", { lines: 2 });
  return table;
}

const MARK = Symbol("mark");
/** What lies on the stack: a string's text, the mark, or null for anything else. */
type Cell = string | null | typeof MARK;

interface Machine {
  readonly stack: Cell[];
  readonly memo: Map<number, Cell>;
  readonly globals: Set<string>;
}

interface Operand {
  readonly start: number;
  readonly length: number;
  readonly next: number;
}

/**
 * Walks the opcodes of a pickle without executing any. Stack and memo are followed as far as names need them, so that a
 * name fetched from the memo, duplicated or left over is known. Pickles that follow each other are walked as one.
 */
export function walkPickle(bytes: Uint8Array, from = 0): PickleWalk {
  const machine: Machine = { stack: [], memo: new Map(), globals: new Set() };
  let position = from;
  let end = -1;
  for (let count = 0; position < bytes.length && count < MOST_OPCODES; count += 1) {
    const opcode = bytes[position] ?? 0;
    if (end === position && !startsPickle(bytes, position)) break;
    const operand = operandAt(bytes, position + 1, LAYOUTS[opcode]);
    if (!operand || machine.stack.length > DEEPEST || machine.memo.size > DEEPEST) break;
    step(machine, String.fromCharCode(opcode), bytes, operand);
    position = operand.next;
    if (opcode === 0x2e) {
      end = position;
      machine.stack.length = 0;
      machine.memo.clear();
    }
  }
  return { globals: [...machine.globals], end: end === position ? end : position, broken: end !== position };
}

/** Whether a pickle of protocol 2 or later begins here. */
export function startsPickle(bytes: Uint8Array, position = 0): boolean {
  const protocol = bytes[position + 1] ?? 255;
  return bytes[position] === 0x80 && protocol <= 5 && LAYOUTS[bytes[position + 2] ?? 0] !== undefined;
}

function operandAt(bytes: Uint8Array, at: number, layout: Layout | undefined): Operand | null {
  if (!layout) return null;
  if ("fixed" in layout) return within(bytes, at, layout.fixed);
  if ("lines" in layout) {
    let next = at;
    for (let line = 0; line < layout.lines; line += 1) {
      const newline = bytes.indexOf(10, next);
      if (newline < 0) return null;
      next = newline + 1;
    }
    return { start: at, length: next - 1 - at, next };
  }
  const length = numberAt(bytes, at, layout.size);
  return length === null ? null : within(bytes, at + layout.size, length);
}

function within(bytes: Uint8Array, start: number, length: number): Operand | null {
  return start + length > bytes.length ? null : { start, length, next: start + length };
}

function numberAt(bytes: Uint8Array, at: number, size: number): number | null {
  if (at + size > bytes.length) return null;
  let value = 0;
  for (let byte = size - 1; byte >= 0; byte -= 1) value = value * 256 + (bytes[at + byte] ?? 0);
  return value;
}

/** How many cells an opcode takes from the stack, and whether it leaves a new one. */
const EFFECTS: Readonly<Record<string, readonly [taken: number | "mark", left: 0 | 1]>> = {
  "0": [1, 0],
  "1": ["mark", 0],
  Q: [1, 1],
  R: [2, 1],
  "\x81": [2, 1],
  "\x92": [3, 1],
  b: [1, 0],
  a: [1, 0],
  e: ["mark", 0],
  u: ["mark", 0],
  "\x90": ["mark", 0],
  s: [2, 0],
  d: ["mark", 1],
  l: ["mark", 1],
  t: ["mark", 1],
  "\x91": ["mark", 1],
  o: ["mark", 1],
  "\x85": [1, 1],
  "\x86": [2, 1],
  "\x87": [3, 1],
  ".": [1, 0],
  "\x95": [0, 0],
  "\x80": [0, 0],
  "\x98": [0, 0],
};

function step(machine: Machine, opcode: string, bytes: Uint8Array, operand: Operand): void {
  const { stack, memo, globals } = machine;
  const effect = EFFECTS[opcode];
  if (effect) {
    change(stack, effect);
    return;
  }
  switch (opcode) {
    case "(":
      stack.push(MARK);
      return;
    case "2":
      stack.push(stack.at(-1) ?? null);
      return;
    case "c":
    case "i":
      globals.add(textOf(bytes, operand).replace(/\r?\n/, " ").trim());
      if (opcode === "i") change(stack, ["mark", 0]);
      stack.push(null);
      return;
    case "\x93": {
      const name = stack.pop();
      const module = stack.pop();
      globals.add(typeof name === "string" && typeof module === "string" ? `${module} ${name}` : "? ?");
      stack.push(null);
      return;
    }
    case "\x82":
    case "\x83":
    case "\x84":
      globals.add(`copyreg extension ${numberAt(bytes, operand.start, operand.length)}`);
      stack.push(null);
      return;
    case "q":
    case "r":
    case "p":
    case "\x94":
      memo.set(opcode === "\x94" ? memo.size : slotOf(opcode, bytes, operand), stack.at(-1) ?? null);
      return;
    case "h":
    case "j":
    case "g":
      stack.push(memo.get(slotOf(opcode, bytes, operand)) ?? null);
      return;
    default:
      stack.push("SVUTX\x8c\x8d".includes(opcode) ? stringOf(opcode, bytes, operand) : null);
  }
}

function change(stack: Cell[], [taken, left]: readonly [number | "mark", 0 | 1]): void {
  if (taken === "mark") {
    const mark = stack.lastIndexOf(MARK);
    stack.length = Math.max(mark, 0);
  } else stack.length = Math.max(0, stack.length - taken);
  if (left === 1) stack.push(null);
}

/** A slot of the memo: a line of digits, or a binary number. */
function slotOf(opcode: string, bytes: Uint8Array, operand: Operand): number {
  if (opcode === "p" || opcode === "g") return Number(textOf(bytes, operand).trim());
  return numberAt(bytes, operand.start, operand.length) ?? -1;
}

function textOf(bytes: Uint8Array, { start, length }: Operand): string {
  return Buffer.from(bytes.subarray(start, start + Math.min(length, LONGEST_NAME))).toString("utf8");
}

/** The text of a string; protocol 0 writes it quoted (`S'os'`) or with escapes (`V\u006fs`). */
function stringOf(opcode: string, bytes: Uint8Array, operand: Operand): string {
  const text = textOf(bytes, operand);
  if (opcode !== "S" && opcode !== "V") return text;
  const line = text.replace(/\r$/, "");
  const bare = opcode === "S" ? line.trim().replace(/^(['"])(.*)\1$/s, "$2") : line;
  return bare.replace(/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|(.))/g, decoded);
}

function decoded(whole: string, hex?: string, short?: string, long?: string, octal?: string, plain?: string): string {
  const code = hex ?? short ?? long;
  if (code !== undefined) {
    const point = Number.parseInt(code, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  }
  return octal === undefined ? (plain ?? whole) : String.fromCharCode(Number.parseInt(octal, 8));
}
