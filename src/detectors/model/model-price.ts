import type { Literal } from "../../core/detector.ts";
import { memoisedByObject } from "../memoised.ts";
import { isPlausibleModel } from "./model-value.ts";

/** Fields that only the price of a model's tokens has: `input_cost_per_token`, `outputPricePerMillion`. */
const PRICE =
  /^(?:input|output|prompt|completion|cached?|reasoning)\w{0,30}(?:cost|price)_?per_?(?:\w{0,10}tokens?|1?[km]|million|thousand|mtok)\w{0,20}$|^(?:cache|input|output)\w{0,30}token_?(?:cost|price)$/i;

/** The paths, as texts, of the entries that a table of prices has, whatever the models in it are called. */
export const pricedModels: (literals: readonly Literal[]) => ReadonlySet<string> = memoisedByObject((literals) => {
  const found = new Set<string>();
  for (const { path } of literals) {
    const name = path.at(-2) ?? "";
    // A word alone is a part of an entry: `pricing`, `model_info`.
    if (PRICE.test(path.at(-1) ?? "") && /[\d:/-]/.test(name) && !name.endsWith("()") && isPlausibleModel(name))
      found.add(path.slice(0, -1).join("\0"));
  }
  return found;
});

/** Where a path has the key of such an entry, or -1. */
export function pricedKeyIn(path: readonly string[], priced: ReadonlySet<string>): number {
  if (priced.size === 0) return -1;
  for (let at = path.length - 2; at >= 0; at -= 1) if (priced.has(path.slice(0, at + 1).join("\0"))) return at;
  return -1;
}
