import type { Detector, Fact, FactChange, FileSide, Judgement } from "../../core/detector.ts";
import { confidenceIn, directionOf, distinctFacts } from "../distinct-facts.ts";
import { partQuestion } from "../literal-parts.ts";
import { memoised } from "../memoised.ts";

const RULE = "model/runtime";
const SKIPPED =
  /\.(?:md|mdx|rst|txt|svg|map|patch|diff|snap|lockb?|csv|css|html?|jsonl)$|(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.ya?ml|yarn\.lock)$/i;
const REQUIREMENTS = /(?:^|\/)[\w.-]*requirements[\w.-]*\.(?:txt|in)$/i;

/** Packages that bring an agent or a server of models with its own prompts, default model or kernels. */
const AGENT_PACKAGES =
  /^(?:@anthropic-ai\/claude-(?:code|agent-sdk)|claude-(?:agent|code)-sdk|@openai\/codex(?:-sdk)?|@google\/gemini-cli(?:-core)?|@github\/copilot(?:-sdk)?|@sourcegraph\/amp|opencode-ai|@opencode-ai\/sdk|@qwen-code\/qwen-code|aider-chat|openhands(?:-ai)?|swe-agent|goose-ai|@charmland\/crush|@augmentcode\/auggie|@continuedev\/cli|cline|kilocode)$/;
const SERVER_PACKAGES =
  /^(?:vllm|sglang|llama-cpp-python|text-generation|tensorrt[-_]llm|lmdeploy|ctransformers|exllamav2|mlx-lm|ollama-server|onnxruntime-genai|aphrodite-engine|node-llama-cpp|tritonclient)$/;
const AGENT_ACTIONS =
  /^(?:anthropics\/claude-code(?:-base)?-action|anthropics\/claude-code-security-review|openai\/codex-action|google-github-actions\/run-gemini-cli|google-gemini\/gemini-cli-action|actions\/ai-inference|githubnext\/\w[\w-]*|coderabbitai\/[\w-]+|qodo-ai\/[\w-]+|codiumai\/[\w-]+|all-hands-ai\/[\w-]+|openhands\/[\w-]+|block\/goose[\w-]*|sst\/opencode\/github|anomalyco\/opencode\/github|cursor\/[\w-]+|github\/gh-aw[\w/-]*)(?:\/[\w./-]+)?$/i;
const RUNTIME_IMAGES =
  /^(?:(?:docker\.io|ghcr\.io|nvcr\.io|quay\.io|public\.ecr\.aws)\/)?(?:ollama\/ollama|vllm\/vllm-[\w-]+|lmsysorg\/sglang|huggingface\/text-(?:generation|embeddings)-inference|ggml-org\/llama\.cpp|ggerganov\/llama\.cpp|localai\/localai|(?:nvidia\/)?tritonserver|nvidia\/(?:nim|tensorrt-llm|vllm)[\w./-]*|nim\/[\w./-]+|berriai\/litellm[\w-]*|openvino\/model_server|intel\/[\w-]*vllm[\w-]*|rocm\/vllm[\w-]*|michaelf34\/infinity|predibase\/lorax|all-hands-ai\/(?:openhands|runtime)[\w-]*|anthropics\/[\w-]+)$/i;

const RUNTIME_WORD =
  /claude|codex|gemini|copilot|opencode|ollama|vllm|sglang|llama|text-(?:generation|embeddings)|lmdeploy|triton|aider|openhands|swe-agent|nim|ai-inference|litellm|coderabbit|qodo|codium|goose|localai|qwen-code|crush|amp|auggie|continue|cline|kilo|exllama|mlx|infinity|lorax|gh-aw|githubnext|agent|cursor|openvino|ctransformers|aphrodite|onnxruntime/i;

const NONE: readonly Pin[] = [];
const namesRuntime = memoised((text) => RUNTIME_WORD.test(text));

interface Pin {
  readonly key: string;
  /** Owner and name, then the version or reference, divided by `@`. */
  readonly value: string;
  readonly line: number;
}

/** The versions of agents and of servers of models that a project pins: actions, images, packages, install scripts. */
export const modelRuntimeDetector: Detector = {
  name: "model-runtime",
  rules: [
    {
      id: RULE,
      class: "model",
      summary: "Another version of an agent or of a server of models is used.",
      severity: "A new major version: minor. Moved to a mutable tag or another owner: material. Else trivial.",
    },
  ],
  literals:
    "claude codex gemini-cli copilot opencode ollama vllm sglang llama text-generation text-embeddings lmdeploy tritonserver triton aider openhands swe-agent nim/ ai-inference litellm coderabbit qodo goose localai qwen-code crush sourcegraph/amp auggie cline kilocode continuedev ctransformers onnxruntime aphrodite openvino tensorrt codium all-hands-ai exllama mlx-lm infinity lorax gh-aw githubnext".split(
      " ",
    ),
  selects: (path) => !SKIPPED.test(path) || REQUIREMENTS.test(path),
  extract: (file) =>
    file.binary
      ? []
      : distinctFacts(
          [...literalPins(file), ...requirementPins(file), ...scriptPins(file)].map(
            ({ key, value, line }): Fact => ({ rule: RULE, key, value, line, confidence: confidenceIn(file) }),
          ),
        ),
  judge,
};

