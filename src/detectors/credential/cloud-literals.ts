import type { FileSide, Literal } from "../../core/detector.ts";
import { readHcl } from "../../readers/hcl.ts";
import { embeddedLiterals } from "../embedded-json.ts";
import { memoisedByObject } from "../memoised.ts";

/** Numbers of blocks that `dynamic` makes begin here, so that they meet those of no written block. */
const DYNAMIC = 1000;

/**
 * What a file says about cloud access: its values, the JSON documents that stand in them as text, and for HCL also what its
 * references give, with repeated blocks told apart and `dynamic "x" { content { … } }` read as the block `x` that it makes.
 */
export const cloudLiterals: (file: FileSide) => readonly Literal[] = memoisedByObject((file) => {
  const hcl = /\.(?:tf|tofu|tfvars|hcl)$/i.test(file.path) ? readHcl(file.text, true) : null;
  const own = hcl ? hcl.literals.map((literal) => ({ ...literal, path: withoutDynamic(literal.path) })) : file.literals;
  const embedded = embeddedLiterals(own, /"(?:Statement|bindings|permissions|Effect)"/);
  return embedded.length > 0 ? [...own, ...embedded] : own;
});

function withoutDynamic(path: readonly string[]): readonly string[] {
  if (!path.includes("dynamic")) return path;
  const kept: string[] = [];
  for (let at = 0; at < path.length; at += 1) {
    const part = path[at] ?? "";
    const number = path[at + 1] ?? "";
    if (part === "dynamic" && /^\d+$/.test(number)) {
      kept.push(path[at + 2] ?? "", String(DYNAMIC + Number(number)));
      at += 2;
    } else if (part === "content" && /^\d+$/.test(number)) at += 1;
    else kept.push(part);
  }
  return kept;
}

/** Parts of a path that are names rather than positions. */
export function namesOf(path: readonly string[]): readonly string[] {
  return path.filter((part) => !/^\d+$/.test(part));
}
