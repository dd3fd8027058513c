import { askedOfPart, lastName, type Part, partOf } from "../literal-parts.ts";
import { askedInARow, memoised } from "../memoised.ts";

/** What the name that a value is bound to says about the value. */
export type NameMeaning = "model" | "choice" | "embedding" | "provider" | "list";

/** Names of fields that only wrap a value: the name before them tells what it is. */
const WRAPPERS = /^(?:default|defaultvalue|default_value|const|value|initial|fallback|example|enum|literal)$/i;
/** Calls that read a setting and may name a value to use when it is not set. */
const SETTING_CALL =
  /(?:getenv|environ\.get|env(?:ironment)?|config(?:uration)?(?:\.get)?|setting|get|getOrDefault|option|argument|field|default|string|str|literal|value|parameter|input|select|selectbox|flag|var)s?\(\)$/i;

const CLOSING_BRACKET = 41;
const CLOSING_SQUARE = 93;
const DIGIT_0 = 48;
const DIGIT_9 = 57;

/** The name that a literal is bound to, with what is known of the way there. */
export interface Binding {
  /** The nearest name, as written, without calls, indices and wrappers; empty when there is none. */
  readonly name: string;
  /** The same, to be asked what it says. */
  readonly part: Part;
  /** Names further out, nearest first, without calls and indices. */
  readonly outer: readonly string[];
  /** The nearest call around the value, without brackets; empty when there is none. */
  readonly callee: string;
  /** True where a call stands between the name and the next one out. */
  readonly called: boolean;
  /** True where the value stands in a list below the name. */
  readonly listed: boolean;
  /** True where the name is a field of an item of the list that the next name out holds. */
  readonly item: boolean;
  /** True where the value is the fallback or default of a setting, or a plain value of its name. */
  readonly direct: boolean;
}

const NONE: readonly string[] = [];

/** Reads the path of a literal from the inside out. */
export function bindingOf(path: readonly string[]): Binding {
  let name: string | null = null;
  let outer: readonly string[] = NONE;
  let callee = "";
  let listed = false;
  let item = false;
  let called = false;
  let direct = true;
  for (let position = path.length - 1; position >= 0; position -= 1) {
    const part = path[position] ?? "";
    const form = formOf(part);
    if (form === "name") {
      if (name !== null) outer = outer === NONE ? [part] : [...outer, part];
      else if (position === 0 || !isWrapper(part)) name = part;
      else if (part.toLowerCase() === "enum") listed = true;
    } else if (form === "call") {
      const call = callOf(part);
      callee ||= call.callee;
      if (name === null && position === path.length - 2 && call.setter !== "") name = call.setter;
      else if (name === null) direct &&= call.setting;
      else if (outer === NONE) called = true;
    } else if (form === "look-up") direct = false;
    else if (outer === NONE && formOf(path[position - 1] ?? "") !== "call") {
      if (name === null) listed = true;
      else item = true;
    }
  }
  return { name: name ?? "", part: partOf(name ?? ""), outer, callee, called, listed, item, direct };
}

function isWrapper(name: string): boolean {
  return name.length > 3 && name.length < 14 && WRAPPERS.test(name);
}

const callOf = askedInARow(
  memoised((call) => ({
    callee: call.slice(0, -2),
    setter: setterOf(call),
    /** Whether it reads a setting. */
    setting: SETTING_CALL.test(call.slice(-60)),
  })),
);

/** The name that a builder's method or an option's function sets: `.modelName("x")`, `ollama.WithModel("x")`; else empty. */
export function setterOf(call: string): string {
  const method = /\.(?:set_?|with_?|Set|With)?([A-Za-z_]{4,40})\(\)$/.exec(call.slice(-80))?.[1] ?? "";
  return SETTER.test(method) ? method : "";
}
const SETTER =
  /^(?:(?:chat|embedding|llm)?_?model_?(?:name|id)?|deployment(?:_?name)?|temperature|top_?[pk]|max_?(?:output_?|completion_?|new_?)?tokens|base_?url|endpoint|api_?version|seed|stop(?:_?sequences)?|frequency_?penalty|presence_?penalty|reasoning_?effort|tool_?choice|max_?(?:turns|steps|iterations|retries)|dimensions?)$/i;

/** What a part of a path is, by its end: a call, a look-up, an index, or a name. */
export function formOf(part: string): "name" | "call" | "look-up" | "index" {
  const last = part.charCodeAt(part.length - 1);
  if (last === CLOSING_BRACKET) return part.endsWith("()") ? "call" : "name";
  if (last === CLOSING_SQUARE) return part.endsWith("[]") ? "look-up" : "name";
  if (!(last >= DIGIT_0 && last <= DIGIT_9)) return "name";
  return /^\d+$/.test(part) ? "index" : "name";
}

