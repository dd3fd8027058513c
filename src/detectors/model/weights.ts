import { createHash } from "node:crypto";
import type { Detector, Fact, FileSide } from "../../core/detector.ts";
import { pickledNames } from "./pickle-content.ts";
import { isDangerousGlobal, isSafeGlobal } from "./pickle-safe.ts";
import { judgeWeights } from "./weights-judgement.ts";

const WEIGHTS =
  /\.(?:safetensors|gguf|ggml|pt|pt2|pth|ckpt|onnx|h5|hdf5|keras|pkl|pickle|dill|cloudpickle|joblib|tflite|mlmodel|mlpackage|mar|llamafile|engine|trt|pdparams|pdmodel|caffemodel|weights|ot|ubj|cbm|lgb|xgb|npz|msgpack|nemo|skops|pmml)(?:\.(?:gz|z|zip))?$/i;
/** Names that also stand for other data: weights only in folders or under names that say so. */
const PERHAPS =
  /(?:^|\/)(?:[\w.-]*model[\w.-]*|[\w.-]*weights?[\w.-]*|[\w.-]*checkpoint[\w.-]*|[\w.-]*adapter[\w.-]*|[\w.-]*lora[\w.-]*)(?:\/[^/]*){0,3}\.(?:bin|npy|pb|dat|model|index|params|data-\d{5}-of-\d{5})$|(?:^|\/)(?:pytorch_model|tf_model|flax_model|saved_model|adapter_model|training_args|optimizer|scheduler|rng_state|consolidated)[\w.-]*\.(?:bin|pb|h5|msgpack|pt|pth)$/i;
const POINTER = /^version https:\/\/git-lfs\.github\.com\/spec\/v1\n/;

/** Files of weights, by their content, and what reading them would run. */
export const weightsDetector: Detector = {
  name: "weights",
  rules: [
    {
      id: "model/weights",
      class: "model",
      summary: "Weights, or where they come from, are others.",
      severity: "material; from another origin: major",
      wholeFile: true,
    },
    { id: "model/unsafe-pickle", class: "model", summary: "Weights run code when they are read.", severity: "major" },
  ],
  literals: [],
  selects: (path) => WEIGHTS.test(path) || PERHAPS.test(path),
  extract: (file) => [contentFact(file), ...pickleFacts(file)],
  judge: judgeWeights,
};

/** The content is the fact, by its SHA-256, which an LFS pointer names too: moving a file into LFS changes nothing. */
function contentFact(file: FileSide): Fact {
  const head = file.text.slice(0, 400);
  const pointer = POINTER.test(head) ? /^oid sha256:([0-9a-f]{64})$/m.exec(head)?.[1] : undefined;
  const size = pointer ? (/^size (\d{1,20})$/m.exec(head)?.[1] ?? "?") : String(file.bytes.length);
  const hash = pointer ?? createHash("sha256").update(file.bytes).digest("hex");
  return {
    rule: "model/weights",
    key: "content",
    value: `sha256:${hash}`,
    shown: `sha256:${hash.slice(0, 16)}, ${size} bytes${pointer ? " in LFS" : ""}`,
    line: 1,
    confidence: "certain",
  };
}

function pickleFacts(file: FileSide): readonly Fact[] {
  const { globals, unread } = pickledNames(file.bytes, file.path);
  const unsafe = globals.filter((global) => !isSafeGlobal(global));
  return [
    ...unsafe.map(
      (global): Fact =>
        pickleFact(global, isDangerousGlobal(global) ? `runs ${dotted(global)}` : `loads ${dotted(global)}`, "certain"),
    ),
    ...unread.map(
      (part): Fact => pickleFact(`unread ${part.split("/").at(-1) ?? ""}`, "cannot be read to its end", "likely"),
    ),
  ];
}

function dotted(global: string): string {
  return global === "? ?" ? "a name put together while loading" : global.replace(" ", ".");
}

function pickleFact(key: string, value: string, confidence: "certain" | "likely"): Fact {
  return { rule: "model/unsafe-pickle", key, value, line: 1, confidence };
}
