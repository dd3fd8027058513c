import { describe, expect, it } from "vitest";
import type { Literal } from "../../../src/core/detector.ts";
import { literalKey } from "../../../src/detectors/model/model-context.ts";
import { flagNames, flagValues } from "../../../src/detectors/model/model-flag.ts";
import { bindingOf, meaningOf } from "../../../src/detectors/model/model-name.ts";
import { parameterOf } from "../../../src/detectors/model/model-parameter-name.ts";
import { isPlausibleModel } from "../../../src/detectors/model/model-value.ts";
import { fileSide } from "../../../src/readers/file-side.ts";

/** Path of a literal, its parts divided by spaces, and what its name says. */
const MEANINGS: readonly (readonly [path: string, meaning: string | null])[] = [
  ["model", "model"],
  ["self.model", "model"],
  ["client.chat.completions.create() model", "model"],
  ["llm ChatOpenAI() model_name", "model"],
  ["cfg modelId", "model"],
  ["main() model typer.Argument() 0", "model"],
  ["inputs model default", "model"],
  ["DEFAULT_MODEL", "choice"],
  ["OPENAI_MODEL_NAME", "choice"],
  ["ANTHROPIC_SMALL_FAST_MODEL", "choice"],
  ["weak_model_name", "choice"],
  ["chatModel", "choice"],
  ["FAST_LLM", "choice"],
  ["llm_type", "choice"],
  ["azure_deployment", null],
  ["deployment_name", null],
  ["b OpenAiChatModel.builder().modelName() 0", "model"],
  ["ollama.WithModel() 0", "model"],
  ["models fast", "choice"],
  ["model name", "choice"],
  ["planner_provider", "provider"],
  ["llmProvider", "provider"],
  ["planner provider", "provider"],
  ["embedding_model", "embedding"],
  ["rag embeddingsModelName", "embedding"],
  ["EMBEDDING_MODEL", "embedding"],
  ["SUPPORTED_MODELS 0", "list"],
  ["chatModels 3", "list"],
  ["_SUPPORTED_PROVIDERS 1", "list"],
  ["models 0 id", "list"],
  ["agents 0 model", "model"],
  ["data_model", null],
  ["view_model", null],
  ["AUTH_USER_MODEL", null],
  ["model_config", null],
  ["model_dir", null],
  ["model_path", null],
  ["car_model", null],
  ["provider", null],
  ["auth provider", null],
  ["coverageProvider", null],
  ["DATABASES default ENGINE", null],
  ["template_engine", null],
  ["deployment", null],
  ["llm_client", null],
  ["llm_api_key", null],
  ["model AutoModel.from_pretrained() revision", null],
  ["models path", null],
  ["title", null],
  ["", null],
];

describe("meaningOf", () => {
  it.each(MEANINGS)("%s: %s", (path, meaning) => {
    expect(meaningOf(bindingOf(path.split(" ").filter((part) => part !== "")))).toBe(meaning);
  });
});

describe("parameterOf", () => {
  it.each([
    ["temperature", "sampling", false],
    ["llm_temperature", "sampling", true],
    ["topP", "sampling", true],
    ["top_k", "top-k", false],
    ["maxOutputTokens", "tokens", true],
    ["max_new_tokens", "tokens", true],
    ["SMART_TOKEN_LIMIT", "tokens", true],
    ["num_ctx", "tokens", true],
    ["maxTurns", "turns", true],
    ["recursion_limit", "turns", true],
    ["reasoning_effort", "effort", true],
    ["budget_tokens", "effort", true],
    ["stop_sequences", "stop", true],
    ["stop", "stop", false],
    ["seed", "seed", false],
    ["tool_choice", "tools", true],
  ])("%s is one of %s", (name, kind, strong) => expect(parameterOf(name)).toEqual({ kind, strong }));

  it.each(["max_rows", "timeout", "reasoning_tokens", "token", "min_temperature", "stopwatch", "seeds", "model"])(
    "%s is none",
    (name) => expect(parameterOf(name)).toBeNull(),
  );
});

describe("isPlausibleModel", () => {
  it.each(["sonnet", "house-model-v2", "acme/support", "llama3", `\${MODEL}`, `\${{ inputs.model }}`, "gpt-4o"])(
    "%s can be one",
    (value) => expect(isPlausibleModel(value)).toBe(true),
  );
  it.each([
    "",
    "a b",
    "true",
    "default",
    "shop.Order",
    "./model.py",
    "models/user.py",
    "OPENAI_MODEL",
    "1.0",
    "https://x.y",
  ])("%j cannot", (value) => expect(isPlausibleModel(value)).toBe(false));
});

const literal = (path: readonly string[], value: string): Literal => ({ path, value, kind: "string", line: 1 });
const sideOf = (path: string, text: string) => fileSide({ path, mode: "100644", id: "0" }, Buffer.from(text));

describe("options", () => {
  it("name the value that follows them in a list, and the default of the call that declares them", () => {
    const literals = [
      literal(["args", "0"], "--model"),
      literal(["args", "1"], "acme/llm"),
      literal(["args", "2"], "--port"),
      literal(["args", "3"], "8000"),
      literal(["add_argument()", "0"], "--chat-model"),
      literal(["add_argument()", "default"], "house"),
      literal(["add_argument()", "help"], "which"),
      literal(["option()", "0"], "-m, --model <id>"),
      literal(["option()", "1"], "house"),
      literal(["other()", "0"], "house"),
    ];
    expect([...flagNames(literals)]).toEqual([
      [1, "model"],
      [3, "port"],
      [5, "chat_model"],
      [8, "model"],
    ]);
  });

  it("are read from commands in strings and scripts, at their line", () => {
    const workflow = sideOf("ci.yml", "with:\n  claude_args: |\n    --max-turns 5\n    --model claude-opus-4-1\n");
    expect(flagValues(workflow)).toEqual([
      { name: "max_turns", value: "5", line: 3 },
      { name: "model", value: "claude-opus-4-1", line: 4 },
    ]);
    const script = sideOf("run.sh", "#!/bin/sh\n# vllm serve acme/old\nvllm serve acme/llm --max-model-len=4096\n");
    expect(flagValues(script)).toEqual([
      { name: "max_model_len", value: "4096", line: 3 },
      { name: "model", value: "acme/llm", line: 3 },
    ]);
  });
});

describe("literalKey", () => {
  const keys = (path: string, text: string) => {
    const { literals } = sideOf(path, text);
    return literals.map((_, index) => literalKey(literals, index));
  };

  it("names items of a list by their own name, whatever their place", () => {
    const planner = "- name: planner\n  model: a\n";
    const writer = "- name: writer\n  model: b\n";
    expect(keys("a.yaml", planner + writer)).toEqual(["name", "planner.model", "name", "writer.model"]);
    expect(keys("a.yaml", writer + planner)).toEqual(["name", "writer.model", "name", "planner.model"]);
  });

  it("stays when a call is wrapped, moved or assigned to a name that only passes it on", () => {
    const [first] = keys("a.py", 'response = client.create(model="a")\n');
    expect(first).toBe("model");
    expect(keys("a.py", 'def f():\n    return client.create(\n        model="a",\n    )\n')).toEqual([first]);
    expect(keys("a.py", 'planner = ChatModel(model="a")\n')).toEqual(["planner.model"]);
  });
});
