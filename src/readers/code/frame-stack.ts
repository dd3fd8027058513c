import { After, endElement, type Frame, NO_PATH, type Walk } from "./frame.ts";

/** Deeper brackets give their literals to the frame at this depth. */
const MAX_FRAMES = 120;

/** What an opening bracket says of its frame. */
export type FrameStart = Pick<Frame, "kind" | "close" | "base"> &
  Partial<Pick<Frame, "keyedBase" | "numbered" | "until" | "macro" | "annotates" | "arms" | "environment" | "loops">>;

/** Opens a frame; false when the stack is at its cap. */
export function pushFrame(walk: Walk, given: FrameStart): boolean {
  if (walk.stack.length >= MAX_FRAMES) {
    walk.overflow += 1;
    walk.balanced = false;
    return false;
  }
  // A file has brackets by the thousands and few of them open at once: a frame for each would be most of what is allocated.
  const frame = walk.spare.pop() ?? newFrame();
  begin(walk, frame, given);
  walk.stack.push(frame);
  walk.frame = frame;
  return true;
}

/** Takes the innermost frame away; what it holds may be read until the next one is opened. */
export function popFrame(walk: Walk): void {
  if (walk.stack.length < 2) return;
  const closed = walk.stack.pop()!;
  walk.spare.push(closed);
  walk.frame = walk.stack[walk.stack.length - 1]!;
  if (closed.kind === "command") {
    walk.frame.chain = "";
    walk.frame.after = After.operand;
  }
}

/** Puts a frame at the start of its first element. */
function begin(walk: Walk, frame: Frame, given: FrameStart): void {
  frame.kind = given.kind;
  frame.close = given.close;
  frame.base = given.base;
  frame.keyedBase = given.keyedBase ?? null;
  frame.numbered = given.numbered ?? false;
  frame.index = 0;
  frame.until = given.until ?? -1;
  frame.opened = walk.literals.length;
  frame.openedAt = walk.at;
  frame.macro = given.macro ?? walk.frame.macro;
  frame.annotates = given.annotates ?? false;
  frame.arms = given.arms ?? false;
  frame.environment = given.environment ?? null;
  endElement(walk, frame);
  frame.loops = given.loops ?? false;
  frame.target = 0;
  frame.key = null;
  frame.keyAt = -1;
}

/** The frame of a text's outermost block. Written out: frames of one shape are read fastest. */
export function newFrame(): Frame {
  return {
    kind: "block",
    close: 0,
    base: NO_PATH,
    keyedBase: null,
    numbered: false,
    index: 0,
    until: -1,
    opened: 0,
    openedAt: -1,
    macro: false,
    annotates: false,
    arms: false,
    environment: null,
    fresh: true,
    slot: null,
    typed: false,
    chain: "",
    lead: NO_PATH,
    chained: false,
    reach: false,
    keyed: false,
    after: After.operator,
    started: 0,
    marked: 0,
    open: null,
    joining: false,
    ternaries: 0,
    lambda: null,
    compared: null,
    header: 0,
    selects: false,
    selector: false,
    armed: false,
    loops: false,
    creates: false,
    declared: "",
    targets: null,
    target: 0,
    tuple: 0,
    key: null,
    keyAt: -1,
  };
}
