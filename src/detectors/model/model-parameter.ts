import type { Detector, Fact, FactChange, FileSide, Judgement, Literal } from "../../core/detector.ts";
import { surfaceOfTemplate } from "../deployment-template.ts";
import { confidenceIn, directionOf, distinctFacts } from "../distinct-facts.ts";
import { memoised, memoisedByObject } from "../memoised.ts";
import { computedParameters } from "./computed-parameter.ts";
import { bindingsOf, idsOf, meaningsOf } from "./model-binding.ts";
import { literalGroups, literalKey, mayConfigure, parentPaths, speaksOfAi } from "./model-context.ts";
import { withEmbedded } from "./model-embedded.ts";
import { flagNames, flagValues } from "./model-flag.ts";
import { modelIdIn } from "./model-id.ts";
import { bindingOf, isSaying } from "./model-name.ts";
import { parameterIn, parameterOf } from "./model-parameter-name.ts";

const RULE = "model/parameter";

/** How a model generates: sampling, limits, effort, stops, turns, choice of tools. */
export const modelParameterDetector: Detector = {
  name: "model-parameter",
  rules: [
    {
      id: RULE,
      class: "model",
      summary: "A parameter of generation or a limit of an agent's run changed.",
      severity: "minor within limits, else material",
    },
  ],
  literals:
    "temperature top_p top_k topp topk top-p top-k max_ max- maxt maxo max_turns max-turns maxturns iterations steps seed penalty effort thinking budget stop tool_choice toolchoice tool_calls num_predict num_ctx verbosity recursion_limit response_format token_limit context_".split(
      " ",
    ),
  selects: mayConfigure,
  extract: (file) => (file.binary || !speaksOfAi(file) ? [] : parameterFacts(withEmbedded(file))),
  judge,
};

function parameterFacts(file: FileSide): readonly Fact[] {
  const bindings = bindingsOf(file.literals);
  const flags = flagNames(file.literals);
  const facts = file.literals.flatMap((literal, index): readonly Fact[] => {
    const flag = flags.get(index);
    const binding = bindings[index] ?? bindingOf(literal.path);
    const name = flag ?? binding.name;
    const parameter = flag === undefined ? parameterIn(binding.part) : parameterOf(flag);
    if (!parameter || !isSetting(literal, parameter) || isSaying(binding.callee) || isMetadata(literal, parameter.kind))
      return [];
    if (
      !parameter.strong &&
      !isNearModel(file.literals, index) &&
      !isGeneratingName(literal, binding.callee, parameter.kind)
    )
      return [];
    return [fact(file, flag ?? (literalKey(file.literals, index) || name), literal.value, literal.line)];
  });
  for (const { name, value, line } of flagValues(file))
    if (parameterOf(name) && (parameterOf(name)?.strong || name === "temperature"))
      facts.push(fact(file, name, value, line));
  const computed = computedParameters(file);
  for (const { name, constant, line } of computed)
    if (constant === null) facts.push(fact(file, name, "set by code", line));
  // One constant is the default of several calls: each of them counts.
  const constants = computed.flatMap(({ name, constant, line }) =>
    constant === null ? [] : [fact(file, name, constant, line)],
  );
  return [...distinctFacts(facts), ...constants];
}

function isNearModel(literals: readonly Literal[], index: number): boolean {
  const generating = generatingGroups(literals);
  return [literalGroups(literals)[index], parentPaths(literals)[index]].some((owner) => owner && generating.has(owner));
}

/** Objects and calls that hold a model, a message list or a strong parameter: weak names in them are parameters too. */
const generatingGroups: (literals: readonly Literal[]) => ReadonlySet<object | string> = memoisedByObject(
  (literals) => {
    const found = new Set<object | string>();
    const bindings = bindingsOf(literals);
    const meanings = meaningsOf(literals);
    const groups = literalGroups(literals);
    const parents = parentPaths(literals);
    idsOf(literals).forEach((id, index) => {
      const binding = bindings[index];
      if (!binding) return;
      const model = meanings[index] !== null || parameterIn(binding.part)?.strong === true || id !== null;
      if (!model && !/(?:^|\.)(?:messages|prompt)$/.test(binding.name) && !isGeneratingCall(binding.callee)) return;
      for (const owner of [groups[index], parents[index]]) if (owner) found.add(owner);
    });
    return found;
  },
);

