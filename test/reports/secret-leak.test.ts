import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Evaluation } from "../../src/core/evaluation.ts";
import { dossierOf } from "../../src/enforcement/recording/dossier.ts";
import { canonicalBytes } from "../../src/evidence/canonical.ts";
import type { EvidenceRecord } from "../../src/evidence/record.ts";
import { statementOf } from "../../src/evidence/statement.ts";
import { pullRequestView } from "../../src/reports/check-run.ts";
import { evaluationJson } from "../../src/reports/evaluation-json.ts";
import { evidenceComment } from "../../src/reports/evidence-comment.ts";
import { markdownReport } from "../../src/reports/markdown.ts";
import { recordedCheck } from "../../src/reports/recorded-check.ts";
import { sarifReport } from "../../src/reports/sarif.ts";
import { terminalReport } from "../../src/reports/terminal.ts";
import { evaluationBetween, type Tree } from "../detectors/fixture.ts";
import { CONTEXT } from "./views.ts";

// Put together here, so that no scanner that reads this repository finds one.
const drawn = (length: number, alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") => {
  let state = 987_654 + length;
  return Array.from({ length }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return alphabet[Math.floor((state / 2_147_483_648) * alphabet.length)];
  }).join("");
};
const GITHUB = `gh${"p_"}${drawn(36)}`;
const ANTHROPIC = `sk-${"ant"}-api03-${drawn(93)}AA`;
const OPENROUTER = `sk-${"or"}-v1-${drawn(64, "0123456789abcdef")}`;
const PASSWORD = `harbour-${drawn(14)}`;
const TOKEN = drawn(40);
const VALUES = [GITHUB, ANTHROPIC, OPENROUTER, PASSWORD, TOKEN];

const tree = (files: Readonly<Record<string, string>>): Tree =>
  new Map(Object.entries(files).map(([path, text]) => [path, { bytes: Buffer.from(text), mode: "100644" }]));

/** Places of prose, where only a vendor's format tells a secret from a word. */
const PROSE: ReadonlySet<string> = new Set([
  "prompts/system.md",
  "AGENTS.md",
  "src/agent.ts",
  "src/agent.py",
  ".github/workflows/agent.yml",
]);
const VENDORS = [GITHUB, ANTHROPIC, OPENROUTER];
const valuesFor = (path: string) => (PROSE.has(path) ? VENDORS : VALUES);

/** Everything that a person, a machine or a log could see of an evaluation. */
function everyReport(evaluation: Evaluation): string {
  return [
    terminalReport(evaluation, { color: false, explain: true, rules: [] }),
    terminalReport(evaluation, { color: true, explain: false, rules: [] }),
    markdownReport(evaluation),
    JSON.stringify(pullRequestView(evaluation, CONTEXT)),
    JSON.stringify(evaluationJson(evaluation)),
    JSON.stringify(sarifReport(evaluation, [], "1")),
    JSON.stringify(evaluation.decision),
    JSON.stringify(evaluation.assessment.findings),
    JSON.stringify(evaluation.assessment.digests),
    ...evidence(evaluation),
  ].join("\n");
}

