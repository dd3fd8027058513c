import { describe, expect, it } from "vitest";
import { isFloating, retirementOf } from "../../../src/detectors/model/model-catalogue.ts";
import { MODEL_CATALOGUE, MODEL_CATALOGUE_SOURCE } from "../../../src/detectors/model/model-catalogue-data.ts";
import { modelIdIn } from "../../../src/detectors/model/model-id.ts";
import { isSameModel } from "../../../src/detectors/model/model-value.ts";

/** id = route, provider, kind, family, snapshot (`-` for none), and whether it says that it moves. */
const IDS = `
  gpt-4 = - openai text gpt-4 -
  gpt-4-0613 = - openai text gpt-4 0613
  gpt-4-1106-preview = - openai text gpt-4-preview 1106
  gpt-4-0125-preview = - openai text gpt-4-preview 0125
  gpt-4-turbo-2024-04-09 = - openai text gpt-4-turbo 2024-04-09
  gpt-4-vision-preview = - openai text gpt-4-vision-preview -
  gpt-4o = - openai text gpt-4o -
  gpt-4o-2024-08-06 = - openai text gpt-4o 2024-08-06
  gpt-4o-mini-2024-07-18 = - openai text gpt-4o-mini 2024-07-18
  gpt-4o-audio-preview-2024-12-17 = - openai speech gpt-4o-audio-preview 2024-12-17
  gpt-4.1-nano-2025-04-14 = - openai text gpt-4.1-nano 2025-04-14
  gpt-4.5-preview-2025-02-27 = - openai text gpt-4.5-preview 2025-02-27
  gpt-5-codex = - openai text gpt-5-codex -
  gpt-5-search-api = - openai text gpt-5-search-api -
  gpt-5.1-chat-latest = - openai text gpt-5.1-chat - floating
  gpt-5.4-mini-2026-03-17 = - openai text gpt-5.4-mini 2026-03-17
  gpt-6.1-terra = - openai text gpt-6.1-terra -
  gpt-7-omega-2029-01-31 = - openai text gpt-7-omega 2029-01-31
  gpt-oss-120b = - openai text gpt-oss-120b -
  gpt-3.5-turbo-0125 = - openai text gpt-3.5-turbo 0125
  gpt-35-turbo = - openai text gpt-35-turbo -
  gpt-3.5-turbo-instruct = - openai text gpt-3.5-turbo-instruct -
  chatgpt-4o-latest = - openai text chatgpt-4o - floating
  text-davinci-003 = - openai text text-davinci-003 -
  code-davinci-002 = - openai text code-davinci-002 -
  davinci-002 = - openai text davinci-002 -
  o1 = - openai text o1 -
  o1-mini = - openai text o1-mini -
  o1-preview-2024-09-12 = - openai text o1-preview 2024-09-12
  o3-deep-research = - openai text o3-deep-research -
  o4-mini-2025-04-16 = - openai text o4-mini 2025-04-16
  o5-pro = - openai text o5-pro -
  text-embedding-3-small = - openai embedding text-embedding-3-small -
  text-embedding-ada-002 = - openai embedding text-embedding-ada-002 -
  text-moderation-latest = - openai moderation text-moderation - floating
  omni-moderation-2024-09-26 = - openai moderation omni-moderation 2024-09-26
  dall-e-3 = - openai image dall-e-3 -
  gpt-image-1.5-2025-12-16 = - openai image gpt-image-1.5 2025-12-16
  sora-2 = - openai video sora-2 -
  whisper-1 = - openai speech whisper-1 -
  tts-1-hd = - openai speech tts-1-hd -
  gpt-4o-mini-tts = - openai speech gpt-4o-mini-tts -
  gpt-4o-transcribe = - openai speech gpt-4o-transcribe -
  gpt-realtime-2 = - openai speech gpt-realtime-2 -
  claude-2.1 = - anthropic text claude-2.1 -
  claude-instant-1.2 = - anthropic text claude-instant-1.2 -
  claude-3-haiku-20240307 = - anthropic text claude-3-haiku 20240307
  claude-3-5-sonnet-latest = - anthropic text claude-3-5-sonnet - floating
  claude-3-7-sonnet-20250219 = - anthropic text claude-3-7-sonnet 20250219
  claude-sonnet-4-20250514 = - anthropic text claude-sonnet-4 20250514
  claude-opus-4-1 = - anthropic text claude-opus-4-1 -
  claude-haiku-4-5-20251001 = - anthropic text claude-haiku-4-5 20251001
  claude-fable-5-1 = - anthropic text claude-fable-5-1 -
  claude-quartz-7-20290105 = - anthropic text claude-quartz-7 20290105
  claude-3-5-sonnet@20240620 = - anthropic text claude-3-5-sonnet 20240620
  claude-3-5-sonnet-v2@20241022 = - anthropic text claude-3-5-sonnet-v2 20241022
  anthropic.claude-3-sonnet-20240229-v1:0:28k = anthropic anthropic text claude-3-sonnet 20240229
  us.anthropic.claude-sonnet-4-20250514-v1:0 = us.anthropic anthropic text claude-sonnet-4 20250514
  global.anthropic.claude-opus-4-6-v1 = global.anthropic anthropic text claude-opus-4-6 -
  bedrock/eu.anthropic.claude-3-5-sonnet-20241022-v2:0 = bedrock/eu.anthropic anthropic text claude-3-5-sonnet 20241022
  amazon.titan-text-express-v1 = amazon amazon text titan-text-express -
  amazon.titan-embed-text-v2:0 = amazon amazon embedding titan-embed-text-v2 -
  us.amazon.nova-pro-v1:0 = us.amazon amazon text nova-pro -
  meta.llama3-1-70b-instruct-v1:0 = meta meta text llama3-1-70b-instruct -
  mistral.mistral-large-2407-v1:0 = mistral mistral text mistral-large 2407
  cohere.command-r-plus-v1:0 = cohere cohere text command-r-plus -
  ai21.jamba-1-5-large-v1:0 = ai21 ai21 text jamba-1-5-large -
  deepseek.v3-v1:0 = deepseek deepseek text deepseek-v3 -
  gemini-pro = - google text gemini-pro -
  gemini-1.5-pro-002 = - google text gemini-1.5-pro 002
  gemini-1.5-flash-latest = - google text gemini-1.5-flash - floating
  gemini-2.0-flash-001 = - google text gemini-2.0-flash 001
  gemini-2.0-flash-exp = - google text gemini-2.0-flash-exp -
  gemini-2.5-flash-preview-05-20 = - google text gemini-2.5-flash-preview 05-20
  gemini-2.5-computer-use-preview-10-2025 = - google text gemini-2.5-computer-use-preview 10-2025
  gemini-4-argon = - google text gemini-4-argon -
  gemini-9.5-pro-preview-2031 = - google text gemini-9.5-pro-preview 2031
  models/gemini-1.5-pro-001 = models google text gemini-1.5-pro 001
  gemini-embedding-001 = - google embedding gemini-embedding 001
  text-bison@001 = - google text text-bison 001
  text-unicorn@001 = - google text text-unicorn 001
  text-embedding-004 = - google embedding text-embedding-004 -
  textembedding-gecko@003 = - google embedding textembedding-gecko 003
  imagen-4.0-generate-001 = - google image imagen-4.0-generate 001
  veo-3.1-generate-preview = - google video veo-3.1-generate-preview -
  gemma-3-27b-it = - google text gemma-3-27b-it -
  gemma2:9b = - google text gemma2:9b -
  google/gemma-4-31B-it = google google text gemma-4-31b-it -
  llama-3.1-8b-instant = - meta text llama-3.1-8b-instant -
  llama3.1:70b-instruct-q4_K_M = - meta text llama3.1:70b-instruct-q4_k_m -
  llama3:latest = - meta text llama3 - floating
  meta-llama/Llama-3.3-70B-Instruct = meta-llama meta text llama-3.3-70b-instruct -
  meta-llama/Meta-Llama-3-8B-Instruct = meta-llama meta text meta-llama-3-8b-instruct -
  codellama/CodeLlama-34b-Instruct-hf = codellama meta text codellama-34b-instruct-hf -
  meta-llama/Llama-Guard-3-8B = meta-llama meta text llama-guard-3-8b -
  mistral-large-latest = - mistral text mistral-large - floating
  mistral-large-2411 = - mistral text mistral-large 2411
  mistral-small-2603 = - mistral text mistral-small 2603
  open-mistral-nemo = - mistral text open-mistral-nemo -
  open-mixtral-8x22b = - mistral text open-mixtral-8x22b -
  mistralai/Mixtral-8x7B-Instruct-v0.1 = mistralai mistral text mixtral-8x7b-instruct-v0.1 -
  codestral-2508 = - mistral text codestral 2508
  ministral-8b-latest = - mistral text ministral-8b - floating
  pixtral-12b = - mistral text pixtral-12b -
  devstral-medium-latest = - mistral text devstral-medium - floating
  magistral-small-2509 = - mistral text magistral-small 2509
  mistral-embed = - mistral embedding mistral-embed -
  command-r-plus = - cohere text command-r-plus -
  command-r-08-2024 = - cohere text command-r 08-2024
  command-a-03-2025 = - cohere text command-a 03-2025
  embed-english-v3.0 = - cohere embedding embed-english-v3.0 -
  embed-multilingual-light-v3.0 = - cohere embedding embed-multilingual-light-v3.0 -
  rerank-v3.5 = - cohere rerank rerank-v3.5 -
  c4ai-aya-expanse-32b = - cohere text c4ai-aya-expanse-32b -
  deepseek-chat = - deepseek text deepseek-chat -
  deepseek-reasoner = - deepseek text deepseek-reasoner -
  deepseek-r1:14b = - deepseek text deepseek-r1:14b -
  deepseek-ai/DeepSeek-V3-0324 = deepseek-ai deepseek text deepseek-v3 0324
  deepseek-v4.1-flash-1017 = - deepseek text deepseek-v4.1-flash 1017
  deepseek-coder = - deepseek text deepseek-coder -
  qwen-max = - alibaba text qwen-max -
  qwen2.5-coder:32b = - alibaba text qwen2.5-coder:32b -
  Qwen/Qwen2.5-72B-Instruct = qwen alibaba text qwen2.5-72b-instruct -
  qwen3-235b-a22b-2507 = - alibaba text qwen3-235b-a22b 2507
  qwen/qwq-32b = qwen alibaba text qwq-32b -
  text-embedding-v3 = - alibaba embedding text-embedding-v3 -
  grok-beta = - xai text grok-beta -
  grok-2-1212 = - xai text grok-2 1212
  grok-4-0709 = - xai text grok-4 0709
  grok-code-fast-1 = - xai text grok-code-fast-1 -
  phi-3-mini-128k-instruct = - microsoft text phi-3-mini-128k-instruct -
  phi4 = - microsoft text phi4 -
  microsoft/Phi-3.5-mini-instruct = microsoft microsoft text phi-3.5-mini-instruct -
  jamba-1.5-mini = - ai21 text jamba-1.5-mini -
  j2-ultra = - ai21 text j2-ultra -
  kimi-k2-0905-preview = - moonshot text kimi-k2-preview 0905
  moonshotai/Kimi-K2-Instruct = moonshotai moonshot text kimi-k2-instruct -
  moonshot-v1-128k = - moonshot text moonshot-v1-128k -
  glm-4.6 = - zhipu text glm-4.6 -
  chatglm3-6b = - zhipu text chatglm3-6b -
  zai-org/GLM-4.5-Air = zai-org zhipu text glm-4.5-air -
  MiniMax-M2.7 = - minimax text minimax-m2.7 -
  abab6.5s-chat = - minimax text abab6.5s-chat -
  yi-large = - 01-ai text yi-large -
  nvidia/llama-3.1-nemotron-70b-instruct = nvidia nvidia text llama-3.1-nemotron-70b-instruct -
  nvidia/nemotron-4-340b-instruct = nvidia nvidia text nemotron-4-340b-instruct -
  granite-3.3-8b-instruct = - ibm text granite-3.3-8b-instruct -
  voyage-3-large = - voyage embedding voyage-3-large -
  voyage-code-3 = - voyage embedding voyage-code-3 -
  BAAI/bge-m3 = baai baai embedding bge-m3 -
  BAAI/bge-reranker-v2-m3 = baai baai rerank bge-reranker-v2-m3 -
  jina-embeddings-v3 = - jina embedding jina-embeddings-v3 -
  sentence-transformers/all-MiniLM-L6-v2 = sentence-transformers open embedding all-minilm-l6-v2 -
  intfloat/multilingual-e5-large = intfloat open embedding multilingual-e5-large -
  nomic-embed-text = - open embedding nomic-embed-text -
  mxbai-embed-large = - open embedding mxbai-embed-large -
  bert-base-uncased = - open text bert-base-uncased -
  distilbert/distilbert-base-uncased = distilbert open text distilbert-base-uncased -
  google/flan-t5-xl = google open text flan-t5-xl -
  tiiuae/falcon-7b-instruct = tiiuae open text falcon-7b-instruct -
  bigcode/starcoder2-15b = bigcode open text starcoder2-15b -
  HuggingFaceH4/zephyr-7b-beta = huggingfaceh4 open text zephyr-7b-beta -
  stabilityai/stable-diffusion-xl-base-1.0 = stabilityai stability image stable-diffusion-xl-base-1.0 -
  black-forest-labs/FLUX.1-dev = black-forest-labs black-forest-labs image flux.1-dev -
  openai/whisper-large-v3 = openai openai speech whisper-large-v3 -
  sonar-pro = - perplexity text sonar-pro -
  perplexity/sonar-reasoning = perplexity perplexity text sonar-reasoning -
  azure/gpt-4o-mini = azure openai text gpt-4o-mini -
  azure:gpt-4o = azure openai text gpt-4o -
  openai:gpt-4o = openai openai text gpt-4o -
  anthropic:claude-sonnet-4-5 = anthropic anthropic text claude-sonnet-4-5 -
  google_genai:gemini-2.0-flash = google_genai google text gemini-2.0-flash -
  openrouter/anthropic/claude-3.5-sonnet:beta = openrouter/anthropic anthropic text claude-3.5-sonnet -
  openrouter/deepseek/deepseek-r1:free = openrouter/deepseek deepseek text deepseek-r1 -
  groq/llama-3.3-70b-versatile = groq meta text llama-3.3-70b-versatile -
  together_ai/mistralai/Mixtral-8x7B-Instruct-v0.1 = together_ai/mistralai mistral text mixtral-8x7b-instruct-v0.1 -
  vertex_ai/claude-3-5-sonnet@20240620 = vertex_ai anthropic text claude-3-5-sonnet 20240620
  fireworks_ai/accounts/fireworks/models/llama-v3p1-405b-instruct = fireworks_ai/accounts/fireworks/models meta text llama-v3p1-405b-instruct -
  accounts/fireworks/models/deepseek-v4p1-flash = accounts/fireworks/models deepseek text deepseek-v4p1-flash -
  @cf/meta/llama-3.1-8b-instruct = @cf/meta meta text llama-3.1-8b-instruct -
  ollama/mistral:7b = ollama mistral text mistral:7b -
  ollama_chat/llama3.2 = ollama_chat meta text llama3.2 -
  litellm_proxy/gpt-4o = litellm_proxy openai text gpt-4o -
  github_copilot/gpt-4o = github_copilot openai text gpt-4o -
  ft:gpt-4o-mini-2024-07-18:acme:support:9abcDEF1 = ft:acme openai text gpt-4o-mini support:9abcdef1
  davinci:ft-acme-2023-03-03-21-44-20 = ft: openai text text-davinci-002 acme-2023-03-03-21-44-20
  sakana/fugu-ultra = sakana sakana text fugu-ultra -
  inception/mercury-2 = inception inception text mercury-2 -
  hunyuan-large = - tencent text hunyuan-large -
  ernie-4.0-8k = - baidu text ernie-4.0-8k -
  doubao-1.5-pro-32k = - bytedance text doubao-1.5-pro-32k -
  step-2-16k = - stepfun text step-2-16k -
  solar-pro = - open text solar-pro -
  smollm2:1.7b = - open text smollm2:1.7b -
  palmyra-x5 = - writer text palmyra-x5 -
`;