const isGeneratingCall = memoised((callee: string) => GENERATING_CALL.test(callee.slice(-120)));

const GENERATING_CALL =
  /(?:^|\.|_)(?:Chat\w*|\w*(?:LLM|Llm|OpenAI|Anthropic|Claude|Gemini|Ollama|Mistral|Groq|Bedrock|Agent|Completion)\w*|llm|completions?\.create|chat\.complete|chat|complete|messages\.create|responses\.create|generate\w*|stream(?:Text|Object)|SamplingParams|GenerationConfig|ModelSettings|ModelConfig|completion|acompletion|invoke|pipeline)$/;

/** A weak name that a generating call, or a name of AI around it, makes a parameter. */
function isGeneratingName(literal: Literal, callee: string, kind: string): boolean {
  if (isGeneratingCall(callee)) return true;
  if (kind === "sampling")
    return !/weather|sensor|celsius|fahrenheit|thermo|color|colour|cpu|gpu/i.test(literal.path.join(" "));
  return literal.path.some((part) =>
    /llm|model|openai|anthropic|generation|chat|agent|completion|sampling/i.test(part),
  );
}

/** Values that set something; prose (`"temperature": "how random"`), schemas (`type: number`) and nothing do not. */
function isSetting({ value, kind, path }: Literal, parameter: NonNullable<ReturnType<typeof parameterOf>>): boolean {
  if (kind === "null") return parameter.kind === "sampling" && isTakenAway(path);
  if (parameter.kind === "tools" && kind !== "string") return false;
  // No tokens at all limit nothing: the field of an answer that is not filled.
  if (parameter.kind === "tokens" && value === "0") return false;
  if (!parameter.strong && (kind === "boolean" || value === "")) return false;
  if (kind !== "string") return true;
  if (/^(?:description|help|title|type|doc|desc|label|name|\d*description)$/i.test(path.at(-1) ?? "")) return false;
  // `getattr(config, "reasoning_effort", None)`: the name again, no value.
  if (parameterOf(value) !== null) return false;
  if (/^(?:number|integer|string|boolean|float|int|str|object|array)$/.test(value)) return false;
  return value.length <= 120 && !/^\S+ \S+ \S+/.test(value);
}

/** `model.temperature = None`: a model's own setting is taken from it. */
function isTakenAway(path: readonly string[]): boolean {
  return path.length === 1 && /^(?:\w{1,60}\.){0,3}\w{0,40}(?:model|llm|chat|client)\.\w{1,40}$/i.test(path[0] ?? "");
}

/** What a table says a model can do: the limits below a model's name, prices beside them. */
function isMetadata({ path }: Literal, kind: string): boolean {
  return kind === "tokens" && path.slice(0, -1).some((part) => modelIdIn(part) !== null && !modelIdIn(part)?.ambiguous);
}

function fact(file: FileSide, key: string, value: string, line: number): Fact {
  const number = /^-?\d+(?:\.\d+)?$/.test(value) ? String(Number(value)) : value;
  return { rule: RULE, key, value: number, line, confidence: confidenceIn(file), ...surfaceOfTemplate(file) };
}

function judge(change: FactChange): Judgement {
  const { before, after } = change;
  const name = ((after ?? before)?.key ?? "").split(".").at(-1) ?? "";
  return {
    direction: directionOf(change),
    severity: before && after && isWithinLimits(name, Number(before.value), Number(after.value)) ? "minor" : "material",
    remedy: "Run this system's evaluation with the new value.",
  };
}

/** Sampling moved by at most 0.2 inside 0 and 1; limits of tokens and turns at most doubled or halved. */
function isWithinLimits(name: string, before: number, after: number): boolean {
  if (!Number.isFinite(before) || !Number.isFinite(after)) return false;
  const kind = parameterOf(name)?.kind;
  if (kind === "sampling" && before <= 1 && after <= 1 && before >= 0 && after >= 0)
    return Math.abs(after - before) <= 0.2 + 1e-9;
  if (kind === "sampling") return false;
  return (
    (kind === "tokens" || kind === "turns") && before > 0 && after > 0 && after <= before * 2 && after >= before / 2
  );
}
