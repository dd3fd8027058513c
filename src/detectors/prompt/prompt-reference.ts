import type { Fact, FileSide, Literal } from "../../core/detector.ts";
import { confidenceIn } from "../distinct-facts.ts";
import { partQuestion } from "../literal-parts.ts";
import { memoised } from "../memoised.ts";

/** The rule of prompts kept elsewhere: in a hub, a registry, a provider's console. */
export const PROMPT_REFERENCE = "prompt/reference";

/** Calls that get a prompt by its name. */
const PULLS =
  /(?:^|\.)(?:hub\.pull|pull_prompt|pullPrompt|get_prompt|getPrompt|fetch_prompt|fetchPrompt|load_prompt|loadPrompt|prompts\.(?:load|get|pull|retrieve|render|use|fetch)|prompt\.(?:get|load|retrieve)|promptlayer\.templates\.get|templates\.get|genai\.load_prompt|get_prompt_template|use_prompt|compile_prompt|get_chat_prompt|prompts\.(?:getTextPrompt|get_text_prompt)|execute_prompt_stream|executePrompt|execute_prompt|promptManager\.get|prompt_manager\.get\w*|registry\.get_prompt|GetPrompt|render_prompt|renderPrompt|set_prompt_alias|PromptRepository\.get)\(\)$/;
const KEYS =
  /^(?:prompt_?id|prompt_?version|prompt_?label|prompt_?slug|prompt_?commit|prompt_?alias|prompt_?tag|prompt_?ref|prompt_?reference|prompt_?identifier|promptArn|prompt_?arn|PROMPT_(?:ID|VERSION|LABEL|SLUG|COMMIT|ALIAS|REF))$/i;
const PROMPT_OBJECT = /^(?:prompt|system_?prompt|prompt_?ref)$/i;
const WITHIN = /^(?:id|version|label|alias|slug|commit|tag|ref|name)$/i;
const VALUES =
  /^(?:pmpt_[A-Za-z0-9_]{8,}|arn:aws[\w-]*:bedrock:[^\s]{1,200}:prompt\/\S{1,100}|prompts:\/\S{1,200}|langfuse:\/\/\S{1,200}|hub:\/\/\S{1,200}|lc:\/\/prompts\/\S{1,200}|portkey:\/\/\S{1,200}|helicone:\/\/\S{1,200})$/;
const FILE_LIKE = /\.[a-z0-9]{1,7}$|^\.{0,2}\/|[\\]|^file:/i;

/** Whether a part of a path is such a call. */
export function pullsPrompt(part: string): boolean {
  return part.endsWith("()") && pulls(part);
}

const pulls = memoised((call) => PULLS.test(call));

const pullCalls = partQuestion(pullsPrompt);

/** Whether any value of a file stands in such a call. */
export function pullsPrompts(literals: readonly Literal[]): boolean {
  return pullCalls.any(literals);
}

/** What a file takes prompts from by name, id, label or version. */
export function promptReferences(file: FileSide): readonly Fact[] {
  const named = pullsPrompts(file.literals) || promptNames.any(file.literals);
  const found: Fact[] = [];
  for (const literal of file.literals) {
    const slot = slotOf(literal, named);
    if (slot === null) continue;
    const value = literal.value.trim();
    found.push({ rule: PROMPT_REFERENCE, key: slot, value, line: literal.line, confidence: confidenceIn(file) });
  }
  return found;
}

/** Names of a prompt's id, or of an object that holds it. */
const promptNames = partQuestion(
  (part) => KEYS.test(part.slice(part.lastIndexOf(".") + 1)) || PROMPT_OBJECT.test(part),
);

/** What a value is of a prompt; `named` is false where no name of the file says so, and only the value itself can. */
function slotOf({ path, value, kind }: Literal, named: boolean): string | null {
  if (kind === "null" || value.length > 300 || !(named || value.includes(":") || value.includes("pmpt_"))) return null;
  const written = value.trim();
  if (written === "" || /\s/.test(written)) return null;
  if (VALUES.test(written)) return path.at(-1) ?? "prompt";
  if (!named) return null;
  const last = path.at(-1) ?? "";
  const call = path.findLastIndex(pullsPrompt);
  if (call >= 0 && path.length - call <= 2)
    return FILE_LIKE.test(value) || !isOfReference(last) ? null : `${path[call]} ${last}`;
  if (KEYS.test(last.slice(last.lastIndexOf(".") + 1))) return last;
  return PROMPT_OBJECT.test(path.at(-2) ?? "") && WITHIN.test(last) && /\d|^pmpt_/.test(value)
    ? `prompt ${last}`
    : null;
}

function isOfReference(last: string): boolean {
  return /^(?:\d|name|id|label|version|alias|slug|commit|tag|prompt|prompt_name|promptName|prompt_id|promptId|environment|env|owner_repo_commit|type|project_name|projectName|key)$/i.test(
    last,
  );
}
