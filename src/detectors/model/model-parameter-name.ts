import { askedOfPart, type Part, partOf } from "../literal-parts.ts";
import { wordsOf } from "./model-name.ts";

/** What a parameter of generation governs; limits and sampling are judged by how far they move. */
export type ParameterKind = "sampling" | "top-k" | "tokens" | "turns" | "effort" | "stop" | "seed" | "tools";

/** Parameters by their words; `strong` names mean generation wherever they stand, the others only beside a model. */
const NAMES: readonly (readonly [kind: ParameterKind, strong: boolean, names: RegExp])[] = [
  [
    "sampling",
    true,
    /^(?:top p|min p|typical p|topp|frequency penalty|presence penalty|repetition penalty|repeat penalty|logit bias|llm temperature|do sample|num beams|no repeat ngram size|mirostat(?: \w+)?|tfs z|use temperature)$/,
  ],
  ["sampling", false, /^(?:temperature|temp|default temperature|(?!min|max)(?:\w+ ){1,2}temperature|best of)$/],
  [
    "tokens",
    true,
    /^(?:(?:default |llm )?max (?:output |completion |new |input |response |prompt |generated |gen )?tokens(?: to sample)?|max tokens to sample|num predict|num ctx|maxtokens|maxoutputtokens|max token|token limit|(?:fast|smart|strategic|summary) token limit|context (?:window|length)|n ctx|max (?:context|model) len(?:gth)?|max seq(?:uence)? len(?:gth)?)$/,
  ],
  [
    "turns",
    true,
    /^(?:max turns|max iterations|max steps|recursion limit|max tool calls|max agent (?:turns|steps|iterations)|max rounds|max consecutive auto reply|max rpm|max execution time)$/,
  ],
  [
    "effort",
    true,
    /^(?:reasoning effort|thinking (?:budget|tokens|level|budget tokens)|budget tokens|reasoning (?:budget|summary)|effort level|max thinking tokens)$/,
  ],
  ["effort", false, /^(?:effort|verbosity|thinking|reasoning)$/],
  ["stop", true, /^(?:stop sequences?|stop words|stop tokens?|stopsequences|eos token id)$/],
  ["stop", false, /^stop$/],
  ["top-k", false, /^(?:top k|topk|\w+ top k)$/],
  ["seed", false, /^(?:seed|random seed|sampling seed)$/],
  ["tools", true, /^(?:tool choice|toolchoice|function call|force tool)$/],
];

/** A parameter as its name tells it; a name that is not strong is one only beside a model. */
export interface Parameter {
  readonly kind: ParameterKind;
  readonly strong: boolean;
}

/** What a name says of generation, or null. */
export function parameterOf(name: string): Parameter | null {
  return parameterIn(partOf(name));
}

/** The same of a name that other things are asked of too. */
export const parameterIn: (part: Part) => Parameter | null = askedOfPart((name) => {
  if (name.length > 80) return null;
  const words = wordsOf(name).join(" ");
  for (const [kind, strong, names] of NAMES) if (names.test(words)) return { kind, strong };
  return null;
});

/** Whether a name is a parameter of generation. */
export function isParameterName(name: string): boolean {
  return parameterOf(name) !== null;
}
