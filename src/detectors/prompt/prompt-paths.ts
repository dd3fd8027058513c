import type { FileSide, Literal } from "../../core/detector.ts";
import { mentionsModels } from "../model/model-mention.ts";
import { isAgentInstructions } from "./agent-instructions-path.ts";
import { boundRule } from "./prompt-code.ts";
import { promptFileEvidence } from "./prompt-file.ts";
import { pullsPrompt, pullsPrompts } from "./prompt-reference.ts";

/** Endings of files that hold words; data endings count only where a name says that a prompt is loaded. */
const WORDS =
  /\.(?:md|txt|text|prompty?|poml|j2|jinja2?|hbs|handlebars|mustache|liquid|tmpl|tpl|gotmpl|st|xml)(?:\?raw)?$/i;
const DATA = /\.(?:ya?ml|json|toml)$/i;
const PROMPT_WORD = /prompt|instruction|system[-_ ]?(?:message|msg|text)|persona|preamble|few[-_]?shot/i;
const READS =
  /(?:^|\.)(?:open|read|read_text|readText|readFile|readFileSync|ReadFile|ReadAllText|ReadAllTextAsync|readString|readAllBytes|file_get_contents|include_str!?|include_bytes!?|load_text|loadText|read_file|get_template|getTemplate|from_file|fromFile|from_path|load_template|File|Path|URL|resolve|join|Join|getResource|getResourceAsStream|ClassPathResource|joinpath|files|read_prompt|readPrompt|Bun\.file|Deno\.readTextFile|require|import|fs::read_to_string|read_to_string|load|absolute|relative|fetch)\(\)$/;
const PROJECT_DOCUMENT =
  /(?:^|\/)(?:readme|changelog|changes|history|contributing|licen[cs]e|notice|security|code_of_conduct|requirements[\w.-]*|authors|cmakelists|robots|humans|llms(?:-full)?)(?:[._-][\w-]+)?\.(?:md|txt|rst)$/i;
/** What packages tell about themselves. */
const ABOUT_PACKAGE = /^(?:setup(?:tools\.setup)?\(\)|long_?description|readme|licen[cs]e|change_?log|version)$/i;
const NAMED_ENDINGS = ["", ".md", ".txt", ".prompt", ".prompty", ".j2", ".jinja2", ".jinja", ".yaml", ".yml", ".json"];
const MAX_REFERENCES = 2_000;
const NONE: readonly string[] = [];

/** The paths that a file loads as prompts, as it writes them. */
export function promptPaths(file: FileSide): readonly string[] {
  if (file.binary) return [];
  const isPrompt = file.roles?.has("prompt") === true || promptFileEvidence(file.path) !== null;
  const inside = isPrompt ? includedPaths(file.text) : [];
  if (boundRule(file.path) === null || isAgentInstructions(file.path)) return inside;
  const models = mentionsModels(file);
  const pulls = pullsPrompts(file.literals);
  const paths = [
    ...inside,
    ...file.literals.flatMap((literal) =>
      pulls || literal.value.includes(".") ? literalPaths(literal, models) : NONE,
    ),
    ...joinedPaths(file.literals, models),
    ...embeddedPaths(file),
    ...(models ? keyedPaths(file.text) : []),
  ];
  return [...new Set(paths)].slice(0, MAX_REFERENCES);
}

/** What templates take in: `{% include "x" %}`, `{{> x}}`. */
function includedPaths(text: string): readonly string[] {
  const jinja = text.matchAll(/\{%-?\s{0,9}(?:include|extends|import|from)\s{1,9}["']([^"'\n]{1,200})["']/g);
  const handlebars = text.matchAll(/\{\{#?>\s{0,9}([\w./-]{1,200})/g);
  return [
    ...[...jinja].map((match) => match[1] ?? ""),
    ...[...handlebars].flatMap((match) => withEndings(match[1] ?? "")),
  ];
}

function literalPaths({ path, value, kind }: Literal, models: boolean): readonly string[] {
  if (kind !== "string" || value.length > 300 || value.length < 3 || value.includes(" ")) return [];
  const written = value.trim();
  if (/[\s*<>|"]/.test(written)) return [];
  if (path[0] === "import") return WORDS.test(written) || written.endsWith("?raw") ? [written] : [];
  const call = path.findLast((part) => part.endsWith("()")) ?? "";
  if (call !== "" && !/[.\\]/.test(written))
    return pullsPrompt(call) && !/^[/:@]/.test(written) ? withEndings(written) : [];
  const plain = afterHole(written);
  const words = WORDS.test(plain);
  if ((!words && !DATA.test(plain)) || PROJECT_DOCUMENT.test(plain)) return [];
  if (path.some((part) => ABOUT_PACKAGE.test(part))) return [];
  const explicit = READS.test(call) || /^file:/i.test(written);
  if (PROMPT_WORD.test(plain) || path.some((part) => PROMPT_WORD.test(part)))
    return models || explicit || !call ? [plain] : [];
  return models && words && explicit ? [plain] : [];
}

/** `{}/prompts/system.md`, `${dir}/system.md`: what stands before is a folder that only the run knows. */
function afterHole(written: string): string {
  const hole = written.lastIndexOf("}");
  return hole < 0 ? written : written.slice(hole + 1).replace(/^[/\\]+/, "");
}

/** `join(dir, "prompts", "system.md")`, `Path(dir, "prompts") / "system.md"`: the parts one after another. */
function joinedPaths(literals: readonly Literal[], models: boolean): readonly string[] {
  const found: string[] = [];
  literals.forEach((literal, index) => {
    if (literal.kind !== "string" || !literal.value.includes(".")) return;
    const value = literal.value.trim();
    if (!WORDS.test(value) || value.includes(" ") || value.includes("/")) return;
    const parts = [value];
    for (let before = index - 1; before >= 0 && parts.length < 6; before -= 1) {
      const other = literals[before];
      if (other?.kind !== "string" || other.line < literal.line - 2 || !/^[\w.-]{1,80}$/.test(other.value)) break;
      if (other.path[0] !== literal.path[0]) break;
      parts.unshift(other.value);
      if (models || PROMPT_WORD.test(parts.join("/"))) found.push(parts.join("/"));
    }
  });
  return found;
}

/** `//go:embed prompts/system.md` */
function embeddedPaths(file: FileSide): readonly string[] {
  if (!/\.go$/.test(file.path) || !file.text.includes("go:embed")) return [];
  return [...file.text.matchAll(/^\/\/go:embed[ \t]+(.{1,300})$/gm)]
    .flatMap((match) => (match[1] ?? "").split(/\s+/))
    .filter((path) => WORDS.test(path));
}

/** `prompts.identity["fix_code"]`: folders kept as maps from names to texts. */
function keyedPaths(text: string): readonly string[] {
  // The bracket first: the name before it is looked at behind it, or every word of the text would be tried.
  const found = text.matchAll(/\[(?<=\b([A-Za-z_]\w{1,60})\[)["']([A-Za-z_][\w.-]{1,80})["']\]/g);
  return [...found].slice(0, MAX_REFERENCES).map((match) => `${match[1]}/${match[2]}`);
}

function withEndings(name: string): readonly string[] {
  return ["", "prompts/"].flatMap((folder) => NAMED_ENDINGS.map((ending) => `${folder}${name}${ending}`));
}
