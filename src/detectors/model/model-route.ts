/** Clouds, routers and client libraries that stand before a model's name, with `/` or `:`. */
const ROUTES =
  /^(?:openai|azure|azure[_-]?ai|azure[_-]?openai|anthropic|google|gemini|google[_-](?:genai|vertexai|vertex|gla|ai)|vertex(?:[_-]?ai)?(?:_beta)?|bedrock(?:_converse|\/converse|-converse)?|amazon[_-]?bedrock|sagemaker|ollama(?:_chat)?|openrouter|groq|mistral(?:ai)?|cohere(?:_chat)?|together(?:_ai|ai)?|fireworks(?:_ai|ai)?|deepseek|deepinfra|perplexity|replicate|huggingface|hf|xai|grok|nvidia(?:_nim)?|databricks|cerebras|sambanova|anyscale|litellm|litellm_proxy|portkey|helicone|github(?:_copilot|-models)?|watsonx|moonshot|novita|nebius|lm_studio|lmstudio|vllm|hosted_vllm|openai-(?:chat|responses)|text-completion-openai|voyage(?:ai)?|jina(?:_ai)?|vercel|heroku|cloudflare|gateway|dashscope|volcengine|zai|minimax|meta|models|inference|cf)$/;

/** Who made a model, as Bedrock writes it before the name. */
const VENDORS =
  /^(?:(?:us|us-gov|eu|apac|ap|au|ca|jp|in|sa|me|global)\.)?(?:amazon|anthropic|meta|mistral|cohere|ai21|deepseek|google|openai|qwen|minimax|moonshot|moonshotai|nvidia|stability|writer|xai|zai|twelvelabs|luma|ibm|microsoft)\./;

/** Sizes and variants that stand behind a name's colon; `mistral:7b` has no route. */
const TAG = /^(?:\d+(?:\.\d+)?[bm](?:-|$)|latest$|instruct|chat$|text|q\d|v\d)/;

/**
 * Splits what stands before a model's name: path segments (`openrouter/anthropic/`, an organisation), `provider:`,
 * and Bedrock's region and vendor. A colon after the name is a tag (`llama3:8b`) and stays with it.
 */
export function splitRoute(value: string): {
  readonly route: string;
  readonly name: string;
  /** Whether Bedrock's vendor stood before the name, so that its version may stand behind. */
  readonly vendor: boolean;
} {
  const slash = value.lastIndexOf("/");
  const route: string[] = slash < 0 ? [] : [value.slice(0, slash)];
  let name = value.slice(slash + 1).replace(/^~/, "");
  const colon = name.indexOf(":");
  if (colon > 0 && ROUTES.test(name.slice(0, colon)) && !TAG.test(name.slice(colon + 1))) {
    route.push(name.slice(0, colon));
    name = name.slice(colon + 1);
  } else if (slash > 0) {
    const head = value.indexOf(":");
    if (head > 0 && head < slash && ROUTES.test(value.slice(0, head))) route.splice(0, 1, value.slice(0, slash));
  }
  const vendor = VENDORS.exec(name);
  if (vendor) {
    route.push(vendor[0].slice(0, -1));
    // `deepseek.v3`: the vendor's name is part of the model's.
    name = /\.deepseek\.|^deepseek\./.test(vendor[0])
      ? `deepseek-${name.slice(vendor[0].length)}`.replace("deepseek-deepseek", "deepseek")
      : name.slice(vendor[0].length);
  }
  return { route: route.join("/"), name, vendor: vendor !== null };
}
