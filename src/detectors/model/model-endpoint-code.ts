import type { FileSide } from "../../core/detector.ts";
import { linesOf, linesWith } from "../file-lines.ts";
import { textGate } from "../text-gate.ts";
import { hiddenLines, withoutComment } from "./code-lines.ts";

/** A client of a provider that is given an address which code computes. */
export interface ComputedEndpoint {
  readonly name: string;
  /** The setting whose value it is, where one is named that says no address: `config.proxy`; else empty. */
  readonly source: string;
  readonly line: number;
}

const CODE = /\.(?:py|js|mjs|cjs|jsx|ts|mts|cts|tsx|go|java|kt|cs|rb|rs|php|swift|vue|svelte)$/i;
const CLIENT =
  /\b\w{0,40}(?:OpenAI|Anthropic|Ollama|Mistral|Groq|Bedrock|GenerativeAI|GenAI|Cohere|LiteLLM|DeepSeek|Embeddings|openai|anthropic)\w{0,30}\s?\(/g;
const CLIENT_WORD =
  /OpenAI|Anthropic|Ollama|Mistral|Groq|Bedrock|GenerativeAI|GenAI|Cohere|LiteLLM|DeepSeek|Embeddings/gi;
const ADDRESS =
  /\b(base_?url|api_base|apibase|openai_api_base|azure_endpoint|endpoint_url|anthropic_api_url|server_url|basepath)(?:\s{0,4}[=:]\s{0,4}(?!["'`\d]|None\b|null\b|undefined\b|nil\b)([A-Za-z_][^,)\n"'`]{0,80})|\s{0,4}(?=[,}]))/i;
/** A setting by its object; one that is called an address is told from no other. */
const SETTING = /^(?:\w{1,60}\.){1,4}(\w{1,60})$/;
const SAYS_ADDRESS = /url|base|endpoint|host|address|uri|server/i;
const holdsAddress = textGate(
  ..."base_url baseurl api_base apibase azure_endpoint endpoint_url anthropic_api_url server_url basepath".split(" "),
);
/** A provider's library as a whole is sent elsewhere: `openai.api_base = self.api_base`. */
const LIBRARY_ADDRESS =
  /^\s{0,60}((?:openai|litellm|anthropic|mistralai|cohere|genai|ollama|groq)\.(?:base_?url|api_base|azure_endpoint))\s{0,4}=\s{0,4}(?!None\b|null\b|undefined\b)[A-Za-z_]/i;
const LONGEST_CALL = 1_200;

/** Addresses that providers' clients and libraries take from a variable: which one is not known, that there is one is. */
export function computedEndpoints(file: FileSide): readonly ComputedEndpoint[] {
  if (!CODE.test(file.path) || !holdsAddress(file) || !ADDRESS.test(file.text)) return [];
  const hidden = hiddenLines(file);
  const lines = linesOf(file);
  return linesWith(file, CLIENT_WORD).flatMap((index): readonly ComputedEndpoint[] => {
    const text = lines[index] ?? "";
    if (text.length > 400 || hidden.has(index + 1)) return [];
    const library = LIBRARY_ADDRESS.exec(withoutComment(text))?.[1];
    if (library !== undefined) return [{ name: library, source: "", line: index + 1 }];
    return [...withoutComment(text).matchAll(CLIENT)].flatMap((call) => {
      const found = ADDRESS.exec(argumentsAt(lines, index, call.index + call[0].length));
      return found ? [{ name: found[1] ?? "", source: sourceIn(found[2] ?? ""), line: index + 1 }] : [];
    });
  });
}

function sourceIn(expression: string): string {
  const setting = SETTING.exec(expression.trim())?.[1] ?? "";
  return SAYS_ADDRESS.test(setting) ? "" : setting;
}

/** The text between a call's brackets, over as many lines as they span, up to a bound. */
function argumentsAt(lines: readonly string[], index: number, column: number): string {
  let depth = 1;
  let text = "";
  for (let row = index; row < lines.length && row < index + 40 && text.length < LONGEST_CALL; row += 1) {
    const code = withoutComment((lines[row] ?? "").slice(row === index ? column : 0, LONGEST_CALL));
    for (const character of code) {
      if (character === "(") depth += 1;
      else if (character === ")") depth -= 1;
      if (depth === 0) return text;
      text += character;
    }
    text += "\n";
  }
  return text;
}
