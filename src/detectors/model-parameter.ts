import type { Detector, Fact, FactChange, FileSide, Judgement, Literal } from "../core/detector.ts";
import { computedParameters } from "./computed-parameter.ts";
import { confidenceIn, directionOf, distinctFacts } from "./distinct-facts.ts";
import { literalGroups, literalKeys, MANIFEST, NOT_CONFIGURATION, speaksOfAi } from "./model-context.ts";
import { withEmbedded } from "./model-embedded.ts";
import { flagNames, flagValues } from "./model-flag.ts";
import { modelIdIn } from "./model-id.ts";
import { bindingOf, isSaying, meaningOf } from "./model-name.ts";
import { parameterOf } from "./model-parameter-name.ts";

const RULE = "model/parameter";

/** How a model generates: sampling, limits, effort, stops, turns, choice of tools. */
export const modelParameterDetector: Detector = {
  name: "model-parameter",
  rules: [{ id: RULE, class: "model", summary: "A parameter of generation or a limit of an agent's run changed." }],
  literals:
    "temperature top_p top_k topp topk top-p top-k max_ max-t maxt maxo max_turns max-turns maxturns iterations steps seed penalty effort thinking budget stop tool_choice toolchoice tool_calls num_predict num_ctx verbosity recursion_limit response_format token_limit context_".split(
      " ",
    ),
  selects: (path) => !NOT_CONFIGURATION.test(path) && !MANIFEST.test(path),
  extract: (file) => (file.binary || !speaksOfAi(file) ? [] : distinctFacts(parameterFacts(withEmbedded(file)))),
  judge,
};

function parameterFacts(file: FileSide): readonly Fact[] {
  const keys = literalKeys(file.literals);
  const flags = flagNames(file.literals);
  const groups = literalGroups(file.literals);
  const generating = generatingGroups(file, groups);
  const facts = file.literals.flatMap((literal, index): readonly Fact[] => {
    const flag = flags.get(index);
    const binding = bindingOf(literal.path);
    const name = flag ?? binding.name;
    const parameter = parameterOf(name);
    if (
      !parameter ||
      (!parameter.strong && literal.kind === "boolean") ||
      !isSetting(literal) ||
      isSaying(binding.callee) ||
      isMetadata(literal, parameter.kind)
    )
      return [];
    const near = generating.has(groups[index] ?? parentOf(literal)) || generating.has(parentOf(literal));
    if (!parameter.strong && !near && !isGeneratingName(literal, binding.callee, parameter.kind)) return [];
    return [fact(file, flag ?? keys[index] ?? name, literal.value, literal.line)];
  });
  for (const { name, value, line } of flagValues(file))
    if (parameterOf(name) && (parameterOf(name)?.strong || name === "temperature"))
      facts.push(fact(file, name, value, line));
  for (const { name, line } of computedParameters(file)) facts.push(fact(file, name, "set by code", line));
  return facts;
}

/** Objects and calls that hold a model, a message list or a strong parameter: weak names in them are parameters too. */
function generatingGroups(file: FileSide, groups: ReturnType<typeof literalGroups>): ReadonlySet<object | string> {
  const found = new Set<object | string>();
  file.literals.forEach((literal, index) => {
    const { name, callee } = bindingOf(literal.path);
    const strong = parameterOf(name)?.strong === true;
    const model = meaningOf(bindingOf(literal.path)) !== null || modelIdIn(literal.value) !== null;
    if (!strong && !model && !/(?:^|\.)(?:messages|prompt)$/.test(name) && !GENERATING_CALL.test(callee)) return;
    const group = groups[index];
    if (group) found.add(group);
    found.add(parentOf(literal));
  });
  return found;
}

const GENERATING_CALL =
  /(?:^|\.|_)(?:Chat\w*|\w*(?:LLM|Llm|OpenAI|Anthropic|Claude|Gemini|Ollama|Mistral|Groq|Bedrock|Agent|Completion)\w*|llm|completions?\.create|chat\.complete|chat|complete|messages\.create|responses\.create|generate\w*|stream(?:Text|Object)|SamplingParams|GenerationConfig|ModelSettings|ModelConfig|completion|acompletion|invoke|pipeline)$/;

/** A weak name that a generating call, or a name of AI around it, makes a parameter. */
function isGeneratingName(literal: Literal, callee: string, kind: string): boolean {
  if (GENERATING_CALL.test(callee)) return true;
  if (kind === "sampling")
    return !/weather|sensor|celsius|fahrenheit|thermo|color|colour|cpu|gpu/i.test(literal.path.join(" "));
  return literal.path.some((part) =>
    /llm|model|openai|anthropic|generation|chat|agent|completion|sampling/i.test(part),
  );
}

function parentOf(literal: Literal): string {
  return literal.path.slice(0, -1).join("\0");
}

/** Values that set something; prose (`"temperature": "how random"`) and schemas (`type: number`) do not. */
function isSetting({ value, kind, path }: Literal): boolean {
  if (kind !== "string") return true;
  if (/^(?:description|help|title|type|doc|desc|label|name|\d*description)$/i.test(path.at(-1) ?? "")) return false;
  return (
    value.length <= 120 &&
    !/^\S+ \S+ \S+/.test(value) &&
    !/^(?:number|integer|string|boolean|float|int|str|object|array)$/.test(value)
  );
}

/** What a table says a model can do: the limits below a model's name, prices beside them. */
function isMetadata({ path }: Literal, kind: string): boolean {
  return kind === "tokens" && path.slice(0, -1).some((part) => modelIdIn(part) !== null && !modelIdIn(part)?.ambiguous);
}

function fact(file: FileSide, key: string, value: string, line: number): Fact {
  const number = /^-?\d+(?:\.\d+)?$/.test(value) ? String(Number(value)) : value;
  return { rule: RULE, key, value: number, line, confidence: confidenceIn(file) };
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
