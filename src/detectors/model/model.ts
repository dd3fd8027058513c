import type { Detector, Fact, FactChange, FileSide, Judgement, Literal } from "../../core/detector.ts";
import { surfaceOfTemplate } from "../deployment-template.ts";
import { confidenceIn, directionOf, distinctFacts } from "../distinct-facts.ts";
import { askedOfPart } from "../literal-parts.ts";
import { environmentName } from "./environment-name.ts";
import { bindingsOf, idsOf, meaningsOf, plainBinding } from "./model-binding.ts";
import { providerBranches } from "./model-branch.ts";
import { isFloating, retirementOf } from "./model-catalogue.ts";
import { modelClients } from "./model-client.ts";
import { constantChoices } from "./model-constant.ts";
import { isUnionMember, literalKey, mayConfigure, speaksOfAi } from "./model-context.ts";
import { withEmbedded } from "./model-embedded.ts";
import { flagNames, flagValues } from "./model-flag.ts";
import { type ModelId, modelIdIn } from "./model-id.ts";
import { isNamesake, modelLists } from "./model-list.ts";
import {
  type Binding,
  bindingOf,
  isComparison,
  isElsewhere,
  isLookUp,
  isProse,
  isSaying,
  isStringTest,
  meaningOf,
  type NameMeaning,
  wordsOf,
} from "./model-name.ts";
import { isParameterName } from "./model-parameter-name.ts";
import { idOfValue, isPlausibleModel, isPlausibleProvider, isSameModel, MODEL_VERSION } from "./model-value.ts";
import { isFineTune } from "./weights-reference.ts";

/** Which model is used: ids in code and configuration, the names that select one, and the tables of allowed ones. */
export const modelDetector: Detector = {
  name: "model",
  rules: [
    {
      id: "model/id",
      class: "model",
      summary: "Another model, or another snapshot of the model, is used.",
      severity: "Another snapshot of the same family: material. Another family or provider: major.",
    },
    {
      id: "model/default",
      class: "model",
      summary: "A default, alias or setting selects another model or provider.",
      severity: "major",
    },
    {
      id: "model/list",
      class: "model",
      summary: "A list, price or metadata table of models changed.",
      severity: "minor",
    },
    {
      id: "model/floating",
      class: "model",
      summary: "A name that moves by itself stands where a snapshot stood or could stand.",
      severity: "material",
    },
    {
      id: "model/embedding",
      class: "model",
      summary: "Another embedding model or dimension is used.",
      severity: "material",
    },
  ],
  literals: [
    ..."model llm gpt claude gemini gemma llama mistral mixtral openai anthropic deepseek qwen grok embed".split(" "),
    ..."davinci palm bison titan nova- jamba kimi glm- whisper dall-e sora imagen veo- command- phi- bert".split(" "),
    ..."provider engine deployment minimax voyage granite flux diffusion hermes falcon ernie hunyuan doubao".split(" "),
    ..."moonshot rerank cohere command-r mimo- yolo cost_per costper price_per priceper token_cost".split(" "),
  ],
  selects: mayConfigure,
  extract: (file) =>
    file.binary
      ? []
      : distinctFacts([
          ...modelFacts(withEmbedded(file)),
          ...modelLists(withEmbedded(file)),
          ...providerBranches(file),
          ...modelClients(file),
        ]),
  judge,
};

function modelFacts(file: FileSide): readonly Fact[] {
  const bindings = bindingsOf(file.literals);
  const meanings = meaningsOf(file.literals);
  const flags = flagNames(file.literals);
  const ids = idsOf(file.literals);
  const facts = file.literals.flatMap((literal, index): readonly Fact[] => {
    const flag = flags.get(index);
    if (flag === undefined && saysNothing(literal, meanings[index] ?? null, ids[index] ?? null)) return NONE;
    const own = bindings[index] ?? bindingOf(literal.path);
    if (flag === undefined)
      return literalFacts(file, literal, own, meanings[index] ?? null, ids[index] ?? null, () =>
        literalKey(file.literals, index),
      );
    const binding = plainBinding(flag, own.callee);
    return literalFacts(file, literal, binding, meaningOf(binding), ids[index] ?? null, () => flag);
  });
  for (const { name, value, line } of flagValues(file)) {
    const binding = plainBinding(name);
    const literal: Literal = { path: [name], value, kind: "string", line };
    facts.push(...literalFacts(file, literal, binding, meaningOf(binding), modelIdIn(value), () => name));
  }
  return [...facts, ...constantFacts(file)];
}

