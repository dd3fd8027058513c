import type { Detector } from "../core/detector.ts";
import { directionOf } from "./distinct-facts.ts";

const WEIGHTS = /\.(?:safetensors|gguf|ggml|pt|pth|ckpt|onnx|h5|hdf5|keras|pkl|pickle|joblib|tflite|mlmodel|npz|bin)$/i;

/** Files of weights, by their content. */
export const weightsDetector: Detector = {
  name: "weights",
  rules: [{ id: "model/weights", class: "model", summary: "A file of weights is another one.", wholeFile: true }],
  literals: [],
  selects: (path) => WEIGHTS.test(path),
  extract: (file) => [
    {
      rule: "model/weights",
      key: file.path.slice(file.path.lastIndexOf("/") + 1),
      value: file.entry.id,
      line: 1,
      confidence: "certain",
    },
  ],
  judge: (change) => ({
    direction: directionOf(change),
    severity: "material",
    remedy: "Say where the weights come from and show an evaluation of them.",
  }),
};
