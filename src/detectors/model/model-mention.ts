import { memoisedByObject } from "../memoised.ts";
import { textGate } from "../text-gate.ts";

/** Lower-case pieces of programs that use language models, which nothing else holds: providers, frameworks, calls. */
const DISTINCT: readonly string[] =
  `openai anthropic langchain langgraph langfuse langsmith llamaindex llama_index ollama
  mistralai vertexai vertex_ai huggingface litellm chatgpt chatcompletion chat_completion generatetext generate_text
  generatecontent generate_content streamtext generateobject crewai semantickernel semantic_kernel systemprompt system_prompt
  system-prompt systemmessage system_message prompttemplate prompt_template pydantic_ai pydantic-ai smolagents deepseek
  openrouter languagemodel language_model ai-sdk multi-agent multi_agent multiagent chatmodel chat_model claude-`.split(
    /\s+/,
  );

/** Words that are parts of other words too. */
const WORDS: readonly string[] = `llm llms gpt groq dspy qwen claude cohere copilot gemini mistral haystack bedrock
  transformers agentic autogen llama`.split(/\s+/);

/** Of these a file that has to do with language models holds at least one, or says so in words. */
export const MODEL_WORDS: readonly string[] = [...DISTINCT, ...WORDS];

const holdsDistinct = textGate(...DISTINCT);
/** What says so, each where its own pieces stand: one pattern for all of it costs several times as much. */
const SAYINGS = [
  ...WORDS.map((word) => ({ mayHold: textGate(word), saying: new RegExp(`(?<![a-z])${word}(?![a-z])`) })),
  {
    mayHold: textGate("system prompt", "system message", "language model", "prompt template"),
    saying: /\b(?:system prompt|system message|language models?|prompt templates?)\b/,
  },
  { mayHold: textGate('"ai"', "'ai'"), saying: /from ["']ai["']/ },
  { mayHold: textGate("role"), saying: /role["']?\s{0,3}[:=]\s{0,3}["'](?:system|user|assistant|developer)["']/ },
];

/** Whether a file has to do with language models at all. */
export const mentionsModels = memoisedByObject((file: Parameters<typeof holdsDistinct>[0]): boolean => {
  if (holdsDistinct(file)) return true;
  const sayings = SAYINGS.filter(({ mayHold }) => mayHold(file));
  const lower = sayings.length > 0 ? file.text.toLowerCase() : "";
  return sayings.some(({ saying }) => saying.test(lower));
});
