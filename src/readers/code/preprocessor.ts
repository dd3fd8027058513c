import { endElement, endOperand, type Walk } from "./frame.ts";
import { Gap, Kind } from "./tokens.ts";
import { addLiteral } from "./values.ts";

const LONGEST_INCLUDE = 60;

/** A line of C's preprocessor: `#define NAME value` binds, `#include <x>` imports, the others end with their line. */
export function directive(walk: Walk): void {
  const { tokens, at, frame } = walk;
  if (frame.kind === "block") endElement(walk, frame);
  else endOperand(frame);
  walk.directive = true;
  const word = textOf(walk, at + 1);
  const name = at + 2;
  if (word === "define" && tokens.kinds[name] === Kind.word) {
    frame.slot = [textOf(walk, name)];
    frame.fresh = false;
    walk.skip = name + 1;
  } else if (word === "include" || word === "import") include(walk, name);
}

function include(walk: Walk, from: number): void {
  const { tokens, text, frame } = walk;
  walk.skip = from;
  if (tokens.details[from] !== 60 || tokens.kinds[from] !== Kind.punctuation) {
    frame.slot = ["import"];
    frame.fresh = false;
    return;
  }
  for (let next = from + 1; next < Math.min(tokens.count, from + LONGEST_INCLUDE); next += 1) {
    if ((tokens.gaps[next] ?? 0) >= Gap.newline) return;
    if (tokens.kinds[next] !== Kind.punctuation || tokens.details[next] !== 62) continue;
    addLiteral(walk, ["import"], text.slice(tokens.ends[from], tokens.starts[next]), "string");
    walk.skip = next + 1;
    return;
  }
}

function textOf({ tokens, text }: Walk, at: number): string {
  return at < tokens.count ? text.slice(tokens.starts[at], tokens.ends[at]) : "";
}
