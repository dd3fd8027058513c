import type { Fact, FileSide } from "../../core/detector.ts";
import { confidenceIn } from "../distinct-facts.ts";
import { linesOf, linesWith } from "../file-lines.ts";
import { textGate } from "../text-gate.ts";
import { hiddenLines, withoutComment } from "./code-lines.ts";

const CODE = /\.(?:py|[cm]?[jt]s|[jt]sx|java|kt|cs)$/i;
const MAKER =
  "(?:Async)?(?:Azure)?(?:AI)?(?:Chat)?(?:OpenAI|Anthropic(?:Bedrock|Vertex)?|Ollama|GoogleGenerativeAI|GoogleGenAI|VertexAI|Bedrock(?:Converse|Chat)?|Groq|MistralAI|Mistral|Cohere|Fireworks|Together|DeepSeek|XAI|Perplexity|HuggingFace|LiteLLM|Databricks|WatsonX|NVIDIA)(?:Chat|Embeddings?)?";
const MADE = new RegExp(String.raw`(?<![\w.$"'\`#])(?:new\s{1,4})?(${MAKER})\(`, "g");
const NAMES =
  /OpenAI|Anthropic|Ollama|GoogleGen|VertexAI|Bedrock|Groq|Mistral|Cohere|Fireworks|Together|DeepSeek|XAI|Perplexity|HuggingFace|LiteLLM|Databricks|WatsonX|NVIDIA/g;
const mayMake = textGate(
  ..."openai anthropic ollama googlegen vertexai bedrock groq mistral cohere fireworks together deepseek xai".split(
    " ",
  ),
  ..."perplexity huggingface litellm databricks watsonx nvidia".split(" "),
);

const QUOTED = /"[^"\\]{0,300}"|'[^'\\]{0,300}'|`[^`\\]{0,300}`|("""|''').*$/g;

/** The clients of providers that a file makes, one fact for each class, however often it is made. */
export function modelClients(file: FileSide): readonly Fact[] {
  if (!CODE.test(file.path) || !mayMake(file)) return [];
  const found = new Map<string, Fact>();
  const lines = linesOf(file);
  for (const index of linesWith(file, NAMES)) {
    const text = lines[index] ?? "";
    if (text.length > 400 || hiddenLines(file).has(index + 1)) continue;
    if (
      /^\s*(?:export\s+)?(?:default\s+)?(?:abstract\s+)?(?:class|def|function|func|async def|import|from)\b/.test(text)
    )
      continue;
    for (const [, name = ""] of withoutComment(text.replace(QUOTED, "")).matchAll(MADE))
      if (!found.has(name))
        found.set(name, {
          rule: "model/list",
          key: "clients of providers",
          value: name,
          line: index + 1,
          confidence: confidenceIn(file),
        });
  }
  return [...found.values()];
}
