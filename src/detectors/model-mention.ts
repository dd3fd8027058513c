/** Lower-case words of programs that use language models: providers, frameworks, and what their calls are named. */
export const MODEL_WORDS: readonly string[] =
  `openai anthropic langchain langgraph langfuse langsmith llama llamaindex llama_index ollama gemini mistral
  mistralai cohere bedrock vertexai huggingface transformers litellm llm llms gpt chatgpt claude chatcompletion
  chatcompletions chat_completion chat_completions generatetext generate_text generatecontent generate_content streamtext
  generateobject crewai autogen dspy semantickernel semantic_kernel systemprompt system_prompt system-prompt systemmessage
  system_message prompttemplate prompt_template chatprompttemplate pydantic_ai pydantic-ai smolagents haystack deepseek
  groq copilot languagemodel language_model ai-sdk agentic multi-agent multi_agent instructor guidance qwen openrouter
  azureopenai chatmodel chat_model aimodel ai_model`.split(/\s+/);

const WORD = new RegExp(`(?<![a-z])(?:${MODEL_WORDS.join("|")})(?![a-z])`, "i");
const SPOKEN =
  /\b(?:system prompt|system message|language models?|prompt templates?|chat\.completions)\b|from ["']ai["']|role["']?\s{0,3}[:=]\s{0,3}["'](?:system|user|assistant|developer)["']/i;

/** Whether a file has to do with language models at all. */
export function mentionsModels(text: string): boolean {
  return WORD.test(text) || SPOKEN.test(text);
}