const NONE: readonly Fact[] = [];

/** Whether a value is none of what the rules look for, as most are: a name that speaks of models, an id, a variable, a length. */
function saysNothing({ kind, value }: Literal, said: NameMeaning | null, id: ModelId | null): boolean {
  if (kind === "number") return value.length < 2 || value.length > 5;
  return kind !== "string" || (said === null && id === null && !/^[A-Z]/.test(value));
}

function constantFacts(file: FileSide): readonly Fact[] {
  return constantChoices(file).flatMap(({ name, constant, line }): readonly Fact[] => {
    const meaning = meaningOf(plainBinding(name));
    if (!meaning || meaning === "list") return [];
    if (!speaksOfAi(file) && !/GPT|Claude|Gemini|Llama|Mistral/i.test(constant)) return [];
    return [fact(file, meaning === "embedding" ? "model/embedding" : "model/default", name, constant, line)];
  });
}

function literalFacts(
  file: FileSide,
  literal: Literal,
  binding: Binding,
  said: NameMeaning | null,
  id: ModelId | null,
  key: () => string,
): readonly Fact[] {
  const { path, value } = literal;
  if (literal.kind !== "string") return dimensionFacts(file, literal, binding, key);
  const variable = environmentName(path, value);
  if (variable !== null) return variableFacts(file, variable, literal.line);
  if ((!id && said === null) || said === "list" || binding.listed || isElsewhere(path)) return [];
  if (isComparison(path) || isLookUp(path) || isSaying(binding.callee) || isStringTest(binding.callee)) return [];
  // `new GPT3Tokenizer({ type: "gpt3" })` counts tokens.
  if (/tokenizer$/i.test(binding.callee.slice(-60)) && !/model/i.test(binding.name)) return [];
  if (isFineTune(value) || isDeployment(binding.name) || isParameterName(binding.name) || isUnionMember(file, literal))
    return [];
  const meaning = said === "model" && isOption(path, binding) ? "choice" : said;
  if (id && (meaning || !id.ambiguous || speaksOfAi(file))) {
    if (!meaning && (isProse(binding.name) || isOfTable(literal, binding))) return [];
    return idFacts(file, literal, id, meaning, key() || (binding.callee.split(".").at(-1) ?? "") || "model");
  }
  if (!meaning || !isUnknownChoice(file, literal, binding, meaning)) return [];
  return [fact(file, ruleOf(null, meaning), key(), value, literal.line)];
}

/** Names of deployments are addresses: the endpoint's rule has them. */
function isDeployment(name: string): boolean {
  return /^deployment(?: name| id)?$/.test(wordsOf(name).slice(-2).join(" ")) || wordsOf(name).at(-1) === "deployment";
}