/** Packages, actions, hosts, tools, words and prose that begin like a model's id. */
const OTHERS = `
  claude-code
  claude-code-action
  anthropics/claude-code-action@v1
  @anthropic-ai/claude-agent-sdk
  claude-agent-sdk
  claude-desktop
  claude-cli-2
  claude.ai
  gpt-engineer
  gpt-researcher
  gpt-3-encoder
  gpt-tokenizer
  gpt-4all
  gpt-4.md
  gpt-4o.png
  chatgpt-api
  gemini-cli
  gemini-api
  google-gemini/gemini-cli-action
  gemini_api_key
  llama-index
  llama-cpp-python
  llama_index.core
  llamafile
  mistralai
  mistral-common
  mistral
  openai
  openai==1.2.3
  anthropic
  deepseek
  deepseek-tui
  qwen-agent
  grok-cli
  grok
  ollama
  ollama/ollama
  langchain-openai
  command-line
  command-router
  nova
  nova-compute
  nova-scheduler
  titan
  titan-db
  phi
  phi-accrual
  falcon
  falcon-framework
  falcon.asgi
  aya
  orca
  yi
  bert
  t5
  opt
  glm
  glm-0.9.9
  sora
  veo
  whisper
  imagenet
  embed-responsive
  tts
  rerank
  palm
  palm-tree
  bison
  gecko
  jamba-json
  kimi
  hermes
  vicuna.io
  solar
  sonarqube
  flux
  flux-system
  fluxcd
  dolphin
  step-1
  ring-buffer
  o2
  o10
  o1js
  https://api.openai.com/v1
  https://huggingface.co/meta-llama/Llama-3.1-8B
  ./models/llama-3
  /models/gpt-4
  gpt-4 turbo
  The gpt-4 model
  gpt-4:
  arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-v2
  urn:gpt-4
  src/gpt-4.ts
  model
  default
  v1.2.3
  2024-08-06
  sklearn.linear_model
  self.model
  RandomForestClassifier
  torch.nn.Linear
  user_model
  T-800
  civic-2024
  model-s
  o3.js
`;

