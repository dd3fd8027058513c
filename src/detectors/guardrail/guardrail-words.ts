import type { FileSide } from "../../core/detector.ts";
import { memoisedByObject } from "../memoised.ts";
import { textGate } from "../text-gate.ts";

/** Pieces that say it wherever they stand, and words that do so only where they begin. */
const GUARDING =
  "judge moderat safety guard_rail guardrail toxic violence sexual jailbreak injection faithful hallucinat grounded relevancy refusal promptfoo ragas redteam red_team content_filter contentfilter llmrubric llm_rubric llm-rubric harm_category".split(
    " ",
  );
const GUARDING_WORD = /(?<![a-z])(?:(?:g_?|llm_?)?eval(?!ue)|hate|harm(?!on)|pii(?![a-z])|bias)/i;

/** Words that make a limit, a file or a name one of evaluation, moderation, judging or safety. */
export const GUARDED = new RegExp([...GUARDING, GUARDING_WORD.source].join("|"), "i");

const holdsGuarding = textGate(...GUARDING);
const mayGuard = textGate("eval", "hate", "harm", "pii", "bias");

/** Whether a file's text or path says so. */
export const isGuarded: (file: FileSide) => boolean = memoisedByObject(
  (file) => holdsGuarding(file) || (mayGuard(file) && GUARDING_WORD.test(file.text)) || GUARDED.test(file.path),
);

/** Libraries whose use makes a file one of evaluation or safety. */
const LIBRARY =
  /^(?:deepeval|ragas|promptfoo|guardrails|nemoguardrails|trulens\w*|inspect_ai|pydantic_evals|llm_guard|braintrust|autoevals|evalite|vitest-evals|langfuse|langsmith\/vitest|langsmith\.evaluation|openevals|agentevals|phoenix\.evals|azure\.ai\.evaluation|giskard|mlflow\.genai)\b/;

/** Whether a module is a library of evaluation or safety. */
export function isGuardLibrary(module: string): boolean {
  return LIBRARY.test(module);
}

const ACTING =
  "openai anthropic claude gpt- gemini langchain langgraph langsmith langfuse assistant bedrock chatbot chat_bot crewai autogen mistral ollama".split(
    " ",
  );
const ACTING_WORD = /\bgpt\b|(?<![a-z])llm|(?<![a-z]|user[-_ ])agent(?:s|ic)?(?![a-z])/i;

/** Words of programs that act with a model: what makes a general word such as `tracing` one of theirs. */
const AI_WORD = new RegExp([...ACTING, ACTING_WORD.source].join("|"), "i");

const holdsActing = textGate(...ACTING);
const mayAct = textGate("gpt", "llm", "agent");

/** Whether a file's text speaks of acting with a model. */
export const speaksOfActing: (file: FileSide) => boolean = memoisedByObject(
  (file) => holdsActing(file) || (mayAct(file) && ACTING_WORD.test(file.text)),
);

/** Whether a file's path or text says that it acts with a model. */
export function actsWithModel(file: FileSide): boolean {
  return AI_WORD.test(file.path) || speaksOfActing(file);
}