/** The words of a name in lower case: `self.plannerModel_name` gives planner, model, name (the last dotted part counts). */
export const wordsOf: (name: string) => readonly string[] = memoised((name) =>
  (name.slice(-200).split(/[.:]/).at(-1) ?? "")
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== ""),
);

const MODEL_NOUN = /^(?:models?|llms?|engine|lm)$/;
const TAIL =
  /^(?:id|ids|name|names|slug|key|type|alias|identifier|string|str|version|tag|uri|arn|selection|default|override|choice|to|use|used|for|preset|\d{1,2}|in)$/;
/** Words that tell what kind of model stands before `model`: without one, `model` alone is a plain name. */
const NOT_A_MODEL =
  /^(?:data|view|user|auth|base|abstract|db|database|domain|table|device|car|phone|vehicle|printer|camera|threat|pricing|price|business|content|response|request|form|schema|orm|entity|document|item|product|tree|list|mesh|obj|cad|scene|skeleton|physics|weather|climate|regression|linear|logistic|classifier|keras|sklearn|torch|django|eloquent|mongoose|sequelize|active|record|class|module|path|dir|directory|folder|file|dump|fields|validate|construct|rebuild|config|settings|kwargs|args|params|parameters|info|field|extra|json|url|link|endpoint|provider|list|options|card|label|title|description|prefix|suffix|group|map|mapping|cache|size|limit|cost|context|format|mode|status|state|error|count|index|token|tokens|temperature|test|owner|author|family|kind|permission|admin|form|serializer|factory|binding|bound|relation|parent|child|meta|change|event|input|output|object|instance|import|export|root|bim|drive|shoe|part|number|serial|year|hardware|board|cpu|gpu|disk|tv|router|laptop|engine)$/;
const CHOOSER =
  /^(?:llm|llms|model|models|chat|embedding|embeddings|completion|completions|planner|writer|summarization|summarizer|reasoning|inference|ai|genai|agent|openai|generation|judge|reranker|rerank|transcription|vision)$/;
const PROVIDER_NOUN = /^(?:provider|providers|vendor|backend|platform)$/;

/** What a name says about its value, or null where it says nothing of models. */
export function meaningOf(binding: Binding): NameMeaning | null {
  const { words, meaning, provider } = readName(binding.part);
  if (words === "") return null;
  if (binding.item && isModelTable(binding)) return "list";
  if (meaning) return binding.listed && meaning !== "embedding" ? "list" : meaning;
  // `{ planner: { provider: "x" } }` and `models: { fast: "x" }`: the outer name speaks.
  if (binding.outer.length === 0 || (!provider && (binding.item || binding.called))) return null;
  const outer = readName(partOf(binding.outer[0] ?? ""));
  if (provider && outer.chooses) return "provider";
  if (binding.item || binding.called) return null;
  // `models: { fast: "x" }` gives roles their models, `model: { name: "x" }` describes one.
  if (outer.roles) return !/ .* .* /.test(words) && !NOT_A_ROLE.test(words) ? "choice" : null;
  return outer.described && /^(?:name|id|slug|alias|default|key|version)$/.test(words) ? "choice" : null;
}

/** Fields of a description rather than roles. */
const NOT_A_ROLE =
  /^(?:revision|version|type|path|dir|directory|url|host|port|temperature|format|size|enabled|count|name|id|key|description|status|owner|label)$/;

/** Whether the list around an item is one of models, by its name (a file that is one list says so by its path). */
export function isModelTable(binding: Binding): boolean {
  return readName(partOf(binding.outer[0] ?? "")).meaning === "list";
}

interface ReadName {
  /** Its words with blanks between them. */
  readonly words: string;
  readonly meaning: NameMeaning | null;
  /** It says `provider` and no more. */
  readonly provider: boolean;
  /** A word of it says that something chooses a model. */
  readonly chooses: boolean;
  /** What it holds are roles with their models. */
  readonly roles: boolean;
  /** What it holds describes a model. */
  readonly described: boolean;
}

const readName = askedOfPart((name): ReadName => {
  const list = wordsOf(name);
  const words = list.join(" ");
  return {
    words,
    meaning: list.length === 0 ? null : meaningOfWords(list),
    provider: PROVIDER_NOUN.test(words),
    chooses: list.some((word) => CHOOSER.test(word)),
    roles: /^(?:models|llms|(?:model )?aliases|default models|model map(?:ping)?)$/.test(words),
    described: /^(?:model|llm|default model|chat model)$/.test(words),
  };
});

