import type { Fact, FileSide, Literal } from "../../core/detector.ts";
import { surfaceOfTemplate } from "../deployment-template.ts";
import { confidenceIn } from "../distinct-facts.ts";
import { memoised } from "../memoised.ts";
import { bindingsOf, idsOf, meaningsOf } from "./model-binding.ts";
import { isPrefix, literalGroups, speaksOfAi } from "./model-context.ts";
import { flagNames } from "./model-flag.ts";
import { type ModelId, modelIdIn } from "./model-id.ts";
import {
  type Binding,
  bindingOf,
  isComparison,
  isElsewhere,
  isLookUp,
  isModelTable,
  isProse,
  isStringTest,
  meaningOf,
  type NameMeaning,
  wordsOf,
} from "./model-name.ts";
import { isParameterName } from "./model-parameter-name.ts";
import { pricedKeyIn, pricedModels } from "./model-price.ts";
import { isPlausibleModel } from "./model-value.ts";

const RULE = "model/list";
/** Fields by which an item of a table names its model. */
const ITEM_NAME = /^(?:id|name|value|slug|model|model_?name|model_?id|key|alias)$/i;

/** Where a test of a model's name chooses an icon or a label. */
const INTERFACE = /\.(?:tsx|jsx|vue|svelte)$/i;
const PROVIDER = /^(?:litellm_?|model_?|llm_?)?(?:provider|vendor|owned_by)(?:_?id|_?name)?$/i;

interface Entry {
  readonly key: string;
  readonly shown: string;
  readonly line: number;
  readonly fields: Set<string>;
}

/**
 * The models of lists, tables and comparisons, one fact each: its value is what the table says about the model, so that
 * order, wrapping and place in the list do not matter.
 */
export function modelLists(file: FileSide): readonly Fact[] {
  const entries = new Map<string, Entry>();
  const flags = flagNames(file.literals);
  const groups = literalGroups(file.literals);
  const bindings = bindingsOf(file.literals);
  const meanings = meaningsOf(file.literals);
  const ids = idsOf(file.literals);
  const items = new Map<object, Entry>();
  const priced = pricedModels(file.literals);
  let path: readonly string[] = [];
  let keyAt = -1;
  file.literals.forEach((literal, index) => {
    if (flags.has(index)) return;
    if (keyAt < 0 || !isPrefix(path, literal.path, keyAt + 1)) keyAt = keyOfModelIn(file, literal.path, path, keyAt);
    path = literal.path;
    const keyed = keyEntry(literal, keyAt < 0 ? pricedKeyIn(path, priced) : keyAt);
    const named = listed(file, literal, ids[index] ?? null, bindings[index], meanings[index] ?? null);
    for (const entry of keyed || named ? [keyed, named] : NONE) {
      if (entry === null) continue;
      const kept = entries.get(entry.key) ?? entry;
      entries.set(entry.key, kept);
      for (const field of entry.fields) kept.fields.add(field);
      const group = groups[index];
      if (group && ITEM_NAME.test(literal.path.at(-1) ?? "")) items.set(group, kept);
    }
  });
  if (items.size > 0) addFields(file.literals, items);
  return [...[...entries.values()].map((entry) => entryFact(file, entry)), ...constants(file)];
}

const NONE: readonly Entry[] = [];

/** Adds to items what the values beside their names say of them. */
function addFields(literals: readonly Literal[], items: ReadonlyMap<object, Entry>): void {
  const groups = literalGroups(literals);
  literals.forEach((literal, index) => {
    const item = items.get(groups[index] ?? literal);
    if (!item) return;
    const field = literal.path.slice(groups[index]?.depth ?? 0);
    if (isMetadata(field, literal)) item.fields.add(`${field.join(".")}=${literal.value.slice(0, 80)}`);
  });
}

function entryFact(file: FileSide, { key, shown, line, fields }: Entry): Fact {
  const said = [...fields].sort().join(", ");
  return {
    rule: RULE,
    key,
    value: said || "listed",
    shown: said === "" ? shown : `${shown}: ${said}`.slice(0, 240),
    line,
    confidence: confidenceIn(file),
    ...surfaceOfTemplate(file),
  };
}

/** A model that is the key of a map: `"gpt-4o": { "max_tokens": 16384 }`. */
function keyEntry(literal: Literal, at: number): Entry | null {
  if (at < 0) return null;
  const id = literal.path[at] ?? "";
  const below = literal.path.slice(at + 1);
  const said = [below.join("."), literal.value.slice(0, 80)].filter((part) => part !== "" && part !== id);
  const fields = isMetadata(below, literal) && said.length > 0 ? [said.join("=")] : [];
  return { key: keyIn(literal.path.slice(0, at), id), shown: id, line: literal.line, fields: new Set(fields) };
}

/** Where a path has a key that names a model, or -1; parts that the path before had too are not looked at again. */
function keyOfModelIn(file: FileSide, path: readonly string[], before: readonly string[], known: number): number {
  let same = 0;
  while (known < 0 && same < path.length && path[same] === before[same]) same += 1;
  for (let index = same; index < path.length; index += 1) {
    const part = path[index] ?? "";
    if (/[-/:.]/.test(part) && isKeyOfModel(part) && isKnown(file, modelIdIn(part))) return index;
  }
  return -1;
}

const isKeyOfModel = memoised((part: string) => !part.endsWith("()") && modelIdIn(part) !== null);

