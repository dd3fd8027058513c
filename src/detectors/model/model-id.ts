import { memoised } from "../memoised.ts";
import { catalogued } from "./model-catalogue.ts";
import { MODEL_FAMILIES, type ModelFamily, type ModelKind } from "./model-grammar.ts";
import { splitRoute } from "./model-route.ts";

/** What an identifier of a model says about it. */
export interface ModelId {
  /** Who serves it, as far as the identifier says: router, cloud, region or organisation; empty for the maker itself. */
  readonly route: string;
  /** The provider that made the model, by its family. */
  readonly provider: string;
  readonly kind: ModelKind;
  /** The name without route, snapshot, alias and serving variant: ids that differ in these alone are of one family. */
  readonly family: string;
  /** The dated or numbered snapshot, or null for a name that may move. */
  readonly snapshot: string | null;
  /** True for a name that says it moves (`-latest`). */
  readonly floating: boolean;
  /** True where the name alone does not tell a model from something else. */
  readonly ambiguous: boolean;
}

const LONGEST = 160;
/** A part of every family's names: what has none of them is no model that the grammar reads. */
const MAYBE =
  /gpt|o[1-9]|claude|gemini|gemma|llama|mistral|mixtral|stral|xtral|command|embed|rerank|deepseek|qwen|qwq|qvq|grok|phi|titan|nova|jamba|j2-|jurassic|kimi|moon|k[23]|glm|cog|minimax|abab|yi-|nemo|granite|voyage|bge|jina|minilm|mpnet|qa-|e5-|nomic|arctic|instructor|gtr|stella|uae|linq|clip|bert|t5|xlnet|bloom|pythia|vicuna|alpaca|zephyr|chat|starling|solar|smol|olmo|molmo|tulu|intern|baichuan|exaone|dbrx|mpt-|falcon|coder|stable|dolphin|hermes|llava|moondream|neural|minicpm|pajama|persimmon|fuyu|idefics|rwkv|mamba|blip|donut|layout|trocr|detr|vit-|yolo|segformer|dino|sdxl|sd3|sd-|flux|sonar|pplx|r1-|inflection|reka|palmyra|mimo|hunyuan|hy\d|ernie|doubao|seed|tars|ling-|ring-|ming-|step-|lfm|trinity|arcee|virtuoso|eleven|aura|apriel|cogito|davinci|curie|babbage|ada|moderation|dall|sora|whisper|tts|codex|computer|bison|unicorn|gecko|palm|learnlm|deep-research|imagen|veo|muse|opt-|galactica|bart|nllb|m4t|wav2vec|sam|esm2|wan|z-image|marco|tongyi|aurora|orca|wizard|mai-|bitnet|florence|kosmos|cosmos|aya|ft:|distil|stsb|electra|albert/i;
const SHAPE = /^[a-z0-9@~][a-z0-9._:/@+~-]*$/;
/** Names of files, packages, hosts and actions that begin like a model's. */
const OTHER_THING =
  /\.(?:py|js|ts|tsx|jsx|mjs|json|ya?ml|toml|md|mdx|html?|css|svg|png|jpe?g|webp|ico|gif|sh|txt|csv|com|org|net|io|ai|dev|app|co|log|env|lock|zip|gz|pdf)$|@v?\d+(?:\.\d+){1,2}$|^@(?!cf\/)|^\/|[:/.@-]$|^(?:https?|file|git|docker|s3|gs|npm|pkg|data|www)[:.]|^(?:arn|urn):/;
const PACKAGE_WORD =
  /-(?:cli|sdk|(?<!search-)api|client|server|app|bot|(?<!multi-)agent|plugin|parser|utils?|tools?|provider|adapter|wrapper|index|cpp|hub|stack|pack|factory|engineer|researcher|pilot|runner|proxy|key|keys|token|tokens|config|settings?|prompts?|handler|service|helper|test|tests|example|examples|demo|icon|logo|error|response|request|messages?|usage|button|card|page|section|container|wrapper|migration|models)$/;

/**
 * Reads a model id with the routes, vendor prefixes, dates, aliases and variants that providers and routers put around a
 * name, or gives null for a text that is none.
 */
export function modelIdIn(text: string): ModelId | null {
  // Most texts are shorter or have blanks in them: no memory need be asked for those.
  if (text.length < 2 || text.length > LONGEST + 20 || text.trim().includes(" ")) return null;
  return idIn(text);
}

