import type { FileSide } from "../../core/detector.ts";
import { linesOf, linesWith } from "../file-lines.ts";
import { hiddenLines, withoutComment } from "./code-lines.ts";

/** A name that code sets to a constant of an enumeration or a package: `planner_provider = Provider.OPENAI`. */
export interface ConstantChoice {
  readonly name: string;
  readonly constant: string;
  readonly line: number;
}

const CODE = /\.(?:py|pyi|js|mjs|cjs|jsx|ts|mts|cts|tsx|go|java|kt|kts|scala|cs|rb|rs|php|swift|dart|vue|svelte)$/i;
const SET =
  /(?:^|[\s(,{.])([A-Za-z_]\w{0,60})\??\s{0,4}(?::\s{0,4}[A-Za-z_][\w.<>[\] |"']{0,60}?)?\s{0,4}(?::=|=|:|=>)\s{0,4}(?:&)?([A-Za-z_]\w{0,40}(?:(?:\.|::)[A-Za-z_]\w{0,60}){1,3})\s{0,4}(?=$|[,;)}\]#]|\/\/)/g;
const BUILDER =
  /[.]\s{0,2}(?:set|with)?_?((?:[a-z]\w{0,30})?[Mm]odel(?:[Nn]ame|Id|_name|_id)?)\(\s{0,4}([A-Za-z_]\w{0,40}(?:(?:\.|::)[A-Za-z_]\w{0,60}){0,3})\s{0,4}\)/g;
const NOUN = /model|llm|provider|engine|deployment|embed|vendor|backend/i;
/** How a constant begins: looking for it costs far less than looking for all the nouns. */
const CONSTANT_START = /[.:][A-Z]|[A-Z0-9]_[A-Z0-9]/g;
const CONSTANT =
  /(?:^|\.|::)(?:[A-Z][A-Z0-9_]{1,60}|[A-Za-z]{0,20}(?:GPT|Gpt|Claude|Gemini|Llama|Mistral|O1|O3|O4|Haiku|Sonnet|Opus|Embedding)\w{0,40})$/;

/** A constant by its bare name, which tells of a model: `model: DEEPSEEK_CODER_V2_LITE`. */
const BARE =
  /(?:^|[\s(,{.])([A-Za-z_]\w{0,60})\s{0,4}(?:=(?![=>])|:(?![:=]))\s{0,4}([A-Z][A-Z0-9]{1,30}(?:_[A-Z0-9]{1,30}){1,8})\s{0,4}(?=$|[,;)}\]#]|\/\/)/g;
const FAMILY =
  /GPT|CLAUDE|GEMINI|GEMMA|LLAMA|MISTRAL|MIXTRAL|DEEPSEEK|QWEN|HAIKU|SONNET|OPUS|STARCODER|CODESTRAL|GROK|COHERE|COMMAND_R|TITAN|(?:^|_)O[134](?:_|$)|(?:^|_)(?:PHI|NOVA)_?\d/;

/** A constant that says what kind of model it holds: `DEFAULT_MODEL`, `FAST_MODEL_NAME`. */
const KIND = /^(?:[A-Z0-9]{1,20}_){1,5}(?:MODEL|LLM)(?:_NAME|_ID)?$/;
/** Constants that names are set to, line by line; comments and the inside of longer strings are left out. */
export function constantChoices(file: FileSide): readonly ConstantChoice[] {
  if (!CODE.test(file.path)) return [];
  const hidden = hiddenLines(file);
  const found: ConstantChoice[] = [];
  const lines = linesOf(file);
  for (const index of linesWith(file, CONSTANT_START)) {
    const text = lines[index] ?? "";
    const line = index + 1;
    if (text.length > 400 || !NOUN.test(text) || hidden.has(line)) continue;
    const code = withoutComment(text);
    for (const [, name = "", constant = ""] of [...code.matchAll(SET), ...code.matchAll(BUILDER)])
      if (CONSTANT.test(constant)) found.push({ name, constant, line });
    for (const [, name = "", constant = ""] of code.matchAll(BARE))
      if (FAMILY.test(constant) || KIND.test(constant)) found.push({ name, constant, line });
  }
  return found;
}
