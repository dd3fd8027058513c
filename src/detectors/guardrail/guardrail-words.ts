/** Words that make a limit, a file or a name one of evaluation, moderation, judging or safety. */
export const GUARDED =
  /(?<![a-z])(?:g_?|llm_?)?eval(?!ue)|judge|moderat|safety|guard_?rail|toxic|(?<![a-z])hate|violence|sexual|(?<![a-z])harm(?!on)|jailbreak|injection|(?<![a-z])pii(?![a-z])|faithful|hallucinat|grounded|relevancy|refusal|(?<![a-z])bias|promptfoo|ragas|red_?team|content_?filter|llm[_-]?rubric|HARM_CATEGORY/i;

/** Libraries whose use makes a file one of evaluation or safety. */
const LIBRARY =
  /^(?:deepeval|ragas|promptfoo|guardrails|nemoguardrails|trulens\w*|inspect_ai|pydantic_evals|llm_guard|braintrust|autoevals|evalite|vitest-evals|langfuse|langsmith\/vitest|langsmith\.evaluation|openevals|agentevals|phoenix\.evals|azure\.ai\.evaluation|giskard|mlflow\.genai)\b/;

/** Whether a module is a library of evaluation or safety. */
export function isGuardLibrary(module: string): boolean {
  return LIBRARY.test(module);
}

/** Words of programs that act with a model: what makes a general word such as `tracing` one of theirs. */
export const AI_WORD =
  /openai|anthropic|claude|\bgpt\b|gpt-|gemini|(?<![a-z])llm|langchain|langgraph|langsmith|langfuse|(?<![a-z]|user[-_ ])agent(?:s|ic)?(?![a-z])|assistant|bedrock|chat_?bot|crewai|autogen|mistral|ollama/i;
