import type { FileChanges } from "../github/git-store.ts";

const system = (id: string, tier: string) => `  - id: ${id}
    name: ${id}
    intendedPurpose: Answers customers of ${id}.
    owner: "@olga"
    lifecycle: deployed
    tier: ${tier}
    risk:
      autonomy: advisory
      affects: [internal]
      data: [none]
      impactAssessment: { ref: docs/impact.md, expires: 2027-11-01 }
    paths: ["services/${id}/**"]
    monitoring: { logs: ["siem://${id}"] }
    review: { every: P180D, last: 2026-11-01 }
    rollback: { strategy: revert-commit, runbook: docs/runbook.md, owner: "@olga" }
`;

/** The policy of the repository: enforced, with roles held by different people. */
export const POLICY = `version: 1
mode: enforce
branches: ["~DEFAULT_BRANCH", "release/**"]
roles:
  ai-reviewer: ["@acme/ml"]
  risk-owner: ["@rita"]
  security: ["@sam"]
tiers:
  critical:
    approvals: [{ role: system-owner }, { role: risk-owner }]
    distinctPeople: 2
    rollback: planned
    statement: false
checks:
  evals: { name: evals, app: github-actions, workflow: .github/workflows/evals.yml, when: [model, prompt], from: high }
`;

/** A registry with one system of each tier. */
const REGISTRY = `version: 1
systems:
${["low", "medium", "high", "critical"].map((tier) => system(tier, tier)).join("")}`;

/** A prompt that somebody wrote. */
export const PROMPT = `You are the support agent. Answer only questions about invoices.
Never promise a refund. Ask a colleague whenever you are not sure.
`;

/** What the repository holds at first. */
export const FILES: FileChanges = {
  "README.md": "# Agent\n",
  ".github/countersign.yml": POLICY,
  ".github/ai-systems.yml": REGISTRY,
  ".github/workflows/evals.yml":
    "name: evals\non: pull_request\njobs:\n  evals:\n    runs-on: ubuntu-latest\n    steps:\n      - run: npm run evals\n",
  "docs/runbook.md": "# Runbook\n",
  ...Object.fromEntries(
    ["low", "medium", "high", "critical"].flatMap((tier) => [
      [`services/${tier}/prompts/system.md`, PROMPT],
      [`services/${tier}/agent.py`, agent("gpt-4o-2024-08-06")],
      [`services/${tier}/helper.py`, "def add(a, b):\n    return a + b\n"],
    ]),
  ),
};

/** A program that calls a model. */
export function agent(model: string, rest = ""): string {
  return `from openai import OpenAI

client = OpenAI()
answer = client.chat.completions.create(model="${model}", messages=[])
${rest}`;
}

/** A change of the low system's model, of the medium's prompt, and of nothing that is governed. */
export const CHANGES = {
  low: { "services/low/agent.py": agent("gpt-4o-mini-2024-07-18") },
  medium: { "services/medium/prompts/system.md": `${PROMPT}Be brief.\n` },
  docs: { "docs/notes.md": "# Notes\n" },
};
