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

const WORD = new RegExp(`(?<![a-z])(?:${WORDS.join("|")})(?![a-z])`);
const SPOKEN =
  /\b(?:system prompt|system message|language models?|prompt templates?)\b|from ["']ai["']|role["']?\s{0,3}[:=]\s{0,3}["'](?:system|user|assistant|developer)["']/;

const holdsDistinct = textGate(...DISTINCT);
const holdsWord = textGate(...WORDS);
const maySpeak = textGate(
  "system prompt",
  "system message",
  "language model",
  "prompt template",
  '"ai"',
  "'ai'",
  "role",
);

/** Whether a file has to do with language models at all. */
export const mentionsModels = memoisedByObject((file: Parameters<typeof holdsWord>[0]): boolean => {
  if (holdsDistinct(file)) return true;
  const word = holdsWord(file);
  if (!word && !maySpeak(file)) return false;
  const lower = file.text.toLowerCase();
  return (word && WORD.test(lower)) || SPOKEN.test(lower);
});
