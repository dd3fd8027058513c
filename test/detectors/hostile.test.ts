import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { effectivePolicy } from "../../src/core/policy.ts";
import { detectorsFor } from "../../src/detectors/index.ts";
import { fileSide } from "../../src/readers/file-side.ts";

const WATCHED = /^(?:mcp|tool|agent settings|guardrail-\w+|provider(?:-sdk)?)$/;
const detectors = detectorsFor(effectivePolicy(null), new Uint8Array(32)).filter(({ name }) => WATCHED.test(name));
/** Four times the text may take some twelve times as long: what is linear takes four, a square sixteen. */
const SIZES = [60_000, 240_000] as const;
const MAX_MS = 3_000;

async function extractAll(path: string, text: string): Promise<ReadonlyMap<string, number>> {
  const times = new Map<string, number>();
  for (const detector of detectors) {
    if (!detector.selects(path)) continue;
    const file = fileSide({ path, mode: "100644", id: "0".repeat(40) }, Buffer.from(text));
    // Reading is measured by the readers' own tests.
    void file.literals;
    const start = performance.now();
    await detector.extract(file);
    detector.wants?.(file);
    times.set(detector.name, performance.now() - start);
  }
  return times;
}

/** Path, a unit that repeats, and what stands before it. */
const REPEATED: readonly (readonly [string, string, string])[] = [
  ["agent.py", "tools=[", "import langchain\n"],
  ["agent.py", "tools=[a,b(", "import langchain\n"],
  ["agent.py", 'tool("a",', ""],
  ["agent.py", 'Tool(name="a", description="b")\n', ""],
  ["agent.py", "@tool\n", ""],
  ["agent.py", "@tool\ndef f(", ""],
  ["agent.py", "class A(BaseTool):\n  name = 'x'\n  description = 'y'\n", ""],
  ["agent.py", "moderations.create(", "import openai\n"],
  ["agent.py", "a.b.c.d.e.", "import openai\n"],
  ["agent.py", "score > 0.5\n", "import deepeval\n"],
  ["agent.py", "x", "threshold "],
  ["agent.py", "input_guardrails=[", ""],
  ["agent.ts", "server.registerTool('a',{description:'b',inputSchema:{", ""],
  ["agent.ts", "StdioServerParameters({command:'a',args:['b']})\n", ""],
  ["Agent.java", "@Tool(\n", ""],
  ["Agent.java", "@Tool\npublic String ", ""],
  [".mcp.json", '"a":{"command":"b","env":{"C":"d"}},', '{"mcpServers":{'],
  [".claude/settings.json", '{"matcher":"a","hooks":[{"command":"b"}]},', '{"hooks":{"PreToolUse":['],
  [".claude/settings.json", '"Bash(a:*)",', '{"permissions":{"allow":['],
  [".claude/settings.json", `"${"Bash(".repeat(50)}",`, '{"permissions":{"allow":['],
  [".github/workflows/a.yml", "      - run: claude --allowedTools 'a' --sandbox b\n", "jobs:\n  a:\n    steps:\n"],
  [".github/workflows/a.yml", "--allowedTools ", "jobs:\n  a:\n    steps:\n      - run: "],
  ["evals/golden.jsonl", '{"input":"a","ideal":"b"}\n', ""],
  ["evals/golden.csv", '"a\n', "input,ideal\n"],
  ["evals/golden.yaml", "- input: a\n  expected: b\n", ""],
  ["evals/test_a.py", "def test_a():\n    it.skip(\n", ""],
  ["promptfooconfig.yaml", "  - vars: { a: b }\n    assert: [{ type: c }]\n", "tests:\n"],
  ["scripts/a.sh", "promptfoo eval ", ""],
  ["scripts/a.sh", "claude mcp add ", ""],
  ["Dockerfile", "RUN pip install a \\\n", ""],
  ["Dockerfile", "pip install ", "RUN "],
  ["pom.xml", "<dependency>", "<project>"],
  ["pom.xml", `<dependency><version>$${"{a}"}</version></dependency>`, "<project>"],
  ["x.csproj", "<PackageReference Include=", "<Project>"],
  ["requirements.txt", "openai>=1\n", ""],
  ["Cargo.toml", "a = { package = 'openai' }\n", "[dependencies]\n"],
  ["libs.versions.toml", "a = { module = 'a:b', version.ref = 'c' }\n", "[libraries]\n"],
  ["package-lock.json", '    "node_modules/openai": {\n      "version": "1"\n    },\n', "{\n"],
  ["a.ts", "https://api.openai.com/", ""],
  ["a.ts", "a.", "const x = 'https://"],
  ["a.ts", "'https://api.openai.com/v1',\n", "const x = ["],
];

describe("text that repeats without an end costs no more than its length", () => {
  it.each(REPEATED)("%s with %j", async (path, unit, before) => {
    const [small, large] = await Promise.all(
      SIZES.map((size) => extractAll(path, before + unit.repeat(Math.ceil(size / unit.length)))),
    );
    for (const [name, time] of large ?? []) {
      const base = Math.max(small?.get(name) ?? 0, 20);
      expect(time, `${name}: ${Math.round(base)} ms, then ${Math.round(time)} ms`).toBeLessThan(
        Math.max(base * 12, 400),
      );
      expect(time, name).toBeLessThan(MAX_MS);
    }
  });
});

describe("random bytes", () => {
  const paths = [
    "a.py",
    "a.ts",
    ".mcp.json",
    ".claude/settings.json",
    "evals/a.jsonl",
    "promptfooconfig.yaml",
    "pom.xml",
    "go.mod",
  ];
  const words = [
    "tools",
    "[",
    "{",
    "(",
    ")",
    "]",
    "}",
    '"',
    "'",
    "`",
    ":",
    ",",
    "=",
    "\n",
    "mcpServers",
    "tests",
    "threshold",
    "@tool",
    "def f",
    "file://",
    "\\",
    "\0",
    "é",
  ];
  it.each(paths)("throw nothing: %s", async (path) => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...words), { maxLength: 60 }), async (text) => {
        await extractAll(path, text.join(""));
      }),
      { numRuns: 60 },
    );
  });
});
