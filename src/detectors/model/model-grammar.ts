/** What a model makes of its input. */
export type ModelKind = "text" | "embedding" | "rerank" | "image" | "video" | "speech" | "moderation";

/** The names of one provider's models, without route, vendor prefix and snapshot, in lower case. */
export interface ModelFamily {
  readonly provider: string;
  readonly kind: ModelKind;
  /** Anchored at the start; what follows a match is free. */
  readonly names: RegExp;
  /** Names that also mean something else: models only where other words of the file speak of AI. */
  readonly ambiguous?: boolean;
}

const family = (provider: string, kind: ModelKind, names: RegExp, ambiguous = false): ModelFamily => ({
  provider,
  kind,
  names,
  ...(ambiguous ? { ambiguous } : {}),
});

/**
 * Prefix grammar of model names, the first match counts. A version or a word of the family's own must follow the
 * prefix, so that ids never seen are read and packages that carry a provider's name (`claude-code`, `llama-index`) are not.
 */
export const MODEL_FAMILIES: readonly ModelFamily[] = [
  family("google", "embedding", /^text-embedding-0\d\d/),
  family("alibaba", "embedding", /^text-embedding-v\d/),
  family("nvidia", "text", /^llama-[\w.]+-nemotron/),
  family("openai", "embedding", /^text-(?:embedding|similarity|search)-/),
  family("openai", "moderation", /^(?:text|omni)-moderation\b/),
  family("openai", "image", /^(?:dall-?e(?:-?\d|$)|gpt-image|chatgpt-image)/),
  family("openai", "video", /^sora-\d/),
  family(
    "openai",
    "speech",
    /^(?:whisper-(?:\d|large|medium|small|base|tiny|turbo)|tts-\d|gpt-(?:4o-)?(?:mini-)?(?:tts|transcribe|audio|realtime))/,
  ),
  family(
    "openai",
    "text",
    /^(?:gpt-?(?:[2-9](?![\w.]*-?(?:encoder|tokenizer|engineer|all\b|free|academic))|35-|oss-|neo|j-|(?:[a-z]+-){1,3}latest$)|gpt2|chatgpt-|text-(?:davinci|curie|babbage|ada)-|code-(?:davinci|cushman)-|davinci-00|babbage-00|codex-mini|computer-use-preview)/,
  ),
  family("openai", "text", /^o[1-9]-(?:mini|preview|pro|high|low|medium|fast|deep-research|\d{4}-\d{2})/),
  family("openai", "text", /^o[1-9](?::|$)/, true),
  family(
    "anthropic",
    "text",
    /^claude-?(?:v?\d|instant|opus|sonnet|haiku|mythos|fable|(?!code|agent|cli|sdk|desktop|flow|action|mcp|api|plugin|hook|bot|skill|command|tool|test|task|config|setting|review|web)[a-z]{3,12}-\d)/,
  ),
  family(
    "google",
    "embedding",
    /^(?:gemini-embedding|textembedding-gecko|text-multilingual-embedding|multimodalembedding|embeddinggemma)/,
  ),
  family("google", "image", /^(?:imagen(?:-?\d|-\w+-\d|$)|imagegeneration|gemini-[\w.-]*image)/),
  family("google", "video", /^veo-?\d/),
  family(
    "google",
    "text",
    /^(?:gemini-(?:\d|pro\b|flash|ultra|nano|exp|live|robotics|advanced)|(?:code|paligemma|med|shield|diffusion|function|translate|vault)?gemma-?\d|codegemma|paligemma|(?:text|chat|code|codechat)-(?:bison|unicorn)|palm-2|learnlm|deep-research-|med-?palm)/,
  ),
  family(
    "meta",
    "text",
    /^(?:meta-)?(?:code-?)?llama-?(?:v?[1-9]|guard|7b|13b|70b|chat|instruct|vision|scout|maverick)/,
  ),
  family("meta", "text", /^(?:codellama|llama-prompt-guard|muse-(?:[a-z]+-)?\d|muse-[a-z]+-(?:open|\d))/),
  family(
    "meta",
    "text",
    /^(?:opt-\d|galactica|bart-(?:large|base)|nllb-|seamless-m4t|wav2vec2|sam2?[-_]?(?:vit|hiera)|esm2_)/,
    true,
  ),
  family("mistral", "embedding", /^(?:mistral-embed|codestral-embed)/),
  family(
    "mistral",
    "text",
    /^(?:open-|labs-)?(?:mistral-(?:\d|tiny|small|medium|large|next|nemo|saba|ocr|moderation|instruct|7b|latest)|mixtral|ministral|codestral|pixtral|devstral|magistral|voxtral|mathstral|leanstral|mistral:)/,
  ),
  family("cohere", "embedding", /^embed-(?:v?\d|english|multilingual)/),
  family("cohere", "rerank", /^rerank-(?:v?\d|english|multilingual)/),
  family(
    "cohere",
    "text",
    /^(?:command-(?:r|r7b|a|nightly|light|xlarge|text|medium)\b|c4ai-|aya-(?:\d|expanse|vision)|tiny-aya)/,
  ),
  family("deepseek", "text", /^deepseek[-_]?(?:v\d|r\d|chat|coder|reasoner|llm|vl|math|prover|ocr|moe|flash|pro\b|\d)/),
  family("alibaba", "embedding", /^(?:qwen\d?(?:\.\d)?-?(?:vl-)?embedding|gte-)/),
  family("alibaba", "rerank", /^qwen\d?(?:\.\d)?-?(?:vl-)?reranker/),
  family("alibaba", "image", /^(?:qwen-image|wan-?\d|z-image)/),
  family(
    "alibaba",
    "text",
    /^(?:code)?qwen(?:-?\d|-?(?:max|plus|turbo|flash|long|coder|vl|omni|mt|math|qwq|audio|deep-research)\b|$)|^(?:qwq|qvq|tongyi-|marco-o\d)/,
  ),
  family("xai", "image", /^(?:grok-(?:\d-)?(?:imagine|image)|aurora-\d)/),
  family("xai", "text", /^grok-(?:\d|beta|code|vision|fast|latest|mini|build|voice)/),
  family(
    "microsoft",
    "text",
    /^(?:phi-?[1-9](?:[.:-]|$)|phi-(?:mini|small|medium|silica)|wizardlm|orca-?(?:mini|\d)|mai-(?:\d|ds|[a-z]+-\d)|bitnet|florence-\d|kosmos-\d)/,
  ),
  family("amazon", "embedding", /^(?:titan-embed|titan-multimodal-embed|nova-(?:\d-)?multimodal-embed)/),
  family("amazon", "image", /^(?:titan-image|nova-canvas)/),
  family("amazon", "video", /^nova-reel/),
  family("amazon", "text", /^(?:titan-(?:text|tg1|express|lite)|nova-(?:micro|lite|pro|premier|sonic|act|\d-))/),
  family("ai21", "text", /^(?:jamba(?:-\d|-mini|-large|-instruct|$)|j2-(?:ultra|mid|light|grande|jumbo)|jurassic)/),
  family("moonshot", "text", /^(?:kimi-(?:k\d|latest|vl|for|thinking|dev|linear|fast)|moonshot-v\d|moonlight-)/),
  family("moonshot", "text", /^k[23](?:\.\d)?(?:-(?:pro|turbo|\d{3}k))?(?:-highspeed)?$/, true),
  family(
    "zhipu",
    "text",
    /^(?:(?:zai-)?glm-?(?:[3-9](?![.]\d[.]\d)|z\d|latest|flash|fast|edge|ocr|4v)|chatglm|codegeex|cog(?:vlm|view|video)|charglm|autoglm)/,
  ),
  family("minimax", "text", /^(?:minimax-(?:m?\d|text|vl|latest|hailuo)|abab\d)/),
  family("01-ai", "text", /^yi-(?:\d|lightning|large|medium|vision|spark|coder)/),
  family("nvidia", "embedding", /^(?:nv-embed|nv-embedqa|llama-[\w.-]*nemoretriever|nemoretriever)/),
  family("nvidia", "text", /^(?:nvidia-)?(?:nemotron|minitron|nemoguard|cosmos-[a-z]+\d|nv-rerank)/),
  family("ibm", "embedding", /^granite-embedding/),
  family("ibm", "text", /^granite-?(?:\d|code|guardian|vision|speech|docling|\d+b)/),
  family("voyage", "rerank", /^rerank-\d/),
  family("voyage", "embedding", /^voyage-(?:\d|code|large|finance|law|lite|multilingual|multimodal|context)/),
  family("baai", "rerank", /^bge-reranker/),
  family("baai", "embedding", /^bge-(?:m3|small|base|large|en|icl|multilingual|vl)/),
  family("jina", "rerank", /^jina-reranker/),
  family("jina", "embedding", /^jina-(?:embeddings?|clip|colbert|code-embeddings)/),
  family(
    "open",
    "embedding",
    /^(?:all-(?:minilm|mpnet|distilroberta)|multi-qa-|paraphrase-(?:multilingual-)?(?:minilm|mpnet|albert|distilroberta|xlm)|msmarco-|multi-qa|distiluse-base|stsb-|(?:multilingual-)?e5-(?:small|base|large|mistral)|nomic-embed|mxbai-embed|snowflake-arctic-embed|arctic-embed|instructor-(?:xl|large|base)|gtr-t5|stella[-_]|uae-large|sfr-embedding|linq-embed|pplx-embed|clip-vit)/,
  ),
  family("open", "rerank", /^(?:ms-marco-minilm|mxbai-rerank)/),
  family(
    "open",
    "text",
    /^(?:(?:distil)?bert-(?:base|large)|(?:xlm-|distil)?roberta-(?:base|large)|(?:m?deberta|albert|electra)-[\w-]*(?:base|large|small|v\d)|(?:flan-|m|by)?t5-(?:small|base|large|xl|xxl|\db|\d\db)|xlnet-(?:base|large)|bloomz?-?\d|pythia-\d|vicuna|alpaca-|zephyr-\d|openchat|starling-|solar-(?:\d|pro|mini|open)|smol(?:lm|vlm)|olmoe?-?\d|molmo|tulu-?\d|internlm|internvl|baichuan|exaone|dbrx|mpt-\d|falcon-?(?:\d|h1|mamba|e)|falcon[23]?:|starcoder|santacoder|stablelm|stable-?code|dolphin-?(?:\d|mi|ll)|hermes-\d|nous-hermes|openhermes|wizardcoder|tinyllama|llava|moondream|bakllava|neural-chat|minicpm|gpt4all-|redpajama|persimmon|fuyu-|idefics|rwkv|mamba-\d|codet5|incoder-|polycoder|blip-?\d|donut-base|layoutlm|trocr|detr-resnet|vit-(?:base|large)|yolov?\d+[a-z]|segformer|dinov?\d)/,
  ),
  family("stability", "image", /^(?:stable-?diffusion|sdxl|sd3|sd-turbo|stable-image|stable-video)/),
  family("black-forest-labs", "image", /^flux[-.](?:\d|pro|dev|schnell|kontext|krea|max|flex|klein)/),
  family(
    "perplexity",
    "text",
    /^(?:sonar(?:-(?:pro|reasoning|deep-research|small|medium|large|huge)|$)|pplx-\d|r1-1776|llama-\d[\w.-]*-sonar)/,
    true,
  ),
  family("inflection", "text", /^inflection-\d/),
  family("reka", "text", /^reka-(?:core|flash|edge|spark|\d)/),
  family("writer", "text", /^palmyra/),
  family("xiaomi", "text", /^mimo-(?:v?\d|vl|audio)/),
  family("tencent", "text", /^(?:hunyuan|hy\d(?:-|$))/),
  family("baidu", "text", /^ernie-?(?:\d|x\d|bot|speed|lite|tiny|char)/),
  family("bytedance", "text", /^(?:doubao|seed-(?:oss|\d)|ui-tars|seedream|seedance)/),
  family("inclusionai", "text", /^(?:ling|ring|ming)-(?:\d|flash|mini|lite|plus)/, true),
  family("stepfun", "text", /^step-(?:\d[\w.]*-?(?:flash|mini|preview|v|x|\d+k)|r\d)/, true),
  family("liquid", "text", /^lfm-?\d/),
  family("arcee", "text", /^(?:trinity-(?:mini|large|nano)|arcee-|virtuoso-(?:large|medium))/),
  family("elevenlabs", "speech", /^eleven_(?:turbo|multilingual|flash|monolingual|english|v\d)/),
  family("deepgram", "speech", /^(?:nova-[23](?:-|$)|aura-(?:\d|asteria|luna))/, true),
  family("servicenow", "text", /^apriel-/),
  family("upstage", "embedding", /^solar-embedding/),
  family("deepcogito", "text", /^cogito-v?\d/),
];