/** Whether a value that no catalogue or grammar knows chooses a model because of the name it is bound to. */
function isUnknownChoice(file: FileSide, { path, value }: Literal, binding: Binding, meaning: NameMeaning): boolean {
  // `config.get("model_name", …)`: the first argument is the setting's own name.
  if (path.at(-1) === "0" && /get|env|setting|option|config|argument/i.test(binding.callee)) return false;
  // A migration of a database names tables.
  if (/(?:^|\/)migrations?\//i.test(file.path) || (meaning === "model" && !binding.direct) || !speaksOfAi(file))
    return false;
  if (/version$/i.test(binding.name)) return MODEL_VERSION.test(value);
  return meaning === "provider" ? isPlausibleProvider(value) : isPlausibleModel(value);
}

/** What an option of a command line or an input of an action falls back to is a default, whatever its name. */
const OPTION_CALL =
  /(?:^|\.)(?:add_argument|[oO]ption|[aA]rgument|addOption|StringVarP?|StringP?|[fF]lag|DEFINE_string|getInput|get_input|selectbox|text_input)$/;

function isOption(path: readonly string[], binding: Binding): boolean {
  return OPTION_CALL.test(binding.callee) || (path[0] === "inputs" && path.at(-1) === "default");
}

/** An environment variable that selects a model: who sets it decides. */
function variableFacts(file: FileSide, name: string, line: number): readonly Fact[] {
  if (DIMENSION.test(wordsOf(name).join(" "))) return [fact(file, "model/embedding", name, `read from ${name}`, line)];
  const meaning = meaningOf(plainBinding(name));
  if (meaning === null || meaning === "list" || !(speaksOfAi(file) || /llm|gpt|openai|claude|anthropic/i.test(name)))
    return [];
  return [fact(file, ruleOf(null, meaning === "model" ? "choice" : meaning), name, `read from ${name}`, line)];
}

/** Ids that name a table's entry or a constant: the list's rule has them. */
function isOfTable({ path, value }: Literal, binding: Binding): boolean {
  const item = /^\d+$/.test(path.at(-2) ?? "") && /^(?:id|name|value|slug|key|alias)$/i.test(binding.name);
  return item || isNamesake(path, value) || (value !== value.toLowerCase() && !value.includes("/"));
}

function idFacts(
  file: FileSide,
  { value, line }: Literal,
  id: ModelId,
  meaning: NameMeaning | null,
  key: string,
): readonly Fact[] {
  const own = fact(file, ruleOf(id, meaning), key, value.trim(), line);
  return isFloating(id) ? [own, { ...own, rule: "model/floating", value: "floating", shown: value.trim() }] : [own];
}

function ruleOf(id: ModelId | null, meaning: NameMeaning | null): string {
  if (meaning === "embedding" || id?.kind === "embedding") return "model/embedding";
  return meaning === "choice" || meaning === "provider" ? "model/default" : "model/id";
}

const DIMENSION =
  /^(?:(?:embedding|embed|vector|output|embeddings)(?: model)? ?(?:dim|dims|dimension|dimensions|size|dimensionality|length)|embeddingdim|vectorsize)$/;

/** What a name says of a length; null where it says nothing. */
const dimensionIn = askedOfPart((name): "of an embedding" | "of something" | null => {
  const words = wordsOf(name).join(" ");
  if (DIMENSION.test(words)) return "of an embedding";
  return /^(?:dims?|dimensions?|size)$/.test(words) ? "of something" : null;
});

/** The length of an embedding: a stored index of another length cannot be read with it. */
function dimensionFacts(
  file: FileSide,
  { kind, value, path, line }: Literal,
  binding: Binding,
  key: () => string,
): readonly Fact[] {
  if (kind !== "number" || !/^\d{2,5}$/.test(value) || !speaksOfAi(file)) return [];
  const said = dimensionIn(binding.part);
  const near = () => [binding.callee, ...binding.outer, key()].some((name) => /embed|vector/i.test(name));
  const positional = /embed/i.test(binding.callee) && /^\d+$/.test(path.at(-1) ?? "") && Number(value) >= 64;
  if (said !== "of an embedding" && !(said !== null && near()) && !positional) return [];
  const name = positional ? `${binding.callee.split(".").at(-1) ?? ""} dimension` : key();
  return [fact(file, "model/embedding", name, `dimension ${value}`, line)];
}

function fact(file: FileSide, rule: string, key: string, value: string, line: number): Fact {
  return { rule, key, value, line, confidence: confidenceIn(file), ...surfaceOfTemplate(file) };
}

function judge(change: FactChange): Judgement {
  const judged = judgeChoice(change);
  const id = change.after?.rule === "model/list" ? null : idOfValue(change.after?.value ?? "");
  const retirement = id && retirementOf(id);
  return retirement
    ? {
        ...judged,
        remedy: `Its provider may take this model away on ${retirement.date} (check ${retirement.source}): name a successor. ${judged.remedy}`,
      }
    : judged;
}

function judgeChoice(change: FactChange): Judgement {
  const { before, after } = change;
  const rule = (after ?? before)?.rule ?? "";
  const direction = directionOf(change);
  if (rule === "model/floating")
    return after
      ? {
          direction,
          severity: "material",
          remedy: "Name a dated snapshot, so that the model changes only by a change like this one.",
        }
      : { direction, severity: "trivial", remedy: "Nothing is left to pin." };
  if (rule === "model/list" && !(before && after && idOfValue(before.value) && idOfValue(after.value)))
    return { direction, severity: "minor", remedy: "Check that every model listed is one that may be used." };
  if (rule === "model/embedding")
    return {
      direction,
      severity: "material",
      remedy: "Build the index again: vectors of two models or lengths cannot be compared.",
    };
  if (before && after && isSameModel(before.value, after.value))
    return { direction, severity: "material", remedy: "Run this system's evaluation on the new snapshot." };
  if (!after && rule === "model/id")
    return { direction, severity: "material", remedy: "Check which model answers now that this one is not named." };
  return {
    direction,
    severity: "major",
    remedy: "Show an evaluation of the new model on this system's own cases, and register its provider.",
  };
}
