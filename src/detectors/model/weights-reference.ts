import type { Detector, Fact, FileSide, Literal } from "../../core/detector.ts";
import { confidenceIn, distinctFacts } from "../distinct-facts.ts";
import { groupLiterals, type LiteralGroup, valueIn } from "../literal-groups.ts";
import { type PartQuestion, partQuestion } from "../literal-parts.ts";
import { memoisedByObject } from "../memoised.ts";
import { redactedAddress } from "../tool/redacted-command.ts";
import { dvcFacts, isDvcFile } from "./dvc-output.ts";
import { literalKey, mayConfigure } from "./model-context.ts";
import { modelIdIn } from "./model-id.ts";
import { bindingOf, meaningOf } from "./model-name.ts";
import { judgeWeights } from "./weights-judgement.ts";

const RULE = "model/weights";
const LOADING_CALL =
  /(?:^|\.)(?:from_pretrained|from_single_file|hf_hub_download|hf_hub_url|snapshot_download|cached_download|SentenceTransformer|CrossEncoder|SparseEncoder|pipeline|load_lora_weights|load_adapter|load_peft_weights|HuggingFaceEmbeddings|HuggingFacePipeline|AutoTokenizer|PeftModel|hub\.load|hub\.KerasLayer|load_state_dict_from_url|ModelRegistry|WhisperModel|Llama|LLM|YOLO|create_model)\(\)$/;
const REPOSITORY =
  /^(?:0|repo_?id|repo|model|model_?id|model_?name|model_?path|model_name_or_path|pretrained_model_name_or_path|pretrained_model_link_or_path|repo_or_dir|path|handle|url|adapter_?name|filename)$/i;
const REVISION = /^(?:revision|code_revision|model_revision|hf_revision|commit_hash|tokenizer_revision)$/i;
const ORGANISATION_NAME = /^[A-Za-z0-9][\w.-]{0,60}\/[\w.-]{2,100}$/;
const SETTING_NAME =
  /^(?:repo_?id|hf_?repo(?:_?id)?|hf_?(?:model|hub)(?:_?(?:id|repo|name))?|hugging_?face_?(?:repo|model|hub)(?:_?(?:id|name))?|model_?repo(?:sitory)?|base_?model(?:_?name_or_path|_?id)?|adapter_?(?:name|path|model|id|repo)|lora_?(?:path|model|id|weights|adapter|repo)|peft_?model(?:_?id)?|model_name_or_path|pretrained_model_name_or_path|checkpoint|hf_file|gguf_file)$/i;
const WEIGHT_ADDRESS =
  /^(?:https?|s3|gs|az|abfss?):\/\/\S{1,300}\.(?:safetensors|gguf|ggml|pt|pth|ckpt|onnx|h5|keras|pkl|pickle|joblib|tflite|bin|tar\.gz|tgz|zip|llamafile|mar|nemo)(?:\?\S{0,200})?$/i;
const MLFLOW = /^models:\/{1,2}([\w. -]{1,100})(?:(?:\/|@)([\w. -]{1,60}))?$/;
const REGISTRY_CALL =
  /(?:^|\.)(?:transition_model_version_stage|set_registered_model_alias|delete_registered_model_alias|register_model|create_model_version|get_model_version_by_alias|use_model|use_artifact|link_model)\(\)$/;

const loadingCalls = partQuestion((part) => part.endsWith("()") && LOADING_CALL.test(part));
const registryCalls = partQuestion((part) => part.endsWith("()") && REGISTRY_CALL.test(part));
const revisions = partQuestion((part) => REVISION.test(part));

/** Where code and configuration take weights from: repositories with revisions, registries, addresses, fine-tunes. */
export const weightsReferenceDetector: Detector = {
  name: "weights-reference",
  rules: [],
  literals:
    "from_pretrained from_single_file hf_hub snapshot_download cached_download sentencetransformer crossencoder pipeline( lora peft adapter huggingface hugging_face hf_ revision models:/ runs:/ registered_model model_version_stage register_model use_model ft: :ft- md5 .safetensors .gguf .pt .pth .ckpt .onnx .h5 .keras .pkl .joblib .tflite .bin hub.load repo_id base_model name_or_path tunedmodels/".split(
      " ",
    ),
  selects: (path) => isDvcFile(path) || mayConfigure(path),
  extract: (file) => {
    if (file.binary) return [];
    if (isDvcFile(file.path)) return dvcFacts(file);
    return distinctFacts([...loads(file), ...movedModels(file), ...values(file)]);
  },
  judge: judgeWeights,
};

/** Calls that load weights from a repository, with the revision they name. */
function loads(file: FileSide): readonly Fact[] {
  return callGroups(file.literals, loadingCalls).flatMap((group): readonly Fact[] => {
    const call = lastName(group.path.at(-1) ?? "");
    const revision = valueIn(group, REVISION);
    const field = group.fields.find(
      ({ path, value }) => path.length === 1 && REPOSITORY.test(path[0] ?? "") && isRepository(value),
    );
    if (!field) return revision === undefined ? [] : [fact(file, `${call} revision`, `@${revision}`, group.line)];
    if (revision === undefined && modelIdIn(field.value)) return [];
    return [fact(file, call, `${field.value}@${revision ?? "default"}`, field.line)];
  });
}

