import type { FileSide, Literal } from "../../core/detector.ts";
import { isIndex, partQuestion } from "../literal-parts.ts";
import { memoised } from "../memoised.ts";
import { isDocument } from "../model/model-embedded.ts";
import { mentionsModels } from "../model/model-mention.ts";
import { textGate } from "../text-gate.ts";
import { callEvidence, type NameEvidence, nameEvidence } from "./prompt-name.ts";
import { addressesModel, isMostlyCode, isMostlyWords, isProse, isUserQuestion, modelTalk } from "./prompt-prose.ts";
import { fillsSlot, slotsIn } from "./prompt-slot.ts";

/** Calls and keys whose text is for people who use or run the program. */
const FOR_PEOPLE =
  /(?:^|\.)(?:log|logger|logging|console|print|println|printf|fprintf|puts|echo|debug|info|warn|warning|error|exception|Exception|raise|throw|panic|fail|abort|assert\w*|expect|describe|it|test|Error|\w+Error|\w+Exception|errors\.New|\w*Errorf|New\w*Error|bail|anyhow|add_argument|add_parser|option|argument|click\.\w+|typer\.\w+|input|getpass|confirm|question|inquirer\.\w+|rl\.question|readline|toast|alert|notify|st\.\w+|gr\.\w+|Field|querySelector\w*|t|i18n\.t|gettext|_|fetch|re\.\w+|RegExp|execute|sql|cursor\.\w+|cn|clsx|cva|twMerge|classNames|tw|(?:show|print|display|notify|warn|log|report|color)[A-Z_]\w*|write(?:Err|Out|Error|Line|ln)?\w*)\(\)$/;
/** Checks of what people enter, whose last argument says what is wrong with it. */
const VALIDATION =
  /^(?:z|zod|yup|joi)\.(?:\w{1,40}(?:\(\))?\.){0,8}(?:min|max|length|regex|refine|superRefine|nonempty|email|url|uuid|required|matches|test|startsWith|endsWith|includes)\(\)$/i;
/** Calls that give a text its form on the way to another one. */
const SHAPES_TEXT =
  /(?:^|\.)(?:join|format|strip|trim|dedent|replace|replaceAll|lower|upper|encode|toString|Markdown|f|str|String)\(\)$/;
const KEYS_FOR_PEOPLE =
  /^(?:help|placeholder|error|errors|label|title|tooltip|hint|alt|aria-label|ariaLabel|className|class|href|src|url|id|slug|icon|summary|changelog|licen[cs]e|homepage|author|keywords|doc|docs|documentation|deprecated|epilog|usage|metavar|sample|caption|notice|log|logs|readme|moduledoc|typedoc|shortdoc|pattern|regex|command|script|run|if|shell|cmd|sql|stylesheet|html|css|svg|test|name)$/i;
const PROMPT_FILE =
  /(?:^|[/._-])(?:[Pp]rompts?|PROMPTS?|[Ii]nstructions|system_?[Mm]essages?|[Pp]ersonas?|prompt_?templates?)\.[A-Za-z0-9]{1,5}$|(?:^|\/)prompts[_-](?!(?:utils?|helpers?|loader|manager|parser|router|service|schema|types?|test|tests|spec)\.)[a-z0-9_-]{1,40}\.[A-Za-z0-9]{1,5}$|[a-z0-9](?:Prompts?|PromptTemplates?|SystemMessages?)\.[A-Za-z]{1,5}$|(?:^|\/)Prompt(?:s|Templates?|Library|Builder|Constants)?\.[A-Za-z]{1,5}$/;
const PROMPT_FOLDER = /(?:^|\/)(?:[a-z0-9]+[-_])?(?:prompts?|personas?|prompt[-_]templates?|system[-_]prompts?)\//i;
/** Files of a user interface: a form called prompt holds words for people. */
const INTERFACE = /\.(?:tsx|jsx|vue|svelte|astro|html?)$|(?:^|\/)components\//i;
/** What an interface offers to be asked, for people to choose from. */
const OFFERED = /^(?:examples?|samples?|quick|starter)_?\w{0,30}(?:messages?|questions?|queries|actions?)$/i;
/** What any program offers to be asked: `promptExamples`, `conversation_starters`. */
const OFFERED_ANYWHERE =
  /^(?:promptExamples|prompt_examples|(?:conversation|chat|prompt)_?starters?|(?:starter|suggested|suggestion)_?prompts?)$/i;
/** Folders and files of programs that talk to models, by their names alone. */
const MODEL_PATH = /(?:^|[/_.-])(?:llms?|gpt|openai|anthropic|claude)(?=[/_.-])/i;
const STRUCTURED =
  /with_?[sS]tructured_?[oO]utput|response_?[mM]odel|response_?[fF]ormat|generateObject|generate_object|generateCompletions|output_type=|bindTools|bind_tools|json_schema|jsonSchema|response_?[sS]chema|smartScrape/;