const lines = (table: string) =>
  table
    .trim()
    .split("\n")
    .map((line) => line.trim());

describe("modelIdIn", () => {
  it.each(lines(IDS).map((line) => line.split(" = ")))("reads %s", (text = "", expected) => {
    const id = modelIdIn(text);
    const said = id && [
      id.route || "-",
      id.provider,
      id.kind,
      id.family,
      id.snapshot ?? "-",
      ...(id.floating ? ["floating"] : []),
    ];
    expect(said?.join(" ")).toBe(expected);
  });

  it("has at least 120 ids to show", () => expect(lines(IDS).length).toBeGreaterThanOrEqual(120));

  it.each(lines(OTHERS))("takes %s for no model", (text) => {
    const id = modelIdIn(text);
    // A name that also means something else is one only where the file speaks of models.
    expect(id === null || id.ambiguous).toBe(true);
  });

  it("reads ids whatever their case, with space around them, and bounded in length", () => {
    expect(modelIdIn("  GPT-4o ")?.family).toBe("gpt-4o");
    expect(modelIdIn(`gpt-4${"o".repeat(200)}`)).toBeNull();
    expect(modelIdIn("")).toBeNull();
  });

  it("reads hostile text in time linear in it", () => {
    const started = performance.now();
    for (const text of ["claude-", "gpt-4-", "a/", "us.", "ft:", "text-davinci-", "gemini-2-", "qwen"])
      for (const length of [150, 100_000]) modelIdIn(text.repeat(Math.ceil(length / text.length)));
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe("isSameModel", () => {
  it.each([
    ["gpt-4o-2024-05-13", "gpt-4o-2024-08-06", true],
    ["gpt-4o", "gpt-4o-2024-08-06", true],
    ["claude-3-5-sonnet-20240620", "claude-3-5-sonnet-latest", true],
    ["us.anthropic.claude-sonnet-4-20250514-v1:0", "us.anthropic.claude-sonnet-4-20250615-v1:0", true],
    [`\${MODEL:-gpt-4o-2024-05-13}`, `\${MODEL:-gpt-4o-2024-08-06}`, true],
    ["gpt-4o", "gpt-4o-mini", false],
    ["gpt-4o", "gpt-4.1", false],
    ["claude-sonnet-4-20250514", "claude-sonnet-4-5-20250929", false],
    ["gpt-4o", "azure/gpt-4o", false],
    ["us.anthropic.claude-sonnet-4-20250514-v1:0", "eu.anthropic.claude-sonnet-4-20250514-v1:0", false],
    ["openai/gpt-4o", "openrouter/openai/gpt-4o", false],
    ["llama3:8b", "llama3:70b", false],
    ["house-model", "house-model", false],
  ])("%s and %s: %s", (before, after, same) => expect(isSameModel(before, after)).toBe(same));
});

describe("the catalogue", () => {
  const read = (text: string) => modelIdIn(text) ?? expect.fail(`${text} is not read`);

  it.each(["gpt-4o", "claude-3-5-sonnet-latest", "llama3:latest", "claude-sonnet-4-5", "mistral-large-latest"])(
    "says that %s moves",
    (text) => expect(isFloating(read(text))).toBe(true),
  );

  it.each(["gpt-4o-2024-08-06", "claude-sonnet-4-20250514", "meta-llama/Llama-3.1-8B-Instruct", "gemini-1.5-pro-002"])(
    "says that %s stays",
    (text) => expect(isFloating(read(text))).toBe(false),
  );

  it("knows when providers take models away, over any route", () => {
    expect(retirementOf(read("gpt-4-0613"))).toEqual({
      date: "2026-10-23",
      source: MODEL_CATALOGUE_SOURCE.retirements.openai,
    });
    expect(retirementOf(read("openrouter/openai/gpt-4-0613"))?.date).toBe("2026-10-23");
    expect(retirementOf(read("claude-3-opus-20240229"))?.date).toBe("2026-01-05");
    expect(retirementOf(read("gpt-6.1-terra"))).toBeNull();
  });

  it("has rows of one form, sorted, each read back as its provider's", () => {
    const rows = MODEL_CATALOGUE.trim().split("\n");
    expect(rows).toEqual([...rows].sort());
    for (const row of rows) {
      expect(row).toMatch(/^\S+ \S+ \S+(?: \S*(?: \d{4}-\d{2}-\d{2})?)?$/);
      const [id = "", provider] = row.split(" ");
      expect(read(id).provider).toBe(provider);
    }
  });
});