/** A model that stands in a list, is compared with, or is one of the values a field allows. */
function listed(
  file: FileSide,
  literal: Literal,
  id: ModelId | null,
  binding: Binding | undefined,
  meaning: NameMeaning | null,
): Entry | null {
  if (literal.kind !== "string" || !binding) return null;
  const known = isKnown(file, id);
  if (!known && isNamePart(file, literal, binding))
    return { key: `name ${literal.value.toLowerCase()}`, shown: literal.value, line: literal.line, fields: new Set() };
  if ((!known && meaning !== "list") || isElsewhere(literal.path) || isProse(binding.name)) return null;
  const last = literal.path.at(-1) ?? "";
  const inList =
    binding.listed ||
    meaning === "list" ||
    isComparison(literal.path) ||
    isLookUp(literal.path) ||
    (isStringTest(binding.callee) && !INTERFACE.test(file.path));
  const field = ITEM_NAME.test(last) && /^\d+$/.test(literal.path.at(-2) ?? "");
  if (meaning === "list" && binding.item && !field) return null;
  const item = known && field && (meaning === null || meaning === "list");
  const unknown =
    !known &&
    meaning === "list" &&
    (binding.listed || isIdentity(last, binding)) &&
    speaksOfAi(file) &&
    isListable(binding, literal.value);
  // "GPT-4o" beside "gpt-4o" is how people are shown the name.
  const label =
    literal.value !== literal.value.toLowerCase() &&
    !literal.value.includes("/") &&
    meaning !== "list" &&
    !isStringTest(binding.callee);
  if ((!(known && (inList || item)) && !unknown) || label) return null;
  const outer = field ? literal.path.slice(0, -2) : literal.path.slice(0, -1);
  const key = keyIn(isComparison(literal.path) ? [] : outer, literal.value);
  return { key, shown: literal.value, line: literal.line, fields: new Set() };
}

/** A test of a model's name: `params.model.includes("-4-5")`. */
const NAME_TEST =
  /(?:^|[._])model(?:_?(?:name|id))?(?:\.(?:toLowerCase|lower|trim|strip)(?:\(\))?)?\.(?:includes|startsWith|endsWith|startswith|endswith|contains|has_?[pP]refix|start_with\?|starts_with|ends_with|Contains|StartsWith)$/i;

const SHORTEST_TEST = "model.includes".length;
const isNameTest = memoised((callee: string) => NAME_TEST.test(callee.slice(-80)));

/** A part of a name that no catalogue knows, by which code tells models apart. */
function isNamePart(file: FileSide, { value }: Literal, { callee }: Binding): boolean {
  return (
    callee.length >= SHORTEST_TEST &&
    isNameTest(callee) &&
    /^[\w.:/-]{2,40}$/.test(value) &&
    !INTERFACE.test(file.path) &&
    speaksOfAi(file)
  );
}

/** Whether a value can name a provider in a list of providers, or an unknown model in a list of models. */
function isListable(binding: Binding, value: string): boolean {
  if (!isPlausibleModel(value)) return false;
  return /provider|vendor/i.test(binding.name)
    ? /^[a-z][\w.-]*$/.test(value)
    : /[\d:/-]/.test(value) && !/\s/.test(value);
}

/** The field by which an item of a table of models is named, when no grammar knows the name. */
function isIdentity(field: string, binding: Binding): boolean {
  return binding.item && isModelTable(binding) && /^(?:id|model|model_?id|slug)$/i.test(field);
}

function isKnown(file: FileSide, id: ModelId | null): boolean {
  return id !== null && (!id.ambiguous || speaksOfAi(file));
}

function keyIn(outer: readonly string[], id: string): string {
  const name = outer.findLast((part) => !/^\d+$/.test(part) && !part.endsWith("()")) ?? "";
  return `${name.split(".").at(-1) ?? ""} ${id.toLowerCase()}`.trim();
}

/** What a table says of a model; what has a rule of its own is left to it. */
function isMetadata(field: readonly string[], literal: Literal): boolean {
  const binding: Binding = bindingOf(field);
  if (ITEM_NAME.test(field.at(-1) ?? "") || isProse(binding.name)) return false;
  if (
    literal.kind === "string" &&
    ((meaningOf(binding) !== null && !PROVIDER.test(binding.name)) || literal.value.length > 400)
  )
    return false;
  return !isParameterName(binding.name) || /token|context/i.test(binding.name);
}

/** Members of enumerations and constants that are named after their model: `GPT_4O = "gpt-4o"`. */
function constants(file: FileSide): readonly Fact[] {
  const ids = idsOf(file.literals);
  const found: Fact[] = [];
  file.literals.forEach(({ path, value, kind, line }, index) => {
    if (kind !== "string" || !isKnown(file, ids[index] ?? null) || !isNamesake(path, value)) return;
    found.push({ rule: RULE, key: `constant ${path.at(-1) ?? ""}`, value, line, confidence: confidenceIn(file) });
  });
  return found;
}

/** Whether a constant's name repeats words of the id it holds. */
export function isNamesake(path: readonly string[], value: string): boolean {
  const name = path.at(-1) ?? "";
  if (!/^[\w.]{2,80}$/.test(name) || /^\d+$/.test(name)) return false;
  const words = wordsOf(name.replace(/([a-z])(\d)/gi, "$1_$2"));
  const said = value.toLowerCase().replace(/([a-z])(\d)/g, "$1 $2");
  return (
    words.length > 0 &&
    !/^models?$/.test(words.join("")) &&
    words.every((word) => said.includes(word) || /^(?:model|latest|v|openai|anthropic|google|chat)$/.test(word))
  );
}
