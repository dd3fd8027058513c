import type { Detector, Fact, FactChange, FileSide, Judgement, Literal } from "../../core/detector.ts";
import { surfaceOfTemplate } from "../deployment-template.ts";
import { confidenceIn, directionOf, distinctFacts } from "../distinct-facts.ts";
import { askedOfPart, partOf } from "../literal-parts.ts";
import { memoisedByObject } from "../memoised.ts";
import { redactedAddress } from "../tool/redacted-command.ts";
import { environmentName } from "./environment-name.ts";
import { bindingsOf, meaningsOf } from "./model-binding.ts";
import { literalGroups, literalKey, mayConfigure, parentPaths, speaksOfAi } from "./model-context.ts";
import { withEmbedded } from "./model-embedded.ts";
import { computedEndpoints } from "./model-endpoint-code.ts";
import { flagNames, flagValues } from "./model-flag.ts";
import { modelIdIn } from "./model-id.ts";
import { type Binding, bindingOf, isElsewhere, isLookUp, isSaying, wordsOf } from "./model-name.ts";

const RULE = "model/endpoint";
const AI_WORD =
  /^(?:openai|azure|azureopenai|aoai|anthropic|claude|gemini|genai|ollama|llama|llamacpp|llm|llms|litellm|mistral|groq|cohere|openrouter|together|fireworks|deepseek|perplexity|huggingface|hf|bedrock|vertex|vertexai|vllm|lmstudio|localai|xai|grok|moonshot|dashscope|zhipu|qwen|minimax|sagemaker|embedding|embeddings|chat|completion|completions|inference|model|gpt|ai|nvidia|cerebras|portkey|helicone|replicate|whisper|watsonx|foundry|tgi|triton)$/;
const ADDRESS_NAME =
  /(?:^| )(?:base url|baseurl|api base|apibase|base uri|base path|(?:openai|azure|llm|anthropic) base|endpoint|endpoint url|endpoints|api url|api endpoint|api host|host|url|server url|server|gateway url|proxy url|address)$/;
/** Words that say of an address whose it is no more than of any other. */
const ADDRESS_WORD =
  /^(?:api|base|baseurl|apibase|url|uri|endpoints?|host|path|server|gateway|proxy|address|custom|default|deployment|resource|name|id|version|apiversion|profile|arn|provisioned|location|project|region|aws|service|client|http|https|v\d+|\d+)$/;
/** Files of settings that name what is to be filled in. */
const OPEN_SETTINGS = /\.(?:ya?ml|toml|ini|properties)$|(?:^|\/)(?:\.env|env[._-]|[^/]*\.env\b)/i;
/** How Azure writes the versions of its interface. */
const DATED_VERSION = /^20\d\d-\d\d-\d\d(?:-preview)?$/;
const VERSION_NAME = /(?:^| )(?:api version|apiversion)$/;
const PLACE_NAME =
  /(?:^| )(?:deployment|deployment name|deployment id|resource name|inference profile(?: arn| id)?|model arn|provisioned model arn|endpoint name|vertex location|vertex project|aws region name)$/;
const AI_HOST =
  /^(?:https?|wss?):\/\/(?:[\w.-]*(?:\$?\{[^{}/]{1,60}\}[\w.-]{0,60})?\.)?(?:openai\.com|openai\.azure\.com|services\.ai\.azure\.com|models\.ai\.azure\.com|inference\.ai\.azure\.com|cognitiveservices\.azure\.com|anthropic\.com|generativelanguage\.googleapis\.com|aiplatform\.googleapis\.com|bedrock(?:-runtime)?[\w.-]*\.amazonaws\.com|mistral\.ai|groq\.com|cohere\.(?:ai|com)|openrouter\.ai|together\.(?:ai|xyz)|fireworks\.ai|deepseek\.com|perplexity\.ai|huggingface\.(?:co|cloud)|replicate\.com|x\.ai|moonshot\.(?:cn|ai)|dashscope[\w-]*\.aliyuncs\.com|bigmodel\.cn|z\.ai|minimax(?:i)?\.(?:chat|io|com)|nvidia\.com|cerebras\.ai|sambanova\.ai|deepinfra\.com|novita\.ai|siliconflow\.(?:cn|com)|voyageai\.com|jina\.ai|ai21\.com|aimlapi\.com|githubcopilot\.com|models\.github\.ai|models\.inference\.ai\.azure\.com|ai-gateway\.vercel\.sh|gateway\.ai\.cloudflare\.com|litellm[\w.-]*)(?::\d+)?(?:\/|$)|^https?:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|host\.docker\.internal)(?::(?:11434|1234))\b|^https?:\/\/(?:ollama|vllm|litellm|llama-?cpp|localai|tgi)[\w-]{0,20}(?::\d{2,5})?(?:\/|$)/i;
