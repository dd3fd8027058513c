import type { FileSide, Literal } from "../../core/detector.ts";
import { linesOf } from "../file-lines.ts";
import { askedInARow, memoisedByObject } from "../memoised.ts";
import { textGate } from "../text-gate.ts";
import { formOf, setterOf } from "./model-name.ts";

/** Files whose values are generated, recorded, pinned or written for people: they choose no model. */
const NOT_CONFIGURATION =
  /\.(?:rst|txt|svg|map|patch|diff|snap|lock|lockb|csv|tsv|jsonl|ndjson|css|scss|less|po|pot|min\.js|min\.mjs|bundle\.js|d\.ts|ambr|cassette|log|pdf|tex|bib|obj|gltf|stl)$|(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|poetry\.lock|composer\.lock|go\.sum|model\.patch)$|(?:^|\/)(?:node_modules|vendor|third_party|dist|_site|leaderboards?|analytics|cassettes|__snapshots__|recordings|locales?|i18n|_posts|_data)\//i;

/** Manifests name packages and key words, not models in use. */
const MANIFEST =
  /(?:^|\/)(?:package\.json|bower\.json|composer\.json|cargo\.toml|pom\.xml|build\.gradle(?:\.kts)?|go\.mod|gemfile|setup\.(?:py|cfg)|pyproject\.toml|[\w.-]*requirements[\w.-]*\.(?:txt|in)|pipfile|environment\.ya?ml|[\w.-]+\.(?:csproj|fsproj|gemspec|nuspec)|packages\.config|directory\.packages\.props|mkdocs\.ya?ml)$/i;

/** Whether a path is neither of these. */
export const mayConfigure: (path: string) => boolean = askedInARow(
  (path) => !NOT_CONFIGURATION.test(path) && !MANIFEST.test(path),
);

const AI_WORDS =
  /openai|anthropic|langchain|llama|ollama|hugging.?face|transformers|litellm|\bllms?\b|_llm|llm_|gpt-?[345]|\bgpt\b|claude|gemini|mistral|bedrock|vertex.?ai|cohere|deepseek|openrouter|chat.?completion|max_?tokens|embedding|ai-sdk|generative.?ai|perplexity|\bgroq\b|copilot|\bqwen|text-generation|diffusion|inference|sagemaker|tokenizer|chat_?model|system_?prompt|fine.?tun|\bo[1-9]-(?:mini|pro|preview)|reasoning.?effort|\bmlflow/i;

/** Pieces of these that say it wherever they stand, and pieces without one of which nothing else says it. */
const saysAi = textGate(
  ..."openai anthropic langchain llama transformers litellm _llm llm_ gpt3 gpt4 gpt5 gpt-3 gpt-4 gpt-5 claude".split(
    " ",
  ),
  ..."gemini mistral bedrock cohere deepseek openrouter maxtokens max_tokens embedding ai-sdk perplexity".split(" "),
  ..."copilot text-generation diffusion inference sagemaker tokenizer chatmodel chat_model".split(" "),
);
const mayBeAi = textGate(
  ..."hugging llm gpt vertex completion generative groq qwen system prompt tun -mini -pro -preview effort mlflow".split(
    " ",
  ),
);

/** Whether a file speaks of language models at all, so that a `model` or `temperature` in it is one of theirs. */
export const speaksOfAi: (file: FileSide) => boolean = memoisedByObject(
  (file) => saysAi(file) || (mayBeAi(file) && AI_WORDS.test(file.text)) || AI_WORDS.test(file.path),
);

/** Whether a literal of TypeScript is one of a type's alternatives (`"openai" | "local"`), which sets nothing. */
export function isUnionMember(file: FileSide, { value, line }: Literal): boolean {
  if (!/\.[mc]?tsx?$/.test(file.path)) return false;
  const text = (linesOf(file)[line - 1] ?? "").slice(0, 1_000);
  const at = Math.max(text.indexOf(`"${value}"`), text.indexOf(`'${value}'`));
  if (at < 0) return false;
  return /^\s{0,4}\|(?!\|)/.test(text.slice(at + value.length + 2)) || /(?<!\|)\|\s{0,4}$/.test(text.slice(0, at));
}

/** The paths of the objects and calls that literals lie in, as texts; empty for what lies in none. */
export const parentPaths: (literals: readonly Literal[]) => readonly string[] = memoisedByObject((literals) =>
  literals.map(({ path }) => (path.length < 2 ? "" : path.slice(0, -1).join("\0"))),
);

