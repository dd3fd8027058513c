import type { Fact, FileSide } from "../../core/detector.ts";
import { confidenceIn } from "../distinct-facts.ts";
import { groupLiterals, valueIn } from "../literal-groups.ts";
import { redactedAddress } from "../tool/redacted-command.ts";

const MODEL_PATH =
  /model|weights?|checkpoint|ckpt|adapter|lora|\.(?:safetensors|gguf|pt|pth|onnx|h5|hdf5|keras|pkl|pickle|joblib|tflite|bin|ubj|cbm)(?:\.|$)|(?:^|\/)(?:ml|artifacts|trained|classifier|regressor)[\w.-]*(?:\/|$)/i;

/** Code, settings and measurements that stages also depend on and put out. */
const NO_WEIGHTS =
  /\.(?:py|ipynb|r|jl|sh|ya?ml|toml|csv|tsv|txt|md|html|png|svg|log)$|(?:^|\/)(?:[\w-]*(?:metrics|scores|plots|eval|report)[\w-]*)(?:\.json|\/|$)/i;

/** Whether a file records what DVC keeps elsewhere. */
export function isDvcFile(path: string): boolean {
  return /(?:^|\/)dvc\.lock$|\.dvc$/.test(path);
}

/** The hashes of models among DVC's outputs, and where imported ones come from. */
export function dvcFacts(file: FileSide): readonly Fact[] {
  const groups = groupLiterals(file.literals, (path) => {
    const at = path.findIndex((part) => part === "outs" || part === "deps");
    return at < 0 || path.length <= at + 2 ? null : at + 2;
  });
  const outputs = new Set(
    groups.filter(({ path }) => path.includes("outs")).map((group) => valueIn(group, /^path$/) ?? ""),
  );
  return groups.flatMap((group): readonly Fact[] => {
    const path = valueIn(group, /^path$/) ?? "";
    const stage = group.path[0] === "stages" ? (group.path[1] ?? "") : "";
    const isDependency = group.path.includes("deps");
    const trained = !isDependency && /model|train|finetune|fine-tune/i.test(stage);
    if (NO_WEIGHTS.test(path) || (!MODEL_PATH.test(path) && !trained)) return [];
    const make = (key: string, value: string): Fact => ({
      rule: "model/weights",
      key,
      value,
      line: group.line,
      confidence: confidenceIn(file),
    });
    if (isDependency) {
      const repository = group.fields.find(({ path: field }) => field[0] === "repo" && field[1] === "url")?.value;
      const revision = group.fields.find(
        ({ path: field }) => field[0] === "repo" && /^rev/.test(field[1] ?? ""),
      )?.value;
      if (repository) return [make(`origin of ${path}`, `${redactedAddress(repository)}@${revision ?? "default"}`)];
      if (/^\w+:\/\//.test(path)) return [make(`origin of ${[...outputs][0] ?? path}`, redactedAddress(path))];
    }
    const hash =
      valueIn(group, /^(?:md5|hash_value|etag|checksum|version_id)$/) ??
      group.fields.find(({ path: field }) => /^(?:md5|etag)$/.test(field.at(-1) ?? ""))?.value;
    return hash === undefined ? [] : [make(path, `md5:${hash}`)];
  });
}
