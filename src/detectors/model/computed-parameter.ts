import type { FileSide } from "../../core/detector.ts";
import { linesOf, linesWith } from "../file-lines.ts";
import { textGate } from "../text-gate.ts";
import { hiddenLines, withoutComment } from "./code-lines.ts";

/** A parameter of generation that code sets to something it computes. */
export interface ComputedParameter {
  readonly name: string;
  /** The constant or the environment's variable that it is set to, or null for what is computed otherwise. */
  readonly constant: string | null;
  readonly line: number;
}

const CODE = /\.(?:py|js|mjs|cjs|jsx|ts|mts|cts|tsx|go|java|kt|cs|rb|rs|php|swift|vue|svelte)$/i;
const NAME =
  "temperature|top_?p|max_?(?:output_?|completion_?|new_?)?tokens|num_predict|num_ctx|frequency_?penalty|presence_?penalty|reasoning_?effort|thinking_?budget|budget_?tokens|stop_?sequences|tool_?choice|max_?turns";
/** Set by assignment, keyword, key or subscript to something that begins like an expression. */
const SET = new RegExp(
  String.raw`(?:^|[\s({,.\["'])(${NAME})["']?\]?\s{0,4}(?::\s{0,4}(?:int|float|number)(?:\s{0,4}\|\s{0,4}[A-Za-z]{1,20})?\s{0,4}(?==))?(?:=(?![=>])|:(?![=:]))\s{0,4}[+(]{0,3}([A-Za-z_][\w.]{0,80})(.?)`,
  "gi",
);
/** The variable that the beginning of an expression reads. */
const VARIABLE =
  /^[^,;{}]{0,80}?(?:process\.env\.|process\.env\[["']|environ(?:\.get\(|\[)["']|getenv\(["']|env::var\(["'])(\w{1,60})/i;
const NAMED = new RegExp(NAME, "gi");
const mayName = textGate(
  ..."temperature top_p topp max_tokens maxtokens output_tokens outputtokens completion_tokens completiontokens".split(
    " ",
  ),
  ..."new_tokens newtokens num_predict num_ctx frequency_penalty frequencypenalty presence_penalty presencepenalty".split(
    " ",
  ),
  ..."reasoning_effort reasoningeffort thinking_budget thinkingbudget budget_tokens budgettokens".split(" "),
  ..."stop_sequences stopsequences tool_choice toolchoice max_turns maxturns".split(" "),
);
/** Types, declarations and empty values. */
const NO_VALUE =
  /^(?:number|string|boolean|int|integer|float|str|bool|Optional|Union|Any|Literal|None|null|undefined|nil|true|false|double|long|Integer|Double|Float|Number|String|z|t|Type|Schema|Joi|yup|Field|field|click|typer|argparse|Query|Body|Param|Annotated|f32|f64|u32|usize|i32|Option|List|list|Dict|dict)(?:\.|$)/;

/** Parameters that a file sets to computed values: what they are is not known, that they are set is. */
export function computedParameters(file: FileSide): readonly ComputedParameter[] {
  const named = CODE.test(file.path) && mayName(file) ? linesWith(file, NAMED) : [];
  if (named.length === 0) return [];
  const hidden = hiddenLines(file);
  const lines = linesOf(file);
  return named.flatMap((index): readonly ComputedParameter[] => {
    const text = lines[index] ?? "";
    if (
      text.length > 400 ||
      hidden.has(index + 1) ||
      /^\s*(?:def|async def|function|fn|func|interface|type)\b/.test(text)
    )
      return [];
    const code = withoutComment(text);
    return [...code.matchAll(SET)]
      .filter(
        ([, , value = "", next = ""]) => (!NO_VALUE.test(value) || isConversion(value, next)) && !/["']/.test(next),
      )
      .map(({ 0: set, 1: name = "", 2: value = "", 3: next = "", index: at }) => ({
        name: name.toLowerCase().replaceAll("_", ""),
        constant: /^[A-Z][A-Z0-9_]+$/.test(value)
          ? value
          : variableIn(code.slice(at + set.length - value.length - next.length)),
        line: index + 1,
      }));
  });
}

/** `float(…)`, `Number(…)`: the type of what is computed, called on it. */
function isConversion(value: string, next: string): boolean {
  return next === "(" && /^(?:Number|int|float|double|str|String)$/.test(value);
}

/** The environment's variable that an expression reads, as `$NAME`. */
function variableIn(expression: string): string | null {
  const name = VARIABLE.exec(expression)?.[1];
  return name === undefined ? null : `$${name}`;
}
