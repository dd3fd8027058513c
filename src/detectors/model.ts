import type { Detector, Fact, FactChange, FileSide, Judgement } from "../core/detector.ts";
import { confidenceIn, directionOf } from "./distinct-facts.ts";
import { modelIdIn } from "./model-id.ts";

const SKIPPED = /\.(?:md|mdx|rst|txt|svg|map|patch|diff|snap|lock|csv|css)$|\.min\.js$|(?:^|\/)package-lock\.json$/i;

/** Which model is used: ids in code and configuration, and the names that select one. */
export const modelDetector: Detector = {
  name: "model",
  rules: [{ id: "model/id", class: "model", summary: "Another model, or another snapshot of the model, is used." }],
  literals: [
    "gpt",
    "claude",
    "gemini",
    "gemma",
    "llama",
    "mistral",
    "mixtral",
    "command-r",
    "deepseek",
    "qwen",
    "grok",
  ],
  selects: (path) => !SKIPPED.test(path),
  extract: (file) => (file.binary ? [] : idFacts(file)),
  judge,
};

function idFacts(file: FileSide): readonly Fact[] {
  return file.literals.flatMap(({ path, value, kind, line }): readonly Fact[] =>
    kind === "string" && modelIdIn(value)
      ? [{ rule: "model/id", key: path.at(-1) ?? "model", value, line, confidence: confidenceIn(file) }]
      : [],
  );
}

function judge(change: FactChange): Judgement {
  const before = modelIdIn(change.before?.value ?? "");
  const after = modelIdIn(change.after?.value ?? "");
  const sameFamily = before !== null && after !== null && before.family === after.family;
  return {
    direction: directionOf(change),
    severity: sameFamily ? "material" : "major",
    remedy: "Show an evaluation of the new model on this system's own cases.",
  };
}
