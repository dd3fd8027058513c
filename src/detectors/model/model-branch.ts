import type { Fact, FileSide } from "../../core/detector.ts";
import { confidenceIn } from "../distinct-facts.ts";
import { MODEL_PROVIDERS } from "../provider/provider-catalogue.ts";
import { speaksOfAi } from "./model-context.ts";

/** What users see is told apart by provider too, and reaches none. */
const INTERFACE = /\.(?:tsx|jsx|vue|svelte|astro|html?)$|(?:^|\/)(?:components|pages|views)\//i;
const SUBJECT =
  /(?:provider|supplier|vendor|llm|backend|platform|api_?type|client_?type|model_?type)(?:_?(?:name|id|type|key))?$/i;
const OTHER_NAMES =
  "azure azureopenai azureai googleai googlegenai vertexai vertex gemini claude awsbedrock amazonbedrock bedrock lmstudio llamacpp localai vllm togetherai fireworksai hf xinference";
const PROVIDERS: ReadonlySet<string> = new Set([
  ...MODEL_PROVIDERS.map(({ id }) => plain(id)),
  ...OTHER_NAMES.split(" "),
]);

/** Providers for which code has a way of its own: `if (info.provider === "openrouter")`, `case "openrouter":`. */
export function providerBranches(file: FileSide): readonly Fact[] {
  if (INTERFACE.test(file.path) || !speaksOfAi(file)) return [];
  return file.literals.flatMap(({ path, value, kind, line }): readonly Fact[] => {
    if (kind !== "string" || value.length > 30 || !isToldApart(path) || !PROVIDERS.has(plain(value))) return [];
    const confidence = confidenceIn(file);
    return [
      { rule: "model/list", key: "providers that have a way of their own", value: plain(value), line, confidence },
    ];
  });
}

/** Whether a value is compared with what names a provider. */
function isToldApart(path: readonly string[]): boolean {
  const at = path.indexOf("==");
  return at >= 0 && SUBJECT.test((path[at + 1] ?? "").slice(-60));
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}
