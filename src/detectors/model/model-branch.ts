import type { Fact, FileSide } from "../../core/detector.ts";
import { confidenceIn } from "../distinct-facts.ts";
import { linesOf } from "../file-lines.ts";
import { MODEL_PROVIDERS } from "../provider/provider-catalogue.ts";
import { textGate } from "../text-gate.ts";
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

const ENUMERATION =
  /^(?:export\s+)?(?:const\s+)?(?:class\s+\w*(?:Provider|Supplier|Vendor)\w*\s*\([^)\n]{0,80}Enum\b|enum\s+\w*(?:Provider|Supplier|Vendor)\w*)/;
const MEMBER = /^\s+\w{1,60}\s{0,4}=\s{0,4}["']([\w .-]{1,40})["']/;
const mayEnumerate = textGate("enum");

/** Providers that code tells apart: `if (info.provider === "openrouter")`, the members of `enum ModelProvider`. */
export function providerBranches(file: FileSide): readonly Fact[] {
  if (INTERFACE.test(file.path) || !speaksOfAi(file)) return [];
  return [...new Map([...compared(file), ...enumerated(file)].map((one) => [one.value, one])).values()];
}

function enumerated(file: FileSide): readonly Fact[] {
  if (!mayEnumerate(file) || !/\benum\b/i.test(file.text)) return [];
  const found: Fact[] = [];
  let inside = false;
  for (const [index, text] of linesOf(file).entries()) {
    if (/^\S/.test(text)) inside = ENUMERATION.test(text.slice(0, 200));
    const value = inside ? MEMBER.exec(text.slice(0, 200))?.[1] : undefined;
    if (value !== undefined) found.push(fact(file, plain(value), index + 1));
  }
  return found;
}

function fact(file: FileSide, value: string, line: number): Fact {
  return { rule: "model/list", key: "providers told apart", value, line, confidence: confidenceIn(file) };
}

function compared(file: FileSide): readonly Fact[] {
  return file.literals.flatMap(({ path, value, kind, line }): readonly Fact[] => {
    if (kind !== "string" || value.length > 30 || !isToldApart(path) || !PROVIDERS.has(plain(value))) return [];
    return [fact(file, plain(value), line)];
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
