import { memoised } from "../memoised.ts";

/**
 * How much a name says that its value is a prompt: `sure`; `likely` in a program that uses models; `maybe` where the
 * words agree too; nothing; or that it is only about one (`prompt_version`).
 */
export type NameEvidence = "sure" | "likely" | "maybe" | "about" | null;

const SURE =
  /^(?:(?:[a-z0-9]+ ){0,6}(?:(?:pre)?prompts?|system (?:message|instructions?|prompts?|msg|text|content|role|template)|developer (?:message|instructions?)|agent instructions?|custom instructions?|base instructions?|(?:user|llm|chat|agent|assistant|model|ai|role|task|judge|output|format|formatting|response) instructions?|prompt (?:prefix|suffix|template|templates|text|content|body|header|footer|base|tmpl|tpl|string|str|message|messages|preamble|intro|fragment|section|parts?)|persona|preamble|few ?shots?|jailbreak guard)(?: (?:v?\d{1,3}|[a-z]{2}|en us|default|base))?)$/;
const LIKELY = /^(?:(?:[a-z0-9]+ ){0,3}instructions?|system|developer|backstory|expected output|persona description)$/;
const SURE_START = /^(?:system prompt|prompt template|sys prompt)\b/;
const MAYBE =
  /^(?:(?:[a-z0-9]+ ){0,4}(?:instructions?|template|templates|tmpl|messages?|context|guidelines?|rules|reminder|reminders|guidance|examples?|criteria|rubric|directive|directives|intro|task|goal|role|content|text|input|system|request|ask|header|footer|prefix|suffix|prompting|behaviou?r|tone|style|personality))$/;
/** Names about a prompt, whose value is not one. */
const ABOUT =
  /\b(?:welcome|api key|licen[cs]e|log ?in|sign ?in|usage|upgrade|deprecation|install|installation|setup|goodbye)\b[a-z ]{0,20} messages?$|\b(?:suggested|suggestions?|starters?|samples?|placeholder)\b|\b(?:name|names|id|ids|uuid|slug|path|paths|file|files|filename|dir|directory|folder|key|keys|label|title|type|types|kind|version|token|tokens|url|uri|href|count|length|limit|hash|color|colour|class|icon|placeholder|tooltip|help|error|errors|variable|variables|vars|regex|pattern|extension|ext|format type|mode|cost|price|caching|cache|language|lang|timeout|toolkit|command|cmd|ps\d|symbol|char|choices|options|default value|hint|button|category|tag|tags|log|loader|injection)$/;

const CALLS_SURE =
  /(?:^|\.|\b)(?:SystemMessage|SystemMessagePromptTemplate(?:\.from_template|\.fromTemplate)?|HumanMessagePromptTemplate(?:\.from_template|\.fromTemplate)?|AIMessagePromptTemplate\.from_template|PromptTemplate(?:\.from_template|\.fromTemplate)?|ChatPromptTemplate(?:\.from_messages|\.fromMessages|\.from_template|\.fromTemplate)?|FewShotPromptTemplate|RichPromptTemplate|SystemPromptTemplate|SystemChatMessage|ChatMessage\.(?:from_system|from_user|fromSystem|createSystemMessage)|SystemPromptPart|ChatRequestSystemMessage|ChatCompletionSystemMessageParam|UserPromptPart|AddSystemMessage|CreateSystemMessage|CreateSystemChatMessage|ChatMessage\.CreateSystemMessage|set_system_prompt|setSystemPrompt|with_system_prompt|withSystemPrompt|system_prompt|systemPrompt|SystemPrompt|\.preamble|defaultSystem|SystemMessage\.from|SystemMessage\.of|ChatMessage::system|ChatCompletionRequestSystemMessageArgs|SystemMessagePrompt|add_system_message|addSystemMessage|create_system_message|CreateFunctionFromPrompt|createFunctionFromPrompt|create_function_from_prompt|CreateFromPrompt|InvokePromptAsync|dspy\.Signature|with_instructions|withInstructions|definePrompt|ai\.definePrompt|promptTemplate)\(\)$/;
const CALLS_MAYBE =
  /(?:^|\.)(?:HumanMessage|UserMessage|AIMessage|ChatMessage|Message|Agent|Task|Crew|LlmAgent|AssistantAgent|UserProxyAgent|ConversableAgent|ChatAgent|ReActAgent|create_agent|createAgent|create_react_agent|createReactAgent|generateText|streamText|generateObject|streamObject|generate_text|generate_content|generateContent|generate|complete|completion|completions\.create|chat\.completions\.create|messages\.create|responses\.create|chat|ask|invoke|ainvoke|predict|apredict|run|arun|query|assistants\.create|create_assistant|GenerativeModel|system|user|prompt|llm|ask_llm|call_llm|dedent|textwrap\.dedent|strip|format|join|append|push|extend)\(\)$/;

/** What a program tells the people who run it. */
const REPORTED = /^(?:log|logs|toast|notification|progress)\b/;

/** Reads an identifier or key: `REFUND_PROMPT`, `systemPrompt`, `self.prompt_v2`, `system-prompt` alike. */
export const nameEvidence = memoised((part: string): NameEvidence => {
  const words = wordsOf(part);
  if (words === "" || words.length > 80) return null;
  if (ABOUT.test(words)) return /prompt|instruction|message|system/.test(words) ? "about" : null;
  if (SURE.test(words) || SURE_START.test(words)) return "sure";
  if (LIKELY.test(words)) return "likely";
  if (!MAYBE.test(words)) return null;
  return REPORTED.test(words) ? "about" : "maybe";
});

/** Reads a callee, with its `()`. */
export const callEvidence = memoised((part: string): NameEvidence => {
  if (!part.endsWith("()") || part.length > 200) return null;
  if (CALLS_SURE.test(part)) return "sure";
  return CALLS_MAYBE.test(part) ? "maybe" : null;
});

/** The last name of a dotted target as lower-case words. */
function wordsOf(part: string): string {
  const last = part.slice(part.lastIndexOf(".") + 1);
  return last
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .replace(/[^A-Za-z0-9]+/g, " ")
    .trim()
    .toLowerCase();
}