const IMAGE_NAME = /^(?:container|repository|from)$|image/i;

/** Names under which something is pinned. */
const pinNames = partQuestion(
  (name) =>
    name === "uses" ||
    AGENT_PACKAGES.test(name) ||
    SERVER_PACKAGES.test(name) ||
    IMAGE_NAME.test(name) ||
    /version$/i.test(name),
);

function literalPins(file: FileSide): readonly Pin[] {
  const pinned = pinNames.any(file.literals);
  return file.literals.flatMap(({ path, value, kind, line }): readonly Pin[] => {
    // Under another name the value itself says of which version.
    if (kind !== "string" || value.length > 300 || !(pinned || /[=~<>!]/.test(value))) return NONE;
    const last = path.at(-1) ?? "";
    if (!namesRuntime(value) && !namesRuntime(last)) return NONE;
    if (last === "uses") return actionPin(value, line);
    if (AGENT_PACKAGES.test(last) || SERVER_PACKAGES.test(last))
      return isVersion(value) ? [{ key: last, value: `${last}@${value}`, line }] : [];
    if (IMAGE_NAME.test(last)) return imagePin(value, line);
    return [...versionPin(last, value, line), ...requirementPin(value, line)];
  });
}

function actionPin(value: string, line: number): readonly Pin[] {
  const at = value.lastIndexOf("@");
  const action = at < 0 ? value : value.slice(0, at);
  return AGENT_ACTIONS.test(action) ? [{ key: `uses ${action.split("/").slice(1).join("/")}`, value, line }] : [];
}

function imagePin(value: string, line: number): readonly Pin[] {
  const [, image = "", reference = "latest"] = /^([\w.-]+(?::\d+)?(?:\/[\w.-]+)*?)(?:[:@](.+))?$/.exec(value) ?? [];
  return RUNTIME_IMAGES.test(image)
    ? [{ key: `image ${image.split("/").at(-1) ?? ""}`, value: `${image}@${reference}`, line }]
    : [];
}

/** `CLAUDE_CODE_VERSION: 1.0.90`, `vllm_version = "0.6"`. */
function versionPin(name: string, value: string, line: number): readonly Pin[] {
  return /^[\w.]*(?:claude_?code|codex|gemini_?cli|copilot_?cli|opencode|ollama|vllm|sglang|llama_?cpp|aider|litellm|openhands|agent_?sdk)[\w.]*version$/i.test(
    name,
  ) && isVersion(value)
    ? [{ key: name.toLowerCase(), value: `${name.toLowerCase()}@${value}`, line }]
    : [];
}

/** `vllm==0.6.3` in lists of dependencies. */
function requirementPin(value: string, line: number): readonly Pin[] {
  const [, name = "", version = ""] =
    /^([A-Za-z][\w.-]{1,40})(?:\[[\w,-]{1,60}\])?\s{0,2}((?:[=~<>!]=?=?\s{0,2}[\w.*]{1,30},?\s{0,2}){0,3})(?:;.{0,100})?$/.exec(
      value,
    ) ?? [];
  return AGENT_PACKAGES.test(name.toLowerCase()) || SERVER_PACKAGES.test(name.toLowerCase())
    ? version === ""
      ? []
      : [{ key: name.toLowerCase(), value: `${name.toLowerCase()}@${version.trim()}`, line }]
    : [];
}

function requirementPins(file: FileSide): readonly Pin[] {
  return REQUIREMENTS.test(file.path)
    ? file.text
        .split("\n")
        .flatMap((text, index) =>
          text.length > 300 ? [] : requirementPin(text.split("#")[0]?.trim() ?? "", index + 1),
        )
    : [];
}

const SCRIPTS =
  /\.(?:sh|bash|zsh|ps1|ya?ml|mk)$|(?:^|\/)(?:[\w.-]*dockerfile[\w.-]*|containerfile|makefile|justfile|jenkinsfile|devcontainer\.json)$/i;