function meaningOfWords(words: readonly string[]): NameMeaning | null {
  const core = [...words];
  while (core.length > 1 && TAIL.test(core.at(-1) ?? "")) core.pop();
  const last = core.at(-1) ?? "";
  const before = core.slice(0, -1);
  if (PROVIDER_NOUN.test(last) && before.some((word) => CHOOSER.test(word)))
    return last.endsWith("s") ? "list" : "provider";
  if (/^embedd(?:ing|ings|er)$/.test(last) && before.length <= 2 && words.length > core.length) return "embedding";
  if (!MODEL_NOUN.test(last)) return wholeName(words);
  if (before.some((word) => /^(?:embed|embedding|embeddings|embedder)$/.test(word))) return "embedding";
  if (last === "engine")
    return before.some((word) => /^(?:azure|openai|llm|chat|gpt|completion|model|ai|embedding)$/.test(word))
      ? "choice"
      : null;
  if (before.some((word) => NOT_A_MODEL.test(word))) return null;
  if (last === "models" || last === "llms") return "list";
  return before.length === 0 && last === "model" ? "model" : "choice";
}

/** Names whose noun is not last: `llm_type`, `openai_gpt`, `MODEL_FOR_REVIEW`, `model_provider`, `default_llm`. */
function wholeName(words: readonly string[]): NameMeaning | null {
  const name = words.join(" ");
  if (
    /^(?:default |fallback |fast |smart |strategic )?llm(?: [a-z]+)?$/.test(name) &&
    !/ (?:config|settings|client|chain|cache|response|timeout|key|url|host|port|class|params|kwargs|options|output|input|calls?|error|usage|cost)$/.test(
      name,
    )
  )
    return "choice";
  if (/^(?:[a-z]+ )?(?:model|llm) for [a-z ]{2,30}$/.test(name)) return "choice";
  if (/^(?:gpt|claude|gemini|openai|anthropic) (?:model|version|engine)(?: [a-z]+)?$/.test(name)) return "choice";
  if (
    /^(?:supported|allowed|available|known|valid|enabled|disabled|chat|llm|completion)? ?(?:[a-z]+ )?(?:models|llms)(?: [a-z0-9]+){0,2}$/.test(
      name,
    ) &&
    !/(?:dir|path|url|import|admin|config|kwargs|count|loaded)/.test(name)
  )
    return "list";
  if (/^(?:supported|allowed|available|known|valid|enabled|all|llm) providers?$/.test(name)) return "list";
  return null;
}

const ELSEWHERE =
  /^(?:image|uses|import|from|package|href|src|url|uri|path|file|filename|filepath|file_?path|repo|repository|homepage|source|class|classname|extends|tags?|keywords|hashtags|icon|logo|doc|resource|resources|notresource|user_?agent|branch|ref)$/i;
const PROSE =
  /^(?:description|desc|help|title|label|text|comment|message|placeholder|display_?name|tooltip|summary|caption|alt|notes?|changelog|content|question|answer|user|author|owner|login|badge|hint|heading|subtitle|docs?)$/i;
const isProseWord = memoised((name: string) => PROSE.test(name.split(".").at(-1) ?? ""));
const STRING_TEST =
  /(?:^|\.)(?:startswith|starts_with|ends_with|startsWith|endsWith|endswith|includes|contains|has|match|test|hasPrefix|HasPrefix|HasSuffix|Contains|EqualFold|start_with\?|include\?|equals|equalsIgnoreCase|StartsWith|indexOf|search)$/;
const SAYS =
  /(?:^|\.)(?:print|println|printf|log|info|debug|warn|warning|error|exception|expect|assert\w*|toBe|toEqual|toContain|raise|throw|Error|Exception|ValueError|describe|it|test|skip|write|echo|puts|panic|Errorf|Sprintf|encode|getLogger|split|join|replace|sub|t|\w{0,30}log_(?:error|warning|warn|info|debug|message)|\w{0,30}_(?:log|print|warn))$/;

/** Whether a value on this path means a file, a package, a picture or an address, not a model in use. */
export function isElsewhere(path: readonly string[]): boolean {
  return path[0] === "import" || ELSEWHERE.test(lastName(path));
}

/** Whether a value is compared with something (`model == "gpt-4o"`, `case "gpt-4o":`). */
export function isComparison(path: readonly string[]): boolean {
  return path.some((part) => part === "==" || part === "case" || part === "!=" || part === "in");
}

/** Whether a value is the key of something looked up (`LIMITS["gpt-4o"]`). */
export function isLookUp(path: readonly string[]): boolean {
  return /\[\]$/.test(path.at(-1) ?? "") || (path.at(-1) === "0" && /\[\]$/.test(path.at(-2) ?? ""));
}

/** Whether a name holds words for people. */
export function isProse(name: string): boolean {
  return isProseWord(name);
}

/** Whether a call only looks at a text. */
export function isStringTest(callee: string): boolean {
  return STRING_TEST.test(callee.slice(-60));
}

/** Whether a call only says or checks something. */
export function isSaying(callee: string): boolean {
  return SAYS.test(callee.slice(-60));
}