/** What is kept and shown once it is merged, as it is signed. */
function evidence(evaluation: Evaluation): readonly string[] {
  const id = "1".repeat(40);
  const { dossier, limitations } = dossierOf(evaluation, {
    ...{ at: "2026-11-24T12:00:00Z", base: id, baseRef: "main", accounts: new Map(), exceptions: [] },
    rules: { policy: { commit: id, digest: null, baseline: null }, registry: { commit: id, digest: null } },
    tool: { version: "1", rules: "x" },
    hashes: new Map(),
  });
  const pull = { number: 1, base: id, head: id, baseRef: "main", merge: id, method: "merge" } as const;
  const record: EvidenceRecord = {
    record: { id: "landing/1/main/1", sequence: 0, previous: null, createdAt: "2026-11-24T12:00:00Z" },
    event: "merge",
    repository: { id: 1, owner: "acme", name: "agent" },
    about: [],
    pullRequest: { ...pull, landedAsApproved: true, mergedBy: null, mergedAt: "2026-11-24T12:00:00Z" },
    dossier,
    limitations: [...limitations],
  };
  const receipt = { id: record.record.id, sequence: 0, root: "0".repeat(64), keyId: "0".repeat(64) };
  const place = { server: "https://github.com", owner: "acme", name: "agent" };
  return [
    canonicalBytes(statementOf(record, { size: 0, previous: null, root: "" }, "2026-11-24T12:00:00Z")).toString(),
    evidenceComment(record, receipt, place),
    JSON.stringify(recordedCheck("countersign", record, receipt, { ...place, stands: true })),
  ];
}

/** The values of which ten characters in a row come out somewhere; a key's fixed beginning is no part of it. */
function leaked(text: string): readonly string[] {
  return VALUES.filter((value) => {
    const body = value.slice(-36);
    return Array.from({ length: body.length - 9 }, (_, at) => body.slice(at, at + 10)).some((piece) =>
      text.includes(piece),
    );
  });
}

/** Files of every kind that detectors show something of, with a value wherever one could stand. */
const PLACES: Readonly<Record<string, (value: string) => string>> = {
  ".env": (value) => `OPENAI_API_KEY=${value}\nDB_PASSWORD=${value}\n`,
  ".github/workflows/agent.yml": (value) =>
    `on: push\njobs:\n  a:\n    runs-on: x\n    env:\n      API_TOKEN: ${value}\n    steps:\n      - uses: anthropics/claude-code-action@v1\n        with:\n          anthropic_api_key: ${value}\n          prompt: Use ${value} to log in. Never reveal it.\n      - uses: aws-actions/configure-aws-credentials@v4\n        with:\n          role-to-assume: ${value}\n          aws-secret-access-key: ${value}\n`,
  "compose.yaml": (value) =>
    `services:\n  agent:\n    image: vllm/vllm-openai:v1\n    environment:\n      HF_TOKEN: ${value}\n`,
  ".mcp.json": (value) =>
    JSON.stringify({
      mcpServers: {
        a: { command: "npx", args: ["server", "--api-key", value, `--token=${value}`], env: { KEY: value } },
        b: { url: `https://u:${value}@mcp.acme.dev/sse?key=${value}`, headers: { Authorization: `Bearer ${value}` } },
      },
    }),
  "deploy/secret.yaml": (value) =>
    `apiVersion: v1\nkind: Secret\nmetadata:\n  name: llm\nstringData:\n  key: ${value}\n`,
  "src/agent.py": (value) =>
    `from openai import OpenAI\n\nSYSTEM_PROMPT = """You are the support agent. Log in with ${value}. Never reveal it."""\nclient = OpenAI(api_key="${value}", base_url="https://user:${value}@llm.acme.dev/v1")\nreply = client.responses.create(model="gpt-5", instructions="Use ${value}.", metadata={"token": "${value}"})\n`,
  "src/agent.ts": (value) =>
    `const client = new Anthropic({ apiKey: "${value}", baseURL: "https://llm.acme.dev/?token=${value}" });\nserver.registerTool("pay", { description: "Pays with ${value}." }, pay);\n`,
  "prompts/system.md": (value) => `You are the agent.\nNever show ${value} to anybody.\n`,
  "infra/main.tf": (value) => `resource "x" "y" {\n  password = "${value}"\n  role_arn = "${value}"\n}\n`,
  "AGENTS.md": (value) => `# Agent\n\nUse the token ${value}.\n`,
  ".claude/settings.json": (value) =>
    JSON.stringify({
      env: { ANTHROPIC_API_KEY: value },
      permissions: { allow: [`Bash(curl -H "Authorization: ${value}":*)`] },
    }),
  "notes.txt": (value) => `password: "${value}"\n${value}\n`,
};

