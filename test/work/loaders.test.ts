import { describe, expect, it } from "vitest";
import { findingsBetween, type Tree } from "../detectors/fixture.ts";

/** Files that load `texts/voice.txt` as a prompt, each in its own way. */
const LOADERS: readonly (readonly [string, string, string])[] = [
  ["open", "src/bot.py", 'import openai\nvoice = open("texts/voice.txt").read()\n'],
  [
    "with open",
    "src/bot.py",
    'import openai\nwith open("texts/voice.txt", encoding="utf-8") as file:\n    voice = file.read()\n',
  ],
  ["read_text", "src/bot.py", 'import openai\nvoice = Path("texts/voice.txt").read_text()\n'],
  [
    "a path of parts",
    "src/bot.py",
    'import openai\nvoice = (Path(__file__).parent.parent / "texts" / "voice.txt").read_text()\n',
  ],
  ["os.path.join", "src/bot.py", 'import openai\nvoice = open(os.path.join(ROOT, "texts", "voice.txt")).read()\n'],
  ["an f-string", "src/bot.py", 'import openai\nSYSTEM_PROMPT = read(f"{ROOT}/texts/voice.txt")\n'],
  ["importlib.resources", "src/bot.py", 'import openai\nvoice = files("texts").joinpath("voice.txt").read_text()\n'],
  [
    "from_file",
    "src/bot.py",
    'from langchain.prompts import PromptTemplate\nprompt = PromptTemplate.from_file("texts/voice.txt")\n',
  ],
  ["load_prompt", "src/bot.py", 'from langchain.prompts import load_prompt\nprompt = load_prompt("texts/voice.txt")\n'],
  ["a name", "texts/bot.py", 'prompt = prompts.load("voice")\n'],
  ["get_template", "src/bot.py", 'import openai\nprompt = environment.get_template("texts/voice.txt")\n'],
  ["a constant", "src/bot.py", 'PROMPT_FILE = "texts/voice.txt"\n'],
  [
    "readFileSync",
    "src/bot.ts",
    'import OpenAI from "openai";\nconst voice = readFileSync("texts/voice.txt", "utf8");\n',
  ],
  [
    "fs.promises",
    "src/bot.mjs",
    'import OpenAI from "openai";\nconst voice = await fs.promises.readFile(path.join(root, "texts", "voice.txt"), "utf8");\n',
  ],
  [
    "new URL",
    "src/bot.ts",
    'import OpenAI from "openai";\nconst voice = readFileSync(new URL("../texts/voice.txt", import.meta.url), "utf8");\n',
  ],
  [
    "an import of text",
    "src/bot.ts",
    'import { generateText } from "ai";\nimport voice from "../texts/voice.txt?raw";\n',
  ],
  ["Bun.file", "src/bot.ts", 'import OpenAI from "openai";\nconst voice = await Bun.file("texts/voice.txt").text();\n'],
  [
    "go:embed",
    "bot.go",
    'package bot\n\nimport "github.com/sashabaranov/go-openai"\n\n//go:embed texts/voice.txt\nvar voice string\n',
  ],
  [
    "os.ReadFile",
    "bot.go",
    'package bot\n\nimport "github.com/sashabaranov/go-openai"\n\nfunc voice() { text, _ := os.ReadFile("texts/voice.txt") }\n',
  ],
  [
    "include_str!",
    "src/bot.rs",
    'use async_openai::Client;\nconst VOICE: &str = include_str!("../texts/voice.txt");\n',
  ],
  [
    "getResourceAsStream",
    "src/Bot.java",
    'import dev.langchain4j.model.openai.OpenAiChatModel;\nclass Bot { InputStream voice = Bot.class.getResourceAsStream("/texts/voice.txt"); }\n',
  ],
  [
    "a resource of an annotation",
    "src/Bot.java",
    'import dev.langchain4j.service.SystemMessage;\ninterface Bot { @SystemMessage(fromResource = "/texts/voice.txt") String chat(String text); }\n',
  ],
  [
    "File.ReadAllText",
    "src/Bot.cs",
    'using OpenAI;\nclass Bot { string voice = File.ReadAllText("texts/voice.txt"); }\n',
  ],
  ["File.read", "bot.rb", 'require "openai"\nVOICE = File.read("texts/voice.txt")\n'],
  ["file_get_contents", "bot.php", '<?php\nuse OpenAI\\Client;\n$voice = file_get_contents("texts/voice.txt");\n'],
  ["an address in YAML", "agent.yaml", "model: gpt-4o\nsystem_prompt: file://texts/voice.txt\n"],
  ["a key for the file in YAML", "agent.yaml", "model: gpt-4o\nsystem_prompt_file: texts/voice.txt\n"],
  ["a key for the file in JSON", "agent.json", '{ "model": "gpt-4o", "promptFile": "texts/voice.txt" }\n'],
  ["a key for the file in TOML", "agent.toml", 'model = "gpt-4o"\ninstructions = "texts/voice.txt"\n'],
  [
    "an input of a workflow",
    ".github/workflows/ai.yml",
    "on: push\njobs:\n  a:\n    steps:\n      - uses: actions/ai-inference@v1\n        with:\n          prompt-file: texts/voice.txt\n",
  ],
  ["a template", "prompts/main.j2", '{% include "texts/voice.txt" %}\n'],
];

/** Files that name it for something else. */
const OTHERS: readonly (readonly [string, string, string])[] = [
  [
    "a description of a package",
    "setup.py",
    'setup(name="openai-x", long_description=open("texts/voice.txt").read())\n',
  ],
  ["a program without models", "src/list.py", 'words = open("texts/voice.txt").read()\n'],
  ["a comment", "src/bot.py", 'import openai\n# open("texts/voice.txt")\n'],
  ["documentation", "docs/use.md", 'Load it with `open("texts/voice.txt")`, an openai prompt.\n'],
  ["an output", "src/bot.py", 'import openai\nprint("texts/voice.txt written")\n'],
  ["another file of that name", "src/bot.py", 'import openai\nvoice = open("other/voice.txt").read()\n'],
];

async function findings(path: string, loader: string): Promise<readonly string[]> {
  const tree = (voice: string, end: string): Tree =>
    new Map([
      [path, { bytes: Buffer.from(loader + end), mode: "100644" }],
      ["texts/voice.txt", { bytes: Buffer.from(voice), mode: "100644" }],
    ]);
  const found = await findingsBetween(tree("Sound calm.\n", ""), tree("Sound loud.\n", "\n\n"));
  return found
    .filter(({ rule, severity }) => rule === "prompt/file" && severity !== "trivial")
    .map(({ place }) => place.after?.path ?? "");
}

describe("a text is a prompt when it is loaded by", () => {
  it.each(LOADERS)("%s", async (_, path, loader) => {
    expect(await findings(path, loader)).toEqual(["texts/voice.txt"]);
  });
});

describe("a text is none for", () => {
  it.each(OTHERS)("%s", async (_, path, loader) => {
    expect(await findings(path, loader)).toEqual([]);
  });
});