const idIn = memoised((text: string) =>
  MAYBE.test(text) || text.includes("/") ? (grammarIdIn(text) ?? catalogueIdIn(text)) : null,
);

/** Ids of families that the grammar has no row for, as the catalogue lists them. */
function catalogueIdIn(text: string): ModelId | null {
  const value = text.trim().toLowerCase();
  const model = value.length > LONGEST ? undefined : (catalogued(value) ?? catalogued(value.replace(VARIANT, "")));
  if (!model) return null;
  const { route } = splitRoute(value);
  return {
    route,
    provider: model.provider,
    kind: "text",
    family: model.family,
    snapshot: null,
    floating: false,
    ambiguous: false,
  };
}

/** Reads a model id by the grammar alone. */
export function grammarIdIn(text: string): ModelId | null {
  const value = text.trim().toLowerCase();
  if (value.length < 2 || value.length > LONGEST || !SHAPE.test(value) || OTHER_THING.test(value)) return null;
  const tuned = fineTuned(value);
  const { route, name, vendor } = splitRoute(tuned?.base ?? value);
  const family = familyOf(name);
  if (!family) return null;
  const parts = partsOf(name, vendor);
  return {
    route: tuned ? `ft:${tuned.owner}` : route,
    provider: family.provider,
    kind: family.kind,
    family: parts.family,
    snapshot: tuned ? tuned.id : parts.snapshot,
    floating: parts.floating,
    ambiguous: family.ambiguous === true && route === "",
  };
}

function familyOf(name: string): ModelFamily | null {
  if (PACKAGE_WORD.test(name)) return null;
  return MODEL_FAMILIES.find((family) => family.names.test(name)) ?? null;
}

/** `ft:gpt-4o-mini-2024-07-18:acme::7p4lURel` names its base, its owner and itself; older: `davinci:ft-acme-2023-03-03`. */
function fineTuned(value: string): { readonly base: string; readonly owner: string; readonly id: string } | null {
  const bare = value.slice(value.lastIndexOf("/") + 1);
  if (bare.startsWith("ft:")) {
    const [, base = "", owner = "", ...rest] = bare.split(":");
    return { base, owner, id: rest.join(":") };
  }
  const at = bare.indexOf(":ft-");
  return at < 0
    ? null
    : { base: `${bare.slice(0, at)}-002`.replace(/^(?=davinci)/, "text-"), owner: "", id: bare.slice(at + 4) };
}

const VARIANT = /:(?:free|nitro|beta|extended|online|exacto|floor|thinking|paid|batch|flex|priority|\d{1,4}k)$/;
/** Bedrock numbers its own packaging: `:0`, a first `-v1`, and any `-v2` behind a date. */
const BEDROCK_VERSION = /(?:-v1)?:\d$|-v1$|(?<=-\d{8})-v\d+(?::\d)?$/;
const ALIAS = /(?:[-@:]latest|@default)$/;
/** Dates and build numbers, longest first; what follows a date (`-preview`, `-exp`) stays in the family's name. */
const SNAPSHOTS: readonly RegExp[] = [
  /[-@](20\d{2}-?\d{2}-?\d{2})(?=$|-)/,
  /-(\d{2}-20\d{2})$/,
  /-(?:preview|exp|experimental)-(\d{2}-\d{2,4}|\d{4})(?=$|-)/,
  /@(\d{3})$/,
  /(?<=^(?:gemini|imagen|(?:text|chat|code|codechat)-(?:bison|unicorn)|textembedding|multimodalembedding)[\w.-]{0,60})-(00\d)$/,
  /-([0-3]\d[0-3]\d)(?=$|-(?:preview|vision|instruct|thinking|fast|base|it|fp8)\b)/,
  /-(2[3-9](?:0[1-9]|1[0-2]))(?=$|-)/,
];

function partsOf(name: string, vendor: boolean): Pick<ModelId, "family" | "snapshot" | "floating"> {
  const served = name.replace(VARIANT, "").replace(vendor ? BEDROCK_VERSION : /(?!)/, "");
  const bare = served.replace(ALIAS, "");
  const floating = bare !== served;
  for (const pattern of SNAPSHOTS) {
    const found = pattern.exec(bare);
    const date = found?.[1];
    if (!found || date === undefined) continue;
    const family = `${bare.slice(0, found.index)}${found[0].replace(/[-@]?\d[\d-]*$/, "")}${bare.slice(found.index + found[0].length)}`;
    return { family, snapshot: date, floating };
  }
  return { family: bare, snapshot: null, floating };
}