const LABEL = /^(?:name|id|slug|model_name|modelname|alias|key|role|agent|title|parameterkey)$/i;

/**
 * A key for a literal that stays when the value moves or its neighbours change places: the names on the way to it, three
 * at most, without calls; an item of a list or of a repeated call goes by its own name field instead of its index.
 */
export function literalKey(literals: readonly Literal[], index: number): string {
  const { path = [], value } = literals[index] ?? {};
  const group = literalGroups(literals)[index];
  const inner = path.slice(group?.depth ?? 0);
  const outer = path.slice(0, group?.depth ?? 0);
  const names = [
    ...outer.filter(isName),
    ...(group?.label && group.label !== value ? [group.label] : []),
    ...inner.filter(isName),
    ...(formOf(path.at(-1) ?? "") === "index" ? [setterOf(path.at(-2) ?? "")].filter((name) => name !== "") : []),
  ];
  const kept = names.filter(
    (name, at) => (at === 0 || !WRAPPER.test(name)) && (at === names.length - 1 || !PASSING.test(name)),
  );
  return kept.slice(-3).map(lastSegment).join(".");
}

/** Names that say only that something is asked for or came back: code that is moved often changes them. */
const PASSING =
  /^(?:return|response|result|results|res|resp|completion|chat_completion|chatCompletion|stream|request|req|payload|body|data|params|kwargs|options|opts|output|out|reply|answer|message|env|with|args|self|this|props|state|configurable|exports|module\.exports)$/;
const WRAPPER = /^(?:default|defaultValue|default_value|const|value|initial|configurable|kwargs)$/;

function isName(part: string): boolean {
  return formOf(part) === "name" && part !== "process.env" && part !== "import.meta.env";
}

function lastSegment(name: string): string {
  return /^[\w$]+(?:\.[\w$]+)+$/.test(name) ? (name.split(".").at(-1) ?? name) : name;
}

/** A field that tells an item from its neighbours; in a call, the model is no such field: it is what changes. */
function isLabel(field: string, container: string): boolean {
  return LABEL.test(field) && !(container.endsWith(")") && /^model/i.test(field));
}

/** The innermost list item or call that a literal belongs to. */
export interface LiteralContainer {
  /** How many parts of the path lead to it. */
  readonly depth: number;
  label: string;
}

interface OpenContainer extends LiteralContainer {
  readonly first: string;
  /** Its other fields, where it has any: most calls are given one value. */
  others: Set<string> | null;
}

/** Adds a field; false where it is there already. */
function addField(group: OpenContainer, field: string): boolean {
  if (field === group.first || group.others?.has(field)) return false;
  group.others ??= new Set();
  group.others.add(field);
  return true;
}

/** The innermost list item or call around each literal; a field that comes again begins the next one. */
export const literalGroups: (literals: readonly Literal[]) => readonly (LiteralContainer | null)[] = memoisedByObject(
  (literals) => {
    const open = new Map<string, OpenContainer>();
    let last: { readonly path: readonly string[]; readonly depth: number; readonly name: string } | null = null;
    return literals.map(({ path, value, kind }) => {
      let depth = path.length - 1;
      while (depth > 0 && isName(path[depth - 1] ?? "")) depth -= 1;
      if (depth <= 0) return null;
      const field = path.length === depth + 1 ? (path[depth] ?? "") : path.slice(depth).join("\0");
      // Neighbours mostly lie in one object: its name is not put together again.
      if (!last || last.depth !== depth || !isPrefix(last.path, path, depth))
        last = { path, depth, name: path.slice(0, depth).join("\0") };
      let group = open.get(last.name);
      if (!group || !addField(group, field)) {
        group = { depth, label: "", first: field, others: null };
        open.set(last.name, group);
      }
      if (
        kind === "string" &&
        group.label === "" &&
        path.length === depth + 1 &&
        value.length <= 80 &&
        isLabel(field, path[depth - 1] ?? "")
      )
        group.label = value;
      return group;
    });
  },
);

/** Whether two paths begin with the same parts. */
export function isPrefix(one: readonly string[], other: readonly string[], length: number): boolean {
  for (let index = length - 1; index >= 0; index -= 1) if (one[index] !== other[index]) return false;
  return true;
}