/** Words by which a description tells what to fill in. */
const FILLED_IN =
  /^(?:set|use|include|provide|only|must|return|list|extract|choose|pick|give|write|describe|explain|state|leave|omit|do not|don't|if )\b/i;
/** Words that colour a terminal: `Style.from_dict({"prompt": "cyan bold"})`. */
const STYLE =
  /^(?:(?:bold|dim|italic|underline|reverse|ansi\w{1,20}|(?:bg|fg):\S{1,20}|#[0-9a-f]{3,8}|class:\S{1,30}|(?:bright_?)?(?:red|green|blue|cyan|magenta|yellow|white|black|gray|grey))(?:\s+|$)){1,6}$/i;
const CREW = /^(?:role|goal|backstory|description|expected_output|expectedOutput)$/;
const LONG = 80;
const SHORTEST_FRAGMENT = 24;

const mayBeCrew = textGate("backstory", "expected_output", "expectedoutput");
const mayHaveTools = textGate("tool");
const mayHaveSignatures = textGate("signature");
const mayBeStructured = textGate(
  ..."structured response_model responsemodel response_format responseformat generateobject generate_object".split(" "),
  ..."generatecompletions output_type= bindtools bind_tools json_schema jsonschema response_schema responseschema".split(
    " ",
  ),
  "smartscrape",
);

/** A literal that is a prompt, and what it is bound to. */
export interface BoundPrompt {
  readonly literal: Literal;
  readonly label: string;
}

/** The literals of a file that are prompts, by what they are bound to, who they are said to and how they read; `loaded` files are prompts throughout. */
export function boundPrompts(file: FileSide, loaded: boolean): readonly BoundPrompt[] {
  const scene: Scene = {
    shown: INTERFACE.test(file.path),
    offers: offers.any(file.literals),
    whole: holdsPrompts(file.path),
    loaded,
    models: mentionsModels(file) || MODEL_PATH.test(file.path),
    structured: mayBeStructured(file) && STRUCTURED.test(file.text),
    tools: mayHaveTools(file) && /\btools?\b/i.test(file.text),
    crew: mayBeCrew(file) && /\b(?:backstory|expected_output|expectedOutput)\b/.test(file.text),
    signatures: mayHaveSignatures(file) ? signaturesIn(file.text) : new Set(),
  };
  const roles = rolesIn(file.literals);
  const found: BoundPrompt[] = [];
  file.literals.forEach((literal, index) => {
    if (literal.kind !== "string" || !mayBeText(literal.value)) return;
    if (isPrompt(literal, scene, roles.get(index) ?? null)) found.push({ literal, label: labelOf(literal.path) });
  });
  return [...found, ...fillings(file, scene, found)].sort((a, b) => a.literal.line - b.literal.line);
}

/** Texts that fill a place of the file's prompts: `STYLES = ["…"]` beside a prompt with `{STYLE}`. */
function fillings(file: FileSide, scene: Scene, found: readonly BoundPrompt[]): readonly BoundPrompt[] {
  if (found.length === 0 || scene.whole || !scene.models) return [];
  const known = new Set(found.map(({ literal }) => literal));
  const bound = file.literals.filter(
    (literal) => literal.value.includes("{") && (known.has(literal) || bindingOf(literal.path) === "sure"),
  );
  const slots = slotsIn(bound.map(({ value }) => value));
  if (slots.size === 0) return [];
  return file.literals.flatMap((literal): readonly BoundPrompt[] => {
    const { path, value, kind } = literal;
    if (kind !== "string" || value.length < SHORTEST_FRAGMENT || known.has(literal) || !fillsSlot(literal, slots))
      return [];
    return isProse(value) && isMostlyWords(value) && !isMostlyCode(value) ? [{ literal, label: labelOf(path) }] : [];
  });
}

/** Whether a file of code or data exists to hold prompts, by its name or folder. */
export function holdsPrompts(path: string): boolean {
  return (PROMPT_FILE.test(path) || PROMPT_FOLDER.test(path)) && !INTERFACE.test(path);
}

interface Scene {
  /** The file is a user interface's. */
  readonly shown: boolean;
  /** A name of the file says that it holds what people may choose to ask. */
  readonly offers: boolean;
  /** The file exists to hold prompts. */
  readonly whole: boolean;
  /** Something loads the file as prompts. */
  readonly loaded: boolean;
  readonly models: boolean;
  /** The file asks a model for an answer of a given shape: what describes the fields, the model reads. */
  readonly structured: boolean;
  readonly tools: boolean;
  /** The file describes agents and their tasks: who they are, what they want, what they give back. */
  readonly crew: boolean;
  /** Classes whose documentation string is the prompt. */
  readonly signatures: ReadonlySet<string>;
}

/** Most values of a program are one word, which no prompt is. */
function mayBeText(value: string): boolean {
  return value.length > 4 && (value.includes(" ") || value.startsWith("/") || /[\s\u3000-\uffff]/.test(value));
}

function isPrompt(literal: Literal, scene: Scene, role: string | null): boolean {
  const { path, value } = literal;
  // A string bound to nothing is a comment in the clothes of a statement.
  if (path.length === 0 || path[0] === "import" || path.includes("==")) return false;
  const names = path.filter((part) => !isIndex(part));
  const inner = names.at(-1) ?? "";
  if (inner === "case") return false;
  // A document in a string is judged by its values, which stand beside it.
  if (isDocument(literal) && bindingOf(names) !== "sure") return false;
  if (inner === "doc") return isProse(value) && scene.signatures.has((names.at(-2) ?? "").replace(/\(\)$/, ""));
  if (STYLE.test(value)) return false;
  if (scene.structured && isFilledIn(names, value)) return true;
  if (isForPeople(names) || (scene.offers && names.some((name) => isOffered(name, scene.shown)))) return false;
  if (isSystemText(inner, value)) return true;
  if (!isProse(value)) return false;
  const talk = modelTalk(value);
  const long = value.length >= LONG || value.trim().includes("\n");
  if (talk === 0 && isUserQuestion(value)) return false;
  if (scene.loaded) return true;
  if (role !== null && role !== "user" && role !== "assistant") return true;
  if (role !== null && (talk > 0 || long)) return true;
  const binding = scene.crew && CREW.test(inner) ? "sure" : bindingOf(names);
  if (binding === "about") return false;
  // What a thing is called and described as is for people; the tools of a model have rules of their own.
  if (/description$/i.test(inner) && binding !== "sure")
    return (
      scene.models &&
      (addressesModel(value) ||
        (scene.tools && isToolText(names, value, talk)) ||
        (scene.structured && names.length > 1 && long && (talk > 0 || FILLED_IN.test(value)) && !isOfTool(names)))
    );
  if (binding === "sure" && (scene.models || talk > 0 || scene.crew || value.length >= LONG / 2)) return true;
  if (!isMostlyWords(value) || isMostlyCode(value)) return false;
  if (binding === "likely" && (scene.models || addressesModel(value)) && (talk > 0 || value.length >= LONG / 4))
    return true;
  if (binding === "maybe" && scene.models && (talk === 2 ? value.length >= LONG / 2 : talk === 1 && long)) return true;
  if (scene.whole)
    return (scene.models || talk > 0 || long || hasSlot(value)) && value.trim().length >= SHORTEST_FRAGMENT;
  return scene.models && talk === 2 && value.length >= LONG;
}

/** What stands under `system_prompt` is one, be it a single word for the model: `/no_think`. */
function isSystemText(name: string, value: string): boolean {
  return (
    nameEvidence(name) === "sure" &&
    /system/i.test(name) &&
    /^\/?[A-Za-z][\w-]{2,40}$/.test(value.trim()) &&
    /^\//.test(value.trim())
  );
}

/** A constant that says of a tool what a model is told: `RETRIEVAL_DESCRIPTION = "Can be used when the user …"`. */
function isToolText(names: readonly string[], value: string, talk: 0 | 1 | 2): boolean {
  const name = names.length === 1 ? (names[0] ?? "") : "";
  return (
    value.length >= LONG / 2 &&
    (/tool_?description$/i.test(name) || (talk > 0 && /[a-zA-Z0-9]_DESCRIPTION$/.test(name)))
  );
}

/** What describes a tool's arguments is the tool's, whatever shape of answer the file asks for elsewhere. */
function isOfTool(names: readonly string[]): boolean {
  return names.some((name) => name === "tools" || name === "functions") && names.includes("parameters");
}

/** `z.string().describe("…")` in the schema of an answer. */
function isFilledIn(names: readonly string[], value: string): boolean {
  if (value.length < LONG / 2 || !/^z\.[\w.()]{0,100}describe\(\)$/.test(names.at(-1) ?? "")) return false;
  return modelTalk(value) > 0 || FILLED_IN.test(value) || /^the (?:\w+ ){1,8}/i.test(value);
}

/** A place that the program fills in: `{text}`, `{{text}}`, `${text}`, `%s`. */
function hasSlot(value: string): boolean {
  return /\{[\w.]{1,60}\}|\{\{|\$\{|%s/.test(value);
}

function isForPeople(names: readonly string[]): boolean {
  const inner = names.at(-1) ?? "";
  if (isKeyForPeople(inner)) return true;
  const call = names.findLast((name) => name.endsWith("()") && !shapesText(name)) ?? "";
  return call !== "" && isCallForPeople(call);
}

const shapesText = memoised((call) => SHAPES_TEXT.test(call));
const offers = partQuestion((part) => OFFERED_ANYWHERE.test(part) || OFFERED.test(part));

/** Whether a name holds what people may choose to ask. */
function isOffered(name: string, shown: boolean): boolean {
  return OFFERED_ANYWHERE.test(name) || (shown && OFFERED.test(name));
}

const isKeyForPeople = memoised((name) => KEYS_FOR_PEOPLE.test(name));
const isCallForPeople = memoised((call) => VALIDATION.test(call) || (FOR_PEOPLE.test(call) && !callEvidence(call)));

/** What a call says, or the list that it adds to: `instructions.append("…")`. */
function calledEvidence(name: string): NameEvidence {
  const list = /^([\w.]{1,80})\.(?:append|extend|push|insert|add|unshift)\(\)$/.exec(name)?.[1];
  return (list === undefined ? null : nameEvidence(list)) ?? callEvidence(name);
}

/** The strongest thing that the names around a value say; the innermost one decides whether it is only about a prompt. */
function bindingOf(names: readonly string[]): NameEvidence {
  const inner = names.at(-1) ?? "";
  if (nameEvidence(inner) === "about") return "about";
  const found = names.map((name) => (name.endsWith("()") ? calledEvidence(name) : nameEvidence(name)));
  return (["sure", "likely", "maybe"] as const).find((evidence) => found.includes(evidence)) ?? null;
}

const SAID: ReadonlySet<string> = new Set("content text parts message prompt value template".split(" "));

const ROLE = /^(?:system|user|assistant|developer|human|ai|model|prompt)$/i;

function saysRole({ path, value }: Literal): boolean {
  const last = path.at(-1);
  return last === "system" || last === "user" || ((last === "role" || last === "type") && ROLE.test(value));
}

/** For each `content` the role beside it, by the literal's position; `type: prompt` beside a `value` says as much. */
function rolesIn(literals: readonly Literal[]): ReadonlyMap<number, string> {
  const roles = new Map<number, string>();
  if (!literals.some(saysRole)) return roles;
  const open = new Map<string, { at: number; role: string }>();
  const waiting = new Map<string, number[]>();
  // `system` and `user` side by side are the two halves of a prompt.
  const pairs = new Map<string, { readonly last: string; readonly index: number }>();
  literals.forEach(({ path, value }, index) => {
    const last = path.at(-1) ?? "";
    if (last === "role" || last === "type") {
      if (!ROLE.test(value)) return;
      const prefix = JSON.stringify(path.slice(0, -1));
      const role = value
        .toLowerCase()
        .replace("human", "user")
        .replace(/^(?:ai|model)$/, "assistant");
      open.set(prefix, { at: index, role });
      for (const earlier of waiting.get(prefix) ?? []) if (index - earlier <= 3) roles.set(earlier, role);
      waiting.delete(prefix);
      return;
    }
    if (last === "system" || last === "user") {
      const prefix = JSON.stringify(path.slice(0, -1));
      const pair = pairs.get(prefix);
      if (pair === undefined) pairs.set(prefix, { last, index });
      else if (pair.last !== last) roles.set(pair.index, pair.last).set(index, last);
      return;
    }
    const at = path.findLastIndex((part) => SAID.has(part));
    if (at < 0) return;
    // Messages as libraries store them: `{ type: "human", data: { content } }`.
    const inner = path[at - 1] === "data" ? at - 1 : at;
    const prefix = JSON.stringify(path.slice(0, inner));
    const known = open.get(prefix);
    if (known && index - known.at <= 12) roles.set(index, known.role);
    else waiting.set(prefix, [...(waiting.get(prefix) ?? []).slice(-8), index]);
  });
  return roles;
}

function signaturesIn(text: string): ReadonlySet<string> {
  return new Set(
    [...text.matchAll(/class[ \t]+(\w{1,100})[ \t]*\([ \t]*(?:dspy\.)?Signature\b/g)].map((match) => match[1] ?? ""),
  );
}

function labelOf(path: readonly string[]): string {
  const names = path.filter((part) => !/^\d+$/.test(part) && part !== "return");
  const name = names.findLast((part) => nameEvidence(part) === "sure") ?? names.at(-1) ?? "prompt";
  return name.length > 80 ? `${name.slice(0, 79)}…` : name;
}