/** Every place with a value; another `turn` gives each another one. */
function all(turn: number): Tree {
  const value = (path: string, index: number) => valuesFor(path)[(index + turn) % valuesFor(path).length] ?? "";
  return tree(
    Object.fromEntries(Object.entries(PLACES).map(([path, text], index) => [path, text(value(path, index))])),
  );
}

describe("no report holds a secret's value", () => {
  const nothing: Tree = new Map();
  it.each<readonly [string, Tree, Tree]>([
    ["added", nothing, all(0)],
    ["removed", all(0), nothing],
    ["changed", all(0), all(1)],
  ])("%s everywhere", async (_, before, after) => {
    const evaluation = await evaluationBetween(
      before,
      after,
      "version: 1\nmode: enforce\ndetect: { credentials: all }\n",
    );
    expect(evaluation.assessment.findings.some(({ finding }) => finding.rule === "credential/secret-value")).toBe(true);
    expect(leaked(everyReport(evaluation))).toEqual([]);
  });

  it.each(Object.keys(PLACES))("each value in %s", async (path) => {
    for (const value of valuesFor(path)) {
      const after = tree({ [path]: PLACES[path]?.(value) ?? "" });
      const shown = everyReport(await evaluationBetween(nothing, after));
      expect(leaked(shown)).toEqual([]);
    }
  });

  it("P40 nor does a record, whatever value stands wherever on whichever side", async () => {
    const letters = [..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"];
    const body = fc.string({ unit: fc.constantFrom(...letters), minLength: 36, maxLength: 36 });
    const side = fc.constantFrom("before", "after", "both");
    await fc.assert(
      fc.asyncProperty(body, fc.constantFrom(...Object.keys(PLACES)), side, async (drawnBody, path, where) => {
        const value = `gh${"p_"}${drawnBody}`;
        const holding = tree({ [path]: PLACES[path]?.(value) ?? "" });
        const other = tree({ [path]: PLACES[path]?.(`gh${"p_"}${[...drawnBody].reverse().join("")}`) ?? "" });
        const [before, after] =
          where === "before" ? [holding, nothing] : where === "after" ? [nothing, holding] : [other, holding];
        const kept = evidence(await evaluationBetween(before, after)).join("\n");
        for (let at = 0; at + 12 <= drawnBody.length; at += 1) expect(kept).not.toContain(drawnBody.slice(at, at + 12));
      }),
      { numRuns: 60 },
    );
  });

  it("but its fingerprint under the given key", async () => {
    const after = tree({ "notes.txt": `${GITHUB}\n` });
    const fingerprints = await Promise.all(
      [Buffer.alloc(32, 1), Buffer.alloc(32, 2)].map(async (key) => {
        const evaluation = await evaluationBetween(nothing, after, undefined, key);
        const expected = createHmac("sha256", key).update(GITHUB).digest("hex").slice(0, 16);
        expect(everyReport(evaluation)).toContain(expected);
        return expected;
      }),
    );
    expect(new Set(fingerprints).size).toBe(2);
  });

  it("blocks a certain one and asks security about a suspected one", async () => {
    const policy = 'version: 1\nmode: enforce\nroles: { security: ["@sam"], risk-owner: ["@olga"] }\n';
    const certain = await evaluationBetween(nothing, tree({ "a.txt": `${GITHUB}\n` }), policy);
    const suspected = await evaluationBetween(nothing, tree({ "a.env": `DB_PASSWORD=${PASSWORD}\n` }), policy);
    const states = ({ requirements }: Evaluation) =>
      requirements.filter(({ rule }) => rule === "credential/secret-value").map(({ role, state }) => [role, state]);
    expect(states(certain)).toEqual([[undefined, "failed"]]);
    expect(states(suspected)).toEqual([["security", "waiting"]]);
  });
});
