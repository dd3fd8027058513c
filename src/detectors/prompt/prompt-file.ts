import type { Fact, FileSide } from "../../core/detector.ts";
import { surfaceOf } from "../../readers/surface.ts";
import { isAgentInstructions } from "./agent-instructions-path.ts";
import { promptFacts } from "./prompt-facts.ts";
import { addressesModel, modelTalk } from "./prompt-prose.ts";

/** The rule of files that are prompts. */
export const PROMPT_FILE = "prompt/file";

const KIND = /\.(?:prompty?|poml|(?:system[-_.])?prompt\.(?:md|txt|mdx|tmpl|tpl|j2|jinja2?|hbs|mustache|liquid|xml))$/i;
const NAMED =
  /(?:^|\/)(?:[\w.-]{0,60}[-_.])?(?:prompts?|system[-_ ]?(?:message|instructions?)|instructions[-_]prompt|preamble|persona)(?:[-_.][\w-]{1,20})?(?:\.(?:md|mdx|txt|j2|jinja2?|hbs|handlebars|mustache|liquid|tmpl|tpl|gotmpl|xml))?$/i;
const ROOT =
  /(?:^|\/)(?:[\w.]{1,40}[-_])?(?:prompts?|preprompts|personas?|prompt[-_]?(?:templates?|library|store|files)|system[-_]?(?:prompts?|messages?))\//i;
const PROSE =
  /\.(?:md|mdx|txt|text|j2|jinja2?|hbs|handlebars|mustache|liquid|tmpl|tpl|gotmpl|tera|ejs|erb|st|stg|xml|html?)$/i;
const TEMPLATE = /\.(?:j2|jinja2?|hbs|handlebars|mustache|liquid|tmpl|tpl|gotmpl|tera|st|stg|scriban|ftl)$/i;
/** Marks of a conversation with a model. */
const TURNS =
  /^\s{0,8}(?:system|user|assistant)\s{0,3}:|<\|im_start\|>|<\|start_header_id\|>|\[INST\]|<(?:system|instructions?|task|context|examples?|rules)>/im;
/** Collections of prompts, one a row; other tables named after prompts hold what came of them. */
const TABLE = /(?:^|\/)(?:[\w-]{1,40}[-_.])?(?:prompts|system[-_]prompts)\.(?:csv|tsv)$/i;
/** Text of any kind: a prompt where it begins by telling a model who it is. */
const WORDS = /\.(?:md|txt|text)$/i;
/** Templates of other things: what they make is named before the ending. */
const OTHER_TEMPLATE =
  /(?:^|\/)(?:dockerfile|makefile|jenkinsfile|vagrantfile|procfile|readme|changelog|license)[^/]*$|\.(?:html?|ya?ml|json|toml|ini|conf|cfg|service|sh|py|js|ts|css|sql|xml|env|tf|go|rs|java|rb|php|c|h|properties)\.(?:j2|jinja2?|hbs|handlebars|mustache|liquid|tmpl|tpl|gotmpl)$/i;
const NEVER =
  /(?:^|\/)(?:readme|changelog|contributing|license|licence|code_of_conduct|security|authors|requirements[^/]*|\.git[a-z]+|\.editorconfig|__init__|\.keep|\.gitkeep|makefile|dockerfile|codeowners|index\.html)(?:\.[a-z]{2})?(?:\.(?:md|mdx|txt|rst))?$/i;

/** Whether a file is a prompt by where it lies and what it is called: surely, if it reads like one, or not. */
export function promptFileEvidence(path: string): "sure" | "maybe" | null {
  if (NEVER.test(path) || isAgentInstructions(path)) return null;
  if (KIND.test(path) || TABLE.test(path)) return "sure";
  if (OTHER_TEMPLATE.test(path)) return null;
  const extensionless = !/\.[^/]*$/.test(path.slice(path.lastIndexOf("/") + 1));
  if (ROOT.test(path) && (PROSE.test(path) || extensionless))
    return /\.(?:html?|ejs|erb)$/i.test(path) ? "maybe" : "sure";
  if (NAMED.test(path) && (PROSE.test(path) || extensionless)) return "sure";
  return TEMPLATE.test(path) || WORDS.test(path) || extensionless ? "maybe" : null;
}

/** The file as a prompt; the caller knows that it is one when code or configuration loads it. */
export function promptFileFacts(file: FileSide, loaded: boolean): readonly Fact[] {
  const evidence = loaded ? "sure" : promptFileEvidence(file.path);
  if (evidence === null || file.binary || (evidence === "maybe" && !readsAsPrompt(file))) return [];
  const { text, line } = bodyOf(file.text);
  const facts = promptFacts({
    rule: PROMPT_FILE,
    text,
    label: file.path.slice(file.path.lastIndexOf("/") + 1),
    line,
    confidence: loaded || KIND.test(file.path) || ROOT.test(file.path) ? "certain" : "likely",
  });
  const surface = liveSurface(file, loaded);
  return surface === file.surface ? facts : facts.map((fact) => ({ ...fact, surface }));
}

/** Whether the first words tell a model who it is, or a template marks whose words it holds. */
function readsAsPrompt(file: FileSide): boolean {
  if (/(?:^|\/)(?:system|user|assistant|developer)\.(?:md|txt)$/i.test(file.path)) return modelTalk(file.text) === 2;
  return addressesModel(file.text) || (TEMPLATE.test(file.path) && TURNS.test(file.text) && modelTalk(file.text) === 2);
}

/** A prompt's ending makes it no documentation: its folder does, unless something loads it. */
function liveSurface(file: FileSide, loaded: boolean): FileSide["surface"] {
  if (file.surface !== "docs") return file.surface;
  if (loaded) return "production";
  return surfaceOf(file.path.replace(/\.(?:md|mdx|txt|rst)$/i, ".txt"));
}

/** Settings before the text (`---` to `---`) are configuration: other rules read them. */
function bodyOf(text: string): { readonly text: string; readonly line: number } {
  if (!text.startsWith("---\n")) return { text, line: 1 };
  const end = text.indexOf("\n---\n", 3);
  if (end < 0) return { text, line: 1 };
  const head = text.slice(0, end + 5);
  return { text: text.slice(end + 5), line: head.split("\n").length };
}