const AI_CALL =
  /(?:^|\.|_)(?:\w*(?:OpenAI|Openai|Anthropic|Claude|Gemini|Mistral|Groq|Cohere|Ollama|Bedrock|Vertex|LLM|Llm|LiteLLM|DeepSeek|Together|Fireworks|Embeddings?|ChatModel|GenAI|GenerativeAI|ChatClient|HuggingFace|Perplexity|XAI)\w*|completion|acompletion|embedding|createOpenAI\w*|openai)$/;
/** Builders of clients: `OpenAiChatModel.builder().baseUrl`. */
const AI_BUILDER = /^[\w.]{0,60}(?:OpenAi|OpenAI|Anthropic|Ollama|Mistral|Gemini|Bedrock|Groq|Llm|LLM)\w{0,40}[.(]/;
/** Addresses that serve people or sign-in, whatever else their name says. */
const NO_ENDPOINT =
  /(?:^| )(?:auth|token|login|oauth|callback|redirect|webhook|image|avatar|icon|logo|docs?|website|homepage|pricing|terms|privacy)(?: |$)/;
const MODEL_ARN =
  /^arn:aws[\w-]*:(?:bedrock|sagemaker):[\w-]{0,30}:\d{0,12}:(?:inference-profile|application-inference-profile|provisioned-model|custom-model|foundation-model|imported-model|prompt-router|endpoint)\/[\w.:${}-]{1,160}$/;

/** Where requests to models go: addresses, API versions, deployments, inference profiles. */
export const modelEndpointDetector: Detector = {
  name: "model-endpoint",
  rules: [
    {
      id: RULE,
      class: "model",
      summary: "Requests to a model go to another address, version or deployment.",
      severity: "major",
    },
  ],
  literals: [
    ..."base_url baseurl base-url api_base apibase api-base endpoint api_version apiversion api-version".split(" "),
    ..."deployment inference-profile inference_profile provisioned-model foundation-model".split(" "),
    ..."openai anthropic ollama llm _url _host bedrock vertex gemini mistral groq".split(" "),
  ],
  selects: mayConfigure,
  extract: (file) => (file.binary ? [] : distinctFacts(endpointFacts(withEmbedded(file)))),
  judge,
};

function endpointFacts(file: FileSide): readonly Fact[] {
  const flags = flagNames(file.literals);
  const bindings = bindingsOf(file.literals);
  const facts: Fact[] = [];
  file.literals.forEach((literal, index) => {
    const flag = flags.get(index);
    const named = flag === undefined ? literal : { ...literal, path: [flag] };
    const binding = (flag === undefined ? bindings[index] : undefined) ?? bindingOf(named.path);
    if (isEndpoint(file, named, binding, index))
      facts.push(fact(file, flag ?? literalKey(file.literals, index), literal.value, literal.line));
  });
  for (const { name, value, line } of flagValues(file))
    if (isEndpoint(file, { path: [name], value, kind: "string", line }, bindingOf([name]), null))
      facts.push(fact(file, name, value, line));
  const lines = new Set(facts.map(({ line }) => line));
  for (const { name, source, line } of computedEndpoints(file))
    if (!lines.has(line)) facts.push(fact(file, name, source === "" ? "set by code" : `taken from ${source}`, line));
  return facts;
}

/** Whether an object or call names a model too. */
function isBesideModel(literals: readonly Literal[], index: number): boolean {
  const owner = literalGroups(literals)[index] ?? parentPaths(literals)[index];
  return owner !== undefined && owner !== "" && modelOwners(literals).has(owner);
}

const modelOwners: (literals: readonly Literal[]) => ReadonlySet<object | string> = memoisedByObject((literals) => {
  const groups = literalGroups(literals);
  const parents = parentPaths(literals);
  return new Set(
    meaningsOf(literals).flatMap((meaning, index) => (meaning === null ? [] : [groups[index] ?? parents[index] ?? ""])),
  );
});

/** What a name says of an address; null where it says nothing. */
const endpointName = askedOfPart((written) => {
  const words = wordsOf(written);
  const name = words.join(" ");
  if (NO_ENDPOINT.test(name)) return null;
  const address = ADDRESS_NAME.test(name);
  return {
    address,
    version: VERSION_NAME.test(name),
    other: VERSION_NAME.test(name) || PLACE_NAME.test(name),
    deployment: words.includes("deployment"),
    spoken: words.some((word) => AI_WORD.test(word)),
    bare: /^(?:url|host|server)$/.test(name),
    foreign: words.some((word) => !AI_WORD.test(word) && !ADDRESS_WORD.test(word)),
  };
});

/** Whether a value says where requests go; `index` is its place among the file's literals, null for none of them. */
function isEndpoint(file: FileSide, literal: Literal, binding: Binding, index: number | null): boolean {
  const { path, value, kind } = literal;
  if (kind === "boolean" || value.length > 400) return false;
  if (value === "" || kind === "null") return isOpenAddress(file, binding);
  // What a secret holds is not said: which secret is, is a credential's matter.
  if (value.startsWith("${{") && /^\$\{\{\s{0,9}secrets\./.test(value)) return false;
  if (value.startsWith("arn:aws") && MODEL_ARN.test(value))
    return !path.some((part) => /^(?:resources?|notresource|statement|principal|actions?)$/i.test(part));
  const environment = environmentName(path, value);
  const said = endpointName(environment === null ? binding.part : partOf(environment));
  if (!said) return false;
  const address = said.address || (binding.outer.length > 0 && isUrl(value) && isListOfEndpoints(binding));
  if ((!address && !said.other) || isSaying(binding.callee)) return false;
  if (environment !== null) return said.spoken;
  if (isLookUp(path) || (isElsewhere(path) && !address) || isPage(value)) return false;
  const around =
    said.spoken ||
    (!said.foreign && binding.outer.some((part) => wordsOf(part).some((word) => AI_WORD.test(word)))) ||
    AI_CALL.test(binding.callee.slice(-120)) ||
    AI_BUILDER.test(binding.callee);
  const beside = () => !said.foreign && index !== null && isBesideModel(file.literals, index);
  if (address && isUrl(value)) return AI_HOST.test(value) || ((around || beside()) && speaksOfAi(file));
  if (kind === "number" || /\s/.test(value)) return false;
  if (said.version && DATED_VERSION.test(value) && speaksOfAi(file)) return true;
  if (said.deployment && modelIdIn(value)) return true;
  return (around || (!said.bare && beside())) && (said.spoken || speaksOfAi(file));
}

/** `AZURE_OPENAI_ENDPOINT=`: configuration that waits for where to send requests. */
function isOpenAddress(file: FileSide, binding: Binding): boolean {
  const said = OPEN_SETTINGS.test(file.path) ? endpointName(binding.part) : null;
  return said?.spoken === true && said.address && !binding.listed;
}

function isListOfEndpoints(binding: Binding): boolean {
  return /(?:endpoints?|base urls?|hosts?)$/.test(wordsOf(binding.outer[0] ?? "").join(" "));
}

function isUrl(value: string): boolean {
  return /^(?:https?|wss?):\/\//i.test(value) || /^\$?\{/.test(value);
}

/** Addresses of pages for people. */
function isPage(value: string): boolean {
  return /\/(?:docs?|blog|pricing|models?\/|wiki|guides?|terms|privacy)(?:\/|$)|^https?:\/\/(?:docs|www|github|console|platform|blog)\.|^https?:\/\/(?:huggingface\.co|hf\.co|openrouter\.ai)\/(?!api\b|v1\b)/i.test(
    value,
  );
}

function fact(file: FileSide, key: string, value: string, line: number): Fact {
  const shown = redactedAddress(value);
  return { rule: RULE, key, value: shown, line, confidence: confidenceIn(file), ...surfaceOfTemplate(file) };
}

function judge(change: FactChange): Judgement {
  const direction = directionOf(change);
  if (direction === "removed")
    return { direction, severity: "material", remedy: "Check where requests go now that no address is named." };
  return {
    direction,
    severity: "major",
    remedy: "Register who runs the endpoint as a provider, and check what it may receive and keep.",
  };
}
