import type { Fact, FileSide, Literal } from "../../core/detector.ts";
import { confidenceIn } from "../distinct-facts.ts";
import { linesOf } from "../file-lines.ts";
import { isIndex, partQuestion } from "../literal-parts.ts";
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

/** Names of lists and maps of providers. */
const REGISTER =
  /^(?!.*(?:auth|oauth|identity|cloud|payment|search|storage|email|sms|social|login))\w{0,60}providers?(?:_?(?:map|list|config|configs|names?|registry|options|ids))?$/i;
/** How many known providers tell a register of them from other providers of a program. */
const FEWEST_KNOWN = 3;

const ENUMERATION =
  /^(?:export\s+)?(?:const\s+)?(?:class\s+\w*(?:Provider|Supplier|Vendor)\w*\s*\([^)\n]{0,80}Enum\b|enum\s+\w*(?:Provider|Supplier|Vendor)\w*)/;
const MEMBER = /^\s+\w{1,60}\s{0,4}=\s{0,4}["']([\w .-]{1,40})["']/;
const mayEnumerate = textGate("enum");

/** Providers that code tells apart: `if (info.provider === "openrouter")`, the members of `enum ModelProvider`. */
export function providerBranches(file: FileSide): readonly Fact[] {
  if (INTERFACE.test(file.path) || !speaksOfAi(file)) return [];
  return [
    ...new Map([...compared(file), ...enumerated(file), ...registered(file)].map((one) => [one.value, one])).values(),
  ];
}

const registerNames = partQuestion((part) => REGISTER.test(part));

/** Members of lists and maps that are named after providers and hold some known ones: `PROVIDERS = { openai: …, acme: … }`. */
function registered(file: FileSide): readonly Fact[] {
  const isRegister = registerNames.meant(file.literals);
  if (isRegister === null) return [];
  const registers = new Map<string, Map<string, number>>();
  for (const literal of file.literals) {
    const at = literal.path.findIndex(isRegister);
    const member = at < 0 ? null : memberBelow(literal, at);
    if (member === null || !/^[a-z][\w .-]{1,40}$/i.test(member)) continue;
    const name = literal.path.slice(0, at + 1).join("\0");
    const members = registers.get(name) ?? new Map<string, number>();
    registers.set(name, members);
    if (!members.has(plain(member))) members.set(plain(member), literal.line);
  }
  return [...registers.values()]
    .filter((members) => [...members.keys()].filter((name) => PROVIDERS.has(name)).length >= FEWEST_KNOWN)
    .flatMap((members) => [...members].map(([name, line]) => fact(file, name, line)));
}

/** The key below a register's name, or the text that stands there in a list. */
function memberBelow({ path, value, kind }: Literal, at: number): string | null {
  const next = path[at + 1];
  if (next === undefined || next.endsWith("()")) return null;
  if (!isIndex(next)) return next;
  return kind === "string" && path.length === at + 2 ? value : null;
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
  const found: Fact[] = [];
  for (const { path, value, kind, line } of file.literals)
    if (kind === "string" && value.length <= 30 && isToldApart(path) && PROVIDERS.has(plain(value)))
      found.push(fact(file, plain(value), line));
  return found;
}

/** Whether a value is compared with what names a provider. */
function isToldApart(path: readonly string[]): boolean {
  const at = path.indexOf("==");
  return at >= 0 && SUBJECT.test((path[at + 1] ?? "").slice(-60));
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}