function isRepository(value: string): boolean {
  return (
    ORGANISATION_NAME.test(value) || modelIdIn(value) !== null || /^[\w-]{2,40}\/[\w.-]{2,60}:[\w.-]{1,60}$/.test(value)
  );
}

/** Calls that move a registered model to another stage, alias or version. */
function movedModels(file: FileSide): readonly Fact[] {
  return callGroups(file.literals, registryCalls).flatMap((group): readonly Fact[] => {
    const parts = group.fields.filter(({ path, value }) => path.length === 1 && value.length <= 100);
    const [first] = parts;
    if (!first) return [];
    const said = parts.map(({ path, value }) => (/^\d+$/.test(path[0] ?? "") ? value : `${path[0]}=${value}`));
    return [fact(file, lastName(group.path.at(-1) ?? ""), `${said[0] ?? ""}@${said.slice(1).join(", ")}`, first.line)];
  });
}

/** Values that name weights by their form, or by the setting they are given to. */
function values(file: FileSide): readonly Fact[] {
  const revised = revisions.any(file.literals);
  return file.literals.flatMap((literal, index): readonly Fact[] => {
    const { value, kind, path, line } = literal;
    if (kind !== "string" || value.length > 400 || path[0] === "import") return [];
    // All but revisions are written with one or the other.
    if (!revised && !value.includes("/") && !value.includes(":")) return [];
    const key = () => literalKey(file.literals, index) || "value";
    const registered = MLFLOW.exec(value);
    if (registered)
      return [fact(file, `models:/${registered[1]}`, `${registered[1]}@${registered[2] ?? "latest"}`, line)];
    if (/^runs:\/[0-9a-f]{16,64}\//.test(value)) return [fact(file, key(), value, line)];
    if (isFineTune(value)) return [fact(file, key(), value, line)];
    if (WEIGHT_ADDRESS.test(value) && isModelAddress(value, path))
      return [fact(file, key(), redactedAddress(value), line)];
    if (/^[\w-]{1,60}\/[\w.-]{1,80}:[0-9a-f]{64}$/.test(value)) return [fact(file, key(), value, line)];
    const name = bindingOf(path).name;
    if (path.some((part) => LOADING_CALL.test(part))) return [];
    if (REVISION.test(name) && modelSettings(file.literals).has(path.slice(0, -1).join("\0")))
      return [fact(file, key(), `@${value}`, line)];
    const bound = SETTING_NAME.test(name) && ORGANISATION_NAME.test(value) && !modelIdIn(value);
    return bound ? [fact(file, key(), `${value}@default`, line)] : [];
  });
}

/** The paths, as texts, of what holds a model's setting. */
const modelSettings: (literals: readonly Literal[]) => ReadonlySet<string> = memoisedByObject(
  (literals) =>
    new Set(literals.filter(({ path }) => isModelSetting(path)).map(({ path }) => path.slice(0, -1).join("\0"))),
);

function isModelSetting(path: readonly string[]): boolean {
  const binding = bindingOf(path);
  return meaningOf(binding) !== null || SETTING_NAME.test(binding.name);
}

/** Archives and `.bin` files are weights where a name says so. */
function isModelAddress(value: string, path: readonly string[]): boolean {
  if (!/\.(?:zip|tgz|tar\.gz|bin|pkl|pickle|h5|pt)(?:\?|$)/i.test(value)) return true;
  return /huggingface\.co|model|weight|checkpoint|ckpt|lora|gguf|torch/i.test(`${value} ${path.join(" ")}`);
}

/** Ids of fine-tuned models of providers. */
export function isFineTune(value: string): boolean {
  return /^(?:[\w-]{1,30}\/)?ft:[\w.-]{2,60}:[\w.:-]{0,100}$|^[\w.-]{2,40}:ft-[\w-]{2,80}$|^tunedModels\/[\w-]{2,80}$|^projects\/[\w-]{1,60}\/locations\/[\w-]{2,30}\/models\/[\w@.-]{2,60}$/.test(
    value,
  );
}

function callGroups(literals: readonly Literal[], call: PartQuestion): readonly LiteralGroup[] {
  const meant = call.meant(literals);
  if (meant === null) return [];
  return groupLiterals(literals, (path) => {
    const at = path.findLastIndex(meant);
    return at < 0 ? null : at + 1;
  });
}

function lastName(call: string): string {
  return call.slice(0, -2).split(".").at(-1) ?? call;
}

function fact(file: FileSide, key: string, value: string, line: number): Fact {
  return { rule: RULE, key, value, line, confidence: confidenceIn(file) };
}
