import { type Walk, within } from "./frame.ts";
import { pushFrame } from "./frame-stack.ts";
import { Tag } from "./tokens.ts";
import { beginOperand, operandPath } from "./values.ts";

/** Opens the attributes of a JSX element, read like the arguments of a call: `<Foo model="x">` gives `Foo()`, `model`. */
export function openTag(walk: Walk): void {
  const { tokens, text } = walk;
  const name = `${text.slice(tokens.starts[walk.at], tokens.ends[walk.at])}()`;
  const frame = beginOperand(walk);
  walk.tags.push(name);
  pushFrame(walk, { kind: "tag", close: Tag.close, base: within(operandPath(frame), name) });
}

/** Ends a JSX element: text behind it belongs to the one around it. */
export function endTag(walk: Walk): void {
  walk.tags.pop();
}

/** Opens an expression in JSX, as a child or as an attribute's value. */
export function openTagBrace(walk: Walk): void {
  const frame = beginOperand(walk);
  pushFrame(walk, { kind: "group", close: Tag.braceEnd, base: operandPath(frame) });
}
