import type { Literal } from "../core/detector.ts";

const NUMBER =
  /^[-+]?(?:\d[\d_]{0,60}(?:\.[\d_]{0,60})?|\.\d[\d_]{0,60})(?:[eE][-+]?\d{1,8})?$|^0[xX][\da-fA-F_]{1,60}$/;

/** Value and kind of an unquoted word: numbers as written, booleans and null in lower case, all else a string. */
export function bareScalar(word: string): Pick<Literal, "value" | "kind"> {
  if (word.length <= 5) {
    const lower = word.toLowerCase();
    if (lower === "true" || lower === "false") return { value: lower, kind: "boolean" };
    if (lower === "null" || word === "~" || word === "") return { value: "null", kind: "null" };
  }
  return { value: word, kind: word.length <= 200 && NUMBER.test(word) ? "number" : "string" };
}