const VERSION = String.raw`v?\d+(?:\.\d+){0,3}(?:[-.+][\w.]{1,20})?|latest|stable|next|main|nightly`;
const INSTALLED: readonly (readonly [pattern: RegExp, name: (found: RegExpMatchArray) => string])[] = [
  [
    new RegExp(String.raw`((?:@[\w-]{1,40}\/)?[\w.-]{2,50})@(${VERSION})(?=$|[\s"'&;|)])`, "gi"),
    (found) => found[1] ?? "",
  ],
  [
    new RegExp(String.raw`(?:^|[\s"'])([a-z][\w.-]{1,40})(?:\[[\w,-]{1,60}\])?==(${VERSION})(?=$|[\s"'&;|)\\])`, "gi"),
    (found) => found[1] ?? "",
  ],
  [
    new RegExp(
      String.raw`(?:claude\.ai|claude\.com|anthropic\.com)\/install\.sh\s{0,4}\|\s{0,4}(?:ba|z)?sh(?:\s{1,4}-s)?(?:\s{1,4}--)?(?:\s{1,4}(${VERSION}))?`,
      "gi",
    ),
    () => "claude-code",
  ],
  [
    new RegExp(
      String.raw`(?:ollama\.com|ollama\.ai)\/install\.sh\s{0,4}\|\s{0,4}(?:OLLAMA_VERSION=(${VERSION})\s{1,4})?(?:ba)?sh`,
      "gi",
    ),
    () => "ollama",
  ],
  [
    new RegExp(
      String.raw`\b([A-Z_]{0,30}(?:CLAUDE_CODE|CODEX|GEMINI_CLI|COPILOT_CLI|OPENCODE|OLLAMA|VLLM|SGLANG|LLAMA_CPP|AIDER|LITELLM|OPENHANDS|AGENT_SDK)_VERSION)["']?\s{0,2}[:=]\s{0,2}["']?(${VERSION})(?=$|[\s"'&;|)])`,
      "g",
    ),
    (found) => (found[1] ?? "").toLowerCase(),
  ],
  [
    /^\s{0,4}FROM\s{1,4}(?:--platform=\S{1,60}\s{1,4})?([\w.-]+(?::\d+)?(?:\/[\w.-]+){0,5})(?:[:@](\S{1,140}))?/gi,
    (found) => `image ${found[1] ?? ""}`,
  ],
];

/** What scripts, steps and build files install. Comments are left out. */
function scriptPins(file: FileSide): readonly Pin[] {
  if (!SCRIPTS.test(file.path)) return [];
  return file.text.split("\n").flatMap((text, index): readonly Pin[] => {
    if (text.length > 2_000 || !RUNTIME_WORD.test(text) || /^\s*(?:#|\/\/)/.test(text)) return [];
    const code = text.replace(/\s#\s.*$/, "");
    return INSTALLED.flatMap(([pattern, name]) =>
      [...code.matchAll(pattern)].flatMap((found) => installPin(name(found), found, index + 1)),
    );
  });
}

function installPin(name: string, found: RegExpMatchArray, line: number): readonly Pin[] {
  if (name.startsWith("image ")) return imagePin(`${name.slice(6)}${found[2] ? `:${found[2]}` : ""}`, line);
  const known =
    AGENT_PACKAGES.test(name) || SERVER_PACKAGES.test(name) || /^(?:claude-code|ollama)$|_version$/.test(name);
  const version = found.length > 2 ? found[2] : found[1];
  return known ? [{ key: name, value: `${name}@${version ?? "latest"}`, line }] : [];
}

function isVersion(value: string): boolean {
  return /^[\^~=<>v ]{0,4}\d[\w.*+-]{0,40}(?:[ ,|<>=^~\w.*+-]{0,60})$|^(?:latest|next|stable|beta|nightly|main|\*)$/.test(
    value,
  );
}

function judge(change: FactChange): Judgement {
  const { before, after } = change;
  const direction = directionOf(change);
  if (!before || !after)
    return {
      direction,
      severity: after ? "minor" : "trivial",
      remedy: after ? "Pin the runtime to an exact version or commit." : "Nothing runs it any more.",
    };
  const [oldName, old] = split(before.value);
  const [name, fresh] = split(after.value);
  if (oldName !== name)
    return { direction, severity: "material", remedy: "Check who publishes the runtime now, and register them." };
  if (isMutable(fresh) && !isMutable(old))
    return { direction, severity: "material", remedy: "Pin the runtime to an exact version or commit." };
  return {
    direction,
    severity: isAgent(name) || majorOf(old) !== majorOf(fresh) ? "minor" : "trivial",
    remedy: "Read the runtime's release notes: its prompts, tools and default model may have changed.",
  };
}

/** Agents carry prompts, tools and a default model in their release, whatever the number says. */
function isAgent(name: string): boolean {
  return (
    AGENT_PACKAGES.test(name) ||
    AGENT_ACTIONS.test(name) ||
    /claude|codex|gemini|copilot|opencode|aider|agent|openhands/i.test(name)
  );
}

function split(value: string): readonly [name: string, reference: string] {
  const at = value.lastIndexOf("@");
  return at <= 0 ? [value, ""] : [value.slice(0, at), value.slice(at + 1)];
}

/** A tag or branch that moves: not a commit, digest or full version. */
function isMutable(reference: string): boolean {
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64}|sha256:[0-9a-f]{64})$/.test(reference)) return false;
  return (
    !/^[=v ]{0,3}\d+\.\d+(?:\.\d+)?(?:[-.+][\w.-]{1,60})?$/.test(reference) && !/^[\^~]?\d+\.\d+\.\d+$/.test(reference)
  );
}

function majorOf(reference: string): string {
  return /\d+/.exec(/^[0-9a-f]{40}$/.test(reference) ? "" : reference)?.[0] ?? reference;
}
