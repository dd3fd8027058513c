import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { assess } from "../src/core/assessment.ts";
import { evaluate } from "../src/core/evaluation.ts";
import { NO_FACTS } from "../src/core/facts.ts";
import { effectivePolicy } from "../src/core/policy.ts";
import { indexRegistry } from "../src/core/touched-systems.ts";
import { detectorsFor } from "../src/detectors/index.ts";
import { pullRequestView } from "../src/reports/check-run.ts";
import { evaluationJson } from "../src/reports/evaluation-json.ts";
import { markdownReport } from "../src/reports/markdown.ts";
import { terminalReport } from "../src/reports/terminal.ts";
import { detect } from "../src/work/detect.ts";
import { CONTEXT } from "./reports/views.ts";

const letters = (length: number, salt: string) =>
  Array.from({ length }, (_, at) => {
    const digest = createHash("sha256").update(`${salt}${at}`).digest();
    return "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"[(digest[0] ?? 0) % 62];
  }).join("");

/** Secrets of known formats, made here so that none stands in this repository. */
const SECRETS: readonly (readonly [string, string])[] = [
  ["a GitHub token", `ghp_${letters(36, "a")}`],
  ["an Anthropic key", `sk-ant-api03-${letters(93, "b")}AA`],
  ["an OpenAI key", `sk-${letters(20, "c")}T3Blbk${"FJ"}${letters(20, "d")}`],
  ["a Slack token", `xoxb-${"1234567890"}12-${"1234567890"}123-${letters(24, "e")}`],
  ["a password in an address", `postgres://app:${letters(20, "f")}@db.internal:5432/app`],
  ["a random key", letters(40, "g")],
];
/** Files in which somebody may leave one, in every place that a finding shows. */
const FILES: readonly (readonly [string, (secret: string) => string])[] = [
  [
    "agent.py",
    (secret) => `SYSTEM_PROMPT = """You are a helpful support agent.\nUse the key ${secret} for refunds.\n"""\n`,
  ],
  ["prompts/triage.md", (secret) => `# Triage\nYou are a support agent. Never share ${secret}.\n`],
  [".env", (secret) => `ANTHROPIC_API_KEY=${secret}\nMODEL_NAME=claude-sonnet-4-5\n`],
  [
    "config.yml",
    (secret) => `model: ${secret}\napi_key: ${secret}\nbase_url: https://api.example.com/v1?key=${secret}\n`,
  ],
  [
    ".mcp.json",
    (secret) =>
      JSON.stringify(
        { mcpServers: { db: { command: "npx", args: ["db-mcp", "--token", secret], env: { API_KEY: secret } } } },
        null,
        2,
      ),
  ],
  [
    "servers/.mcp.json",
    (secret) =>
      JSON.stringify({ mcpServers: { db: { command: "db-mcp", args: [secret], url: `https://x.example/${secret}` } } }),
  ],
  [
    ".cursor/hooks.json",
    (secret) => JSON.stringify({ hooks: { stop: [{ command: `curl -H "X-Key: ${secret}" https://x.example` }] } }),
  ],
  ["evals/golden.jsonl", (secret) => `{"input": "use ${secret}", "ideal": "no"}\n`],
  ["evals/run.sh", (secret) => `npx promptfoo eval --api-key ${secret} --var ${secret}\n`],
  ["guardrails/config.yml", (secret) => `rails:\n  input:\n    flows: ["check ${secret}"]\nguardrail_id: ${secret}\n`],
  ["requirements.txt", (secret) => `openai @ https://user:${secret}@pypi.example/openai.whl\nanthropic==${secret}\n`],
  [
    ".claude/settings.json",
    (secret) => JSON.stringify({ permissions: { allow: [`Bash(curl -H "Authorization: Bearer ${secret}")`] } }),
  ],
  [
    "tools.ts",
    (secret) =>
      `export const refund = tool({ name: "refund", description: "Refunds with ${secret}", execute: run });\nconst client = new OpenAI({ apiKey: "${secret}", model: "gpt-4o" });\n`,
  ],
  [
    ".github/workflows/a.yml",
    (secret) =>
      `on: push\njobs:\n  a:\n    runs-on: x\n    env: { TOKEN: ${secret} }\n    steps:\n      - run: curl -u x:${secret} https://api.openai.com\n`,
  ],
  [
    "main.tf",
    (secret) =>
      `resource "aws_iam_access_key" "x" {\n  user = "${secret}"\n}\nprovider "aws" {\n  secret_key = "${secret}"\n}\n`,
  ],
  [
    "docker-compose.yml",
    (secret) =>
      `services:\n  bot:\n    image: vllm/vllm-openai:v0.6\n    environment:\n      OPENAI_API_KEY: ${secret}\n`,
  ],
];

for (const [file, text] of FILES)
  it.each(SECRETS)(`P40 no report of ${file} shows %s`, async (_, secret) => {
    const [before, after] = [text("placeholder"), text(secret)];
    const blobs = new Map(
      [before, after].map((content) => [createHash("sha1").update(content).digest("hex"), Buffer.from(content)]),
    );
    const [old, now] = [...blobs.keys()].map((id) => ({ path: file, mode: "100644", id }));
    if (!old || !now) throw new Error("two sides are needed");
    const policy = effectivePolicy({ version: 1, detect: { credentials: "all" } });
    const detectors = detectorsFor(policy, Buffer.alloc(32, 7));
    const load = async function* (entries: readonly { readonly id: string }[]) {
      for (const { id } of entries) yield [id, blobs.get(id) ?? Buffer.alloc(0)] as const;
    };
    const changes = [{ before: old, after: now }];
    const { files } = await detect(changes, detectors, { load }, () => {}, null);
    const assessment = assess({
      changeSet: { base: "b".repeat(40), head: "a".repeat(40), changes },
      files,
      detectors,
      edits: [],
      superseded: new Set(),
      policy,
      index: indexRegistry({ version: 1 }, null),
    });
    const evaluation = evaluate(assessment, {
      facts: NO_FACTS,
      registry: { base: { version: 1 }, head: null },
      faults: [],
      now: "2026-11-24T12:00:00Z",
    });
    const part = secret.startsWith("postgres") ? (secret.split(":")[2]?.split("@")[0] ?? "") : secret;
    for (const report of [
      JSON.stringify(evaluationJson(evaluation)),
      markdownReport(evaluation),
      JSON.stringify(pullRequestView(evaluation, CONTEXT)),
      terminalReport(evaluation, { color: false, explain: true, rules: [], width: null, notes: [] }),
    ]) {
      const at = report.replaceAll("\n", "").indexOf(part.slice(0, 24));
      expect(at < 0 ? "" : report.replaceAll("\n", "").slice(Math.max(0, at - 80), at + 10)).toBe("");
    }
    expect(assessment.findings.length).toBeGreaterThan(0);
  });
